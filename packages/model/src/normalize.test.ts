import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Entity, JsonObject } from './entity.ts';
import { BUILTIN_KINDS } from './kinds/builtin.ts';
import { createModel } from './model.ts';
import { createNormalizer } from './normalize.ts';

const normalize = createNormalizer([['spec', 'maker', 'helpers']]);

function component(spec: JsonObject, namespace?: string): Entity {
  const metadata = { name: 'a', ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata, spec };
}

describe('createNormalizer', () => {
  it('writes the default namespace where there is none', () => {
    assert.equal(normalize(component({})).metadata.namespace, 'default');
    assert.equal(normalize(component({}, '')).metadata.namespace, 'default');
    assert.equal(normalize(component({}, 'shop')).metadata.namespace, 'shop');
  });

  it('sorts the lists of references by their UTF-16 code units, and those at the given places', () => {
    const lists = [
      'providesApis',
      'consumesApis',
      'dependsOn',
      'dependencyOf',
      'memberOf',
      'children',
      'members',
    ];
    const spec = Object.fromEntries(lists.map((key) => [key, ['b', 'é', 'B', 'a']]));
    const normal = normalize(component({ ...spec, maker: { helpers: ['b', 'a'], name: 'x' } }));
    for (const key of lists) assert.deepEqual(normal.spec?.[key], ['B', 'a', 'b', 'é'], key);
    assert.deepEqual(normal.spec?.['maker'], { helpers: ['a', 'b'], name: 'x' });
  });

  it('leaves other lists alone, and lists that do not hold texts only', () => {
    const spec = { targets: ['b', 'a'], dependsOn: ['b', 5, 'a'], children: 'b' };
    assert.deepEqual(normalize(component(spec)).spec, spec);
  });

  it('hands back the entity itself when it is in normal form', () => {
    const entity = component({ dependsOn: ['a:a', 'a:b'] }, 'shop');
    assert.equal(normalize(entity), entity);
  });

  it('keeps everything else, and does not change the entity it was given', () => {
    const entity = Object.freeze({
      ...component(Object.freeze({ owner: 'x', dependsOn: Object.freeze(['b', 'a']) })),
      relations: [],
    });
    assert.deepEqual(normalize(entity), {
      ...entity,
      metadata: { name: 'a', namespace: 'default' },
      spec: { owner: 'x', dependsOn: ['a', 'b'] },
    });
  });
});

describe('Model.normalize', () => {
  const model = createModel({ kinds: BUILTIN_KINDS });

  it('sorts the lists from which the kind makes relations', () => {
    const metadata = { name: 'a' };
    const spec = { type: 'plugin', skills: ['b', 'a'] };
    const plugin = { apiVersion: 'backstage.io/v1alpha1', kind: 'AiResource', metadata, spec };
    assert.deepEqual(model.normalize(plugin).spec?.['skills'], ['a', 'b']);
  });

  it('changes nothing the second time, and never its input', () => {
    const key = fc.constantFrom('dependsOn', 'members', 'skills', 'owner', 'type');
    const value = fc.oneof(fc.array(fc.string()), fc.constantFrom('plugin', 'skill'), fc.array(fc.integer()));
    const kind = fc.constantFrom('Component', 'AiResource', 'Widget');
    fc.assert(
      fc.property(kind, fc.dictionary(key, value, { noNullPrototype: true }), (name, spec) => {
        const entity = { ...component(spec), kind: name };
        const before = structuredClone(entity);
        const once = model.normalize(entity);
        assert.equal(model.normalize(once), once);
        assert.deepEqual(entity, before);
      }),
      { numRuns: 1000 },
    );
  });
});
