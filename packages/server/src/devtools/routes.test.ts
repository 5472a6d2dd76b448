import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { openTestPortal, TOKEN, type Answer, type TestPortal } from '../conformance/portal.fixture.ts';

let portal: TestPortal;

before(async () => {
  portal = await openTestPortal({
    files: { 'a.yaml': 'kind: [' },
    backend: { mirror: 'http://reader:hunter22@portal.test' },
  });
});
after(() => portal[Symbol.asyncDispose]());

/** Asks a path of devtools with the token. */
function ask(path: string): Promise<Answer> {
  return portal.ask(`/../devtools${path}`);
}

function objectAt(value: unknown, ...path: readonly string[]): Record<string, unknown> {
  let found: unknown = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  assert.ok(isObject(found), path.join('.'));
  return found;
}

describe('devtoolsRoutes', () => {
  it('asks who is calling, on every path', async () => {
    for (const path of ['health', 'info', 'config', 'external-dependencies']) {
      const { status } = await fetch(`${portal.url}/api/devtools/${path}`);
      assert.equal(status, 401, path);
    }
  });

  it('says that it is there', async () => {
    const { status, body, headers } = await ask('/health');
    assert.deepEqual([status, body], [200, { status: 'ok' }]);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('gives the keys of a plugin to those who check its tokens', async () => {
    assert.equal((await ask('/.backstage/auth/v1/jwks.json')).status, 200);
  });

  it('shows the configuration without its secrets, and where each key was written', async () => {
    const { body } = await ask('/config');
    const text = JSON.stringify(body);
    assert.doesNotMatch(text, new RegExp(`${TOKEN}|hunter22`));
    assert.equal(objectAt(body, 'config', 'catalog')['processingInterval'], false);
    assert.equal(objectAt(body, 'config', 'backend')['mirror'], 'http://reader:<secret>@portal.test');
    assert.deepEqual(objectAt(body, 'callboard'), {
      files: ['app-config.yaml'],
      sources: { backend: ['app-config.yaml'], catalog: ['app-config.yaml'] },
    });
  });

  it('describes the machine in the fields of Backstage', async () => {
    const { callboard, dependencies, ...info } = objectAt((await ask('/info')).body);
    assert.deepEqual(Object.keys(info).toSorted(), [
      'backstageVersion',
      'nodeJsVersion',
      'operatingSystem',
      'resourceUtilization',
    ]);
    assert.equal(info['nodeJsVersion'], process.version);
    assert.match(String(info['operatingSystem']), /^.+: .+ - .+\/.+$/);
    assert.match(String(info['resourceUtilization']), /^Memory: \d+\/\d+MB - Load: [\d.]+\/[\d.]+\/[\d.]+$/);
    assert.ok(Array.isArray(dependencies));
    const names = new Set(dependencies.map((found) => String(objectAt(found)['name'])));
    for (const name of ['@callboard/kernel', '@callboard/server', 'fastify'])
      assert.ok(names.has(name), name);
    for (const found of dependencies) assert.match(String(objectAt(found)['versions']), /^\d+\.\d+\.\d+/);
    assert.match(String(objectAt({ callboard }, 'callboard')['version']), /^\d+\.\d+\.\d+$/);
  });

  it('tells what the portal has answered, by route, and what went wrong', async () => {
    await portal.ask('/entities/by-uid/nobody');
    await portal.ask('/entities?limit=x&apiKey=hunter22');
    const { body } = await ask('/info');
    const { requests, clientErrors, serverErrors, routes, recent } = objectAt(body, 'callboard', 'http');
    assert.ok(Number(requests) > 1 && Number(clientErrors) > 1);
    assert.equal(serverErrors, 0);
    assert.ok(Array.isArray(routes) && Array.isArray(recent));
    assert.ok(routes.some((found) => objectAt(found)['route'] === '/api/catalog/entities/by-uid/:uid'));
    const { at, message, ...last } = objectAt(recent[0]);
    assert.deepEqual(last, {
      method: 'GET',
      route: '/api/catalog/entities',
      status: 400,
      code: 'catalog/invalid-parameter',
    });
    assert.match(String(at), /^\d{4}-/);
    assert.doesNotMatch(String(message), /hunter22/);
    assert.deepEqual(objectAt(body, 'callboard', 'database'), { client: 'sqlite', sizeBytes: null });
  });

  it('asks no other service when none is configured', async () => {
    assert.deepEqual((await ask('/external-dependencies')).body, []);
  });
});
