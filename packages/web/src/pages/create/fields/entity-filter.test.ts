import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bothOf, predicateIn, toRefText } from './entity-filter.ts';

describe('predicateIn', () => {
  it('reads a filter with one value, several, and whether there is any', () => {
    assert.deepEqual(
      predicateIn({
        catalogFilter: {
          kind: 'Component',
          'spec.type': ['service', 'website'],
          'metadata.annotations.x/y': { exists: true },
          'spec.public': true,
        },
      }),
      {
        kind: 'Component',
        'spec.type': { $in: ['service', 'website'] },
        'metadata.annotations.x/y': { $exists: true },
        'spec.public': 'true',
      },
    );
  });

  it('takes a list for alternatives', () => {
    assert.deepEqual(predicateIn({ catalogFilter: [{ kind: 'Group' }, { kind: ['User'] }] }), {
      $any: [{ kind: 'Group' }, { kind: 'User' }],
    });
    assert.equal(predicateIn({ catalogFilter: [{ kind: 'Group' }, {}] }), undefined);
  });

  it('reads the kinds of older templates', () => {
    assert.deepEqual(predicateIn({ allowedKinds: ['System', 'Domain'] }), {
      kind: { $in: ['System', 'Domain'] },
    });
  });

  it('takes every entity when nothing, or nothing that makes sense, is said', () => {
    for (const catalogFilter of [undefined, {}, [], 'kind=group', 7, { kind: null }]) {
      assert.equal(predicateIn({ catalogFilter }), undefined);
    }
  });
});

describe('bothOf', () => {
  it('is the one that there is, or both', () => {
    assert.equal(bothOf(undefined, undefined), undefined);
    assert.deepEqual(bothOf({ kind: 'a' }, undefined), { kind: 'a' });
    assert.deepEqual(bothOf({ kind: 'a' }, { x: 'b' }), { $all: [{ kind: 'a' }, { x: 'b' }] });
  });
});

describe('toRefText', () => {
  it('adds the kind and the namespace that the template gives', () => {
    assert.equal(toRefText('shop', { defaultKind: 'Component' }), 'component:default/shop');
    assert.equal(toRefText(' shop', { defaultKind: 'API', defaultNamespace: 'x' }), 'api:x/shop');
    assert.equal(
      toRefText('user:anna', { defaultKind: 'Group', defaultNamespace: false }),
      'user:default/anna',
    );
  });

  it('leaves alone what is no reference', () => {
    assert.equal(toRefText('shop', {}), 'shop');
    assert.equal(toRefText('', { defaultKind: 'Group' }), '');
  });
});
