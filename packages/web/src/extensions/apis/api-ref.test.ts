import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiHolder, createApiRef, provideApis, provideFactory, requireApi } from './api-ref.ts';

describe('createApiRef', () => {
  it('knows both spellings', () => {
    assert.equal(createApiRef({ id: 'a.b' }).id, 'a.b');
    assert.equal(createApiRef().with({ id: 'a.c' }).id, 'a.c');
    assert.equal(String(createApiRef({ id: 'a.b' })), 'apiRef{a.b}');
  });
});

describe('requireApi', () => {
  it('finds a service by the id of whichever reference', () => {
    provideApis({ 'test.one': 1 });
    assert.equal(requireApi(createApiRef({ id: 'test.one' })), 1);
    assert.equal(requireApi({ id: 'test.one' }), 1);
  });

  it('names the service that there is not', () => {
    assert.throws(() => requireApi(createApiRef({ id: 'test.none' })), /“test\.none”/);
    assert.equal(apiHolder.get(createApiRef({ id: 'test.none' })), undefined);
  });

  it('makes a service of a factory once, from the services that it asks for', () => {
    provideApis({ 'test.base': 'base' });
    let made = 0;
    provideFactory({
      api: createApiRef({ id: 'test.made' }),
      deps: { base: createApiRef({ id: 'test.base' }) },
      factory: ({ base }) => {
        made += 1;
        return `on ${String(base)}`;
      },
    });
    assert.equal(requireApi({ id: 'test.made' }), 'on base');
    assert.equal(requireApi({ id: 'test.made' }), 'on base');
    assert.equal(made, 1);
  });
});
