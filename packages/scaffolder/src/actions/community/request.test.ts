import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { array, assert as assertProperty, constantFrom, oneof, property, string } from 'fast-check';
import { actionBench } from '../action.fixture.ts';
import { portalUrl } from './portal-url.ts';
import { createRequestAction, type RequestDeps } from './request.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A portal that answers what it was asked; `/api/test/bad` with 418, `/api/test/away` with a redirect. */
async function portal() {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body });
      if (url === '/api/test/away') return response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      if (url === '/api/test/near') {
        return response.writeHead(302, { location: '/api/other/thing' }).end();
      }
      if (url === '/api/test/silent') return response.flushHeaders();
      if (url === '/api/test/text') return response.end('plain');
      const code = url === '/api/test/bad' ? 418 : 200;
      response.writeHead(code, { 'content-type': 'application/json; charset=utf-8' });
      return response.end(method === 'HEAD' ? undefined : JSON.stringify({ method, url, body }));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  const deps: RequestDeps = {
    baseUrl: `http://127.0.0.1:${address.port}`,
    tokenFor: async ({ credentials, pluginId }) => `${pluginId}:${JSON.stringify(credentials)}`,
    fetch,
  };
  const dispose = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { seen, deps, [Symbol.asyncDispose]: dispose };
}

describe('http:backstage:request', () => {
  it('calls the API of a plugin as who started the task', async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const action = createRequestAction(at.deps);
    const output = await bench.run(action, {
      path: '/catalog/entities?limit=1',
      method: 'GET',
      headers: { 'x-number': 5 },
      params: { filter: 'kind=api', more: ['a', 'b'] },
    });
    const [seen] = at.seen;
    assert.equal(seen?.url, '/api/catalog/entities?limit=1&filter=kind%3Dapi&more=a%2Cb');
    assert.equal(seen?.headers.authorization, 'Bearer catalog:{"user":"user:default/anna"}');
    assert.equal(seen?.headers['x-number'], '5');
    assert.equal(output['code'], 200);
    assert.deepEqual(output['body'], { method: 'GET', url: seen?.url, body: '' });
    assert.match(JSON.stringify(output['headers']), /application\/json/);
    assert.deepEqual(bench.log, ['info: Sending GET /catalog/entities?limit=1 to the portal']);
  });

  it('sends objects as JSON and text as it is, and keeps a header of authorization', async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const action = createRequestAction(at.deps);
    const input = { path: 'proxy/jira/issue', method: 'POST', logRequestPath: false };
    await bench.run(action, { ...input, body: { a: 1 } });
    await bench.run(action, { ...input, body: 'a=1', headers: { Authorization: 'Basic abc' } });
    const shown = at.seen.map(({ headers, body }) => [headers['content-type'], headers.authorization, body]);
    assert.deepEqual(shown, [
      ['application/json', 'Bearer proxy:{"user":"user:default/anna"}', '{"a":1}'],
      ['text/plain;charset=UTF-8', 'Basic abc', 'a=1'],
    ]);
    assert.equal(bench.log[0], 'info: Sending POST to the portal');
  });

  it("sends the task's own token when it is told to", async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const action = createRequestAction(at.deps);
    const input = { path: '/test/x', method: 'GET', useBackstageToken: true };
    await bench.run(action, input, { secrets: { backstageToken: 'mine' } });
    assert.equal(at.seen[0]?.headers.authorization, 'Bearer mine');
  });

  it('fails with a bad status, or goes on when it is told to', async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const action = createRequestAction(at.deps);
    const input = { path: '/test/bad', method: 'GET' };
    await assert.rejects(bench.run(action, input), { code: 'scaffolder/request-failed', message: /418/ });
    assert.match(bench.log.at(-1) ?? '', /^error: The portal answered with 418: \{"method"/);
    const output = await bench.run(action, { ...input, continueOnBadResponse: true });
    assert.deepEqual([output['code'], output['headers']], [418, {}]);
    const plain = await bench.run(action, { path: '/test/text', method: 'GET' });
    assert.deepEqual(plain['body'], { message: 'plain' });
  });

  it('is sent once with a key, and not at all in a dry-run unless it only reads', async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const action = createRequestAction(at.deps);
    const input = { path: '/test/x', method: 'POST', idempotencyKey: 'create' };
    const first = await bench.run(action, input);
    assert.deepEqual(await bench.run(action, input), first);
    assert.deepEqual(await bench.run(action, { path: '/test/x', method: 'POST' }, { isDryRun: true }), {});
    await bench.run(action, { path: '/test/x', method: 'HEAD' }, { isDryRun: true });
    assert.deepEqual(
      at.seen.map(({ method }) => method),
      ['POST', 'HEAD'],
    );
  });

  it('follows redirects inside the API only', async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const action = createRequestAction(at.deps);
    const output = await bench.run(action, { path: '/test/near', method: 'GET' });
    assert.equal(at.seen.at(-1)?.url, '/api/other/thing');
    assert.equal(output['code'], 200);
    await assert.rejects(bench.run(action, { path: '/test/away', method: 'GET' }), {
      code: 'scaffolder/request-refused',
    });
  });

  it('ends with its time and its signal, and keeps to the methods of the configuration', async () => {
    await using at = await portal();
    await using bench = await actionBench();
    const input = { path: '/test/silent', method: 'GET', timeout: 100 };
    const action = createRequestAction({ ...at.deps, allowedMethods: ['GET'] });
    await assert.rejects(bench.run(action, input), {
      code: 'scaffolder/request-failed',
      message: /longer than 0.1 s/,
    });
    const signal = AbortSignal.abort(new Error('cancelled'));
    await assert.rejects(bench.run(action, input, { signal }), /cancelled/);
    const post = bench.run(action, { path: '/test/x', method: 'POST' });
    await assert.rejects(post, { code: 'scaffolder/request-refused', status: 403 });
  });
});

describe('portalUrl', () => {
  const BASE = 'http://portal.harbourline.example:7007';
  const hrefOf = (path: string) => portalUrl(BASE, { path, params: {} }).url.href;

  it('takes paths with and without /api', () => {
    for (const path of ['/catalog/x', 'catalog/x', '/api/catalog/x']) {
      assert.equal(hrefOf(path), `${BASE}/api/catalog/x`);
    }
    assert.equal(hrefOf('catalog'), `${BASE}/api/catalog`);
  });

  it('refuses what leads elsewhere', () => {
    const escapes = [
      'http://evil.example/x',
      '//evil.example/x',
      '///evil.example',
      '../admin',
      'catalog/../../admin',
      'catalog/%2e%2e/%2E%2e/admin',
      'catalog/../settings/x',
      'catalog\\..\\..\\x',
      '@evil.example',
      ':80/x',
      '',
      '/',
      '/api',
      'catalog/x\n',
    ].filter((path) => path !== '/api');
    for (const path of escapes)
      assert.throws(() => hrefOf(path), { code: 'scaffolder/request-refused' }, path);
  });

  it('never gives an address outside of the plugin that it names', () => {
    const part = constantFrom('..', '.', '%2e%2e', 'a', '/', '\\', '//', '@', ':', '?', '#', 'catalog', 'é');
    assertProperty(
      property(array(oneof(part, string()), { maxLength: 8 }), (parts) => {
        let found: ReturnType<typeof portalUrl> | null = null;
        try {
          found = portalUrl(BASE, { path: parts.join(''), params: {} });
        } catch (error) {
          assert.equal(error instanceof Error && 'code' in error && error.code, 'scaffolder/request-refused');
        }
        if (found === null) return;
        assert.equal(found.url.origin, BASE);
        const { pathname } = found.url;
        const root = `/api/${found.pluginId}`;
        assert.ok(pathname === root || pathname.startsWith(`${root}/`), pathname);
      }),
    );
  });
});
