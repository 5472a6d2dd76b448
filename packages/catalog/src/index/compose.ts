/**
 * The JSON of an entity on the wire, in two parts. The head ends before `relations`; uid and etag stand first in
 * `metadata`, at positions that are the same for every entity, so that an etag is replaced in place.
 */
import { ANNOTATION, isObject, type Entity, type EntityEnvelope } from '@callboard/model';
import type { Relation } from './relations.ts';

const OPEN = '{"metadata":{';
const UID_LENGTH = 36;
const ETAG_LENGTH = 40;
const NO_ETAG = '0'.repeat(ETAG_LENGTH);
const ETAG_AT = `${OPEN}"uid":"`.length + UID_LENGTH + '","etag":"'.length;

/** The stored form of a processed entity: `metadata` first, without what is only known on output. */
export function toStoredJson(entity: EntityEnvelope): string {
  const { uid: _uid, etag: _etag, ...metadata } = entity.metadata;
  const { apiVersion, kind, spec } = entity;
  return JSON.stringify({ metadata, apiVersion, kind, ...(spec !== undefined && { spec }) });
}

/** The head of an entity and the entity it stands for. `json` is in the stored form; `value` saves parsing it. */
export function composeHead(stored: { uid: string; json: string; orphan: boolean; value?: Entity }): {
  text: string;
  entity: Entity;
} {
  const { uid, orphan, value } = stored;
  const json = orphan ? withOrphanAnnotation(stored.json) : stored.json;
  const text = `${OPEN}"uid":"${uid.padEnd(UID_LENGTH)}","etag":"${NO_ETAG}",${json.slice(OPEN.length, -1)}`;
  if (value === undefined || orphan) return { text, entity: entityOfHead(text, '}') };
  return { text, entity: { ...value, metadata: { ...value.metadata, uid } } };
}

/** `relations`, `status` and the closing brace. `errors`: a JSON array of `{ name, message }`. */
export function composeTail(relations: readonly Relation[], errors: string | null): string {
  const texts = relations.map(
    ({ type, targetRef }) => `{"type":${JSON.stringify(type)},"targetRef":${JSON.stringify(targetRef)}}`,
  );
  const status = errors === null ? '' : `,"status":${JSON.stringify({ items: statusItems(errors) })}`;
  return `,"relations":[${texts.join(',')}]${status}}`;
}

/** Writes an etag into the bytes of a head, or takes it out with null; returns the same bytes. */
export function stampEtag(head: Buffer, etag: string | null): Buffer {
  head.write(etag ?? NO_ETAG, ETAG_AT, 'latin1');
  return head;
}

/** The entity of a head and a tail. */
export function entityOfHead(head: string, tail: string): Entity {
  const value: unknown = JSON.parse(head + tail);
  assertEntity(value);
  return value;
}

function withOrphanAnnotation(json: string): string {
  const entity = entityOfHead(json.slice(0, -1), '}');
  const annotations = { ...entity.metadata.annotations, [ANNOTATION.orphan]: 'true' };
  return toStoredJson({ ...entity, metadata: { ...entity.metadata, annotations } });
}

function statusItems(errors: string): unknown[] {
  const list: unknown = JSON.parse(errors);
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).map((error) => ({
    type: 'backstage.io/catalog-processing',
    level: error['severity'] ?? 'error',
    message: `${String(error['name'])}: ${String(error['message'])}`,
    error,
  }));
}

/** What the catalog stored was checked when it came in; here it is only recognised. */
function assertEntity(value: unknown): asserts value is Entity {
  if (!isObject(value) || !isObject(value['metadata']))
    throw new TypeError('A stored entity is not an entity.');
}
