/** What is in a version of an entity, and what became of the version before. */
import { ANNOTATION, isObject, parseJson } from '@callboard/model';
import { parseDiagnostics } from './explain.ts';
import { gistOf } from './ingest/rows.ts';
import type { EntityRow } from './store/store.ts';

/** The columns of a row that make a version, in the form of `catalog_entities`. */
export type Content = Pick<EntityRow, 'entity' | 'location_key' | 'errors'>;

/**
 * `failing`: the newest document is bad, and what was good stays; `repaired`: it is good again; `moved`: it says the
 * same as before in another place.
 */
export type VersionChange = 'changed' | 'failing' | 'repaired' | 'moved';

/** Annotations that follow from where a document is. */
const OF_THE_LOCATION: ReadonlySet<string> = new Set([
  ANNOTATION.managedByLocation,
  ANNOTATION.managedByOriginLocation,
  ANNOTATION.viewUrl,
  ANNOTATION.editUrl,
  ANNOTATION.sourceLocation,
]);

export function changeBetween(before: Content, after: Content): VersionChange {
  const [had, has] = [hasFailed(before), hasFailed(after)];
  if (had && !has) return 'repaired';
  if (placeless(before.entity) !== placeless(after.entity)) return 'changed';
  if (has && !had) return 'failing';
  const isElsewhere = locationOf(before) !== locationOf(after);
  return isElsewhere && gistOf(before.errors) === gistOf(after.errors) ? 'moved' : 'changed';
}

/** `type:target` that a version came from: its location key, else what it says itself. */
export function locationOf({ location_key, entity }: Content): string | null {
  if (location_key !== null) return location_key;
  const location = annotationsIn(parse(entity))[ANNOTATION.managedByLocation];
  return typeof location === 'string' ? location : null;
}

/** The parts that a person writes, in the order in which one does; null when there never was a good version. */
export function toWritten(entity: string | null): Record<string, unknown> | null {
  if (entity === null) return null;
  const { apiVersion, kind, metadata, spec } = parse(entity);
  return { apiVersion, kind, metadata, ...(spec !== undefined && { spec }) };
}

function hasFailed({ errors }: Content): boolean {
  return parseDiagnostics(errors).some(({ severity }) => severity === 'error');
}

/** A stored entity without what follows from its place. */
function placeless(text: string | null): string | null {
  if (text === null) return null;
  const entity = parse(text);
  const annotations = Object.entries(annotationsIn(entity)).filter(([name]) => !OF_THE_LOCATION.has(name));
  const metadata = isObject(entity['metadata']) ? entity['metadata'] : {};
  return JSON.stringify({ ...entity, metadata: { ...metadata, annotations } });
}

function annotationsIn({ metadata }: Record<string, unknown>): Record<string, unknown> {
  const annotations = isObject(metadata) ? metadata['annotations'] : null;
  return isObject(annotations) ? annotations : {};
}

function parse(entity: string | null): Record<string, unknown> {
  const value: unknown = entity === null ? null : parseJson(entity);
  return isObject(value) ? value : {};
}
