import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '@callboard/plugin';
import { createActionRegistry, explainUnknownAction } from './create-registry.ts';

const action = (id: string): Action => ({ id, handler: async () => {} });

describe('createActionRegistry', () => {
  it('lists all by id, and finds each', () => {
    const registry = createActionRegistry([
      { name: 'the portal', actions: [action('fs:rename'), action('fs:delete')] },
      { name: 'mine.ts', actions: [action('acme:do')] },
    ]);
    const ids = registry.list().map(({ id }) => id);
    assert.deepEqual(ids, ['acme:do', 'fs:delete', 'fs:rename']);
    assert.equal(registry.find('acme:do')?.id, 'acme:do');
    assert.equal(registry.sourceOf('acme:do'), 'mine.ts');
    for (const id of ['acme:don’t', '__proto__', 'constructor', '']) assert.equal(registry.find(id), null);
    assert.deepEqual(registry.diagnostics, []);
  });

  it('keeps the first of two with one id, and says who lost', () => {
    const [first, second] = [action('fs:delete'), action('fs:delete')];
    const registry = createActionRegistry([
      { name: 'the portal', actions: [first] },
      { name: 'mine.ts', actions: [second] },
    ]);
    assert.equal(registry.find('fs:delete'), first);
    const [problem, ...more] = registry.diagnostics;
    assert.deepEqual(more, []);
    assert.equal(problem?.code, 'scaffolder/duplicate-action');
    assert.match(problem?.summary ?? '', /fs:delete of mine\.ts is left out: the portal has one/);
  });
});

describe('explainUnknownAction', () => {
  const registry = createActionRegistry([
    {
      name: 'the portal',
      actions: ['fetch:template', 'fetch:plain', 'catalog:register', 'github:webhook'].map(action),
    },
  ]);

  it('names the plugin that would bring it', () => {
    const text = explainUnknownAction(registry, 'publish:gitlab');
    assert.match(text, /of the plugin '@callboard\/plugin-gitlab'\. Add it to "plugins"/);
  });

  it('names what is spelt alike, also of a plugin that is there', () => {
    const ask = (id: string) => explainUnknownAction(registry, id);
    assert.match(ask('fetch:tempalte'), /Did you mean fetch:template\?/);
    assert.match(ask('Catalog:Register'), /Did you mean catalog:register\?/);
    assert.match(ask('github:webhok'), /Did you mean github:webhook\?/);
  });

  it('lists the family else, or says where actions come from', () => {
    const ask = (id: string) => explainUnknownAction(registry, id);
    assert.match(ask('fetch:something-else'), /Those of fetch: are fetch:plain, fetch:template\./);
    assert.match(ask('acme:deploy'), /^There is no action acme:deploy\. Actions come with the portal/);
    assert.match(ask('x'.repeat(10_000)), /There is no action/);
  });
});
