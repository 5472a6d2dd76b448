/** As much of Gitea's REST API as it takes to make a repository: https://docs.gitea.com/api/ */
import { CodedError, messageOf, type ErrorStatus } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import type { Forge } from '@callboard/plugin';

/** Milliseconds that an answer may take. */
const TIMEOUT = 30_000;

export interface Gitea {
  /**
   * Makes an empty repository for an organization or for the user of the token; takes one that is there and empty, as an
   * earlier try leaves it.
   * @returns whose it is
   * @throws CodedError `scaffolder/forge-refused`, `scaffolder/forge-unreachable`, `scaffolder/repository-exists`
   */
  createRepository(request: NewRepository): Promise<string>;
}

export interface NewRepository {
  /** Null: the user of the token. */
  readonly owner: string | null;
  readonly name: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly signal: AbortSignal;
}

export function createGitea(
  forge: Forge,
  { token, fetch: send }: { readonly token: string; readonly fetch: typeof fetch },
): Gitea {
  const { apiBaseUrl, host } = forge;

  async function ask({ method, path, body, signal }: Asked): Promise<Answer> {
    try {
      const response = await send(`${apiBaseUrl}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `token ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
      });
      return { status: response.status, body: parseJson(await response.text()) };
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const message = `Gitea at ${host} does not answer: ${messageOf(cause)}. Retry the step when it does.`;
      throw new CodedError(503, 'scaffolder/forge-unreachable', message, { cause: error });
    }
  }

  function refused(doing: string, { status, body }: Answer): CodedError {
    const said = isObject(body) && typeof body['message'] === 'string' ? body['message'] : 'no reason given';
    const shown = said.replaceAll(token, '***').slice(0, 300);
    const message = `${doing} was refused by Gitea at ${host} with ${status}: ${shown}. Check that the token may do it.`;
    return new CodedError(toStatus(status), 'scaffolder/forge-refused', message);
  }

  async function user(signal: AbortSignal): Promise<string> {
    const answer = await ask({ method: 'GET', path: '/user', signal });
    const login = isObject(answer.body) ? answer.body['login'] : undefined;
    if (answer.status !== 200 || typeof login !== 'string') {
      throw refused('Asking whose token it is', answer);
    }
    return login;
  }

  async function isEmpty(owner: string, { name, signal }: NewRepository): Promise<boolean> {
    const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
    const { body } = await ask({ method: 'GET', path, signal });
    return isObject(body) && body['empty'] === true;
  }

  return {
    createRepository: async (request) => {
      const { owner, name, signal } = request;
      const body = {
        name,
        description: request.description,
        private: request.isPrivate,
        default_branch: request.defaultBranch,
        auto_init: false,
      };
      const create = (path: string): Promise<Answer> => ask({ method: 'POST', path, body, signal });
      const ofUser = async (login: string): Promise<readonly [string, Answer]> => [
        login,
        await create('/user/repos'),
      ];
      const ofOrganization = async (org: string): Promise<readonly [string, Answer]> => {
        const answer = await create(`/orgs/${encodeURIComponent(org)}/repos`);
        if (answer.status !== 404) return [org, answer];
        const login = await user(signal);
        return login.toLowerCase() === org.toLowerCase() ? ofUser(login) : [org, answer];
      };
      const [whose, answer] = owner === null ? await ofUser(await user(signal)) : await ofOrganization(owner);
      const shown = `${whose}/${name}`;
      if (answer.status === 201) return whose;
      if (answer.status === 404) throw noOwner(host, whose);
      if (answer.status !== 409) throw refused(`Creating the repository ${shown}`, answer);
      if (await isEmpty(whose, request)) return whose;
      throw new CodedError(
        409,
        'scaffolder/repository-exists',
        `There is a repository ${shown} at ${host} already, and it has content. Choose another name.`,
      );
    },
  };
}

function noOwner(host: string, owner: string): CodedError {
  const message = `There is no organization ${owner} at ${host} that the token may see, nor is it the token's user. Create it first, or give another owner.`;
  return new CodedError(404, 'scaffolder/forge-refused', message);
}

function toStatus(status: number): ErrorStatus {
  if (status === 401 || status === 403) return 403;
  if (status === 429) return 429;
  return status >= 500 ? 503 : 400;
}
