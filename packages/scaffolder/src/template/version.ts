/** Which version of a template something was made with. */
import type { Entity, JsonValue } from '@callboard/model';
import { createHash } from 'node:crypto';

/** Annotation with which an author names the version. */
const VERSION_ANNOTATION = 'backstage.io/template-version';

/**
 * The annotation, else the first 12 hexadecimal digits of the SHA-256 of the spec's JSON. Keys are sorted for it, so a
 * database that stores them in an order of its own makes no new version.
 */
export function templateVersion(entity: Pick<Entity, 'metadata' | 'spec'>): string {
  const named = entity.metadata.annotations?.[VERSION_ANNOTATION]?.trim() ?? '';
  if (named !== '') return named;
  const text = JSON.stringify(sorted(entity.spec ?? {}));
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Entries in place of objects: the order is then part of the value. */
function sorted(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null || typeof value !== 'object') return value ?? null;
  if (Array.isArray(value)) return value.map((item: JsonValue) => sorted(item));
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { entries: entries.map(([key, member]) => [key, sorted(member)]) };
}
