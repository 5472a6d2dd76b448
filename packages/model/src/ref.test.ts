import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import * as fc from 'fast-check';
import { parseRef, refOf, stringifyRef } from './ref.ts';

/** Texts full of the characters that matter. */
const refText = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', ':', '/', ' ', 'Σ', 'İ', '.'), maxLength: 8 }),
  fc.string(),
);
const defaults = fc.record(
  { kind: fc.constantFrom('', 'Group', 'x'), namespace: fc.constantFrom('', 'ns') },
  { requiredKeys: [] },
);

describe('parseRef', () => {
  it('reads kind, namespace and name', () => {
    assert.deepEqual(parseRef('component:shop/web'), { kind: 'component', namespace: 'shop', name: 'web' });
  });

  it('takes what is not written from the defaults, then from the default namespace', () => {
    assert.deepEqual(parseRef('web', { kind: 'Component', namespace: 'shop' }), {
      kind: 'Component',
      namespace: 'shop',
      name: 'web',
    });
    assert.deepEqual(parseRef('api:web'), { kind: 'api', namespace: 'default', name: 'web' });
  });

  it('takes a colon after the first slash as part of the name', () => {
    assert.deepEqual(parseRef('shop/a:b', { kind: 'API' }), { kind: 'API', namespace: 'shop', name: 'a:b' });
  });

  it('is null for an empty part or a kind that is nowhere', () => {
    for (const text of ['', ':a', 'a:', '/a', 'a/', 'a:/b', 'a:b/', ':', '/', ':/']) {
      assert.equal(parseRef(text, { kind: 'API' }), null, text);
    }
    assert.equal(parseRef('web'), null);
  });

  it('reads every text as Backstage does, and is null where Backstage throws', () => {
    fc.assert(
      fc.property(refText, defaults, (text, given) => {
        assert.deepEqual(parseRef(text, given), parseLikeBackstage(text, given));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('stringifyRef', () => {
  it('is lower-case and complete', () => {
    assert.equal(stringifyRef({ kind: 'Component', name: 'Web' }), 'component:default/web');
  });

  it('writes every reference as Backstage does', () => {
    fc.assert(
      fc.property(refText, refText, refText, (kind, namespace, name) => {
        const ref = { kind, namespace, name };
        assert.equal(stringifyRef(ref), stringifyEntityRef(ref));
      }),
      { numRuns: 5000 },
    );
  });

  it('is read back as the same reference', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(part, part, part, (kind, namespace, name) => {
        assert.deepEqual(parseRef(stringifyRef({ kind, namespace, name })), { kind, namespace, name });
      }),
    );
  });
});

describe('refOf', () => {
  it('names an entity, in the default namespace when it names none', () => {
    const entity = { apiVersion: 'v1', kind: 'API', metadata: { name: 'Pets' } };
    assert.equal(refOf(entity), 'api:default/pets');
    assert.equal(refOf({ ...entity, metadata: { name: 'Pets', namespace: 'Shop' } }), 'api:shop/pets');
  });
});

function parseLikeBackstage(text: string, given: { kind?: string; namespace?: string }): unknown {
  const { kind, namespace } = given;
  try {
    return parseEntityRef(text, {
      ...(kind === undefined ? {} : { defaultKind: kind }),
      ...(namespace === undefined ? {} : { defaultNamespace: namespace }),
    });
  } catch {
    return null;
  }
}
