import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCatalogApi } from './catalog.ts';
import type { Request } from './client.ts';
import { listIn, titleOf } from './entity.ts';

describe('createCatalogApi', () => {
  it('asks for references in chunks and keeps their order', async () => {
    const sizes: number[] = [];
    const api = createCatalogApi(async ({ body }: Request) => {
      const entityRefs = listIn(body, 'entityRefs').map(String);
      sizes.push(entityRefs.length);
      return {
        items: entityRefs.map((ref) =>
          ref.endsWith('7') ? null : { kind: 'Component', metadata: { name: ref } },
        ),
      };
    });
    const refs = Array.from({ length: 250 }, (_, index) => `component:default/c${index}`);
    const rows = await api.byRefs(refs);
    assert.deepEqual(sizes, [100, 100, 50]);
    assert.deepEqual(
      rows.map((row) => row?.name ?? null),
      refs.map((ref) => (ref.endsWith('7') ? null : ref)),
    );
  });

  it('reads rows, leaving out what is no entity', async () => {
    const api = createCatalogApi(async () => ({
      items: [
        {
          kind: 'Component',
          metadata: { name: 'shop', namespace: 'eu', tags: ['java', 7] },
          spec: { owner: 'team', system: 'default/checkout', type: '' },
          status: { items: [{ type: 'x', level: 'error', message: 'bad' }] },
        },
        { metadata: { name: 'no-kind' } },
      ],
      totalItems: 12,
    }));
    const page = await api.rows({ offset: 0, limit: 20 });
    assert.equal(page.total, 12);
    assert.deepEqual(page.rows, [
      {
        ref: { kind: 'Component', namespace: 'eu', name: 'shop' },
        name: 'shop',
        title: null,
        description: null,
        type: null,
        lifecycle: null,
        owner: { kind: 'group', namespace: 'eu', name: 'team' },
        system: { kind: 'system', namespace: 'default', name: 'checkout' },
        tags: ['java'],
        hasErrors: true,
      },
    ]);
  });

  it('escapes the parts of a reference in a path', async () => {
    const paths: string[] = [];
    const api = createCatalogApi(async ({ path }) => {
      paths.push(path);
      return { state: 'ok' };
    });
    await api.provenance({ kind: 'component', namespace: 'default', name: 'a/b' });
    assert.deepEqual(paths, ['/api/catalog/entities/by-name/component/default/a%2Fb/diagnostics']);
  });

  it('does not take another answer for an entity', async () => {
    const api = createCatalogApi(async () => ({ hello: 'world' }));
    const ref = { kind: 'a', namespace: 'b', name: 'c' };
    await assert.rejects(api.entity(ref), { status: 502 });
    await assert.rejects(api.provenance(ref), { status: 502 });
  });

  it('does not take another answer for an empty catalog', async () => {
    for (const answer of [
      null,
      [],
      {},
      { items: {}, totalItems: 0 },
      { items: [] },
      { facets: { kind: 'x' } },
    ]) {
      const api = createCatalogApi(async () => answer);
      await assert.rejects(api.rows({ offset: 0, limit: 20 }), { status: 502 });
      await assert.rejects(api.facets({ facets: ['kind'] }), { status: 502 });
      await assert.rejects(api.byRefs(['component:default/x']), { status: 502 });
    }
  });
});

describe('titleOf', () => {
  it('is the title, or the display name of a user or a group', () => {
    const spec = { profile: { displayName: 'Web lead' } };
    assert.equal(titleOf({ metadata: { name: 'web-lead' }, spec }), 'Web lead');
    assert.equal(titleOf({ metadata: { name: 'web-lead', title: 'Lead' }, spec }), 'Lead');
    assert.equal(titleOf({ metadata: { name: 'web-lead' } }), null);
  });
});
