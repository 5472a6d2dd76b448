/**
 * A GitHub for tests on loopback: its REST API below `/api/v3` as docs.github.com/rest describes it, over real git
 * repositories on the same port. It keeps what it is told, knows one token, and can be made to fail.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, parseJson } from '@callboard/model';
import type { Forge } from '@callboard/plugin';
import { startGitServer, type GitServer } from '../../../packages/scaffolder/src/git/http-backend.fixture.ts';
import { ROUTES } from './forge-routes.fixture.ts';

export type Body = Readonly<Record<string, unknown>>;

/** What a route answers: a status, and a body or none. */
export type Answer = readonly [status: number, body?: unknown];

export interface Repo {
  readonly owner: string;
  readonly name: string;
  /** As it was created. */
  readonly settings: Body;
  readonly createdAt: string;
  /** May the token's user push. */
  readonly push: boolean;
  /** By kind and key, as `topics` or `protection main`; secrets are opened. */
  readonly state: Map<string, unknown>;
}

export interface World {
  readonly git: GitServer;
  readonly repos: Map<string, Repo>;
  readonly users: ReadonlyMap<string, { readonly type: 'User' | 'Organization'; readonly id: number }>;
  /** `org/slug` → id. */
  readonly teams: ReadonlyMap<string, number>;
  readonly publicKey: string;
  /** @throws when it was not sealed for the public key */
  open(sealed: string): string;
  addRepo(name: string, more?: Partial<Repo>): Promise<Repo>;
}

/** One that fits makes the forge answer that; then it is used up. */
export interface Failure {
  readonly route: RegExp;
  readonly status: number;
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
  /** The work is done, and only the answer is lost. Default: false. */
  readonly after?: boolean;
  /** Default: 1. */
  readonly times?: number;
}

export interface FakeGithub extends AsyncDisposable, World {
  readonly forge: Forge;
  /** As `POST /user/repos`, in order. */
  readonly calls: string[];
  /** What each call carried. */
  readonly bodies: Body[];
  fail(failure: Failure): void;
  repo(name: string): Repo;
}

export const TOKEN = 'ghp_s3cretTokenOfTheForge';
const ROOT = '/api/v3';

export async function startGithub(): Promise<FakeGithub> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const keys = sodium.crypto_box_keypair();
  const { ORIGINAL } = sodium.base64_variants;
  const calls: string[] = [];
  const bodies: Body[] = [];
  const failures: Failure[] = [];
  const repos = new Map<string, Repo>();
  const git = await startGitServer({
    auth: { username: 'x-access-token', password: TOKEN },
    other: (request, response) => void answer(request, response),
  });
  const world: World = {
    git,
    repos,
    users: new Map([
      ['harbourline', { type: 'Organization', id: 1 }],
      ['anna', { type: 'User', id: 2 }],
      ['eva', { type: 'User', id: 3 }],
    ]),
    teams: new Map([['harbourline/payments', 7]]),
    publicKey: sodium.to_base64(keys.publicKey, ORIGINAL),
    open: (sealed) =>
      sodium.to_string(
        sodium.crypto_box_seal_open(sodium.from_base64(sealed, ORIGINAL), keys.publicKey, keys.privateKey),
      ),
    addRepo: async (fullName, more = {}) => {
      const [owner = '', name = ''] = fullName.split('/');
      await git.createRepository(fullName);
      const createdAt = new Date().toISOString();
      const repo = { owner, name, settings: {}, createdAt, push: true, state: new Map(), ...more };
      repos.set(fullName, repo);
      return repo;
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '', git.url);
    const call = `${request.method} ${decodeURIComponent(url.pathname.slice(ROOT.length))}`;
    const parsed = parseJson(text);
    calls.push(call);
    bodies.push(isObject(parsed) ? parsed : {});
    const failure = take(failures, call);
    const [status, body] =
      failure === null || failure.after === true
        ? await work(world, { call, url, body: isObject(parsed) ? parsed : {}, request })
        : [0];
    const [shownStatus, shown] = failure === null ? [status, body] : [failure.status, failure.body];
    const { items, link } = page(shown, url);
    response.writeHead(shownStatus, {
      'content-type': 'application/json; charset=utf-8',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      ...(link !== null && { link }),
      ...failure?.headers,
    });
    response.end(items === undefined ? '' : JSON.stringify(items));
  }

  return {
    ...world,
    calls,
    bodies,
    forge: {
      type: 'github',
      host: git.host,
      baseUrl: git.url,
      apiBaseUrl: `${git.url}${ROOT}`,
      token: TOKEN,
    },
    fail: (failure) => void failures.push(...Array.from({ length: failure.times ?? 1 }, () => failure)),
    repo: (name) => {
      const repo = repos.get(name);
      if (repo === undefined) throw new Error(`There is no ${name}.`);
      return repo;
    },
    [Symbol.asyncDispose]: () => git[Symbol.asyncDispose](),
  };
}

function take(failures: Failure[], call: string): Failure | null {
  const index = failures.findIndex(({ route }) => route.test(call));
  return index === -1 ? null : (failures.splice(index, 1)[0] ?? null);
}

async function work(
  world: World,
  {
    call,
    url,
    body,
    request,
  }: {
    readonly call: string;
    readonly url: URL;
    readonly body: Body;
    readonly request: IncomingMessage;
  },
): Promise<Answer> {
  if (request.headers.authorization !== `token ${TOKEN}`) return [401, { message: 'Bad credentials' }];
  for (const [pattern, handler] of ROUTES) {
    const found = pattern.exec(call);
    if (found !== null) return handler({ world, body, url, params: found.slice(1) });
  }
  return [404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }];
}

/** Lists are cut into pages, with links: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function page(body: unknown, url: URL): { readonly items: unknown; readonly link: string | null } {
  if (!Array.isArray(body)) return { items: body, link: null };
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const number = Number(url.searchParams.get('page') ?? 1);
  const items: unknown[] = body.slice((number - 1) * size, number * size);
  if (number * size >= body.length) return { items, link: null };
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  return { items, link: `<${next.href}>; rel="next"` };
}
