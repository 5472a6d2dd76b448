/** GitLab's API for one step: whose token is used, and the library that speaks it, loaded when it is first needed. */
import type { Gitlab } from '@gitbeaker/rest';
import type { Forge, PluginContext } from '@callboard/plugin';
import { gitlabError } from './errors.ts';
import { createWire, type Answer, type Call, type Send } from './wire.ts';

export interface Client {
  readonly api: InstanceType<typeof Gitlab>;
  /** For what the library cannot say without putting a secret into a URL. */
  readonly send: Send;
  readonly forge: Forge;
  /** Secret. */
  readonly token: string;
}

export interface Connection {
  readonly forge: Forge;
  /** Of the step; else that of the configuration is used. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  /** Further values that no error may show. */
  readonly secrets?: readonly string[];
}

export type ClientDeps = Pick<PluginContext, 'config' | 'fetch'>;

/**
 * Sends nothing yet.
 * @throws CodedError `scaffolder/no-token`
 */
export async function connect(deps: ClientDeps, connection: Connection): Promise<Client> {
  const { forge, signal, secrets = [] } = connection;
  const given = connection.token ?? '';
  if (given === '' && needsOwnToken(deps)) {
    const message = `The step has no token for ${forge.host}, and "scaffolder.requireScmUserCredentials" asks for the user's own.`;
    throw gitlabError('scaffolder/no-token', message);
  }
  const token = given === '' ? (forge.token ?? '') : given;
  if (token === '') {
    const message = `There is no token for ${forge.host}. Give the step one, or set it in "integrations.gitlab".`;
    throw gitlabError('scaffolder/no-token', message);
  }
  const send = createWire({
    apiBaseUrl: forge.apiBaseUrl,
    host: forge.host,
    // A user's token comes from OAuth, the configured one is an access token. GitLab takes those as Bearer too.
    login: given === '' ? ['private-token', token] : ['authorization', `Bearer ${token}`],
    secrets: [token, ...secrets],
    fetch: deps.fetch,
    signal,
  });
  return { api: await openApi(send), send, forge, token };
}

export function needsOwnToken({ config }: Pick<PluginContext, 'config'>): boolean {
  return config('scaffolder.requireScmUserCredentials') === true;
}

type ApiOptions = ConstructorParameters<typeof Gitlab>[0];
type RequesterOf = NonNullable<ApiOptions['requesterFn']>;
type Request = ReturnType<RequesterOf>['get'];

async function openApi(send: Send): Promise<InstanceType<typeof Gitlab>> {
  const library = await import('@gitbeaker/rest');
  const requesterFn: RequesterOf = ({ url }) => {
    const by = (method: Call['method']): Request => toRequest(send, { method, prefix: prefixOf(url) });
    return { get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), delete: by('DELETE') };
  };
  return new library.Gitlab({ requesterFn, host: '', queryTimeout: null });
}

interface RequestStart {
  readonly method: Call['method'];
  readonly prefix: string;
}

/** The library names a type for each answer; nobody checked it, so the fields that are used are read with answers.ts. */
function toRequest(send: Send, start: RequestStart): Request;
function toRequest(send: Send, { method, prefix }: RequestStart) {
  return ((endpoint, { searchParams, body } = {}) =>
    send({
      method,
      path: `${prefix}${endpoint}`,
      ...(searchParams !== undefined && { query: searchParams }),
      ...(body !== undefined && { body }),
    })) satisfies (...args: Parameters<Request>) => Promise<Answer>;
}

/** Some of the library's classes have the start of their paths in their URL: `/api/v4/projects`. */
function prefixOf(url: string): string {
  const prefix = url.replace(/^\/api\/v4\/?/, '');
  return prefix === '' ? '' : `${prefix}/`;
}
