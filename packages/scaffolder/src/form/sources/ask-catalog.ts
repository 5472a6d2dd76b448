/** Entities of the catalog as options. Where a source says nothing else, the value is the reference, the label the title. */
import type { Option, SourceAnswer } from '@callboard/form';
import {
  checkEnvelope,
  isObject,
  parseRef,
  refOf,
  stringifyRef,
  type EntityEnvelope,
  type JsonValue,
} from '@callboard/model';
import type { CatalogPort, EntityQuery } from '../../catalog-port.ts';
import { MAX_OPTIONS } from './choose-options.ts';
import { sourceFailed } from './source-error.ts';

interface Asked {
  readonly filter: JsonValue;
  readonly who: EntityQuery['who'];
}

/** Entities that expressions of a source are evaluated on. */
const MAX_ENTITIES = 20_000;

/** The catalog searches by itself, so there may be any number of entities. */
export async function askEntities(
  catalog: Pick<CatalogPort, 'query'>,
  asked: Asked & { readonly holds: readonly JsonValue[]; readonly search: string },
): Promise<SourceAnswer> {
  const { filter, who, holds, search } = asked;
  const query = queryOf(catalog);
  const text = search.trim();
  const { entities, total } = await query({ filter, who, limit: MAX_OPTIONS, ...(text !== '' && { text }) });
  const options = entities.map(entityOption);
  const refs = holds.flatMap((value) => (typeof value === 'string' && isFullRef(value) ? [value] : []));
  const held = refs.length === 0 ? [] : (await query({ filter, who, refs, limit: refs.length })).entities;
  return { options, total, isTruncated: total > options.length, held: held.map(entityOption) };
}

/** All of them, for a source with expressions of its own. */
export async function allEntities(
  catalog: Pick<CatalogPort, 'query'>,
  { filter, who }: Asked,
): Promise<readonly JsonValue[]> {
  const { entities, total } = await queryOf(catalog)({ filter, who, limit: MAX_ENTITIES });
  if (total > entities.length) {
    throw sourceFailed(
      `The source gives ${total} entities. With 'items' or 'value' it may give ${MAX_ENTITIES}: narrow its filter.`,
    );
  }
  const json: readonly JsonValue[] = JSON.parse(JSON.stringify(entities));
  return json;
}

/** What an entity is as an option, where a source says nothing of it. */
export const ENTITY_DEFAULTS = {
  value: (item: JsonValue): JsonValue | undefined => entityMembers(item)?.value,
  label: (item: JsonValue): JsonValue | undefined => entityMembers(item)?.label,
};

function entityMembers(item: JsonValue): Option | null {
  const checked = checkEnvelope(item);
  return checked.ok ? entityOption(checked.entity) : null;
}

function queryOf(catalog: Pick<CatalogPort, 'query'>): NonNullable<CatalogPort['query']> {
  if (catalog.query === undefined) {
    throw sourceFailed('The catalog cannot be searched from here: this form needs a running portal.');
  }
  return catalog.query.bind(catalog);
}

/** A value that is written in another way is none of the options. */
function isFullRef(text: string): boolean {
  const ref = parseRef(text);
  return ref !== null && stringifyRef(ref) === text;
}

function entityOption(entity: EntityEnvelope): Option {
  const { title, name, description } = entity.metadata;
  const profile = isObject(entity.spec) ? entity.spec['profile'] : null;
  const shown = isObject(profile) ? profile['displayName'] : null;
  const label = [title, shown].find((one): one is string => typeof one === 'string' && one !== '');
  return {
    value: refOf(entity),
    label: label ?? name,
    ...(typeof description === 'string' && description !== '' && { description }),
  };
}
