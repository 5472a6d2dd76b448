/** Where the files of a template are: the address that relative URLs of its steps start from. */
import { ANNOTATION, parseLocationRef, type Entity } from '@callboard/model';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * From the annotation `source-location`, else `managed-by-location`. Null when there is none or its type has no URL.
 * @returns `https:` or `file:` URL
 */
export function baseUrlOf(entity: Pick<Entity, 'metadata'>): string | null {
  const { annotations = {} } = entity.metadata;
  const written = annotations[ANNOTATION.sourceLocation] ?? annotations[ANNOTATION.managedByLocation];
  const location = written === undefined ? null : parseLocationRef(written);
  if (location === null) return null;
  const { type, target } = location;
  if (type === 'url') return URL.canParse(target) ? target : null;
  if (type !== 'file') return null;
  if (target.startsWith('file:')) return URL.canParse(target) ? target : null;
  if (!isAbsolute(target)) return null;
  // A folder keeps its slash: without it, its name would be taken for that of a file.
  return pathToFileURL(target).href;
}
