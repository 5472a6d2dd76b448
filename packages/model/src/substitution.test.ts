import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { EntityEnvelope } from './entity.ts';
import { findPlaceholders, replacePlaceholders } from './substitution.ts';

const KNOWN = new Set(['text', 'json']);

function entityWith(spec: unknown): EntityEnvelope {
  return { apiVersion: 'v1', kind: 'API', metadata: { name: 'a' }, spec };
}

describe('findPlaceholders', () => {
  it('finds mappings with one known key that starts with a dollar sign, anywhere', () => {
    const entity = {
      ...entityWith({ definition: { $text: './a' }, list: [1, { 'x.y': { $json: 5 } }] }),
      metadata: { name: 'a', description: { $text: './b' } },
    };
    assert.deepEqual(findPlaceholders(entity, KNOWN), [
      { path: 'metadata.description', key: 'text', value: './b' },
      { path: 'spec.definition', key: 'text', value: './a' },
      { path: 'spec.list[1]["x.y"]', key: 'json', value: 5 },
    ]);
  });

  it('does not look into mappings with unknown or several keys of that form', () => {
    const spec = {
      unknown: { $ref: { inner: { $text: './a' } } },
      several: { $text: './a', other: { $text: './b' } },
      nested: { $text: { $text: './a' } },
      empty: { $: './a' },
    };
    assert.deepEqual(findPlaceholders(entityWith(spec), KNOWN), [
      { path: 'spec.nested', key: 'text', value: { $text: './a' } },
    ]);
  });
});

describe('replacePlaceholders', () => {
  it('puts the replacements in the place of the placeholders', () => {
    const entity = entityWith({ a: { $text: './a' }, b: [{ $json: './b' }, 'c'] });
    const replacements = new Map<string, unknown>([
      ['spec.a', 'A'],
      ['spec.b[0]', { $text: 'not looked at' }],
    ]);
    assert.deepEqual(
      replacePlaceholders(entity, replacements),
      entityWith({ a: 'A', b: [{ $text: 'not looked at' }, 'c'] }),
    );
  });

  it('leaves placeholders without a replacement, and values that are none', () => {
    const entity = entityWith({ a: { $text: './a' }, b: 'x' });
    assert.equal(replacePlaceholders(entity, new Map([['spec.b', 'B']])), entity);
    assert.equal(replacePlaceholders(entity, new Map()), entity);
  });

  it('shares what it does not replace', () => {
    const entity = entityWith({ a: { $text: './a' }, b: { c: [] } });
    const replaced = replacePlaceholders(entity, new Map([['spec.a', 'A']]));
    assert.ok(replaced.spec instanceof Object && entity.spec instanceof Object);
    assert.equal(replaced.metadata, entity.metadata);
    assert.equal(Reflect.get(replaced.spec, 'b'), Reflect.get(entity.spec, 'b'));
  });

  it('keeps a key called __proto__ a key', () => {
    const spec: unknown = JSON.parse('{"__proto__":{"x":1},"a":{"$text":"./a"}}');
    const replaced = replacePlaceholders(entityWith(spec), new Map([['spec.a', 'A']]));
    assert.equal(JSON.stringify(replaced.spec), '{"__proto__":{"x":1},"a":"A"}');
  });

  it('replaces exactly what is found, and never changes the entity', () => {
    const key = fc.constantFrom('a', 'b.c', '$text', '$json', '$ref', '"', '');
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>('v', 1, null),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 2, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(node, (spec) => {
        const entity = entityWith(spec);
        const before = JSON.stringify(entity);
        const found = findPlaceholders(entity, KNOWN);
        const marks = new Map(found.map(({ path }, index) => [path, `mark ${index}`]));
        assert.equal(marks.size, found.length);
        const replaced = replacePlaceholders(entity, marks);
        assert.equal(JSON.stringify(entity), before);
        assert.deepEqual(findPlaceholders(replaced, KNOWN), []);
        for (const mark of marks.values()) assert.ok(JSON.stringify(replaced).includes(`"${mark}"`));
      }),
      { numRuns: 2000 },
    );
  });
});
