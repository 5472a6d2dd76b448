import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineKind, type KindDefinition } from './kind.ts';
import { RELATION_PAIRS } from './relations.ts';

const WIDGET: KindDefinition = {
  kind: 'Widget',
  apiVersions: ['example.com/v1'],
  description: 'A widget.',
  spec: {},
  relations: [{ path: 'spec.maker', pair: RELATION_PAIRS.ownedBy }],
};

describe('defineKind', () => {
  it('hands back the definition', () => {
    assert.equal(defineKind(WIDGET), WIDGET);
  });

  it('refuses what no entity could ever be, and relations that cannot be read', () => {
    const variant = { type: 'a', spec: {}, relations: [] };
    const bad: readonly Partial<KindDefinition>[] = [
      { kind: 'my-widget' },
      { apiVersions: [] },
      { apiVersions: ['example.com/v1', 'Example.com/v1'] },
      { relations: [{ path: 'metadata.maker', pair: RELATION_PAIRS.ownedBy }] },
      { relations: [{ path: 'spec', pair: RELATION_PAIRS.ownedBy }] },
      { relations: [{ path: 'spec.makers[0]', pair: RELATION_PAIRS.ownedBy }] },
      { relations: [{ path: 'spec maker', pair: RELATION_PAIRS.ownedBy }] },
      { variants: [variant, variant] },
    ];
    for (const change of bad) {
      assert.throws(
        () => defineKind({ ...WIDGET, ...change }),
        { code: 'model/bad-kind' },
        JSON.stringify(change),
      );
    }
  });
});
