/** GitHub's API for one step: whose token is used, and the library that speaks it, loaded when it is first needed. */
import type { Octokit } from 'octokit';
import type { ActionContext, Forge, PluginContext } from '@callboard/plugin';
import { githubError } from './errors.ts';
import { explain } from './explain.ts';
import { createPatientFetch, waitFor, type Wait } from './patient-fetch.ts';
import { parseTarget } from './target.ts';

export type GithubDeps = Pick<PluginContext, 'config' | 'fetch' | 'forges' | 'git'> & {
  /** Default: a timer. */
  readonly wait?: Wait;
};

/** A repository as one step works with it. */
export interface Repository {
  readonly forge: Forge;
  /** For the library's calls. */
  readonly at: { readonly owner: string; readonly repo: string };
  /** `owner/repo`. */
  readonly name: string;
  readonly client: Octokit;
  /** Secret. */
  readonly token: string;
}

type Caller = Pick<ActionContext, 'logger' | 'signal'> & {
  readonly input: { readonly repoUrl: string; readonly token?: string | undefined };
};

/**
 * Sends nothing yet.
 * @throws CodedError `scaffolder/bad-repo-url`, `scaffolder/no-token`
 */
export async function openRepository(deps: GithubDeps, caller: Caller): Promise<Repository> {
  const { input, logger, signal } = caller;
  const { forge, owner, repo } = parseTarget(input.repoUrl, deps.forges);
  const token = tokenFor(deps, forge, input.token);
  const onWait = (message: string): void => logger.info(message);
  const client = await openClient(deps, { forge, token, signal, onWait });
  return { forge, at: { owner, repo }, name: `${owner}/${repo}`, client, token };
}

function tokenFor(deps: GithubDeps, forge: Forge, given: string | undefined): string {
  if (given !== undefined && given !== '') return given;
  if (deps.config('scaffolder.requireScmUserCredentials') === true) {
    const message = `The step has no token for ${forge.host}, and "scaffolder.requireScmUserCredentials" asks for the user's own.`;
    throw githubError('scaffolder/no-token', message);
  }
  if (forge.token !== null && forge.token !== '') return forge.token;
  const message = `There is no token for ${forge.host}. Give the step one, or set it in "integrations.github".`;
  throw githubError('scaffolder/no-token', message);
}

export interface Connection {
  readonly forge: Forge;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly onWait: (message: string) => void;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Its calls throw `scaffolder/forge-refused`, `scaffolder/forge-unreachable` and the reason of the signal. */
export async function openClient(
  deps: Pick<GithubDeps, 'fetch' | 'wait'>,
  connection: Connection,
): Promise<Octokit> {
  const { forge, token, signal, onWait } = connection;
  const library = await import('octokit');
  const client = new library.Octokit({
    auth: token,
    baseUrl: forge.apiBaseUrl,
    userAgent: 'callboard',
    log: SILENT,
    retry: { enabled: false },
    throttle: { enabled: false },
    request: { fetch: createPatientFetch({ fetch: deps.fetch, signal, wait: deps.wait ?? waitFor, onWait }) },
  });
  client.hook.error('request', (error) => {
    throw explain(error, { host: forge.host, token, signal });
  });
  return client;
}
