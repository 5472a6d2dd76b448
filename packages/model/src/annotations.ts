/**
 * The well-known annotations of entities, by name. Sources with hosts of their own use the host as the
 * prefix in place of the public one, as in `gitlab.example.com/project-slug`.
 */

/** Written by the catalog, and read from entities to find their sources. */
export const ANNOTATION = {
  /** The location that the entity was read from, as `type:target`. */
  managedByLocation: 'backstage.io/managed-by-location',
  /** The registered location through which the entity was found, as `type:target`. */
  managedByOriginLocation: 'backstage.io/managed-by-origin-location',
  /** `"true"` when nothing refers to the entity's document any more. */
  orphan: 'backstage.io/orphan',
  /** URL that shows the document of the entity. */
  viewUrl: 'backstage.io/view-url',
  /** URL that edits the document of the entity. */
  editUrl: 'backstage.io/edit-url',
  /** The source code of the entity, as `type:target`; a directory ends in a slash. */
  sourceLocation: 'backstage.io/source-location',
  /** Replaced by `$text` in an API's definition. Deprecated. */
  definitionAtLocation: 'backstage.io/definition-at-location',

  /** The documentation source: `dir:<path beside the document>` or `url:<location>`. */
  techdocsRef: 'backstage.io/techdocs-ref',
  /** Reference of the entity that holds the documentation of this one. */
  techdocsEntity: 'backstage.io/techdocs-entity',
  /** The page inside the documentation of that entity. */
  techdocsEntityPath: 'backstage.io/techdocs-entity-path',

  /** Repository as `owner/name`. */
  githubProjectSlug: 'github.com/project-slug',
  /** Team as `organization/team`. */
  githubTeamSlug: 'github.com/team-slug',
  /** Login name of the user. */
  githubUserLogin: 'github.com/user-login',
  /** Id of the user, which survives a change of login name. */
  githubUserId: 'github.com/user-id',
  /** Replaced by `github.com/project-slug`. Deprecated. */
  githubActionsId: 'backstage.io/github-actions-id',
  /** Project as `group/subgroup/name`. */
  gitlabProjectSlug: 'gitlab.com/project-slug',
  /** Login name of the user. */
  gitlabUserLogin: 'gitlab.com/user-login',
  /** Full path of the group. */
  gitlabTeamPath: 'gitlab.com/team-path',
  /** URL of the repository. */
  bitbucketRepoUrl: 'bitbucket.org/repo-url',
  /** Id of the user. */
  bitbucketUserId: 'bitbucket.org/user-id',
  /** Repository as `project/repository`. */
  azureProjectRepo: 'dev.azure.com/project-repo',

  /** The relative distinguished name of the user or group in LDAP. */
  ldapRdn: 'backstage.io/ldap-rdn',
  /** The id of the user or group in LDAP. */
  ldapUuid: 'backstage.io/ldap-uuid',
  /** The distinguished name of the user or group in LDAP. */
  ldapDn: 'backstage.io/ldap-dn',
  /** The Entra tenant of the organization. */
  msgraphTenantId: 'graph.microsoft.com/tenant-id',
  /** Id of the group in Entra. */
  msgraphGroupId: 'graph.microsoft.com/group-id',
  /** Id of the user in Entra. */
  msgraphUserId: 'graph.microsoft.com/user-id',
  /** Mail address with which the user signs in at Microsoft. */
  microsoftEmail: 'microsoft.com/email',
  /** Mail address with which the user signs in at Google. */
  googleEmail: 'google.com/email',
  /** Id of the user at Google. */
  googleUserId: 'google.com/user-id',
  /** Mail address with which the user signs in at Okta. */
  oktaEmail: 'okta.com/email',

  /** Value of the label `backstage.io/kubernetes-id` on the objects of the entity. */
  kubernetesId: 'backstage.io/kubernetes-id',
  /** The only namespace in which to look for objects. */
  kubernetesNamespace: 'backstage.io/kubernetes-namespace',
  /** Label selector of the objects, in place of the id. */
  kubernetesLabelSelector: 'backstage.io/kubernetes-label-selector',
  /** The only cluster in which to look for objects. */
  kubernetesCluster: 'backstage.io/kubernetes-cluster',

  /** Job as `folder/name`. */
  jenkinsJobFullName: 'jenkins.io/job-full-name',
  /** Replaced by `jenkins.io/job-full-name`. Deprecated. */
  jenkinsGithubFolder: 'jenkins.io/github-folder',
  /** Names of the pipelines, separated by commas. */
  gocdPipelines: 'gocd.org/pipelines',
  /** Project as `organization/project`, or the project alone. */
  sentryProjectSlug: 'sentry.io/project-slug',
  /** Project as `organization/project`, or the project alone. */
  rollbarProjectSlug: 'rollbar.com/project-slug',
  /** Project as `vcs/organization/repository`. */
  circleciProjectSlug: 'circleci.com/project-slug',
  /** Key of the project, or `instance/key`. */
  sonarqubeProjectKey: 'sonarqube.org/project-key',
  /** Name of the service whose errors are collected. */
  periskopServiceName: 'periskop.io/service-name',
  /** Paths of the secrets, separated by commas. */
  vaultSecretsPath: 'vault.io/secrets-path',
  /** `enabled` or `scm-only` when coverage reports are accepted. */
  codeCoverage: 'backstage.io/code-coverage',
} as const;

/** Annotations of a Resource that is a Kubernetes cluster. */
export const CLUSTER_ANNOTATION = {
  /** URL of the API server. */
  apiServer: 'kubernetes.io/api-server',
  /** Certificate authority of the API server, base64 of its PEM text. */
  apiServerCa: 'kubernetes.io/api-server-certificate-authority',
  /** How requests to the cluster are authenticated. */
  authProvider: 'kubernetes.io/auth-provider',
  /** Sign-in provider whose token is sent to the cluster. */
  oidcTokenProvider: 'kubernetes.io/oidc-token-provider',
  /** `"true"` when the cluster serves no metrics. */
  skipMetricsLookup: 'kubernetes.io/skip-metrics-lookup',
  /** `"true"` when the server's certificate is not to be verified. */
  skipTlsVerify: 'kubernetes.io/skip-tls-verify',
  /** URL of a dashboard of the cluster. */
  dashboardUrl: 'kubernetes.io/dashboard-url',
  /** Which dashboard it is, so that links into it can be made. */
  dashboardApp: 'kubernetes.io/dashboard-app',
  /** Further parameters of the dashboard's links, as JSON. */
  dashboardParameters: 'kubernetes.io/dashboard-parameters',
  /** AWS role to take on for requests. */
  awsAssumeRole: 'kubernetes.io/aws-assume-role',
  /** Name of the cluster in AWS, when it is not the entity's. */
  awsClusterId: 'kubernetes.io/x-k8s-aws-id',
  /** AWS external id that goes with the role. */
  awsExternalId: 'kubernetes.io/aws-external-id',
} as const;
