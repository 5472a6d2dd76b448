import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHttp, createLog, createMetrics } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import {
  faultsOf,
  operationsOf,
  resolved,
  schemaCompiler,
  treeAt,
} from '../../kernel/src/http/openapi-faults.fixture.ts';
import { extensionOf, openPlace } from './extensions.fixture.ts';
import type { Extensions } from './extensions.ts';
import { extensionsOpenApi } from './openapi.ts';
import { extensionsRoutes } from './routes.ts';

const FIELD = "export const field = { name: 'Berth', component: () => { throw new Error('x'); } };\n";

async function serve(extensions: Extensions, heartbeat?: number) {
  const app = createHttp({
    log: createLog({ write: () => undefined }),
    metrics: createMetrics(),
    health: { isReady: () => true },
  });
  const deps = { extensions, folder: 'extensions', ...(heartbeat !== undefined && { heartbeat }) };
  await app.register(async (scope) => extensionsRoutes(scope, deps), { prefix: '/api/extensions' });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/extensions`;
  return { url, [Symbol.asyncDispose]: async () => app.close() };
}

async function ask(url: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : init);
  return { status: response.status, body: await response.json() };
}

function codeIn(body: unknown): unknown {
  const error = isObject(body) ? body['error'] : null;
  return isObject(error) ? error['code'] : null;
}

describe('extensionsRoutes', () => {
  it('lists extensions, the broken ones with what is wrong', async () => {
    await using place = await openPlace({ 'a.tsx': FIELD, 'b.tsx': 'export const b = ;' });
    const extensions = place.open();
    await using server = await serve(extensions);
    const { status, body } = await ask(`${server.url}/v1/list`);
    assert.equal(status, 200);
    const { hash } = await extensionOf(extensions, 'a.tsx');
    const url = `/api/extensions/v1/modules/${hash}.js`;
    const error = {
      file: 'b.tsx',
      line: 1,
      column: 18,
      text: 'Unexpected ";".',
      lineText: 'export const b = ;',
    };
    assert.deepEqual(body, {
      extensions: [
        { file: 'a.tsx', hash, url, needs: [], names: ['Berth'], errors: [] },
        { file: 'b.tsx', hash: null, url: null, needs: [], names: [], errors: [error] },
      ],
      version: extensions.version,
      folder: 'extensions',
    });
  });

  it('sends a module as a script that never changes, and only modules that it knows', async () => {
    await using place = await openPlace({ 'a.tsx': FIELD });
    const extensions = place.open();
    await using server = await serve(extensions);
    const { hash } = await extensionOf(extensions, 'a.tsx');
    const response = await fetch(`${server.url}/v1/modules/${hash}.js`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(await response.text(), /name: "Berth"/);
    for (const name of [`${'0'.repeat(32)}.js`, `${hash}.map`, `${hash}`, '..%2F..%2Fsecret.js', '%00.js']) {
      const refused = await ask(`${server.url}/v1/modules/${name}`);
      assert.deepEqual([refused.status, codeIn(refused.body)], [404, 'extensions/no-module'], name);
    }
  });

  it('locates a place, and refuses what is none', async () => {
    await using place = await openPlace({ 'a.tsx': `\n\n${FIELD}` });
    const extensions = place.open();
    await using server = await serve(extensions);
    const { hash } = await extensionOf(extensions, 'a.tsx');
    const lines = ((await extensions.module(hash ?? '')) ?? '').split('\n');
    const line = lines.findIndex((text) => text.includes('throw')) + 1;
    const column = (lines[line - 1] ?? '').indexOf('throw') + 1;
    const found = await ask(`${server.url}/v1/locate`, { hash, line, column });
    assert.deepEqual(found, { status: 200, body: { file: 'a.tsx', line: 3, column: 58 } });
    const far = await ask(`${server.url}/v1/locate`, { hash, line: 10_000, column: 1 });
    assert.deepEqual(far.body, { file: 'a.tsx', line: null, column: null });
    const unknown = await ask(`${server.url}/v1/locate`, { hash: '0'.repeat(32), line, column });
    assert.deepEqual([unknown.status, codeIn(unknown.body)], [404, 'extensions/no-module']);
    for (const body of [
      {},
      [],
      7,
      { hash, line: 0, column },
      { hash, line: 1.5, column },
      { hash: '../x', line, column },
    ]) {
      const refused = await ask(`${server.url}/v1/locate`, body);
      assert.deepEqual([refused.status, codeIn(refused.body)], [400, 'extensions/invalid-position']);
    }
    const odd = await ask(`${server.url}/v1/list?colour=red`);
    assert.deepEqual([odd.status, codeIn(odd.body)], [400, 'extensions/invalid-parameter']);
  });

  it('tells of each change, also of one while the reader was away, and ends with the server', async () => {
    await using place = await openPlace({ 'a.tsx': FIELD });
    const extensions = place.open();
    const { version } = await extensions.list();
    const server = await serve(extensions, 5);
    const response = await fetch(`${server.url}/v1/events`);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const readUntil = async (part: string): Promise<void> => {
      while (!text.includes(part)) {
        const { value, done } = await reader.read();
        if (done) return;
        text += value;
      }
    };
    await readUntil(': still here');
    assert.ok(text.startsWith(': listening\n\n') && !text.includes('changed'));
    await place.write({ 'a.tsx': FIELD.replace('Berth', 'Quay') });
    await readUntil('event: changed');
    await readUntil('}\n\n');
    const { version: newer } = extensions;
    assert.notEqual(newer, version);
    assert.ok(text.includes(`id: ${newer}\nevent: changed\ndata: {"version":"${newer}"}\n\n`));
    const late = await fetch(`${server.url}/v1/events`, { headers: { 'last-event-id': version } });
    await server[Symbol.asyncDispose]();
    assert.match(await late.text(), new RegExp(`id: ${newer}`));
    await readUntil('never sent');
  });

  it('answers as its OpenAPI document says', async () => {
    const document = extensionsOpenApi();
    assert.deepEqual(faultsOf(document), []);
    const compile = schemaCompiler(document);
    await using place = await openPlace({ 'a.tsx': FIELD, 'b.tsx': 'export const b = ;' });
    const extensions = place.open();
    await using server = await serve(extensions);
    const { hash } = await extensionOf(extensions, 'a.tsx');
    const calls: Readonly<Record<string, readonly [status: number, path: string, body?: unknown][]>> = {
      ListExtensions: [
        [200, '/v1/list'],
        [400, '/v1/list?a=b'],
      ],
      GetExtensionModule: [[404, '/v1/modules/none.js']],
      LocateInExtension: [
        [200, '/v1/locate', { hash, line: 1, column: 1 }],
        [400, '/v1/locate', { hash }],
        [404, '/v1/locate', { hash: '0'.repeat(32), line: 1, column: 1 }],
      ],
    };
    for (const { id, item } of operationsOf(document)) {
      for (const [status, path, body] of calls[id] ?? []) {
        const answered = await ask(server.url + path, body);
        assert.equal(answered.status, status, path);
        const described = resolved(document, treeAt(item, 'responses')[String(status)]);
        const { schema } = treeAt(treeAt(described, 'content'), 'application/json');
        assert.ok(isObject(schema), path);
        assert.deepEqual(compile(schema)(answered.body), [], path);
      }
      assert.ok(calls[id], `${id} is called`);
    }
    assert.deepEqual((await ask(`${server.url}/openapi.json`)).body, JSON.parse(JSON.stringify(document)));
  });
});
