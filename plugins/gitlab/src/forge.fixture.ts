/**
 * A GitLab for tests: as much of REST v4 as the plugin speaks, over real repositories that git reaches on the same port.
 * Wire: https://docs.gitlab.com/api/rest/
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { isObject } from '@callboard/model';
import type { Forge } from '@callboard/plugin';
import { startGitServer, type GitServer } from '../../../packages/scaffolder/src/git/http-backend.fixture.ts';
import { routeOf } from './forge-routes.fixture.ts';
import { emptyWorld, refuse, type Reply, type World } from './forge-world.fixture.ts';

export const CONFIGURED_TOKEN = 'glpat-configured';
/** Of eva, who is no administrator. */
export const USER_TOKEN = 'oauth-of-eva';

export interface Asked {
  /** As `POST /projects/harbourline%2Fledger/issues`. */
  readonly call: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** `private-token` or `bearer`. */
  readonly login: string;
}

export interface Fault {
  readonly on: RegExp;
  readonly reply: Reply;
  /** Runs the call before it is answered so, as when the connection is lost after the work. Default: false. */
  readonly afterwards?: boolean;
}

export interface FakeGitlab extends AsyncDisposable {
  readonly git: GitServer;
  readonly forge: Forge;
  readonly world: World;
  readonly asked: Asked[];
  /** Calls without their query, as `GET /user`. */
  calls(pattern?: RegExp): string[];
  /** The next call that fits is answered so; one call each. */
  fail(fault: Fault): void;
}

export async function startGitlab(): Promise<FakeGitlab> {
  const asked: Asked[] = [];
  const faults: Fault[] = [];

  async function answer(request: IncomingMessage): Promise<Reply> {
    const { method = '', url = '' } = request;
    const [path = '', search = ''] = url.replace('/api/v4', '').split('?');
    const read: unknown = Number(request.headers['content-length'] ?? 0) > 0 ? await json(request) : {};
    const body = isObject(read) ? read : {};
    const [token, login] = tokenOf(request);
    const call = `${method} ${path}`;
    const query = new URLSearchParams(search);
    asked.push({ call, query, body, login });
    const user = world.users.find((candidate) => candidate.token === token);
    if (user === undefined) return { status: 401, body: { message: `401 Unauthorized: ${token}` } };
    const at = faults.findIndex(({ on }) => on.test(call));
    const [fault] = at === -1 ? [] : faults.splice(at, 1);
    if (fault !== undefined && fault.afterwards !== true) return fault.reply;
    const reply = await routeOf({ git, world, method, path, query, body, user });
    return fault?.reply ?? reply;
  }

  const git = await startGitServer({
    auth: { username: 'oauth2', password: CONFIGURED_TOKEN },
    other: (request, response) => void respond(request, response, answer(request)),
  });
  const world = emptyWorld(git, [
    { id: 1, username: 'root', token: CONFIGURED_TOKEN },
    { id: 7, username: 'eva', token: USER_TOKEN },
  ]);
  return {
    git,
    world,
    asked,
    forge: {
      type: 'gitlab',
      host: git.host,
      baseUrl: git.url,
      apiBaseUrl: `${git.url}/api/v4`,
      token: CONFIGURED_TOKEN,
    },
    calls: (pattern = /(?:)/) => asked.map(({ call }) => call).filter((call) => pattern.test(call)),
    fail: (fault) => void faults.push(fault),
    [Symbol.asyncDispose]: () => git[Symbol.asyncDispose](),
  };
}

function tokenOf({ headers }: IncomingMessage): readonly [token: string, login: string] {
  const own = headers['private-token'];
  if (typeof own === 'string') return [own, 'private-token'];
  return [(headers.authorization ?? '').replace(/^Bearer /, ''), 'bearer'];
}

/** Lists go out in pages, with the headers of GitLab. */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  work: Promise<Reply>,
): Promise<void> {
  const { status, body, headers = {} } = await work.catch((error: unknown) => refuse(500, String(error)));
  const url = new URL(request.url ?? '', `http://${request.headers.host}`);
  const pages = Array.isArray(body) ? pageOf(body, url) : { body, headers: {} };
  const text = pages.body === undefined ? '' : JSON.stringify(pages.body);
  response.writeHead(status, { 'content-type': 'application/json', ...pages.headers, ...headers }).end(text);
}

function pageOf(list: readonly unknown[], url: URL): { body: unknown; headers: Record<string, string> } {
  const perPage = Number(url.searchParams.get('per_page') ?? 20);
  const page = Number(url.searchParams.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(list.length / perPage));
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  next.searchParams.set('per_page', String(perPage));
  return {
    body: list.slice((page - 1) * perPage, page * perPage),
    headers: {
      'x-page': String(page),
      'x-per-page': String(perPage),
      'x-total': String(list.length),
      ...(page < last && { 'x-next-page': String(page + 1), link: `<${next.href}>; rel="next"` }),
    },
  };
}
