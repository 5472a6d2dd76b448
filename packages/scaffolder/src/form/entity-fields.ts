/**
 * Fields that take nothing but entities of the catalog (`allowArbitraryValues: false`): the server looks whether what was
 * sent is one that fits, and that the person may read.
 */
import { isPresent, type FormGraph, type GraphField } from '@callboard/form';
import { isObject, parseRef, stringifyRef, type JsonObject, type JsonValue } from '@callboard/model';
import type { CatalogPort, EntityQuery } from '../catalog-port.ts';
import { valueError, type ValueError } from './value-errors.ts';

export interface EntityCheck {
  readonly graph: FormGraph;
  readonly values: JsonObject;
  /** One that cannot be searched, as on the command line, is not asked. */
  readonly catalog: Pick<CatalogPort, 'query'>;
  readonly who: EntityQuery['who'];
}

const PICKERS = ['EntityPicker', 'OwnerPicker', 'OwnedEntityPicker', 'MultiEntityPicker'];
/** References of one submit that are looked up. */
const MAX_LOOKUPS = 1_000;

export async function entityErrors(check: EntityCheck): Promise<readonly ValueError[]> {
  const { graph, values, catalog } = check;
  if (catalog.query === undefined) return [];
  const errors: ValueError[] = [];
  let left = MAX_LOOKUPS;
  for (const field of graph.fields) {
    const options = optionsOf(field.schema);
    if (options === null || !isPresent(field, values)) continue;
    for (const { path, text } of textsAt(values, field.id)) {
      left -= 1;
      if (left < 0) return errors;
      if (text === '' || (await isTaken(text, { field, options, check }))) continue;
      const message = 'is no entity that this field takes, or one that you may not see';
      errors.push(valueError({ root: 'instance', path, name: 'not-an-option', message, argument: null }));
    }
  }
  return errors;
}

/** Null for a field that takes any text. */
function optionsOf(schema: JsonObject): JsonObject | null {
  const inner = schema['ui:options'];
  const options: JsonObject = isJsonObject(inner) ? inner : {};
  const picker = pickerOf(schema);
  return picker !== null && PICKERS.includes(picker) && options['allowArbitraryValues'] === false
    ? options
    : null;
}

function pickerOf(schema: JsonObject): string | null {
  const inner = schema['ui:options'];
  return textOf(schema['ui:field'] ?? (isJsonObject(inner) ? inner['field'] : undefined));
}

interface Asked {
  readonly field: GraphField;
  readonly options: JsonObject;
  readonly check: EntityCheck;
}

async function isTaken(text: string, { field, options, check }: Asked): Promise<boolean> {
  const { catalog, who } = check;
  const picker = pickerOf(field.schema);
  const isOwner = picker === 'OwnerPicker';
  const kind = textOf(options['defaultKind']) ?? (isOwner ? 'Group' : null);
  const namespace = textOf(options['defaultNamespace']);
  const ref = parseRef(text, { ...(kind !== null && { kind }), ...(namespace !== null && { namespace }) });
  if (ref === null) return false;
  const full = stringifyRef(ref);
  if (catalog.query === undefined) return true;
  const filters = filtersOf(options, { isOwner });
  if (picker === 'OwnedEntityPicker' && who.ref !== null) {
    filters.push({ 'relations.ownedBy': [...who.ownership] });
  }
  for (const filter of filters) {
    const { total } = await catalog.query({ filter, refs: [full], limit: 1, who });
    if (total === 0) return false;
  }
  return true;
}

/** All of them have to hold. */
function filtersOf(options: JsonObject, { isOwner }: { readonly isOwner: boolean }): JsonValue[] {
  const { catalogFilter, allowedKinds } = options;
  const kinds = isOwner && catalogFilter === undefined ? (allowedKinds ?? ['Group', 'User']) : allowedKinds;
  const byKind: readonly JsonValue[] = Array.isArray(kinds) && kinds.length > 0 ? [{ kind: kinds }] : [];
  return [catalogFilter ?? {}, ...byKind];
}

interface Found {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Every text at a place of the form; the items of lists, too. */
function textsAt(values: JsonObject, id: string): readonly Found[] {
  const keys = id.split('/').slice(1);
  let found: { path: (string | number)[]; value: unknown }[] = [{ path: [], value: values }];
  for (const part of keys) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found.flatMap(({ path, value }) => {
      if (part === '*') return itemsOf(path, value);
      if (!isObject(value) || !Object.hasOwn(value, key)) return [];
      return [{ path: [...path, key], value: value[key] }];
    });
  }
  return found
    .flatMap(({ path, value }) => (Array.isArray(value) ? itemsOf(path, value) : [{ path, value }]))
    .flatMap(({ path, value }) => (typeof value === 'string' ? [{ path, text: value }] : []));
}

function itemsOf(path: (string | number)[], value: unknown): { path: (string | number)[]; value: unknown }[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown, index) => ({ path: [...path, index], value: item }));
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
