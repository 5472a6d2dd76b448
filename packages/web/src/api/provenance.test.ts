import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toProvenance } from './provenance.ts';

const source = (ref: string): object => ({ ref, target: null, lastReadAt: '2025-01-02T03:04:05Z' });

describe('toProvenance', () => {
  it('shows the chain from its root, whichever way it was sent', () => {
    const up = toProvenance({ sources: [source('location:default/x'), source('provider:config')] });
    const down = toProvenance({ sources: [source('provider:config'), source('location:default/x')] });
    const refs = ['provider:config', 'location:default/x'];
    assert.deepEqual(
      up.sources.map(({ ref }) => ref),
      refs,
    );
    assert.deepEqual(
      down.sources.map(({ ref }) => ref),
      refs,
    );
  });

  it('reads times, and takes an unreadable one for none', () => {
    const { firstSeenAt, lastProcessedAt } = toProvenance({
      firstSeenAt: '2025-01-02T03:04:05Z',
      lastProcessedAt: 'soon',
    });
    assert.equal(firstSeenAt?.getTime(), Date.UTC(2025, 0, 2, 3, 4, 5));
    assert.equal(lastProcessedAt, null);
  });

  it('keeps diagnostics with their place', () => {
    const problem = { severity: 'warning', code: 'catalog/x', summary: 'Bad', file: 'a.yaml', line: 3 };
    const { diagnostics } = toProvenance({ diagnostics: [problem, { summary: 1 }, null] });
    assert.deepEqual(diagnostics, [problem]);
  });

  it('knows what let the entity in, who read it and what it went through', () => {
    const rule = { index: 0, kinds: ['API', 5], locations: [{ type: 'url', exact: 'https://x' }], text: 'r' };
    const found = toProvenance({ rule, readBy: 'url', processors: ['a', null, 'b'], uid: 'u', etag: 'e' });
    const locations = [{ type: 'url', exact: 'https://x', pattern: null }];
    assert.deepEqual(found.rule, { ...rule, kinds: ['API'], locations });
    assert.deepEqual([found.readBy, found.processors], ['url', ['a', 'b']]);
    assert.deepEqual([found.uid, found.etag], ['u', 'e']);
    const elsewhere = toProvenance({
      rule: { index: null, kinds: [], locations: null, text: 'the default' },
    });
    assert.deepEqual([elsewhere.rule?.index, elsewhere.rule?.locations], [null, null]);
    for (const bad of [7, 'x', {}, []]) assert.equal(toProvenance({ rule: bad }).rule, null);
  });

  it('survives an answer that says nothing', () => {
    assert.deepEqual(toProvenance(null), {
      entityRef: '',
      state: 'pending',
      location: null,
      originLocation: null,
      locationKey: null,
      firstSeenAt: null,
      lastProcessedAt: null,
      sources: [],
      conflicts: [],
      diagnostics: [],
      rule: null,
      readBy: null,
      processors: [],
      uid: null,
      etag: null,
    });
  });
});
