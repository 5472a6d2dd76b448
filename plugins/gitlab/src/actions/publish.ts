/** `publish:gitlab`: makes a project and pushes the workspace to it. */
import { defineAction, type Action, type ActionContext } from '@callboard/plugin';
import { connect, needsOwnToken, type Client } from '../client.ts';
import { gitlabError, isRefusal } from '../errors.ts';
import { parseTarget } from '../repo-url.ts';
import { resolveFolder } from '../source-files.ts';
import { createVariable } from '../variables.ts';
import type { GitlabDeps } from './deps.ts';
import { addOwners } from './owners.ts';
import { ensureProject } from './project.ts';
import { PUBLISH_INPUT, PUBLISH_OUTPUT } from './publish-schema.ts';

const EXAMPLE = `steps:
  - id: publish
    name: Publish
    action: publish:gitlab
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      defaultBranch: main
      settings:
        visibility: internal
        description: Books what was paid
      branches:
        - name: next
          create: true
          protect: true
      projectVariables:
        - key: REGION
          value: eu-central-1
`;

export function createPublishAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'publish:gitlab',
    description: 'Makes a project at GitLab, and commits and pushes the workspace to it.',
    examples: [{ description: 'A project with a protected branch and a variable', example: EXAMPLE }],
    schema: { input: PUBLISH_INPUT, output: PUBLISH_OUTPUT },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { defaultBranch = 'master', setUserAsOwner = false, ownerUsername, sourcePath = true } = input;
      const { forge, owner, repo } = parseTarget(input.repoUrl, deps.forges);
      if (owner === null || repo === null) throw incomplete(input.repoUrl);
      if (needsOwnToken(deps) && (setUserAsOwner || ownerUsername !== undefined)) throw noOwners();
      const secrets = (input.projectVariables ?? []).map(({ value }) => value);
      const client = await connect(deps, { forge, token: input.token, signal, secrets });
      // Before anything is made: a folder that is not there would leave an empty project.
      const folder = await folderOf(context.workspacePath, sourcePath);
      if (input.signCommit === true) logger.warn('The commit is not signed.');

      const name = `${forge.host}/${owner}/${repo}`;
      const project = await context.checkpoint({
        key: `create.${name}`,
        fn: () => {
          logger.info(`Creating the project ${repo} in ${owner} at ${forge.host}`);
          const { repoVisibility = 'private', topics = [], settings = {} } = input;
          return ensureProject({
            client,
            owner,
            repo,
            settings: { visibility: repoVisibility, ...(topics.length > 0 && { topics }), ...settings },
            skipExisting: input.skipExisting ?? false,
            takesEmpty: folder !== null,
          });
        },
      });
      const remoteUrl = project.gitUrl.replace(/\.git$/, '');
      context.output('remoteUrl', remoteUrl);
      context.output('projectId', project.id);
      context.output('created', project.created);
      if (!project.created) {
        logger.info(`The project ${name} is there already, and is left as it is.`);
        context.output('repoContentsUrl', contentsUrl(remoteUrl, project.defaultBranch ?? defaultBranch));
        return;
      }
      context.output('repoContentsUrl', contentsUrl(remoteUrl, defaultBranch));
      await context.checkpoint({
        key: `owners.${name}`,
        fn: () => addOwners({ deps, context, client, projectId: project.id, setUserAsOwner, ownerUsername }),
      });
      if (folder !== null) {
        const commitHash = await context.checkpoint({
          key: `push.${name}.${defaultBranch}`,
          fn: async () => {
            logger.info(`Pushing to ${project.gitUrl}, branch ${defaultBranch}`);
            try {
              const commit = await deps.git.publish({
                folder,
                remoteUrl: project.gitUrl,
                login: { username: 'oauth2', password: client.token },
                branch: defaultBranch,
                message: input.gitCommitMessage ?? setting(deps, 'defaultCommitMessage') ?? 'initial commit',
                author: {
                  name: input.gitAuthorName ?? setting(deps, 'defaultAuthor.name') ?? 'Scaffolder',
                  email:
                    input.gitAuthorEmail ?? setting(deps, 'defaultAuthor.email') ?? 'scaffolder@backstage.io',
                },
                signal,
              });
              return commit.commitHash;
            } catch (error) {
              logger.warn(`The project ${remoteUrl} was created and is kept: a retry pushes to it.`);
              throw error;
            }
          },
        });
        context.output('commitHash', commitHash);
        for (const branch of input.branches ?? []) {
          await context.checkpoint({
            key: `branch.${name}.${branch.name}`,
            fn: () => makeBranch(context, { client, projectId: project.id, ref: defaultBranch, ...branch }),
          });
        }
      }
      for (const variable of input.projectVariables ?? []) {
        const { key, value, environment_scope: environmentScope = '*' } = variable;
        await context.checkpoint({
          key: `variable.${name}.${key}.${environmentScope}`,
          fn: () =>
            createVariable(client, project.id, {
              key,
              value,
              variableType: variable.variable_type ?? 'env_var',
              protected: variable.protected ?? false,
              masked: variable.masked ?? false,
              maskedAndHidden: variable.masked_and_hidden ?? false,
              raw: variable.raw ?? false,
              environmentScope,
              description: variable.description,
            }),
        });
      }
    },
  });
}

/** Absolute path; null for an empty repository. */
async function folderOf(workspacePath: string, sourcePath: string | boolean): Promise<string | null> {
  if (sourcePath === false) return null;
  return resolveFolder(workspacePath, sourcePath === true ? '.' : sourcePath);
}

interface NewBranch {
  readonly client: Client;
  readonly projectId: number;
  readonly name: string;
  readonly ref?: string | undefined;
  readonly create?: boolean | undefined;
  readonly protect?: boolean | undefined;
}

async function makeBranch({ logger }: Pick<ActionContext, 'logger'>, branch: NewBranch): Promise<void> {
  const { client, projectId, name, ref = name, create = false, protect = false } = branch;
  if (create) {
    logger.info(`Creating the branch ${name} of ${ref}`);
    // An earlier try of the step may have made it.
    await unless(/already exists/i, () => client.api.Branches.create(projectId, name, ref));
  }
  if (protect) {
    logger.info(`Protecting the branch ${name}`);
    // GitLab protects the default branch by itself.
    await unless(/already exists|already been taken/i, () =>
      client.api.ProtectedBranches.protect(projectId, name),
    );
  }
}

async function unless(pattern: RegExp, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isRefusal(error, 400, pattern) && !isRefusal(error, 409, pattern)) throw error;
  }
}

function contentsUrl(remoteUrl: string, branch: string): string {
  return `${remoteUrl}/-/blob/${branch}`;
}

function setting({ config }: GitlabDeps, key: string): string | undefined {
  const value = config(`scaffolder.${key}`);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function incomplete(repoUrl: string): Error {
  const message = `The repository "${repoUrl}" cannot be used: "owner" or "repo" is missing. It is written as "host?owner=…&repo=…".`;
  return gitlabError('scaffolder/bad-repo-url', message);
}

function noOwners(): Error {
  const message =
    '"setUserAsOwner" and "ownerUsername" need the token of the configuration, which "scaffolder.requireScmUserCredentials" forbids. Leave them out.';
  return gitlabError('scaffolder/invalid-input', message);
}
