/** A row of the list: what every list shows of an entity, and what the columns of this one need beyond that. */
import { isObject, parseRef, type EntityRef } from '@callboard/model';
import { objectIn, textIn, toRow, type EntityRow } from '../../api/entity.ts';
import { LOCATION_ANNOTATION } from './columns.ts';

export interface ListedRow extends EntityRow {
  /** Unlike in other lists, only `spec.system`: the domain has a column of its own. */
  readonly system: EntityRef | null;
  readonly domain: EntityRef | null;
  /** Where it was read from, as `url:https://…`; null when nobody asked for it. */
  readonly location: string | null;
}

/** Null when the value has no kind or name. */
export function toListedRow(value: unknown): ListedRow | null {
  const row = toRow(value);
  if (row === null || !isObject(value)) return null;
  const spec = objectIn(value, 'spec');
  const annotations = objectIn(objectIn(value, 'metadata'), 'annotations');
  const { namespace } = row.ref;
  return {
    ...row,
    system: parseRef(textIn(spec, 'system') ?? '', { kind: 'system', namespace }),
    domain: parseRef(textIn(spec, 'domain') ?? '', { kind: 'domain', namespace }),
    location: textIn(annotations, LOCATION_ANNOTATION),
  };
}

/** A location without its type, and without what all addresses have in common: `github.com/acme/shop/catalog-info.yaml`. */
export function locationText(location: string): string {
  return location.replace(/^(?:url|file):/, '').replace(/^https?:\/\//, '');
}
