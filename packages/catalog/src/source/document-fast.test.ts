import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDoubtful, readFast } from './document-fast.ts';

describe('isDoubtful', () => {
  it('is false for an entity as people write them', () => {
    const entity = [
      '---',
      '# The web site',
      'apiVersion: backstage.io/v1alpha1',
      'kind: Component',
      'metadata:',
      '  name: www # short',
      '  description: Is it up? Yes & no! See [docs] (#2).',
      '  annotations:',
      '    backstage.io/techdocs-ref: dir:.',
      '  tags: [go, "web"]',
      '  links:',
      '    - url: https://example.com/a?b=c#d',
      'spec: { type: website, lifecycle: production }',
      '',
    ];
    assert.equal(isDoubtful(entity.join('\n')), false);
  });
});

describe('readFast', () => {
  it('stops at a warning when told to, and reads on otherwise', () => {
    const text = 'a: "b\nc"\n';
    assert.deepEqual(readFast(text, { maxDepth: 64, onWarning: 'stop' }), { kind: 'doubt' });
    assert.deepEqual(readFast(text, { maxDepth: 64, onWarning: 'read-on' }), {
      kind: 'values',
      values: [{ a: 'b c' }],
    });
  });
});
