/**
 * Who relates to whom. Every entity emits relations for itself and for others; an entity's relations are
 * everything that anybody emitted with it as the source. The same relation may come from two entities (a
 * group's `members` and a user's `memberOf`), so each is counted.
 */

/** Names given small numbers, in the order they were first seen. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];

  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.length;
    this.#ids.set(name, id);
    this.#names.push(name);
    return id;
  }

  find(name: string): number | undefined {
    return this.#ids.get(name);
  }

  nameOf(id: number): string {
    return this.#names[id] ?? '';
  }
}

/** A relation type and a target in one number: `type * 2^32 + target`. */
type Pair = number;
const TYPE = 2 ** 32;

/** Above this many relations of one entity a map replaces the flat list that is scanned. */
const FLAT_LIMIT = 48;

/** The search key of relations of a type. */
export function relationKey(type: string): string {
  return `relations.${type.toLowerCase()}`;
}

export interface Relation {
  readonly type: string;
  readonly targetRef: string;
}

export class RelationCounts {
  readonly #refs: Names;
  readonly #types = new Names();
  readonly #keys: string[] = [];
  readonly #typesByKey = new Map<string, number[]>();
  /** By source: pairs with their counts, `[pair, count, pair, count, …]`, or a map when there are many. */
  readonly #bySource: (number[] | Map<Pair, number> | undefined)[] = [];

  constructor(refs: Names) {
    this.#refs = refs;
  }

  typeId(type: string): number {
    const id = this.#types.idOf(type);
    if (this.#keys[id] === undefined) this.#file(id, relationKey(type));
    return id;
  }

  /** The search key of a relation type, `relations.<type>` in lower case. */
  keyOf(type: number): string {
    return this.#keys[type] ?? '';
  }

  /** True when another type with the same search key has the same source and target: types may differ by case. */
  hasTwin(source: number, type: number, target: number): boolean {
    const types = this.#typesByKey.get(this.keyOf(type)) ?? [];
    return (
      types.length > 1 && types.some((other) => other !== type && this.#has(source, other * TYPE + target))
    );
  }

  /** Counts a relation once more; true when the source did not have it before. */
  add(source: number, type: number, target: number): boolean {
    const pair = type * TYPE + target;
    const pairs = (this.#bySource[source] ??= []);
    if (pairs instanceof Map) {
      const count = pairs.get(pair) ?? 0;
      pairs.set(pair, count + 1);
      return count === 0;
    }
    const at = findPair(pairs, pair);
    if (at !== -1) {
      pairs[at + 1] = (pairs[at + 1] ?? 0) + 1;
      return false;
    }
    pairs.push(pair, 1);
    if (pairs.length > FLAT_LIMIT * 2) this.#bySource[source] = toMap(pairs);
    return true;
  }

  /** Counts a relation once less; true when the source no longer has it. */
  remove(source: number, type: number, target: number): boolean {
    const pair = type * TYPE + target;
    const pairs = this.#bySource[source];
    if (pairs === undefined) return false;
    if (pairs instanceof Map) {
      const count = pairs.get(pair) ?? 0;
      if (count > 1) pairs.set(pair, count - 1);
      else pairs.delete(pair);
      return count === 1;
    }
    const at = findPair(pairs, pair);
    if (at === -1) return false;
    const count = pairs[at + 1] ?? 0;
    if (count > 1) {
      pairs[at + 1] = count - 1;
      return false;
    }
    pairs.splice(at, 2);
    return true;
  }

  /** True when the source has any relation under this search key. */
  hasKey(source: number, key: string): boolean {
    const pairs = this.#bySource[source];
    if (pairs === undefined) return false;
    const is = (pair: Pair): boolean => this.keyOf(Math.floor(pair / TYPE)) === key;
    if (pairs instanceof Map) return pairs.keys().some(is);
    return pairs.some((pair, i) => i % 2 === 0 && is(pair));
  }

  /** The relations of a source, by type and then target, as the API shows them. */
  of(source: number): Relation[] {
    const pairs = this.#bySource[source];
    if (pairs === undefined) return [];
    const found: Relation[] = [];
    const keys = pairs instanceof Map ? pairs.keys() : pairs.filter((_, i) => i % 2 === 0);
    for (const pair of keys) {
      found.push({
        type: this.#types.nameOf(Math.floor(pair / TYPE)),
        targetRef: this.#refs.nameOf(pair % TYPE),
      });
    }
    return found.toSorted(byTypeAndTarget);
  }

  /** The search keys of all types that there ever were. */
  keys(): Iterable<string> {
    return this.#typesByKey.keys();
  }

  /** The types under a search key of the relations from a source to a target. */
  typesBetween(source: number, target: number, key: string): string[] {
    const types = this.#typesByKey.get(key) ?? [];
    return types
      .filter((type) => this.#has(source, type * TYPE + target))
      .map((type) => this.#types.nameOf(type));
  }

  #file(type: number, key: string): void {
    this.#keys[type] = key;
    const types = this.#typesByKey.get(key);
    if (types === undefined) this.#typesByKey.set(key, [type]);
    else types.push(type);
  }

  #has(source: number, pair: Pair): boolean {
    const pairs = this.#bySource[source];
    if (pairs === undefined) return false;
    return pairs instanceof Map ? pairs.has(pair) : findPair(pairs, pair) !== -1;
  }
}

function byTypeAndTarget(a: Relation, b: Relation): number {
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  if (a.targetRef === b.targetRef) return 0;
  return a.targetRef < b.targetRef ? -1 : 1;
}

function findPair(pairs: readonly number[], pair: Pair): number {
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === pair) return i;
  return -1;
}

function toMap(pairs: readonly number[]): Map<Pair, number> {
  const map = new Map<Pair, number>();
  for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i] ?? 0, pairs[i + 1] ?? 0);
  return map;
}
