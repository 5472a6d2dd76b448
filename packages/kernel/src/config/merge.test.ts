import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '@callboard/model';
import { merge } from './merge.ts';
import { fromJson, isJsonObject, toJson, type MapNode } from './tree.ts';

function tree(data: JsonObject, layer: number): MapNode {
  const node = fromJson(data, { layer, source: `layer ${layer}`, place: { file: 'x' } }, []);
  assert(node.kind === 'map');
  return node;
}

const key = fc.constantFrom('a', 'b', 'c');
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, 1, 'x'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
  ),
}));
const object = fc.dictionary(key, value, { maxKeys: 3 });

/** The rule in a few words: objects deep, null removes, anything else replaces. */
function expected(under: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, JsonValue | undefined> = { ...under };
  for (const [name, above] of Object.entries(over)) {
    const below = under[name];
    const deep = isJsonObject(above) && isJsonObject(below);
    result[name] = deep ? expected(below, above) : above;
    if (above === null) delete result[name];
  }
  return result;
}

function withoutNulls(data: JsonObject): JsonObject {
  return toJson(tree(data, 0));
}

describe('merge', () => {
  it('merges objects deep, replaces everything else, and removes what is null', () => {
    fc.assert(
      fc.property(object, object, (under, over) => {
        const merged = toJson(merge(tree(under, 0), tree(over, 1)));
        assert.deepEqual(merged, withoutNulls(expected(withoutNulls(under), over)));
      }),
    );
  });

  it('changes nothing when a source is laid over itself', () => {
    fc.assert(
      fc.property(object, (data) => {
        assert.deepEqual(toJson(merge(tree(data, 0), tree(data, 1))), withoutNulls(data));
      }),
    );
  });

  it('puts the keys of the stronger source first', () => {
    const merged = merge(tree({ a: 1, b: 1, c: 1 }, 0), tree({ c: 2, d: 2, b: 2 }, 1));
    assert.deepEqual([...merged.entries.keys()], ['c', 'd', 'b', 'a']);
  });

  it('keeps the origin of every value', () => {
    const merged = merge(tree({ a: { x: 1, y: 1 } }, 0), tree({ a: { y: 2 } }, 1));
    const a = merged.entries.get('a');
    assert(a?.kind === 'map');
    const layers = [...a.entries].map(([name, node]) => [name, node.origin.layer]);
    assert.deepEqual(Object.fromEntries(layers), { x: 0, y: 1 });
  });
});
