/** A Gitea server for tests: as much of its REST API as `publish:gitea` speaks, over real repositories. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { isObject } from '@callboard/model';
import type { Forge } from '@callboard/plugin';
import { startGitServer, type GitServer } from '../../git/http-backend.fixture.ts';

export interface GiteaServer extends AsyncDisposable {
  readonly git: GitServer;
  readonly forge: Forge;
  /** Calls of the API, as `POST /orgs/harbourline/repos`. */
  readonly calls: string[];
  /** What repositories were made with, by `owner/name`. */
  readonly repositories: Map<string, Readonly<Record<string, unknown>>>;
}

export interface GiteaOptions {
  readonly token: string;
  /** Whose token it is. */
  readonly user: string;
  readonly organizations: readonly string[];
}

export async function startGitea(options: GiteaOptions): Promise<GiteaServer> {
  const { token, user, organizations } = options;
  const calls: string[] = [];
  const repositories: GiteaServer['repositories'] = new Map();

  async function create(owner: string, request: IncomingMessage): Promise<readonly [number, object]> {
    const body = await json(request);
    const name = isObject(body) ? String(body['name']) : '';
    const key = `${owner}/${name}`;
    if (repositories.has(key)) {
      return [409, { message: `repository already exists [uname: ${owner}, name: ${name}]` }];
    }
    if (!/^[\w.-]+$/.test(name)) return [422, { message: '[Name]: AlphaDashDot' }];
    repositories.set(key, isObject(body) ? body : {});
    const { url } = await git.createRepository(key);
    return [201, { full_name: key, clone_url: url, empty: true }];
  }

  async function answer(request: IncomingMessage): Promise<readonly [number, object]> {
    const { method = '', url = '' } = request;
    const path = url.replace('/api/v1', '');
    calls.push(`${method} ${path}`);
    if (request.headers.authorization !== `token ${token}`) {
      return [401, { message: `invalid username, password or token ${token}` }];
    }
    if (method === 'GET' && path === '/user') return [200, { login: user }];
    if (method === 'POST' && path === '/user/repos') return create(user, request);
    const [, organization] = /^\/orgs\/([^/]+)\/repos$/.exec(path) ?? [];
    if (method === 'POST' && organization !== undefined) {
      if (organizations.includes(organization)) return create(organization, request);
      return [404, { message: 'GetOrgByName' }];
    }
    const [, key] = /^\/repos\/(.+)$/.exec(path) ?? [];
    if (method !== 'GET' || key === undefined || !repositories.has(key))
      return [404, { message: 'not found' }];
    const branches = await git.git(key, 'for-each-ref', 'refs/heads');
    return [200, { full_name: key, empty: branches === '' }];
  }

  const git = await startGitServer({
    auth: { password: token },
    other: (request, response) => void respond(response, answer(request)),
  });
  const forge: Forge = {
    type: 'gitea',
    host: git.host,
    baseUrl: git.url,
    apiBaseUrl: `${git.url}/api/v1`,
    token,
  };
  return { git, forge, calls, repositories, [Symbol.asyncDispose]: () => git[Symbol.asyncDispose]() };
}

async function respond(response: ServerResponse, answer: Promise<readonly [number, object]>): Promise<void> {
  const [status, body] = await answer;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
