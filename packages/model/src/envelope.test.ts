import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { checkEnvelope } from './envelope.ts';

const GOOD = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'a' } };

/** `path code` of each problem; null when the envelope is good. */
function problemsOf(value: unknown): string[] | null {
  const result = checkEnvelope(value);
  return result.ok ? null : result.problems.map(({ path, code }) => `${path} ${code}`);
}

describe('checkEnvelope', () => {
  it('hands back the entity itself when it can be named', () => {
    const document = { ...GOOD, spec: { $text: './spec.yaml' }, extra: 5 };
    const result = checkEnvelope(document);
    assert.ok(result.ok);
    assert.equal(result.entity, document);
  });

  it('reports all that is missing or wrong', () => {
    assert.deepEqual(problemsOf({ kind: 5, metadata: { name: '', namespace: null } }), [
      'apiVersion model/missing-field',
      'kind model/wrong-type',
      'metadata.name model/empty-value',
      'metadata.namespace model/wrong-type',
    ]);
    assert.deepEqual(problemsOf({ ...GOOD, metadata: [] }), ['metadata model/wrong-type']);
    assert.deepEqual(problemsOf([GOOD]), [' model/not-an-object']);
    assert.deepEqual(problemsOf(null), [' model/not-an-object']);
  });

  it('looks at own members only', () => {
    assert.deepEqual(problemsOf(Object.create(GOOD)), [
      'apiVersion model/missing-field',
      'kind model/missing-field',
      'metadata model/missing-field',
    ]);
    const hidden: unknown = JSON.parse(
      '{"apiVersion":"v1","kind":"A","metadata":{"__proto__":{"name":"a"}}}',
    );
    assert.deepEqual(problemsOf(hidden), ['metadata.name model/missing-field']);
  });

  it('takes objects without a prototype and objects that refer to themselves', () => {
    const cyclic: Record<string, unknown> = Object.assign(Object.create(null), GOOD);
    cyclic['spec'] = cyclic;
    assert.equal(problemsOf(cyclic), null);
  });

  it('takes an object that throws when it is read for a bad one', () => {
    const trap = new Proxy(GOOD, {
      getOwnPropertyDescriptor() {
        throw new Error('go away');
      },
    });
    assert.deepEqual(problemsOf(trap), [' model/unreadable']);
    const getter = Object.defineProperty({ ...GOOD }, 'kind', {
      get() {
        throw new TypeError('go away');
      },
    });
    assert.deepEqual(problemsOf(getter), [' model/unreadable']);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withObjectString: true, withMap: true }),
        (value) => {
          checkEnvelope(value);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
