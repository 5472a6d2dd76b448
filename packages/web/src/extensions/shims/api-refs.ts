/** The references to services that both of Backstage's frontend systems have. Most services exist here; those of log-ins do not. */
import { createApiRef, type ApiFactory } from '../apis/api-ref.ts';

const ID = {
  alertApiRef: 'core.alert',
  analyticsApiRef: 'core.analytics',
  appThemeApiRef: 'core.apptheme',
  configApiRef: 'core.config',
  discoveryApiRef: 'core.discovery',
  errorApiRef: 'core.error',
  featureFlagsApiRef: 'core.featureflags',
  fetchApiRef: 'core.fetch',
  identityApiRef: 'core.identity',
  oauthRequestApiRef: 'core.oauthrequest',
  storageApiRef: 'core.storage',
  toastApiRef: 'core.toast',
  atlassianAuthApiRef: 'core.auth.atlassian',
  bitbucketAuthApiRef: 'core.auth.bitbucket',
  bitbucketServerAuthApiRef: 'core.auth.bitbucket-server',
  githubAuthApiRef: 'core.auth.github',
  gitlabAuthApiRef: 'core.auth.gitlab',
  googleAuthApiRef: 'core.auth.google',
  microsoftAuthApiRef: 'core.auth.microsoft',
  oktaAuthApiRef: 'core.auth.okta',
  oneloginAuthApiRef: 'core.auth.onelogin',
  openshiftAuthApiRef: 'core.auth.openshift',
  vmwareCloudAuthApiRef: 'core.auth.vmware-cloud',
} as const;

export const apiRefs: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(ID).map(([name, id]) => [name, createApiRef({ id })]),
);

/** Exported by a file, it makes its service known to all. */
export function createApiFactory(given: ApiFactory | ApiFactory['api'], made?: unknown): ApiFactory {
  return 'factory' in given ? given : { api: given, deps: {}, factory: () => made };
}
