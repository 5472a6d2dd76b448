/**
 * A real git server for tests: `git http-backend` behind Node's HTTP server on loopback, with Basic authentication and bare
 * repositories in a temporary folder. A forge's API can be put on the same port.
 */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GitServerOptions {
  /** Who may use git; null or not given: everybody. Without a username any will do, as forges do with tokens. */
  readonly auth?: { readonly username?: string; readonly password: string } | null;
  /** Answers what is not git, as a forge's API. Default: 404. */
  readonly other?: RequestListener;
}

export interface GitServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** Host and port. */
  readonly host: string;
  /** Where the repositories are: `<folder>/<name>.git`. */
  readonly folder: string;
  /** Of each request to git, in order: method, path and query, and its headers. */
  readonly requests: { readonly method: string; readonly url: string; readonly headers: string }[];
  /** Makes an empty repository, as `harbourline/payments`. Its default branch is `main`. */
  createRepository(name: string): Promise<{ readonly url: string; readonly path: string }>;
  /** From now on pushes are refused with this message; null: they are taken again. */
  refusePushes(message: string | null): void;
  /** Runs git in a repository, as `git('harbourline/payments', 'log', 'main')`; trimmed output. */
  git(name: string, ...args: string[]): Promise<string>;
}

export async function startGitServer({ auth = null, other }: GitServerOptions = {}): Promise<GitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-git-server-'));
  const hooks = join(folder, 'hooks');
  await mkdir(hooks);
  await writeFile(join(hooks, 'pre-receive'), '#!/bin/sh\necho "$REFUSED_WITH" >&2\nexit 1\n');
  await chmod(join(hooks, 'pre-receive'), 0o755);
  const requests: GitServer['requests'] = [];
  let refusal: string | null = null;
  const server = createServer((request, response) => {
    const { url = '', method = '' } = request;
    if (!/\.git(?:\/|$)/.test(url.split('?')[0] ?? '')) {
      if (other !== undefined) return other(request, response);
      return response.writeHead(404).end();
    }
    requests.push({ method, url, headers: JSON.stringify(request.headers) });
    if (!isAllowed(request, auth)) {
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('Who are you?');
    }
    answer(request, response, {
      GIT_PROJECT_ROOT: folder,
      ...config({ 'core.hooksPath': refusal === null ? '/dev/null' : hooks, 'http.receivepack': 'true' }),
      REFUSED_WITH: refusal ?? '',
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  const host = `127.0.0.1:${address.port}`;
  const pathOf = (name: string): string => join(folder, `${name}.git`);
  return {
    url: `http://${host}`,
    host,
    folder,
    requests,
    createRepository: async (name) => {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true });
      await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', path], { env: plainEnv() });
      return { url: `http://${host}/${name}.git`, path };
    },
    refusePushes: (message) => {
      refusal = message;
    },
    git: async (name, ...args) => {
      const { stdout } = await run('git', args, { cwd: pathOf(name), env: plainEnv() });
      return stdout.trim();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function isAllowed(request: IncomingMessage, auth: GitServerOptions['auth']): boolean {
  if (auth === null || auth === undefined) return true;
  const [, basic = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const [username = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return password.join(':') === auth.password && username === (auth.username ?? username);
}

function config(settings: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(settings);
  const keys = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(keys) };
}

function plainEnv(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'anna',
    GIT_AUTHOR_EMAIL: 'anna@harbourline.example',
    GIT_COMMITTER_NAME: 'anna',
    GIT_COMMITTER_EMAIL: 'anna@harbourline.example',
  };
}

/** CGI: https://www.rfc-editor.org/rfc/rfc3875 */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  env: Readonly<Record<string, string>>,
): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...plainEnv(),
      ...env,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      PATH_INFO: decodeURIComponent(path),
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: headers['content-type'] ?? '',
      ...(headers['content-length'] !== undefined && { CONTENT_LENGTH: headers['content-length'] }),
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      REMOTE_USER: 'user',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const fields = head.subarray(0, end).toString('latin1').split('\r\n');
    for (const field of fields) {
      const [name = '', ...value] = field.split(':');
      const text = value.join(':').trim();
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(text, 10);
      else response.setHeader(name, text);
    }
    child.stdout.off('data', onHead);
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  };
  child.stdout.on('data', onHead);
  child.on('close', () => response.end());
  child.on('error', () => response.writeHead(500).end());
  response.on('close', () => child.kill('SIGKILL'));
}
