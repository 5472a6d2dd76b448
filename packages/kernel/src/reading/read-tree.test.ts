import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createGzip, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { ZipFile } from 'yazl';
import { CodedError } from '../error.ts';
import { parseReadingConfig } from './config.ts';
import type { TreeEntry } from './tree.ts';
import { createUrlReader, type UrlReaderOptions } from './url-reader.ts';

type Part = Partial<Header> & { readonly name: string; readonly content?: string };

async function tarGz(parts: readonly Part[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of parts) tar.entry(header, content);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

/** What a forge has in a repository, inside its own folder. */
function repository(root: string): readonly Part[] {
  return [
    { name: root, type: 'directory' },
    { name: `${root}README.md`, content: '# all\n' },
    { name: `${root}templates/`, type: 'directory' },
    { name: `${root}templates/svc/`, type: 'directory' },
    { name: `${root}templates/svc/run.sh`, content: '#!/bin/sh\n', mode: 0o755 },
    { name: `${root}templates/svc/src/a.ts`, content: 'a' },
    { name: `${root}templates/svc/link`, type: 'symlink', linkname: 'src/a.ts' },
    { name: `${root}templates/svc-two/b.ts`, content: 'b' },
  ];
}

const SVC: readonly string[] = ['file run.sh +x #!/bin/sh\n', 'file src/a.ts -x a', 'link link src/a.ts'];

function shownEntry(entry: TreeEntry): string {
  switch (entry.kind) {
    case 'folder':
      return `folder ${entry.path}`;
    case 'link':
      return `link ${entry.path} ${entry.target}`;
    case 'file': {
      const text = Buffer.from(entry.content).toString();
      return `file ${entry.path} ${entry.executable ? '+x' : '-x'} ${text}`;
    }
    default:
      return entry satisfies never;
  }
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

describe('readTree', () => {
  /** By path with its query; the answers of all forges. */
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const answer = answers.get(decodeURIComponent(request.url ?? ''));
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  let root = '';
  let host = '';

  const gives = (
    url: string,
    body: Uint8Array | string,
    headers: Readonly<Record<string, string>> = {},
  ): void => {
    answers.set(url, (_, response) => void response.writeHead(200, headers).end(body));
  };

  const readerFor = (
    type: string,
    options: Partial<UrlReaderOptions> = {},
  ): ReturnType<typeof createUrlReader> => {
    const tokens = type === 'azure' ? { credentials: [{ personalAccessToken: 'ours' }] } : { token: 'ours' };
    const entry = {
      host,
      baseUrl: root,
      apiBaseUrl: `${root}/api`,
      ...(type === 'gerrit' && { gitilesBaseUrl: `${root}/api/gitiles` }),
      ...tokens,
    };
    const { integrations } = parseReadingConfig({
      getOptional: (key) => (key === `integrations.${type}` ? [entry] : undefined),
    });
    return createUrlReader({ allow: [], integrations, ...options });
  };

  const entriesOf = async (
    reader: ReturnType<typeof createUrlReader>,
    path: string,
    more: { readonly token?: string } = {},
  ): Promise<readonly string[]> => {
    const found: string[] = [];
    await reader.readTree(`${root}${path}`, {
      ...more,
      visit: (entry) => {
        if (entry.kind !== 'folder') found.push(shownEntry(entry));
      },
    });
    return found.toSorted();
  };

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    assert.ok(typeof bound === 'object' && bound !== null);
    host = `127.0.0.1:${bound.port}`;
    root = `http://${host}`;
  });

  beforeEach(() => {
    answers.clear();
    requests.length = 0;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('reads a folder of GitHub, its whole repository, and follows it to where archives are', async () => {
    answers.set('/api/repos/o/r/tarball/main', (_, response) => {
      response.writeHead(302, { location: `${root}/stored` }).end();
    });
    gives('/stored', await tarGz(repository('o-r-0123/')));
    assert.deepEqual(await entriesOf(readerFor('github'), '/o/r/tree/main/templates/svc'), SVC);
    assert.deepEqual(
      requests.map(({ headers }) => headers.authorization),
      ['Bearer ours', 'Bearer ours'],
    );
    gives('/api/repos/o/r/tarball', await tarGz(repository('o-r-0123/')));
    assert.equal((await entriesOf(readerFor('github'), '/o/r')).length, 5);
    assert.equal((await entriesOf(readerFor('github'), '/o/r.git/')).length, 5);
  });

  it('reads a folder of GitLab, which archives that folder alone', async () => {
    gives(
      '/api/projects/g/s/p/repository/archive.tar.gz?sha=main&path=templates/svc',
      await tarGz(repository('p-main-0123-templates-svc/')),
    );
    const reader = readerFor('gitlab');
    assert.deepEqual(await entriesOf(reader, '/g/s/p/-/tree/main/templates/svc/'), SVC);
    assert.deepEqual(await entriesOf(reader, '/g/s/p/tree/main/templates/svc'), SVC);
    gives('/api/projects/g/p/repository/archive.tar.gz', await tarGz(repository('p/')));
    assert.equal((await entriesOf(reader, '/g/p')).length, 5);
  });

  it('reads a folder of Gitea and of Bitbucket Cloud, also of the branch that they say is theirs', async () => {
    const archive = await tarGz(repository('r/'));
    gives('/api/repos/o/r/archive/main.tar.gz', archive);
    gives('/api/repos/o/r', JSON.stringify({ default_branch: 'main' }));
    const gitea = readerFor('gitea');
    assert.deepEqual(await entriesOf(gitea, '/o/r/src/branch/main/templates/svc'), SVC);
    assert.equal((await entriesOf(gitea, '/o/r')).length, 5);
    assert.equal(requests[0]?.headers.authorization, 'token ours');

    const cloud = createUrlReader({
      allow: [],
      integrations: [
        {
          type: 'bitbucketCloud',
          host,
          baseUrl: root,
          apiBaseUrl: `${root}/api`,
          rawBaseUrl: null,
          credentials: [],
          allowPrivate: false,
          editable: true,
        },
      ],
    });
    gives('/w/r/get/main.tar.gz', archive);
    gives('/api/repositories/w/r', JSON.stringify({ mainbranch: { name: 'main' } }));
    assert.deepEqual(await entriesOf(cloud, '/w/r/src/main/templates/svc'), SVC);
    assert.equal((await entriesOf(cloud, '/w/r')).length, 5);
    gives('/api/repositories/w/r', JSON.stringify({ mainbranch: null }));
    assert.equal((await errorOf(entriesOf(cloud, '/w/r'))).code, 'reading/not-found');
  });

  it('reads a folder of Bitbucket Server and of Gerrit', async () => {
    gives(
      '/api/projects/P/repos/r/archive?format=tgz&prefix=repository&at=main&path=templates/svc',
      await tarGz(repository('repository/')),
    );
    const bitbucket = readerFor('bitbucketServer');
    assert.deepEqual(await entriesOf(bitbucket, '/projects/P/repos/r/browse/templates/svc?at=main'), SVC);
    gives(
      '/api/a/gitiles/team/r/+archive/refs/heads/main/templates/svc.tar.gz',
      await tarGz([{ name: 'src/a.ts', content: 'a' }]),
    );
    assert.deepEqual(
      await entriesOf(readerFor('gerrit'), '/api/gitiles/team/r/+/refs/heads/main/templates/svc'),
      ['file src/a.ts -x a'],
    );
  });

  it('reads a folder of Azure out of a zip archive', async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('#!/bin/sh\n'), 'svc/run.sh', { mode: 0o100755 });
    zip.addBuffer(Buffer.from('a'), 'svc/src/a.ts', { mode: 0o100644 });
    zip.addBuffer(Buffer.from('src/a.ts'), 'svc/link', { mode: 0o120777 });
    zip.end();
    const query =
      'recursionLevel=full&download=true&$format=zip&scopePath=/templates/svc' +
      '&versionDescriptor.version=main';
    gives(`/o/p/_apis/git/repositories/r/items?api-version=6.0&${query}`, await buffer(zip.outputStream));
    const url = '/o/p/_git/r?path=/templates/svc&version=GBmain';
    assert.deepEqual(await entriesOf(readerFor('azure'), url), SVC);
    assert.equal(requests[0]?.headers.accept, 'application/zip');
    const bomb = readerFor('azure', { treeLimits: { maxUnpackedBytes: 5 } });
    assert.equal((await errorOf(entriesOf(bomb, url))).code, 'reading/too-large');
    gives(`/o/p/_apis/git/repositories/r/items?api-version=6.0&${query}`, 'no archive');
    assert.equal((await errorOf(entriesOf(readerFor('azure'), url))).code, 'reading/http-status');
  });

  it('is not-modified when the ETag of the archive is still the same', async () => {
    const archive = await tarGz(repository('r/'));
    answers.set('/api/repos/o/r/tarball', (request, response) => {
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end(archive);
    });
    const reader = readerFor('github');
    const first = await reader.readTree(`${root}/o/r`, { visit: () => undefined });
    assert.deepEqual(first, { kind: 'tree', etag: '"v1"', entries: 7 });
    const visit = (): never => assert.fail('it was visited');
    assert.deepEqual(await reader.readTree(`${root}/o/r`, { etag: '"v1"', visit }), { kind: 'not-modified' });
  });

  it("uses somebody's own token instead of the configured one, for files too, at that forge only", async () => {
    gives('/api/repos/o/r/tarball', await tarGz(repository('r/')));
    gives('/api/repos/o/r/contents/a?ref=main', 'a');
    const reader = readerFor('github', { allow: [{ host: host.replace('127.0.0.1', '127.0.0.2') }] });
    await entriesOf(reader, '/o/r', { token: 'mine' });
    await reader.read(`${root}/o/r/blob/main/a`, { token: 'mine' });
    await errorOf(reader.read(`${root.replace('127.0.0.1', '127.0.0.2')}/a`, { token: 'mine' }));
    assert.deepEqual(
      requests.map(({ headers }) => headers.authorization),
      ['Bearer mine', 'Bearer mine'],
    );
  });

  it('stops a download that never ends at the limit, and hangs up', { timeout: 20_000 }, async () => {
    let sent = 0;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    answers.set('/api/repos/o/r/tarball/main', (_, response) => {
      const tar = pack();
      const gzip = createGzip({ level: 0 });
      tar.entry({ name: 'r/huge', size: 8e9 });
      response.on('close', resolve);
      gzip.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        if (!response.write(chunk)) gzip.pause();
      });
      response.on('drain', () => gzip.resume());
      const more = (): void => {
        if (!response.destroyed) gzip.write(Buffer.alloc(65_536, 1), more);
      };
      tar.once('data', (header) => {
        assert.ok(header instanceof Uint8Array);
        gzip.write(header);
        more();
      });
    });
    const small = readerFor('github', { treeLimits: { maxBytes: 3_000_000 } });
    const error = await errorOf(small.readTree(`${root}/o/r/tree/main/svc`, { visit: () => undefined }));
    assert.deepEqual([error.code, error.status], ['reading/too-large', 413]);
    await closed;
    assert.ok(sent < 20_000_000, `${sent} bytes were sent`);
  });

  it('stops at the other limits: declared size, unpacked size, entries', async () => {
    const reasons: readonly (readonly [Partial<UrlReaderOptions>, string])[] = [
      [{ treeLimits: { maxBytes: 10 } }, 'larger than 10 bytes'],
      [{ treeLimits: { maxFileBytes: 9 } }, "'templates/svc/run.sh', of 10 bytes"],
      [{ treeLimits: { maxUnpackedBytes: 2000 } }, 'more than 2000 bytes when unpacked'],
      [{ treeLimits: { maxEntries: 3 } }, 'more than 3 files and folders'],
    ];
    gives('/api/repos/o/r/tarball', await tarGz(repository('r/')));
    for (const [options, message] of reasons) {
      const error = await errorOf(entriesOf(readerFor('github', options), '/o/r'));
      assert.equal(error.code, 'reading/too-large');
      assert.ok(error.message.includes(message), error.message);
    }
    const bomb = await tarGz([{ name: 'r/zeros', content: '\0'.repeat(5_000_000) }]);
    assert.ok(bomb.length < 10_000);
    gives('/api/repos/o/r/tarball', bomb);
    const guarded = readerFor('github', { treeLimits: { maxUnpackedBytes: 1_000_000 } });
    assert.equal((await errorOf(entriesOf(guarded, '/o/r'))).code, 'reading/too-large');
  });

  it('refuses archives that no repository gives', async () => {
    const parts: readonly Part[] = [
      { name: 'r/../../etc/passwd', content: 'x' },
      { name: '/etc/passwd', content: 'x' },
      { name: 'r/pipe', type: 'fifo' },
      { name: 'r/hard', type: 'link', linkname: 'r/other' },
    ];
    for (const part of parts) {
      gives('/api/repos/o/r/tarball', await tarGz([part]));
      assert.equal(
        (await errorOf(entriesOf(readerFor('github'), '/o/r'))).code,
        'reading/http-status',
        part.name,
      );
    }
    gives('/api/repos/o/r/tarball', 'no archive');
    assert.equal((await errorOf(entriesOf(readerFor('github'), '/o/r'))).code, 'reading/network');
    const whole = await tarGz(repository('r/'));
    gives('/api/repos/o/r/tarball', whole.subarray(0, whole.length / 2));
    assert.equal((await errorOf(entriesOf(readerFor('github'), '/o/r'))).code, 'reading/network');
  });

  it('says that a folder is missing, and that a URL shows none', async () => {
    gives('/api/repos/o/r/tarball/main', await tarGz(repository('r/')));
    const reader = readerFor('github');
    const expected: readonly (readonly [string, string])[] = [
      ['/o/r/tree/main/templates/none', 'reading/not-found'],
      ['/o/r/tree/main/README.md', 'reading/not-found'],
      ['/o/r/tree/gone', 'reading/not-found'],
      ['/o/r/issues/1', 'reading/bad-url'],
      ['/o/r/tree/main/%2e%2e/x', 'reading/not-found'],
      ['/o/r/tree/main/%252e%252e/x', 'reading/bad-url'],
      ['/o', 'reading/bad-url'],
    ];
    for (const [path, code] of expected) {
      assert.equal((await errorOf(entriesOf(reader, path))).code, code, path);
    }
    const other = await errorOf(reader.readTree('https://example.test/o/r', { visit: () => undefined }));
    assert.equal(other.code, 'reading/not-allowed');
  });

  it('ends with what a visit throws, and when it is told to', async () => {
    gives('/api/repos/o/r/tarball', await tarGz(repository('r/')));
    const reader = readerFor('github');
    const fail = (): never => {
      throw new TypeError('full');
    };
    await assert.rejects(reader.readTree(`${root}/o/r`, { visit: fail }), TypeError);
    const controller = new AbortController();
    const visit = (): void => controller.abort(new Error('enough'));
    await assert.rejects(reader.readTree(`${root}/o/r`, { visit, signal: controller.signal }), /enough/);
  });
});
