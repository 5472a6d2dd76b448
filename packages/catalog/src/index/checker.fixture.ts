/**
 * Checks the index against the database: it must equal a new index filled from the rows, and what a naive reader
 * of the same rows finds by brute force. The naive reader shares no code with the index but the search terms.
 */
import assert from 'node:assert/strict';
import type { Database } from '@callboard/kernel';
import { isObject, searchTerms, type Entity } from '@callboard/model';
import type { Predicate } from '../query/predicate.ts';
import { allStoredEntities } from '../store/store.ts';
import { tables } from '../store/tables.ts';
import { toArray } from './ordinals.ts';
import { EntityIndex } from './entity-index.ts';
import { evaluate } from './evaluate.ts';

/** Throws an AssertionError that shows the first difference. */
export async function checkIndex(index: EntityIndex, database: Database): Promise<void> {
  const fresh = new EntityIndex();
  for await (const page of allStoredEntities(database)) fresh.apply({ upserted: page, deleted: [] });
  assertSame(index, fresh);
  checkAgainst(index, await naiveEntities(database));
}

/** Two indexes hold the same entities, terms and orders. */
export function assertSame(index: EntityIndex, other: EntityIndex): void {
  const [left, right] = [index.snapshot(), other.snapshot()];
  assert.deepEqual(withoutOrders(left.keys), withoutOrders(right.keys));
  assert.deepEqual(left.entities, right.entities);
  assert.equal(index.size, other.size);
  assert.equal(index.live.count, other.live.count);
  const order = (of: EntityIndex, key: string): string[] =>
    of
      .order(key)
      .sorted()
      .map((ordinal) => of.refOf(ordinal));
  for (const name of Object.keys(left.keys)) {
    if (!name.startsWith(ORDER)) continue;
    const key = name.slice(ORDER.length);
    assert.deepEqual(order(index, key), order(other, key), `order by ${key}`);
  }
  assert.deepEqual(
    index
      .orderByRef()
      .sorted()
      .map((ordinal) => index.refOf(ordinal)),
    other
      .orderByRef()
      .sorted()
      .map((ordinal) => other.refOf(ordinal)),
  );
  assert.deepEqual(sortedEntries(index.relationCounts()), sortedEntries(other.relationCounts()));
}

const ORDER = '(order) ';

function withoutOrders(keys: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keys).filter(([name]) => !name.startsWith(ORDER)));
}

function sortedEntries(map: ReadonlyMap<string, number>): [string, number][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

interface NaiveEntity {
  readonly entity: Record<string, unknown>;
  readonly sources: readonly string[];
  /** Values by key; a key without a value that can be searched has none. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  readonly arrays: ReadonlySet<string>;
}

/** Every entity as the API should show it, without etags, by reference. */
async function naiveEntities(database: Database): Promise<Map<string, NaiveEntity>> {
  const rows = await tables(database).selectFrom('catalog_entities').selectAll().execute();
  const references = await tables(database).selectFrom('catalog_references').selectAll().execute();
  const reads = await tables(database).selectFrom('catalog_reads').selectAll().orderBy('target').execute();
  const relations = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.entity === null) continue;
    const emitted = listOf(row.emitted).map(String);
    for (let i = 0; i < emitted.length; i += 3) {
      const source = emitted[i] === '' ? row.ref : String(emitted[i]);
      const target = emitted[i + 2] === '' ? row.ref : String(emitted[i + 2]);
      const known = relations.get(source) ?? new Set();
      relations.set(source, known.add(JSON.stringify([emitted[i + 1], target])));
    }
  }
  const entities = new Map<string, NaiveEntity>();
  for (const row of rows) {
    if (row.entity === null) continue;
    const sources = references.filter(({ target }) => target === row.ref).map(({ source }) => source);
    const readErrors = reads
      .filter(({ source }) => source === `entity:${row.ref}`)
      .flatMap(({ errors }) => listOf(errors))
      .filter((problem) => isObject(problem) && problem['severity'] === 'error')
      .slice(0, 100)
      .map((problem) =>
        isObject(problem) ? { ...problem, name: 'InputError', message: problem['summary'] } : {},
      );
    const entity = toEntity(row, {
      orphan: sources.length === 0,
      relations: [...(relations.get(row.ref) ?? [])],
      errors: [...listOf(row.errors), ...readErrors],
    });
    entities.set(row.ref, { entity, sources: sources.toSorted(), ...termsOf(entity) });
  }
  return entities;
}

function toEntity(
  row: { readonly uid: string; readonly entity: string | null },
  given: { orphan: boolean; relations: readonly string[]; errors: readonly unknown[] },
): Record<string, unknown> {
  const stored = objectOf(JSON.parse(row.entity ?? '{}'));
  const metadata = objectOf(stored['metadata']);
  const annotations = { ...objectOf(metadata['annotations']), 'backstage.io/orphan': 'true' };
  const relations = given.relations
    .map((text) => listOf(text).map(String))
    .map(([type = '', targetRef = '']) => ({ type, targetRef }))
    .toSorted((a, b) => (`${a.type}\0${a.targetRef}` < `${b.type}\0${b.targetRef}` ? -1 : 1));
  const items = given.errors.map((error) => ({
    type: 'backstage.io/catalog-processing',
    level: 'error',
    message: `${String(objectOf(error)['name'])}: ${String(objectOf(error)['message'])}`,
    error,
  }));
  return {
    ...stored,
    metadata: { ...metadata, ...(given.orphan && { annotations }), uid: row.uid },
    relations,
    ...(items.length > 0 && { status: { items } }),
  };
}

function termsOf(entity: Record<string, unknown>): Pick<NaiveEntity, 'values' | 'arrays'> {
  const values = new Map<string, Set<string>>();
  const arrays = new Set<string>();
  for (const { key, value, item } of searchTerms(asEntity(entity))) {
    const known = values.get(key) ?? new Set();
    values.set(key, value === null ? known : known.add(value));
    if (item) arrays.add(key);
  }
  return { values, arrays };
}

function checkAgainst(index: EntityIndex, entities: ReadonlyMap<string, NaiveEntity>): void {
  const refs = [...entities.keys()].toSorted();
  assert.deepEqual(
    [...index.live].map((ordinal) => index.refOf(ordinal)).toSorted(),
    refs,
    'the entities of the index',
  );
  const keys = new Map<string, Map<string, string[]>>();
  for (const ref of refs) {
    const naive = entities.get(ref);
    const ordinal = index.ordinalOf(ref) ?? -1;
    const { metadata, ...rest } = index.entityOf(ordinal);
    const { etag, ...known } = metadata;
    assert.match(etag ?? '', /^[0-9a-f]{40}$/);
    assert.deepEqual({ ...rest, metadata: known }, naive?.entity, ref);
    assert.deepEqual(index.sourcesOf(ordinal).toSorted(), naive?.sources, `the sources of ${ref}`);
    assert.equal(index.ordinalOfUid(index.uidOf(ordinal)), ordinal);
    for (const [key, values] of naive?.values ?? []) {
      const byValue = keys.get(key) ?? new Map<string, string[]>();
      keys.set(key, byValue);
      for (const value of values) byValue.set(value, [...(byValue.get(value) ?? []), ref]);
    }
  }
  for (const [key, byValue] of keys) checkKey(index, { key, byValue, entities });
}

/** Facets and filters of one key. */
function checkKey(
  index: EntityIndex,
  of: {
    key: string;
    byValue: ReadonlyMap<string, readonly string[]>;
    entities: ReadonlyMap<string, NaiveEntity>;
  },
): void {
  const { key, byValue, entities } = of;
  const view = index.key(key);
  const facets = [...(view?.entries() ?? [])].map(([value, ordinals]): [string, string[]] => [
    value,
    toArray(ordinals)
      .map((ordinal) => index.refOf(ordinal))
      .toSorted(),
  ]);
  const expected = [...byValue].map(([value, found]): [string, string[]] => [value, found.toSorted()]);
  assert.deepEqual(new Map(facets), new Map(expected), `the values of ${key}`);
  const filter = (predicate: Predicate): string[] =>
    [...evaluate(index, predicate)].map((ordinal) => index.refOf(ordinal)).toSorted();
  const naive = (holds: (entity: NaiveEntity) => boolean): string[] =>
    [...entities]
      .filter(([, entity]) => holds(entity))
      .map(([ref]) => ref)
      .toSorted();
  assert.deepEqual(
    filter({ kind: 'exists', key }),
    naive(({ values }) => values.has(key)),
    `has ${key}`,
  );
  for (const value of [...byValue.keys()].slice(0, 3)) {
    const lower = value.toLowerCase();
    const valuesOf = ({ values }: NaiveEntity): string[] =>
      [...(values.get(key) ?? [])].map((text) => text.toLowerCase());
    assert.deepEqual(
      filter({ kind: 'in', key, values: [lower] }),
      naive((entity) => valuesOf(entity).includes(lower)),
      `${key} = ${lower}`,
    );
    assert.deepEqual(
      filter({ kind: 'not', of: { kind: 'prefix', key, prefix: lower.slice(0, 3) } }),
      naive((entity) => !valuesOf(entity).some((text) => text.startsWith(lower.slice(0, 3)))),
      `${key} does not start with ${lower.slice(0, 3)}`,
    );
    const item = `${key}.${lower}`;
    assert.deepEqual(
      filter({ kind: 'in', key: item, values: ['true'] }),
      naive((entity) => entity.arrays.has(key) && valuesOf(entity).includes(lower)),
      `${item} = true`,
    );
  }
}

function listOf(text: string | null): unknown[] {
  const list: unknown = text === null ? [] : JSON.parse(text);
  return Array.isArray(list) ? list : [];
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function asEntity(value: Record<string, unknown>): Entity {
  assertEntity(value);
  return value;
}

function assertEntity(value: unknown): asserts value is Entity {
  assert.ok(isObject(value) && isObject(value['metadata']));
}
