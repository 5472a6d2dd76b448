import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { join } from 'node:path';
import { rm, writeFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { backendConfigSchema, configFrom, createHttp, createLog, createMetrics } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { folderOf } from './commands/callboard.fixture.ts';
import { chooseEncoding, injectConfig, matchesEtag } from './web-page.ts';
import { parseWebConfig, webConfigSchema, type WebSettings } from './web-config.ts';
import { serveWeb, type Web } from './web.ts';

const INDEX = `<!doctype html>
<html lang="en">
  <head>
    <title>Callboard</title>
    <script src="/theme.js"></script>
  </head>
  <body></body>
</html>
`;

const FILES = {
  'index.html': INDEX,
  // What a build leaves beside it has no configuration in it and must never be served.
  'index.html.br': 'stale',
  'index.html.gz': 'stale',
  'theme.js': '// theme',
  'assets/app-1.js': '// app',
};

const schemas = [backendConfigSchema, webConfigSchema];
const settingsOf = (data: JsonObject): WebSettings =>
  parseWebConfig(configFrom(data), { cwd: '/nowhere', schemas }).settings;

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

interface Site extends AsyncDisposable {
  readonly web: Web;
  readonly folder: string;
  /** Nothing is sent or undone but what is asked for. */
  ask(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
}

async function openSite(config: JsonObject = {}, files: Record<string, string> = FILES): Promise<Site> {
  const folder = await folderOf(files);
  const http = createHttp({
    log: createLog({ write: () => undefined }),
    metrics: createMetrics(),
    health: { isReady: () => true },
    corsOrigins: ['https://other.example'],
  });
  const web = await serveWeb(http, { settings: settingsOf(config), folder: folder.path });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    web,
    folder: folder.path,
    ask: (path, headers = {}, method = 'GET') =>
      new Promise((resolve, reject) => {
        const sent = request(url + path, { headers, method }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        });
        sent.on('error', reject);
        sent.end();
      }),
    [Symbol.asyncDispose]: async () => {
      await http.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What a frontend finds in the page. */
function configIn(html: string): unknown {
  const [, text = ''] = /<script type="backstage\.io\/config">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(text);
}

const titleIn = (html: string): string | undefined => /<title>(.*?)<\/title>/s.exec(html)?.[1];

describe('serveWeb', () => {
  it('puts what the page may see of the configuration into every page, before its first script', async () => {
    await using site = await openSite({
      app: { title: 'Harbour & Co', baseUrl: 'http://x.test', secretThing: 'hidden' },
      organization: { name: 'Harbourline' },
      backend: { baseUrl: 'http://x.test', database: { connection: 'hidden' } },
    });
    const data = {
      app: { title: 'Harbour & Co', baseUrl: 'http://x.test' },
      organization: { name: 'Harbourline' },
      backend: { baseUrl: 'http://x.test' },
    };
    for (const path of ['/', '/index.html', '/catalog/default/component/x', '/settings?tab=a']) {
      const { status, headers, body } = await site.ask(path, { accept: 'text/html,*/*' });
      const html = body.toString();
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(headers['cache-control'], 'no-cache');
      assert.deepEqual(configIn(html), [{ context: 'app', data }]);
      assert.equal(titleIn(html), 'Harbour &#38; Co');
      assert.match(html, /<html lang="en">/);
      assert.ok(html.indexOf('backstage.io/config') < html.indexOf('/theme.js'));
      assert.doesNotMatch(html, /hidden/);
    }
  });

  it('keeps the policy that refuses inline scripts, since a data block is none', async () => {
    await using site = await openSite();
    const { headers } = await site.ask('/');
    assert.match(String(headers['content-security-policy']), /script-src 'self'(?:;|$)/);
  });

  it('compresses as the browser accepts, with an etag for each form', async () => {
    await using site = await openSite({ app: { title: 'T' } });
    const plain = await site.ask('/');
    const br = await site.ask('/', { 'accept-encoding': 'gzip, deflate, br' });
    const gz = await site.ask('/', { 'accept-encoding': 'gzip' });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(br.headers['content-encoding'], 'br');
    assert.equal(gz.headers['content-encoding'], 'gzip');
    assert.deepEqual(brotliDecompressSync(br.body), plain.body);
    assert.deepEqual(gunzipSync(gz.body), plain.body);
    assert.equal(new Set([plain, br, gz].map(({ headers }) => headers['etag'])).size, 3);
    for (const { headers } of [plain, br, gz]) assert.equal(headers['vary'], 'Accept-Encoding');
    const cors = await site.ask('/', { origin: 'https://other.example' });
    assert.equal(cors.headers['vary'], 'Origin, Accept-Encoding');
  });

  it('answers 304 while nothing changed, and the new page after a change', async () => {
    await using site = await openSite({ app: { title: 'Before' } });
    const accepting = { 'accept-encoding': 'br' };
    const first = await site.ask('/', accepting);
    const known = { ...accepting, 'if-none-match': String(first.headers['etag']) };
    const again = await site.ask('/catalog', { ...known, accept: 'text/html' });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal(again.headers['etag'], first.headers['etag']);
    site.web.reconfigure(settingsOf({ app: { title: 'After' } }));
    const after = await site.ask('/', known);
    assert.equal(after.status, 200);
    assert.equal(titleIn(brotliDecompressSync(after.body).toString()), 'After');
    site.web.reconfigure(settingsOf({ app: { title: 'Before' } }));
    assert.equal((await site.ask('/', known)).status, 304);
  });

  it('reads the page once, and tries again when that failed', async () => {
    await using site = await openSite();
    await rm(join(site.folder, 'index.html'));
    assert.equal((await site.ask('/')).status, 500);
    await writeFile(join(site.folder, 'index.html'), INDEX);
    assert.equal((await site.ask('/')).status, 200);
    await rm(join(site.folder, 'index.html'));
    site.web.reconfigure(settingsOf({ app: { title: 'Other' } }));
    assert.equal((await site.ask('/')).status, 200);
  });

  it('serves files as they are: hashed ones for a year, others to be asked for again', async () => {
    await using site = await openSite();
    const asset = await site.ask('/assets/app-1.js');
    assert.equal(asset.body.toString(), '// app');
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal((await site.ask('/theme.js')).headers['cache-control'], 'no-cache');
  });

  it('never serves the built page without configuration, in whatever form', async () => {
    await using site = await openSite();
    for (const path of ['/', '/index.html', '/index.html.br', '/index.html.gz']) {
      const { body } = await site.ask(path, { accept: 'text/html' });
      assert.deepEqual(configIn(body.toString()), [{ context: 'app', data: {} }]);
    }
  });

  it('answers HEAD with the headers alone', async () => {
    await using site = await openSite();
    const { status, headers, body } = await site.ask('/', { 'accept-encoding': 'br' }, 'HEAD');
    assert.deepEqual([status, headers['content-encoding'], body.length], [200, 'br', 0]);
  });

  it('answers 404 for what is no page: files that are not there, and the API', async () => {
    await using site = await openSite();
    assert.equal((await site.ask('/assets/gone.js', { accept: '*/*' })).status, 404);
    assert.equal((await site.ask('/api/none', { accept: 'text/html' })).status, 404);
  });

  it('says in plain words that the page is not built', async () => {
    await using site = await openSite({}, { 'other.txt': 'x' });
    const { headers, body } = await site.ask('/');
    assert.match(String(headers['content-type']), /^text\/plain/);
    assert.match(body.toString(), /not built/);
    site.web.reconfigure(settingsOf({}));
  });
});

describe('parseWebConfig', () => {
  it('shows support and branding, and of branding only what was checked', async () => {
    await using folder = await folderOf({ 'logo.svg': '<svg/>' });
    const support = {
      url: 'https://help.example',
      items: [{ title: 'Chat', icon: 'chat', links: [{ title: '#help', url: 'https://chat.example' }] }],
    };
    const config = configFrom({
      app: {
        support: { ...support, internal: 'hidden' },
        branding: {
          fullLogo: 'logo.svg',
          iconLogo: { light: 'none.svg' },
          fullLogoWidth: 110,
          theme: { light: { primaryColor: 'teal', other: 'hidden' }, dark: { primaryColor: 'x' } },
          other: 'hidden',
        },
      },
    });
    const { settings, diagnostics } = parseWebConfig(config, { cwd: folder.path, schemas });
    assert.deepEqual(settings, {
      title: null,
      config: {
        app: {
          support,
          branding: {
            fullLogo: 'data:image/svg+xml;base64,PHN2Zy8+',
            fullLogoWidth: '110px',
            theme: { light: { primaryColor: 'teal' } },
          },
        },
      },
    });
    assert.deepEqual(
      diagnostics.map(({ path }) => path),
      ['app.branding.iconLogo.light', 'app.branding.theme.dark.primaryColor'],
    );
  });

  it('has no branding when none of it is good, and nothing without configuration', () => {
    assert.deepEqual(settingsOf({ app: { branding: { theme: { dark: { primaryColor: 'x' } } } } }).config, {
      app: {},
    });
    assert.deepEqual(settingsOf({}), { title: null, config: {} });
  });
});

describe('injectConfig', () => {
  const data = { app: { title: '</script><script>alert(1)</script><!--', note: '$& $1 \u2028\u2029 &lt;' } };

  it('lets no value end the block or the title, and changes none', () => {
    const html = injectConfig(INDEX, { title: '</title><script>$&', config: data });
    assert.equal(html.split('<script').length, 3);
    assert.equal(html.split('</script>').length, 3);
    assert.equal(html.includes('<!--'), false);
    assert.equal(html.includes('\u2028'), false);
    assert.equal(titleIn(html), '&#60;/title&#62;&#60;script&#62;$&#38;');
    assert.deepEqual(configIn(html), [{ context: 'app', data }]);
  });

  it('gives back any configuration as it went in', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('<', '/script>', '<!--', '$&', "$'", '\\', '"', '\u2028', ']]>'))
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), text), (values) => {
        const config: Record<string, unknown> = JSON.parse(JSON.stringify(values));
        const html = injectConfig(INDEX, { title: null, config });
        assert.deepEqual(configIn(html), [{ context: 'app', data: config }]);
        assert.equal(titleIn(html), 'Callboard');
      }),
    );
  });

  it('takes the place that a page has for it, else the end of the head', () => {
    const marked = INDEX.replace('<title>', '<script type="backstage.io/config">[]</script><title>');
    const html = injectConfig(marked, { title: 'T', config: data });
    assert.equal(html.split('backstage.io/config').length, 2);
    assert.ok(html.indexOf('backstage.io/config') < html.indexOf('<title>'));
    const bare = injectConfig('<head><title>x</title></head>', { title: 'T', config: {} });
    assert.equal(
      bare,
      '<head><title>T</title><script type="backstage.io/config">[{"context":"app","data":{}}]</script></head>',
    );
    assert.deepEqual(configIn(injectConfig('x', { title: null, config: {} })), [
      { context: 'app', data: {} },
    ]);
  });
});

describe('chooseEncoding', () => {
  it('takes the smallest form that is accepted', () => {
    for (const [accepted, encoding] of [
      [undefined, 'identity'],
      ['', 'identity'],
      ['identity', 'identity'],
      ['gzip', 'gzip'],
      ['GZIP, BR', 'br'],
      ['gzip, deflate, br, zstd', 'br'],
      ['br;q=0, gzip', 'gzip'],
      ['br;q=0.5, gzip;q=0.8', 'gzip'],
      ['br; q=0.8, gzip;q=0.8', 'br'],
      ['*', 'br'],
      ['*, br;q=0', 'gzip'],
      ['*;q=0', 'identity'],
      ['br;q=x', 'identity'],
    ] as const) {
      assert.equal(chooseEncoding(accepted), encoding, accepted);
    }
  });
});

describe('matchesEtag', () => {
  it('finds an etag in a list, weak or strong, and a star', () => {
    for (const header of ['"a-br"', 'W/"a-br"', '"x", "a-br"', '*'])
      assert.equal(matchesEtag(header, '"a-br"'), true);
    for (const header of [undefined, '', '"a"', '"a-gzip"', 'a-br'])
      assert.equal(matchesEtag(header, '"a-br"'), false);
  });
});
