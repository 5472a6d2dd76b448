import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { childPath, itemPath, pathSegments } from './path.ts';

describe('childPath', () => {
  it('joins plain keys with dots', () => {
    assert.equal(childPath('', 'spec'), 'spec');
    assert.equal(childPath('spec', 'owner'), 'spec.owner');
    assert.equal(childPath('spec.steps[0]', '$ref'), 'spec.steps[0].$ref');
  });

  it('writes other keys as JSON text in brackets', () => {
    assert.equal(childPath('metadata.labels', 'a.b/c'), 'metadata.labels["a.b/c"]');
    assert.equal(childPath('', ''), '[""]');
    assert.equal(childPath('a', 'say "hi"'), 'a["say \\"hi\\""]');
  });
});

describe('pathSegments', () => {
  it('reads every path back as the keys and indexes it was made of', () => {
    const step = fc.oneof(
      fc.nat(99),
      fc.string(),
      fc.constantFrom('a', 'a-b', '__proto__', 'x.y', ']', '"', '\\'),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let path = '';
        for (const each of steps) {
          path = typeof each === 'number' ? itemPath(path, each) : childPath(path, each);
        }
        assert.deepEqual(pathSegments(path), steps);
      }),
      { numRuns: 2000 },
    );
  });

  it('is null for text that is no path', () => {
    for (const text of ['.a', 'a.', 'a..b', 'a b', 'a[', 'a[x]', 'a["x]', '5']) {
      assert.equal(pathSegments(text), null, text);
    }
  });
});
