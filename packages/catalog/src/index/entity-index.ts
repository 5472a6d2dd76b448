/**
 * The catalog in memory: every read of the API is answered from here. It is a pure function of the stored rows:
 * applying the same rows in any order, in one go or in many, gives the same index.
 *
 * Stitching happens here. An entity on the wire is a head (what its own processing gave), and a tail (relations
 * that anybody emitted for it, and its status). Tails are made when first read after a change.
 */
import { hash } from 'node:crypto';
import { searchTerms, type Entity, type JsonObject } from '@callboard/model';
import { Bitset } from './bitset.ts';
import { PackedBytes } from './bytes.ts';
import { composeHead, composeTail, entityOfHead, stampEtag } from './compose.ts';
import type { IndexedKey, KeyView } from './key.ts';
import { KeyOrder } from './order.ts';
import { countOf, toArray } from './ordinals.ts';
import { Names, relationKey, RelationCounts, type Relation } from './relations.ts';
import { TermIndex, type TermSource } from './term-index.ts';

/** What the database holds of one entity that reads need. */
export interface StoredEntity {
  readonly uid: string;
  /** Lower-case reference. */
  readonly ref: string;
  /** The processed entity as JSON, `metadata` first; null while no processing has succeeded. */
  readonly entity: string | null;
  /** What `entity` says, when somebody has it at hand: saves parsing. */
  readonly value?: Entity;
  /** Relations that its processing emitted: source, type, target, … flat; an empty string means itself. */
  readonly emitted: readonly string[];
  /** Errors of its last processing as a JSON array of `{ name, message }`; null when there were none. */
  readonly errors: string | null;
  /** What put it into the catalog: `entity:<ref>` or `provider:<name>`. Empty for an orphan. */
  readonly sources: readonly string[];
}

export interface IndexChange {
  readonly upserted: readonly StoredEntity[];
  /** References of entities that are gone. */
  readonly deleted: readonly string[];
}

export class EntityIndex {
  readonly #heads = new PackedBytes();
  readonly #tails = new PackedBytes();
  readonly #ordinals = new Map<string, number>();
  readonly #byUid = new Map<string, number>();
  readonly #refs: string[] = [];
  readonly #uids: string[] = [];
  readonly #emitted: (readonly number[] | undefined)[] = [];
  readonly #sources: (readonly string[] | undefined)[] = [];
  readonly #status = new Map<number, string>();
  readonly #free: number[] = [];
  readonly #names = new Names();
  readonly #relations = new RelationCounts(this.#names);
  /** The ordinal of the entity that a name stands for; undefined when there is none. */
  readonly #ordinalOfName: (number | undefined)[] = [];
  readonly #terms = new TermIndex(this.#termSource());
  #byRef: KeyOrder | null = null;
  #live = new Bitset(1024);
  #version = 0;

  /** Grows with every change; what was computed for one version holds as long as it stays. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#ordinals.size;
  }

  /** Ordinals are below this. */
  get capacity(): number {
    return this.#refs.length;
  }

  /** The set of all entities. Do not change it. */
  get live(): Bitset {
    return this.#live;
  }

  apply(change: IndexChange): void {
    this.#version++;
    for (const ref of change.deleted) this.#delete(ref);
    for (const stored of change.upserted) {
      if (stored.entity === null) this.#delete(stored.ref);
      else this.#upsert(stored, stored.entity);
    }
  }

  ordinalOf(ref: string): number | undefined {
    return this.#ordinals.get(ref);
  }

  ordinalOfUid(uid: string): number | undefined {
    return this.#byUid.get(uid);
  }

  refOf(ordinal: number): string {
    return this.#refs[ordinal] ?? '';
  }

  uidOf(ordinal: number): string {
    return this.#uids[ordinal] ?? '';
  }

  sourcesOf(ordinal: number): readonly string[] {
    return this.#sources[ordinal] ?? [];
  }

  relationsOf(ordinal: number): readonly Relation[] {
    return this.#relations.of(this.#names.idOf(this.refOf(ordinal)));
  }

  /** The relations that those entities which are `wanted` have to this reference, in no order. */
  relationsTo(
    ref: string,
    wanted: (sourceRef: string) => boolean,
  ): { readonly type: string; readonly sourceRef: string }[] {
    const found: { readonly type: string; readonly sourceRef: string }[] = [];
    const target = this.#names.find(ref);
    if (target === undefined) return found;
    for (const name of this.#relations.keys()) {
      for (const ordinal of toArray(this.#terms.stored(name)?.ordinalsOf(ref))) {
        const sourceRef = this.refOf(ordinal);
        if (!wanted(sourceRef)) continue;
        const source = this.#names.idOf(sourceRef);
        for (const type of this.#relations.typesBetween(source, target, name))
          found.push({ type, sourceRef });
      }
    }
    return found;
  }

  /** How many relations there are of each type. */
  relationCounts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [name, key] of this.#terms.keys()) {
      if (!name.startsWith('relations.')) continue;
      let count = 0;
      for (const [, ordinals] of key.entries()) count += countOf(ordinals);
      counts.set(name.slice('relations.'.length), count);
    }
    return counts;
  }

  /** How many bytes the JSON of an entity has. */
  byteLength(ordinal: number): number {
    this.#compose(ordinal);
    return this.#heads.lengthOf(ordinal) + this.#tails.lengthOf(ordinal);
  }

  /** Copies the JSON of an entity; returns the position behind it. Ask `byteLength` first. */
  copyTo(ordinal: number, target: Buffer, position: number): number {
    return this.#tails.copyTo(ordinal, target, this.#heads.copyTo(ordinal, target, position));
  }

  /** The JSON of an entity. */
  bytesOf(ordinal: number): Buffer {
    const bytes = Buffer.allocUnsafe(this.byteLength(ordinal));
    this.copyTo(ordinal, bytes, 0);
    return bytes;
  }

  /** The JSON value of an entity, like `entityOf`. */
  jsonOf(ordinal: number, parts: 'head' | 'all'): JsonObject {
    this.#compose(ordinal);
    const tail = parts === 'all' ? this.#tails.get(ordinal).toString() : '}';
    return JSON.parse(this.#heads.get(ordinal).toString() + tail);
  }

  /** The entity; without relations and status when `parts` is `head`, which is cheaper. */
  entityOf(ordinal: number, parts: 'head' | 'all' = 'all'): Entity {
    this.#compose(ordinal);
    return entityOfHead(
      this.#heads.get(ordinal).toString(),
      parts === 'all' ? this.#tails.get(ordinal).toString() : '}',
    );
  }

  /** What an entity says of itself: no relations, no status, and an etag that means nothing. Cheapest. */
  contentOf(ordinal: number): Entity {
    return entityOfHead(this.#heads.get(ordinal).toString(), '}');
  }

  /** What is known of a search key; null when no entity has it. */
  key(key: string): KeyView | null {
    return this.#terms.key(key);
  }

  /** A key that is stored, not derived from an array's items. */
  storedKey(key: string): IndexedKey | undefined {
    return this.#terms.stored(key);
  }

  /** The entities that have a value of this key, in its order. */
  order(key: string): KeyOrder {
    return this.#terms.order(key);
  }

  /** All entities by reference. */
  orderByRef(): KeyOrder {
    this.#byRef ??= new KeyOrder(
      {
        valueOf: (ordinal) => (this.#live.has(ordinal) ? this.refOf(ordinal) : null),
        uidOf: (ordinal) => this.uidOf(ordinal),
      },
      this.#ordinals,
    );
    return this.#byRef;
  }

  /** Everything the index holds, in a form that can be compared: for the checker. */
  snapshot(): { entities: Record<string, unknown>; keys: Record<string, Record<string, string[]>> } {
    const entities: Record<string, unknown> = {};
    for (const [ref, ordinal] of this.#ordinals) {
      entities[ref] = { json: this.bytesOf(ordinal).toString(), sources: this.sourcesOf(ordinal).toSorted() };
    }
    const keys: Record<string, Record<string, string[]>> = {};
    const refs = (set: Bitset): string[] => [...set].map((ordinal) => this.refOf(ordinal)).toSorted();
    const collect = (add: (set: Bitset) => void): string[] => {
      const set = new Bitset(this.capacity);
      add(set);
      return refs(set);
    };
    for (const [name, key] of this.#terms.keys()) {
      if (key.present === undefined) continue;
      const values: Record<string, string[]> = {
        '(present)': collect((set) => set.addAll(key.present)),
        '(arrays)': collect((set) => set.addAll(key.arrays)),
      };
      for (const [value, ordinals] of key.entries())
        values[`=${value}`] = collect((set) => set.addAll(ordinals));
      keys[name] = values;
    }
    for (const [name, order] of this.#terms.orders()) {
      keys[`(order) ${name}`] = { sorted: order.sorted().map((ordinal) => this.refOf(ordinal)) };
    }
    return { entities, keys };
  }

  #upsert(stored: StoredEntity, json: string): void {
    const known = this.#ordinals.get(stored.ref);
    if (known !== undefined && this.#uids[known] !== stored.uid) {
      this.#delete(stored.ref);
      return this.#upsert(stored, json);
    }
    const { text, entity } = composeHead({
      uid: stored.uid,
      json,
      orphan: stored.sources.length === 0,
      ...(stored.value !== undefined && { value: stored.value }),
    });
    const before = known === undefined ? [] : searchTerms(this.entityOf(known, 'head'));
    const ordinal = known ?? this.#allocate(stored);
    this.#heads.set(ordinal, text);
    this.#tails.delete(ordinal);
    if (stored.errors === null) this.#status.delete(ordinal);
    else this.#status.set(ordinal, stored.errors);
    this.#sources[ordinal] = stored.sources;
    this.#terms.replace(ordinal, before, searchTerms(entity));
    this.#replaceEmitted(ordinal, stored.emitted);
  }

  #delete(ref: string): void {
    const ordinal = this.#ordinals.get(ref);
    if (ordinal === undefined) return;
    this.#terms.replace(ordinal, searchTerms(this.entityOf(ordinal, 'head')), []);
    this.#dropAllRelationTerms(ordinal);
    this.#byRef?.touch(ordinal);
    this.#ordinals.delete(ref);
    this.#ordinalOfName[this.#names.idOf(ref)] = undefined;
    this.#byUid.delete(this.uidOf(ordinal));
    this.#live.remove(ordinal);
    this.#replaceEmitted(ordinal, []);
    this.#heads.delete(ordinal);
    this.#tails.delete(ordinal);
    this.#status.delete(ordinal);
    this.#sources[ordinal] = undefined;
    this.#emitted[ordinal] = undefined;
    this.#free.push(ordinal);
  }

  /** A place for a new entity; relations that others emitted for it are already waiting. */
  #allocate(stored: StoredEntity): number {
    const ordinal = this.#free.pop() ?? this.#refs.length;
    this.#refs[ordinal] = stored.ref;
    this.#uids[ordinal] = stored.uid;
    this.#ordinals.set(stored.ref, ordinal);
    this.#ordinalOfName[this.#names.idOf(stored.ref)] = ordinal;
    this.#byUid.set(stored.uid, ordinal);
    if (ordinal >= this.#live.words.length * 32) this.#live = this.#live.resized(ordinal * 2);
    this.#live.add(ordinal);
    this.#byRef?.touch(ordinal);
    for (const { type, targetRef } of this.relationsOf(ordinal)) {
      this.#terms.add(ordinal, { key: relationKey(type), value: targetRef, item: false });
    }
    return ordinal;
  }

  #replaceEmitted(ordinal: number, emitted: readonly string[]): void {
    const self = this.#names.idOf(this.refOf(ordinal));
    const before = this.#emitted[ordinal] ?? [];
    const after: number[] = [];
    // A relation and its inverse stand side by side, so the same name is often looked up twice in a row.
    let lastName = '';
    let lastId = self;
    const idOf = (name: string): number => {
      if (name === '') return self;
      if (name !== lastName) lastId = this.#names.idOf(name);
      lastName = name;
      return lastId;
    };
    for (let i = 0; i + 2 < emitted.length; i += 3) {
      const type = this.#relations.typeId(emitted[i + 1] ?? '');
      after.push(idOf(emitted[i] ?? ''), type, idOf(emitted[i + 2] ?? ''));
    }
    this.#emitted[ordinal] = after;
    // Added first, so that a relation that stays is never seen to go.
    for (let i = 0; i < after.length; i += 3) this.#count(after, i, 'add');
    for (let i = 0; i < before.length; i += 3) this.#count(before, i, 'remove');
  }

  #count(triples: readonly number[], at: number, change: 'add' | 'remove'): void {
    const [source, type, target] = [triples[at] ?? 0, triples[at + 1] ?? 0, triples[at + 2] ?? 0];
    if (!this.#relations[change](source, type, target)) return;
    const ordinal = this.#ordinalOfName[source];
    if (ordinal === undefined) return;
    this.#tails.delete(ordinal);
    const relation = { key: this.#relations.keyOf(type), value: this.#names.nameOf(target) };
    if (change === 'add') this.#terms.add(ordinal, { ...relation, item: false });
    else if (!this.#relations.hasTwin(source, type, target))
      this.#dropRelationTerm(ordinal, { source, ...relation });
  }

  #dropRelationTerm(ordinal: number, relation: { source: number; key: string; value: string }): void {
    const { source, key, value } = relation;
    this.#terms.removeValue(ordinal, key, value);
    if (!this.#relations.hasKey(source, key)) this.#terms.leave(ordinal, key);
  }

  #dropAllRelationTerms(ordinal: number): void {
    const touched = new Set<string>();
    for (const { type, targetRef } of this.relationsOf(ordinal)) {
      const key = relationKey(type);
      this.#terms.removeValue(ordinal, key, targetRef);
      touched.add(key);
    }
    for (const key of touched) this.#terms.leave(ordinal, key);
  }

  #compose(ordinal: number): void {
    if (this.#tails.lengthOf(ordinal) > 0) return;
    const tail = composeTail(this.relationsOf(ordinal), this.#status.get(ordinal) ?? null);
    this.#tails.set(ordinal, tail);
    const head = this.#heads.get(ordinal);
    stampEtag(head, hash('sha1', Buffer.concat([stampEtag(head, null), Buffer.from(tail)]), 'hex'));
  }

  #termSource(): TermSource {
    const capacity = (): number => this.capacity;
    return {
      valuesOf: (ordinal, key) => this.#valuesOf(ordinal, key),
      uidOf: (ordinal) => this.uidOf(ordinal),
      get capacity() {
        return capacity();
      },
    };
  }

  #valuesOf(ordinal: number, key: string): string[] {
    if (!this.#live.has(ordinal)) return [];
    if (key.startsWith('relations.')) {
      return this.relationsOf(ordinal)
        .filter((relation) => relationKey(relation.type) === key)
        .map((relation) => relation.targetRef.toLowerCase());
    }
    return searchTerms(this.entityOf(ordinal, 'head'))
      .filter((term) => term.key === key && term.value !== null)
      .map((term) => (term.value ?? '').toLowerCase());
  }
}
