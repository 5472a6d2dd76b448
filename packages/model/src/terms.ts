/**
 * Search terms: an entity as flat pairs of path and value, which is what filters are matched against.
 * The rules are those by which Backstage fills its search table, so the same filter finds the same entities.
 */
import { DEFAULT_NAMESPACE, type Entity } from './entity.ts';
import { isObject } from './json.ts';
import { childOf, ROOT, type KeyPath } from './key-path.ts';

export interface Term {
  /** The path in lower case: `spec.owner`, `metadata.annotations.backstage.io/techdocs-ref`. */
  readonly key: string;
  /** As it was written. Null when the value is null, or longer than 200 characters. */
  readonly value: string | null;
  /** True when the value is a text in a list: then the entity also has the key `<key>.<value>`. */
  readonly item: boolean;
}

/** One value of the entity, before the rules about length and repetition. */
interface Leaf {
  readonly at: KeyPath;
  readonly value: string | number | boolean | null;
  readonly item: boolean;
}

/** Left out wherever they are met; names and relations are put back at the end, once each. */
const SKIPPED: ReadonlySet<string> = new Set([
  'attachments',
  'relations',
  'status',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.etag',
]);

const METADATA = childOf(ROOT, 'metadata');
const NAME = childOf(METADATA, 'name');
const NAMESPACE = childOf(METADATA, 'namespace');
const UID = childOf(METADATA, 'uid');
const RELATIONS = childOf(ROOT, 'relations');

const MAX_LENGTH = 200;
/** No text grows more than twofold in lower case. */
const SURELY_SHORT = MAX_LENGTH / 2;

/**
 * The terms of a final entity, relations included. Each pair of key and lower-case value appears once;
 * terms whose key is longer than 200 characters are left out.
 */
export function searchTerms(entity: Entity): Term[] {
  const terms: { key: string; value: string | null; item: boolean }[] = [];
  /** Where the first term of a key is; from the second on, where each value of the key is. */
  const placesOf = new Map<string, number | Map<string | null, number>>();

  for (const { at, value, item } of leavesOf(entity)) {
    const key = at.lower;
    if (key.length > MAX_LENGTH) continue;
    const term = { key, value: termValue(value), item };
    let places = placesOf.get(key);
    if (places === undefined) {
      placesOf.set(key, terms.push(term) - 1);
      continue;
    }
    if (typeof places === 'number') {
      places = new Map([[lowerOf(terms[places]?.value), places]]);
      placesOf.set(key, places);
    }
    const same = terms[places.get(lowerOf(term.value)) ?? -1];
    if (same === undefined) places.set(lowerOf(term.value), terms.push(term) - 1);
    else if (item) same.item = true;
  }
  return terms;
}

/**
 * The keys of an entity that differ from another of its keys by case only, in lower case. An entity that
 * has any cannot be searched without doubt, and is refused.
 */
export function caseConflicts(entity: Entity): string[] {
  const writtenAs = new Map<string, string>();
  const conflicts = new Set<string>();
  const itemKeys = new Set<string>();

  function note(key: string, lower: string): void {
    const other = writtenAs.get(lower);
    if (other === undefined) writtenAs.set(lower, key);
    else if (other !== key) conflicts.add(lower);
  }

  for (const { at, value, item } of leavesOf(entity)) {
    note(at.path, at.lower);
    if (!item) continue;
    const key = `${at.path}.${value}`;
    const lower = key.toLowerCase();
    // Items that differ by case only are one key, written as the first of them.
    if (!itemKeys.has(lower)) note(key, lower);
    itemKeys.add(lower);
  }
  return [...conflicts];
}

function leavesOf(entity: Entity): Leaf[] {
  const leaves: Leaf[] = [];

  function visit(at: KeyPath, value: unknown): void {
    if (SKIPPED.has(at.path)) return;
    if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item === 'string') leaves.push({ at, value: item, item: true });
        else visit(at, item);
      }
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) visit(childOf(at, key), value[key]);
    } else if (isScalar(value)) {
      leaves.push({ at, value: value ?? null, item: false });
    }
  }

  visit(ROOT, entity);
  const { name, namespace, uid } = entity.metadata;
  leaves.push({ at: NAME, value: name, item: false });
  leaves.push({ at: NAMESPACE, value: namespace ?? null, item: false });
  leaves.push({ at: UID, value: uid ?? null, item: false });
  if (namespace === undefined || namespace === '') {
    leaves.push({ at: NAMESPACE, value: DEFAULT_NAMESPACE, item: false });
  }
  for (const { type, targetRef } of entity.relations ?? []) {
    leaves.push({ at: childOf(RELATIONS, type), value: targetRef, item: false });
  }
  return leaves;
}

function isScalar(value: unknown): value is string | number | boolean | null | undefined {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function termValue(value: string | number | boolean | null): string | null {
  if (value === null) return null;
  const text = String(value);
  const isShort = text.length <= SURELY_SHORT || text.toLowerCase().length <= MAX_LENGTH;
  return isShort ? text : null;
}

function lowerOf(value: string | null | undefined): string | null {
  return value?.toLowerCase() ?? null;
}
