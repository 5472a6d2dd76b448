/** Which entities may have come from a template, so that it is worth asking the server. */
import type { Entity } from '@callboard/model';
import { annotation } from '../../../api/entity.ts';

/** Kinds that templates make. */
const MADE = new Set(['component', 'api', 'resource', 'system', 'domain']);

export function mayBeMade(entity: Entity): boolean {
  return annotation(entity, 'backstage.io/source-template') !== null || MADE.has(entity.kind.toLowerCase());
}
