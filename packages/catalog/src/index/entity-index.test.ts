import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Entity } from '@callboard/model';
import { assertSame } from './checker.fixture.ts';
import { toStoredJson } from './compose.ts';
import { EntityIndex, type IndexChange, type StoredEntity } from './entity-index.ts';

const NAMES = ['a', 'b', 'c', 'd', 'constructor'];
const refOf = (name: string): string => `component:default/${name}`;

const text = fc.constantFrom('x', 'X', 'y', 'İx', 'true', '', 'constructor', 'z'.repeat(201), '🙂');
const value = fc.oneof(text, fc.integer({ min: 0, max: 2 }), fc.boolean(), fc.constant(null));
const spec = fc.dictionary(
  fc.constantFrom('type', 'tags', 'Tags', 'deep', 'constructor', '__proto__'),
  fc.oneof(
    value,
    fc.array(fc.oneof(text, value), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('p', 'q'), value),
  ),
  { maxKeys: 4 },
);

const emitted = fc
  .array(
    fc.tuple(
      fc.constantFrom('', ...NAMES.map(refOf)),
      fc.constantFrom('ownedBy', 'ownerOf', 'likes'),
      fc.constantFrom('', ...NAMES.map(refOf), 'group:default/g'),
    ),
    { maxLength: 4 },
  )
  .map((triples) => triples.flat());

function toStored(
  name: string,
  of: {
    spec: Record<string, unknown>;
    emitted: string[];
    uid: number;
    orphan: boolean;
    failed: boolean;
    bare: boolean;
  },
): StoredEntity {
  const entity: Entity = JSON.parse(
    JSON.stringify({
      apiVersion: 'x/v1',
      kind: 'Component',
      metadata: { name, namespace: 'default', annotations: { a: 'b' } },
      spec: of.spec,
    }),
  );
  return {
    uid: `00000000-0000-7000-8000-0000000${of.uid}${NAMES.indexOf(name)}000`,
    ref: refOf(name),
    entity: of.bare ? null : toStoredJson(entity),
    ...(of.uid === 0 && { value: entity }),
    emitted: of.bare ? [] : of.emitted,
    errors: of.failed ? JSON.stringify([{ name: 'InputError', message: 'no' }]) : null,
    sources: of.orphan ? [] : ['provider:p'],
  };
}

const stored = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.record({
      spec,
      emitted,
      uid: fc.integer({ min: 0, max: 1 }),
      orphan: fc.boolean(),
      failed: fc.boolean(),
      bare: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
  )
  .map(([name, of]) => toStored(name, of));

const change: fc.Arbitrary<IndexChange> = fc.oneof(
  { weight: 3, arbitrary: stored.map((entity) => ({ upserted: [entity], deleted: [] })) },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(stored, { selector: ({ ref }) => ref })
      .map((upserted) => ({ upserted, deleted: [] })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...NAMES).map((name) => ({ upserted: [], deleted: [refOf(name)] })),
  },
);

/** A new index that got everything that is left at once. */
function inOneGo(changes: readonly IndexChange[]): EntityIndex {
  const left = new Map<string, StoredEntity>();
  for (const { deleted, upserted } of changes) {
    for (const ref of deleted) left.delete(ref);
    for (const entity of upserted) left.set(entity.ref, entity);
  }
  const index = new EntityIndex();
  // What is at hand is no help here: this index has to parse, and hears of everything in another order.
  const upserted = [...left.values()].toReversed().map(({ value: _value, ...rest }) => rest);
  index.apply({ upserted, deleted: [] });
  return index;
}

describe('EntityIndex', () => {
  it('is the same whether changes came one by one or all at once', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const index = new EntityIndex();
        for (const [i, each] of changes.entries()) {
          index.apply(each);
          // Orders, and tails, are made when they are first asked for.
          if (i % 3 === 0)
            for (const key of ['spec.type', 'spec.tags', 'relations.likes']) index.order(key).sorted();
          if (i % 4 === 0) index.orderByRef().sorted();
          if (i % 2 === 0) for (const ordinal of index.live) index.bytesOf(ordinal);
          if (i % 5 === 0)
            for (const [name] of Object.entries(index.snapshot().keys)) index.key(name)?.entries();
        }
        assertSame(index, inOneGo(changes));
      }),
      { numRuns: 400 },
    );
  });

  it('grows its version with every change', () => {
    const index = new EntityIndex();
    const before = index.version;
    index.apply({ upserted: [], deleted: [] });
    assert.ok(index.version > before);
  });

  it('shows a new etag when anything of an entity changes, and the old one when it changes back', () => {
    const index = new EntityIndex();
    const plain = { spec: { type: 'x' }, emitted: [], uid: 0, orphan: false, failed: false, bare: false };
    const a = toStored('a', plain);
    const likesA = toStored('b', { ...plain, emitted: [refOf('a'), 'likedBy', refOf('b')] });
    const etag = (): string => index.entityOf(index.ordinalOf(refOf('a')) ?? -1).metadata.etag ?? '';
    const seen: string[] = [];
    const step = (upserted: readonly StoredEntity[], deleted: readonly string[] = []): void => {
      index.apply({ upserted, deleted });
      seen.push(etag());
    };
    step([a]);
    step([a]);
    step([likesA]);
    step([], [refOf('b')]);
    step([{ ...a, errors: '[{"name":"InputError","message":"no"}]' }]);
    step([{ ...a, sources: [] }]);
    step([toStored('a', { ...plain, spec: { type: 'y' } })]);
    step([a]);
    const [first = '', same, liked = '', alone, failed = '', orphan = '', other = '', back] = seen;
    assert.deepEqual([same, alone, back], [first, first, first]);
    assert.equal(new Set([first, liked, failed, orphan, other]).size, 5);
  });

  it('gives the bytes that parse to the entity, and the same through every way of reading', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const index = new EntityIndex();
        for (const each of changes) index.apply(each);
        for (const ordinal of index.live) {
          const bytes = index.bytesOf(ordinal);
          const target = Buffer.alloc(index.byteLength(ordinal));
          assert.equal(index.copyTo(ordinal, target, 0), bytes.length);
          assert.ok(target.equals(bytes));
          const entity = index.entityOf(ordinal);
          assert.deepEqual(JSON.parse(bytes.toString()), entity);
          assert.deepEqual(index.jsonOf(ordinal, 'all'), entity);
          const { relations, status: _status, ...head } = entity;
          assert.deepEqual(index.entityOf(ordinal, 'head'), head);
          assert.deepEqual(index.relationsOf(ordinal), relations);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('holds many entities, and finds room again where others went', () => {
    const index = new EntityIndex();
    const make = (i: number): StoredEntity => ({
      ...toStored('a', { spec: { n: i }, emitted: [], uid: 0, orphan: false, failed: false, bare: false }),
      uid: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      ref: `component:default/n${i}`,
    });
    const all = Array.from({ length: 3_000 }, (_, i) => make(i));
    index.apply({ upserted: all, deleted: [] });
    const { capacity } = index;
    index.apply({ upserted: [], deleted: all.slice(0, 2_000).map(({ ref }) => ref) });
    index.apply({ upserted: all.slice(500, 1_500), deleted: [] });
    assert.equal(index.size, 2_000);
    assert.equal(index.live.count, 2_000);
    assert.equal(index.capacity, capacity);
    for (const { ref, uid } of all.slice(500, 1_500))
      assert.equal(index.uidOf(index.ordinalOf(ref) ?? -1), uid);
  });

  it('tells relation types apart that differ by case', () => {
    const index = new EntityIndex();
    const plain = { spec: {}, uid: 0, orphan: false, failed: false, bare: false };
    const b = refOf('b');
    index.apply({
      upserted: [toStored('a', { ...plain, emitted: ['', 'likes', b, '', 'Likes', b] })],
      deleted: [],
    });
    const changes = [{ upserted: [toStored('a', { ...plain, emitted: ['', 'likes', b] })], deleted: [] }];
    for (const each of changes) index.apply(each);
    assertSame(index, inOneGo(changes));
  });
});
