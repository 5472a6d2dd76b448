import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CodedError } from '../error.ts';
import type { Address } from './addresses.ts';
import { parseReadingConfig } from './config.ts';
import { createUrlReader, type UrlReader, type UrlReaderOptions } from './url-reader.ts';

/** A server on loopback that answers by path, and remembers what it was asked. */
interface Site {
  readonly server: Server;
  readonly requests: IncomingMessage[];
  readonly port: number;
}

async function startSite(
  routes: Readonly<Record<string, RequestListener>>,
  address = '127.0.0.1',
): Promise<Site> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const route = routes[path];
    if (route !== undefined) return route(request, response);
    response.writeHead(404).end('nothing here');
  });
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  return { server, requests, port: bound.port };
}

function stopSite({ server }: Site): void {
  server.closeAllConnections();
  server.close();
}

function redirectTo(location: string): RequestListener {
  return (_, response) => response.writeHead(302, { location }).end();
}

/** Names under .test lead to loopback, as a name of somebody else might. */
function lookupLoopback(): Promise<readonly Address[]> {
  return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await errorOf(work)).code;
}

async function errorOf(work: Promise<unknown>): Promise<CodedError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return error;
  }
  return assert.fail('it was read');
}

describe('createUrlReader', () => {
  let site: Site;
  /** Another host: same machine, other port. */
  let other: Site;
  let reader: UrlReader;

  const readerWith = (options: Partial<UrlReaderOptions>): UrlReader =>
    createUrlReader({
      allow: [{ host: `127.0.0.1:${site.port}` }, { host: `127.0.0.1:${other.port}` }],
      integrations: [],
      ...options,
    });
  const at = (path: string): string => `http://127.0.0.1:${site.port}${path}`;

  const used = new WeakSet<object>();

  before(async () => {
    other = await startSite({ '/target': (_, response) => response.end('from the other host') });
    site = await startSite({
      '/file': (request, response) => {
        if (request.headers['if-none-match'] === '"v1"') return response.writeHead(304).end();
        return response
          .writeHead(200, {
            etag: '"v1"',
            'last-modified': 'Wed, 01 Jan 2025 00:00:00 GMT',
            'content-type': 'text/yaml',
          })
          .end('kind: Component\n');
      },
      '/gzip': (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('zipped')),
      '/bomb': (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000))),
      '/broken-gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
      '/unknown-encoding': (_, response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('?'),
      '/declared': (_, response) => response.writeHead(200, { 'content-length': '5000000' }).write('x'),
      '/endless': (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          response.once('drain', more);
        };
        more();
      },
      '/slow': () => undefined,
      '/slow-body': (_, response) => response.write('a'),
      '/cut': (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        response.socket?.end();
      },
      '/once-per-connection': (request, response) => {
        if (used.has(request.socket)) return request.socket.destroy();
        used.add(request.socket);
        return response.end('once');
      },
      '/error': (_, response) => response.writeHead(500).end('<html>broken</html>'),
      '/unauthorized': (_, response) => response.writeHead(401).end(),
      '/limited': (_, response) => response.writeHead(429).end(),
      '/unasked-304': (_, response) => response.writeHead(304).end(),
      '/to-file': redirectTo('/file'),
      '/loop': redirectTo('/loop'),
      ...Object.fromEntries(
        Array.from({ length: 6 }, (_, hop) => [
          `/hop${hop}`,
          redirectTo(hop === 5 ? '/file' : `/hop${hop + 1}`),
        ]),
      ),
      '/to-nowhere': (_, response) => response.writeHead(302).end(),
      '/to-scheme': redirectTo('file:///etc/passwd'),
      '/to-other': redirectTo(`http://127.0.0.1:${other.port}/target`),
      '/to-name': redirectTo(`http://internal.test:${other.port}/target`),
      '/to-metadata': redirectTo('http://169.254.169.254/latest/meta-data/?token=secret'),
    });
    reader = readerWith({});
  });

  beforeEach(() => {
    site.requests.length = 0;
    other.requests.length = 0;
  });

  after(() => {
    stopSite(site);
    stopSite(other);
  });

  it('gives the bytes of a file with what HTTP says of it', async () => {
    const result = await reader.read(at('/file'));
    assert.ok(result.kind === 'content');
    assert.equal(Buffer.from(result.bytes).toString(), 'kind: Component\n');
    assert.deepEqual(
      { ...result, bytes: null },
      {
        kind: 'content',
        bytes: null,
        etag: '"v1"',
        lastModified: 'Wed, 01 Jan 2025 00:00:00 GMT',
        contentType: 'text/yaml',
        url: at('/file'),
      },
    );
  });

  it('is not-modified when the ETag is still the same, and reads when it is not', async () => {
    assert.deepEqual(await reader.read(at('/file'), { etag: '"v1"' }), { kind: 'not-modified' });
    assert.equal((await reader.read(at('/file'), { etag: '"v0"' })).kind, 'content');
    assert.equal(await codeOf(reader.read(at('/unasked-304'))), 'reading/http-status');
  });

  it('reads compressed content', async () => {
    const result = await reader.read(at('/gzip'));
    assert.ok(result.kind === 'content');
    assert.equal(Buffer.from(result.bytes).toString(), 'zipped');
  });

  it('stops at the limit: declared, streamed or compressed', async () => {
    const small = readerWith({ maxBytes: 100_000 });
    for (const path of ['/declared', '/endless', '/bomb']) {
      const error = await errorOf(small.read(at(path)));
      assert.deepEqual([error.code, error.status], ['reading/too-large', 413], path);
    }
    assert.equal((await readerWith({ maxBytes: 16 }).read(at('/file'))).kind, 'content');
    assert.equal(await codeOf(readerWith({ maxBytes: 15 }).read(at('/file'))), 'reading/too-large');
  });

  it('tells broken answers from missing files', async () => {
    const expected: readonly (readonly [string, string, number])[] = [
      ['/missing', 'reading/not-found', 404],
      ['/error', 'reading/http-status', 503],
      ['/unauthorized', 'reading/http-status', 503],
      ['/limited', 'reading/http-status', 503],
      ['/unknown-encoding', 'reading/http-status', 503],
      ['/broken-gzip', 'reading/network', 503],
      ['/cut', 'reading/network', 503],
    ];
    for (const [path, code, status] of expected) {
      const error = await errorOf(reader.read(at(path)));
      assert.deepEqual([error.code, error.status], [code, status], path);
    }
  });

  it('gives up a host that does not answer, or stops in the middle', async () => {
    const hasty = readerWith({ timeoutMs: 50 });
    assert.equal(await codeOf(hasty.read(at('/slow'))), 'reading/timeout');
    assert.equal(await codeOf(hasty.read(at('/slow-body'))), 'reading/timeout');
    const noAnswer = { lookup: () => new Promise<never>(() => undefined), allow: [{ host: 'a.test' }] };
    assert.equal(
      await codeOf(readerWith({ ...noAnswer, timeoutMs: 50 }).read('http://a.test/')),
      'reading/timeout',
    );
  });

  it('stops when it is told to, with the reason it is given', async () => {
    const controller = new AbortController();
    const reading = reader.read(at('/slow'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    await assert.rejects(reader.read(at('/file'), { signal: controller.signal }), /enough/);
  });

  it('tells that a host cannot be found or reached', async () => {
    const allow = [{ host: 'gone.test' }, { host: '127.0.0.1:1' }];
    const lookup = (): Promise<never> => Promise.reject(new Error('getaddrinfo ENOTFOUND gone.test'));
    const broken = readerWith({ allow, lookup });
    const error = await errorOf(broken.read('http://gone.test/a?secret=1'));
    assert.equal(error.code, 'reading/network');
    assert.match(error.message, /ENOTFOUND gone\.test/);
    assert.doesNotMatch(error.message, /secret/);
    assert.equal(await codeOf(broken.read('http://127.0.0.1:1/')), 'reading/network');
    assert.equal(
      await codeOf(readerWith({ allow, lookup: () => Promise.resolve([]) }).read('http://gone.test/')),
      'reading/network',
    );
  });

  it('reads only http and https URLs that are listed, and says what to list', async () => {
    const refused: readonly (readonly [string, string, RegExp])[] = [
      [
        'http://example.test/a',
        'reading/not-allowed',
        /Add \{ host: 'example\.test' \} to backend\.reading\.allow/,
      ],
      [
        'https://github.com/o/r/blob/main/a.yaml',
        'reading/not-allowed',
        /integrations\.github: \[\{ host: github\.com \}\]/,
      ],
      ['https://dev.azure.com/o/p/_git/r?path=/a', 'reading/not-allowed', /integrations\.azure/],
      ['file:///etc/passwd', 'reading/not-allowed', /Only http and https/],
      ['ftp://example.test/', 'reading/not-allowed', /Only http and https/],
      ['catalog-info.yaml', 'reading/bad-url', /not an absolute URL/],
      [`http://me:secret@127.0.0.1:${site.port}/file`, 'reading/bad-url', /holds a user name or password/],
    ];
    for (const [url, code, message] of refused) {
      const error = await errorOf(reader.read(url));
      assert.equal(error.code, code, url);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /secret/);
    }
    assert.equal(site.requests.length, 0);
  });

  it('follows redirects, at most five', async () => {
    const result = await reader.read(at('/to-file'));
    assert.ok(result.kind === 'content');
    assert.equal(result.url, at('/file'));
    assert.equal((await reader.read(at('/hop1'))).kind, 'content');
    assert.equal(await codeOf(reader.read(at('/hop0'))), 'reading/redirects');
    assert.equal(await codeOf(reader.read(at('/loop'))), 'reading/redirects');
    assert.equal(await codeOf(reader.read(at('/to-nowhere'))), 'reading/redirects');
  });

  it('checks each hop against the allow-list', async () => {
    const only = readerWith({ allow: [{ host: `127.0.0.1:${site.port}` }] });
    const error = await errorOf(only.read(at('/to-other')));
    assert.equal(error.code, 'reading/not-allowed');
    assert.match(error.message, /redirects to 'http:\/\/127\.0\.0\.1:\d+\/target', which is not allowed/);
    assert.equal(other.requests.length, 0);
    assert.equal(await codeOf(reader.read(at('/to-scheme'))), 'reading/not-allowed');
    const metadata = await errorOf(reader.read(at('/to-metadata')));
    assert.equal(metadata.code, 'reading/not-allowed');
    assert.doesNotMatch(metadata.message, /secret/);
  });

  it('refuses a name that leads to a private address, also after a redirect', async () => {
    const allow = [{ host: `127.0.0.1:${site.port}` }, { host: `internal.test:${other.port}` }];
    const guarded = readerWith({ allow, lookup: lookupLoopback });
    for (const url of [`http://internal.test:${other.port}/target`, at('/to-name')]) {
      const error = await errorOf(guarded.read(url));
      assert.deepEqual([error.code, error.status], ['reading/private-address', 403]);
      assert.match(error.message, /allowPrivate: true/);
    }
    assert.equal(other.requests.length, 0);
  });

  it('refuses a name as soon as one of its addresses is private', async () => {
    const lookup = (): Promise<readonly Address[]> =>
      Promise.resolve([
        { address: '1.1.1.1', family: 4 },
        { address: '::ffff:10.0.0.1', family: 6 },
      ]);
    const guarded = readerWith({ allow: [{ host: 'a.test' }], lookup });
    assert.equal(await codeOf(guarded.read('http://a.test/')), 'reading/private-address');
  });

  it('reads a private name that the operator vouches for', async () => {
    const allow = [{ host: `internal.test:${other.port}`, allowPrivate: true }];
    const result = await readerWith({ allow, lookup: lookupLoopback }).read(
      `http://internal.test:${other.port}/target`,
    );
    assert.equal(result.kind, 'content');
    assert.equal(other.requests[0]?.headers.host, `internal.test:${other.port}`);
  });

  it('connects to the address that was checked, whatever the name leads to later', async () => {
    const twin = await startSite({ '/target': (_, response) => response.end('rebound') }, '127.0.0.2');
    const answers = ['127.0.0.2', '127.0.0.1'];
    let asked = 0;
    const lookup = (): Promise<readonly Address[]> => {
      const address = answers[asked] ?? '127.0.0.1';
      asked += 1;
      return Promise.resolve([{ address, family: 4 }]);
    };
    const allow = [{ host: `moving.test:${twin.port}`, allowPrivate: true }];
    const result = await readerWith({ allow, lookup }).read(`http://moving.test:${twin.port}/target`);
    stopSite(twin);
    assert.ok(result.kind === 'content');
    assert.equal(Buffer.from(result.bytes).toString(), 'rebound');
    assert.equal(asked, 1);
  });

  it('asks again over a new connection when the host drops one that it kept', async () => {
    assert.equal((await reader.read(at('/once-per-connection'))).kind, 'content');
    assert.equal((await reader.read(at('/once-per-connection'))).kind, 'content');
    assert.equal(site.requests.length, 3);
  });

  it('says who it is and accepts gzip', async () => {
    await reader.read(at('/file'));
    const { headers } = site.requests[0] ?? assert.fail('it was not asked');
    assert.equal(headers['user-agent'], 'callboard');
    assert.equal(headers['accept-encoding'], 'gzip');
  });
});

describe('createUrlReader with integrations', () => {
  let forge: Site;
  let storage: Site;
  const config = (): Readonly<Record<string, unknown>> => ({
    'integrations.gitlab': [{ host: 'git.test', baseUrl: `http://localhost:${forge.port}`, token: 'secret' }],
    'integrations.azure': [{ host: `127.0.0.2:${forge.port}`, baseUrl: `http://127.0.0.1:${forge.port}` }],
  });
  const forgeReader = (options: Partial<UrlReaderOptions> = {}): UrlReader => {
    const { integrations } = parseReadingConfig({ getOptional: (key) => config()[key] });
    return createUrlReader({ allow: [], integrations, ...options });
  };

  before(async () => {
    storage = await startSite({ '/object': (_, response) => response.end('stored') });
    forge = await startSite({
      '/api/v4/projects/g%2Fp/repository/files/a.yaml/raw': (_, response) => response.end('kind: API\n'),
      '/api/v4/projects/g%2Fp/repository/files/moved.yaml/raw': redirectTo(
        `http://127.0.0.1:${storage.port}/object`,
      ),
      '/api/v4/projects/g%2Fp/repository/files/renamed.yaml/raw': redirectTo(
        '/api/v4/projects/g%2Fp/repository/files/a.yaml/raw',
      ),
      '/projects/p/branches/main/files/a.yaml/content': (_, response) =>
        response.end(Buffer.from('kind: API\n').toString('base64')),
      '/o/p/_apis/git/repositories/r/items': (_, response) =>
        response.writeHead(203).end('<html>Sign in</html>'),
    });
  });

  beforeEach(() => {
    forge.requests.length = 0;
    storage.requests.length = 0;
  });

  after(() => {
    stopSite(forge);
    stopSite(storage);
  });

  it('reads a file through the API of its forge, with the token', async () => {
    const result = await forgeReader().read('https://git.test/g/p/-/blob/main/a.yaml');
    assert.ok(result.kind === 'content');
    assert.equal(Buffer.from(result.bytes).toString(), 'kind: API\n');
    assert.equal(forge.requests[0]?.headers.authorization, 'Bearer secret');
  });

  it('keeps the token on the same host and drops it for another', async () => {
    await forgeReader().read('https://git.test/g/p/-/blob/main/renamed.yaml');
    assert.deepEqual(
      forge.requests.map(({ headers }) => headers.authorization),
      ['Bearer secret', 'Bearer secret'],
    );
    const allow = [{ host: `127.0.0.1:${storage.port}` }];
    await forgeReader({ allow }).read('https://git.test/g/p/-/blob/main/moved.yaml');
    assert.equal(storage.requests.length, 1);
    assert.equal(storage.requests[0]?.headers.authorization, undefined);
  });

  it('does not follow the forge to a host that is not listed', async () => {
    const error = await errorOf(forgeReader().read('https://git.test/g/p/-/blob/main/moved.yaml'));
    assert.equal(error.code, 'reading/not-allowed');
    assert.equal(storage.requests.length, 0);
  });

  it('decodes what a forge sends in Base64', async () => {
    const root = `http://127.0.0.1:${forge.port}`;
    const gerrit = { host: 'gerrit.test', baseUrl: root, gitilesBaseUrl: `${root}/gitiles` };
    const { integrations } = parseReadingConfig({
      getOptional: (key) => (key === 'integrations.gerrit' ? [gerrit] : undefined),
    });
    const result = await forgeReader({ integrations }).read(`${root}/gitiles/p/+/refs/heads/main/a.yaml`);
    assert.ok(result.kind === 'content');
    assert.equal(Buffer.from(result.bytes).toString(), 'kind: API\n');
  });

  it('takes the sign-in page of Azure for what it is', async () => {
    const error = await errorOf(forgeReader().read(`http://127.0.0.2:${forge.port}/o/p/_git/r?path=/a.yaml`));
    assert.equal(error.code, 'reading/http-status');
    assert.match(error.message, /needs a token under integrations\.azure/);
  });

  it('names the integration whose token may not see a file', async () => {
    const error = await errorOf(forgeReader().read('https://git.test/g/p/-/blob/main/missing.yaml'));
    assert.equal(error.code, 'reading/not-found');
    assert.match(error.message, /Check that the token under integrations\.gitlab \(git\.test\) may read/);
    assert.doesNotMatch(error.message, /secret/);
  });

  it('tells that a URL shows no file of its repository', async () => {
    assert.equal(await codeOf(forgeReader().read('https://git.test/g/p')), 'reading/bad-url');
  });

  it('reads other URLs of a forge when the allow-list has them', async () => {
    const allow = [{ host: `127.0.0.1:${forge.port}` }];
    const url = `http://127.0.0.1:${forge.port}/projects/p/branches/main/files/a.yaml/content`;
    assert.equal((await forgeReader({ allow }).read(url)).kind, 'content');
  });

  it("reads a forge of one's own wherever it stands, unless its integration forbids it", async () => {
    const gitea = (more: object): UrlReader => {
      const entry = { host: 'gitea.test', baseUrl: `http://gitea.test:${storage.port}`, ...more };
      const read = parseReadingConfig({
        getOptional: (key) => (key === 'integrations.gitea' ? [entry] : undefined),
      });
      return createUrlReader({ ...read, lookup: lookupLoopback });
    };
    const url = 'https://gitea.test/o/r/src/branch/main/a.yaml';
    assert.equal(await codeOf(gitea({ allowPrivate: false }).read(url)), 'reading/private-address');
    assert.equal(storage.requests.length, 0);
    assert.equal(await codeOf(gitea({}).read(url)), 'reading/not-found');
    assert.equal(storage.requests.length, 1);
  });

  it('resolves URLs as its forges have them', () => {
    const reader = forgeReader();
    assert.equal(
      reader.resolveUrl('/b.yaml', 'https://git.test/g/p/-/blob/main/a/c.yaml'),
      'https://git.test/g/p/-/blob/main/b.yaml',
    );
  });
});
