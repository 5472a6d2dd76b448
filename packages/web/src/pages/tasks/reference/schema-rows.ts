/**
 * A JSON Schema as the rows of a table: a row for each property, those of objects and lists below their own. What
 * refers to itself, or is nested beyond reading, ends in a row that says so.
 */
import { isObject } from '@callboard/model';
import { listIn, objectIn, textIn } from '../../../api/entity.ts';

export interface SchemaRow {
  /** From the root, as `files[].from`; unique in the table but for alternatives. */
  readonly path: string;
  readonly name: string;
  /** 0 for the properties of the root. */
  readonly depth: number;
  /** As `string`, `string[]`, `string | number`; empty when the schema does not say. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | null;
  /** As JSON; null when there is none. */
  readonly defaultValue: string | null;
  /** Values that alone are allowed, as JSON; empty when any are. */
  readonly choices: readonly string[];
}

export interface SchemaTable {
  readonly rows: readonly SchemaRow[];
  /** True when the schema has more than is shown. */
  readonly isCut: boolean;
}

const MOST_ROWS = 300;
const DEEPEST = 6;

type Json = Readonly<Record<string, unknown>>;

export function toSchemaTable(schema: unknown): SchemaTable {
  const rows: SchemaRow[] = [];
  const reading: Reading = { root: isObject(schema) ? schema : {}, rows, isCut: false };
  addProperties(reading, reading.root, { path: '', depth: 0, seen: [] });
  return { rows, isCut: reading.isCut };
}

interface Reading {
  readonly root: Json;
  readonly rows: SchemaRow[];
  isCut: boolean;
}

interface Place {
  readonly path: string;
  readonly depth: number;
  /** Schemas around this one: one that is in itself is not opened again. */
  readonly seen: readonly Json[];
}

function addProperties(reading: Reading, schema: Json, place: Place): void {
  const required = new Set(partsOf(reading, schema).flatMap((part) => listIn(part, 'required')));
  for (const part of partsOf(reading, schema)) {
    for (const [name, value] of Object.entries(objectIn(part, 'properties'))) {
      addRow(reading, { name, schema: value, isRequired: required.has(name) }, place);
    }
  }
  const { additionalProperties } = schema;
  if (isObject(additionalProperties) && Object.keys(additionalProperties).length > 0) {
    addRow(reading, { name: '*', schema: additionalProperties, isRequired: false }, place);
  }
}

interface Property {
  readonly name: string;
  readonly schema: unknown;
  readonly isRequired: boolean;
}

function addRow(reading: Reading, property: Property, place: Place): void {
  if (reading.rows.length >= MOST_ROWS) {
    reading.isCut = true;
    return;
  }
  const schema = resolved(reading, isObject(property.schema) ? property.schema : {});
  const path = place.path === '' ? property.name : `${place.path}.${property.name}`;
  reading.rows.push({
    path,
    name: property.name,
    depth: place.depth,
    type: typeOf(reading, schema, 0),
    isRequired: property.isRequired,
    description: textIn(schema, 'description') ?? textIn(schema, 'title'),
    defaultValue: schema['default'] === undefined ? null : JSON.stringify(schema['default']),
    choices: choicesOf(schema),
  });
  addInner(reading, schema, { path, depth: place.depth + 1, seen: [...place.seen, schema] });
}

/** The properties of an object, and of the items of a list. */
function addInner(reading: Reading, schema: Json, place: Place): void {
  const items = schema['items'];
  const inner = isObject(items) ? resolved(reading, items) : schema;
  const path = isObject(items) ? `${place.path}[]` : place.path;
  const hasMore = partsOf(reading, inner).some(
    (part) => Object.keys(objectIn(part, 'properties')).length > 0,
  );
  const isNested = place.seen.slice(0, -1).includes(inner) || place.depth > DEEPEST;
  if (hasMore && isNested) reading.isCut = true;
  else addProperties(reading, inner, { ...place, path, seen: [...place.seen, inner] });
}

/** The schema itself, what it adds up from, and its alternatives: a reader wants to see all of their properties. */
function partsOf(reading: Reading, schema: Json): readonly Json[] {
  const others = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => listIn(schema, key)).filter(isObject);
  return [schema, ...others.map((other) => resolved(reading, other))];
}

/** What `$ref` points to within the schema; the schema itself when it points elsewhere. */
function resolved(reading: Reading, schema: Json): Json {
  const ref = textIn(schema, '$ref');
  if (ref === null || !ref.startsWith('#/')) return schema;
  let found: unknown = reading.root;
  for (const part of ref.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return isObject(found) ? found : schema;
}

function typeOf(reading: Reading, schema: Json, depth: number): string {
  const { type, items } = schema;
  const words = typeof type === 'string' ? [type] : listIn(schema, 'type').map(String);
  if (words.length === 0 && depth < DEEPEST) words.push(...alternatives(reading, schema, depth));
  const isList = words.includes('array') && isObject(items);
  const item = isList && depth < DEEPEST ? typeOf(reading, resolved(reading, items), depth + 1) : '';
  const listWord = item.includes(' ') ? `(${item})[]` : `${item}[]`;
  const written = words.map((word) => (word === 'array' && item !== '' ? listWord : word));
  return [...new Set(written)].join(' | ');
}

function alternatives(reading: Reading, schema: Json, depth: number): readonly string[] {
  const found = [...listIn(schema, 'anyOf'), ...listIn(schema, 'oneOf')].filter(isObject);
  if (found.length > 0) {
    return found
      .map((one) => typeOf(reading, resolved(reading, one), depth + 1))
      .filter((word) => word !== '');
  }
  const values = 'const' in schema ? [schema['const']] : listIn(schema, 'enum');
  const named = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  if (named.length > 0) return named;
  return 'properties' in schema ? ['object'] : [];
}

function choicesOf(schema: Json): readonly string[] {
  if ('const' in schema) return [JSON.stringify(schema['const'])];
  const own = listIn(schema, 'enum');
  const ofItems = own.length > 0 ? own : listIn(objectIn(schema, 'items'), 'enum');
  return ofItems.map((value) => JSON.stringify(value));
}
