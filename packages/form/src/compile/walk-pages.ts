/**
 * Finds every field of a form's pages: properties at any depth, items of lists, and what stands in branches of the schema
 * (`dependencies`, `if`, `allOf`, `oneOf`, `anyOf`), each with the conditions under which it is asked for. The conditions are
 * those by which the form library (rjsf 5) shows a branch.
 */
import {
  childPath,
  isObject,
  itemPath,
  type Diagnostic,
  type JsonObject,
  type JsonValue,
} from '@callboard/model';
import type { Condition, FieldId } from '../graph.ts';
import { idOf } from '../resolve/pointer.ts';
import { followRef, inlineRefs } from './inline-refs.ts';

/** A field before its rules are read. */
export interface FoundField {
  readonly id: FieldId;
  readonly key: string;
  readonly page: number;
  readonly title: string;
  /** `$ref` resolved. */
  readonly schema: JsonObject;
  readonly at: string;
  /** Where its rules are written: at the field, or at what its `$ref` leads to. */
  readonly rulesAt: string;
  readonly conditions: readonly Condition[];
  /** Pointer of the list item that it stands in; null outside of lists. */
  readonly listId: FieldId | null;
}

export interface WalkedPages {
  readonly pages: readonly JsonObject[];
  /** Where each page is written. */
  readonly pagesAt: readonly string[];
  readonly fields: readonly FoundField[];
  readonly diagnostics: readonly Diagnostic[];
}

const MOST_FIELDS = 2000;
const DEEPEST = 64;
/** Schemas that are looked at; references may lead to the same one many times. */
const MOST_SCHEMAS = 20_000;

interface Walk {
  readonly fields: FoundField[];
  readonly diagnostics: Diagnostic[];
  schemas: number;
  isFull: boolean;
}

/** A schema, and where in the form it stands. */
interface Stand {
  readonly schema: JsonObject;
  readonly at: string;
  readonly id: FieldId;
  readonly conditions: readonly Condition[];
  readonly listId: FieldId | null;
  readonly page: { readonly index: number; readonly schema: JsonObject; readonly at: string };
  readonly title: string;
  readonly depth: number;
  /** References on the way here; one that leads back to itself is not followed again. */
  readonly refs: readonly string[];
}

/** `parameters`: the list of pages, or the only page. `root`: where it is written. */
export function walkPages(parameters: JsonValue | undefined, root: string): WalkedPages {
  const walk: Walk = { fields: [], diagnostics: [], schemas: 0, isFull: false };
  const given: readonly (readonly [JsonValue | undefined, string])[] = isList(parameters)
    ? parameters.map((page, index) => [page, itemPath(root, index)] as const)
    : [[parameters, root]];
  // A page that is none keeps its place, so that the numbers of the others stay.
  const pages = given.map(([page]) => (isObject(page) ? page : {}));
  for (const [index, schema] of pages.entries()) {
    const at = given[index]?.[1] ?? root;
    const page = { index, schema, at };
    visit({ schema, at, id: '', conditions: [], listId: null, page, title: '', depth: 0, refs: [] }, walk);
  }
  return { pages, pagesAt: given.map(([, at]) => at), fields: walk.fields, diagnostics: walk.diagnostics };
}

/** What stands in a schema; the schema itself is a field already, or a page, or a branch of one. */
function visit(stand: Stand, walk: Walk): void {
  if (walk.isFull) return;
  walk.schemas += 1;
  if (stand.depth > DEEPEST) {
    report(
      walk,
      'form/too-deep',
      stand.at,
      `A form is nested deeper than ${DEEPEST} levels; what is below is not looked at`,
    );
    return;
  }
  if (walk.schemas > MOST_SCHEMAS) {
    walk.isFull = true;
    report(
      walk,
      'form/too-large',
      stand.at,
      `A form has more than ${MOST_SCHEMAS} schemas; the rest is not looked at`,
    );
    return;
  }
  for (const [key, schema] of entriesOf(stand.schema['properties'])) {
    const at = childPath(childPath(stand.at, 'properties'), key);
    visitField({ ...stand, schema, at, id: stand.id + idOf([key]), title: key }, key, walk);
  }
  visitItems(stand, walk);
  visitBranches(stand, walk);
}

function visitField(stand: Stand, key: string, walk: Walk): void {
  if (walk.isFull) return;
  if (walk.fields.length >= MOST_FIELDS) {
    walk.isFull = true;
    report(
      walk,
      'form/too-large',
      stand.at,
      `A form has more than ${MOST_FIELDS} fields; the rest is not looked at`,
    );
    return;
  }
  const resolved = withTarget(stand);
  const { schema } = resolved;
  const title = typeof schema['title'] === 'string' ? schema['title'] : stand.title;
  const declares = Object.keys(stand.schema).some((name) => name.startsWith('ui:'));
  walk.fields.push({
    id: stand.id,
    key,
    page: stand.page.index,
    title,
    schema,
    at: stand.at,
    rulesAt: declares ? stand.at : resolved.at,
    conditions: stand.conditions,
    listId: stand.listId,
  });
  visit({ ...resolved, title, depth: stand.depth + 1 }, walk);
}

function visitItems(stand: Stand, walk: Walk): void {
  const { items, additionalItems } = stand.schema;
  const at = childPath(stand.at, 'items');
  const id = `${stand.id}/*`;
  if (isList(items)) {
    for (const [index, schema] of items.entries()) {
      if (!isObject(schema)) continue;
      visitField(
        { ...stand, schema, at: itemPath(at, index), id: `${stand.id}/${index}` },
        String(index),
        walk,
      );
    }
    if (!isObject(additionalItems)) return;
    const place = childPath(stand.at, 'additionalItems');
    visitField({ ...stand, schema: additionalItems, at: place, id, listId: id }, '*', walk);
  } else if (isObject(items)) visitField({ ...stand, schema: items, at, id, listId: id }, '*', walk);
}

function visitBranches(stand: Stand, walk: Walk): void {
  const { schema, at } = stand;
  for (const [index, part] of listOf(schema['allOf'])) {
    visitBranch(stand, { schema: part, at: itemPath(childPath(at, 'allOf'), index), conditions: [] }, walk);
  }
  const { if: condition } = schema;
  if (condition !== undefined) {
    for (const [keyword, holds] of [
      ['then', true],
      ['else', false],
    ] as const) {
      const branch = schema[keyword];
      const conditions = [conditionOf(stand, condition, holds)];
      visitBranch(stand, { schema: branch, at: childPath(at, keyword), conditions }, walk);
    }
  }
  for (const keyword of ['dependencies', 'dependentSchemas']) {
    for (const [key, dependent] of entriesOf(schema[keyword])) {
      visitDependent(stand, { key, schema: dependent, at: childPath(childPath(at, keyword), key) }, walk);
    }
  }
  for (const keyword of ['oneOf', 'anyOf']) {
    for (const [index, option] of listOf(schema[keyword])) {
      const conditions = constantsOf(option, stand).map((constant) => conditionOf(stand, constant, true));
      visitBranch(stand, { schema: option, at: itemPath(childPath(at, keyword), index), conditions }, walk);
    }
  }
}

interface Branch {
  readonly schema: JsonValue | undefined;
  readonly at: string;
  /** More than those of what it stands in. */
  readonly conditions: readonly Condition[];
}

function visitBranch(stand: Stand, { schema, at, conditions }: Branch, walk: Walk): void {
  if (!isObject(schema)) return;
  const all = [...stand.conditions, ...conditions];
  visit(withTarget({ ...stand, schema, at, conditions: all, depth: stand.depth + 1 }), walk);
}

/**
 * Of `dependencies`: there while the property has a value. Its `oneOf` says more: of the alternatives that name the
 * property, the one that fits its value is there, if it is the only one.
 */
function visitDependent(
  stand: Stand,
  {
    key,
    schema: given,
    at: givenAt,
  }: { readonly key: string; readonly schema: JsonObject; readonly at: string },
  walk: Walk,
): void {
  const { schema, at, refs } = withTarget({ ...stand, schema: given, at: givenAt });
  const { oneOf, ...own } = schema;
  const hasValue = conditionOf(stand, { required: [key] }, true);
  const inside = { ...stand, refs };
  visitBranch(inside, { schema: own, at, conditions: [hasValue] }, walk);
  const options = listOf(oneOf).flatMap(([index, option]) => {
    const place = itemPath(childPath(at, 'oneOf'), index);
    const found = withTarget({ ...inside, schema: option, at: place });
    const properties = found.schema['properties'];
    const fits = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
    return fits === undefined || !isObject(properties)
      ? []
      : [{ found, properties, fits: fitting(key, fits) }];
  });
  for (const { found, properties, fits } of options) {
    const others = Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key));
    const conditions = [hasValue, conditionOf(stand, fits, true)];
    if (options.length > 1)
      conditions.push(conditionOf(stand, { oneOf: options.map((one) => one.fits) }, true));
    const rest = { ...found.schema, properties: others };
    visitBranch({ ...inside, refs: found.refs }, { schema: rest, at: found.at, conditions }, walk);
  }
}

function fitting(key: string, schema: JsonValue): JsonObject {
  return { properties: Object.fromEntries([[key, schema]]) };
}

/**
 * Of `oneOf` and `anyOf` a person chooses one, whatever fits, so only constants tell alternatives apart: one whose constant
 * differs from the value was not chosen.
 */
function constantsOf(option: JsonValue, stand: Stand): readonly JsonObject[] {
  if (!isObject(option)) return [];
  const { schema } = withTarget({ ...stand, schema: option });
  return entriesOf(schema['properties']).flatMap(([key, property]) => {
    const { const: constant, enum: values } = property;
    if (constant !== undefined) return [fitting(key, { const: constant })];
    return isList(values) && values.length === 1 ? [fitting(key, { enum: values })] : [];
  });
}

function conditionOf({ id, page }: Stand, schema: JsonValue, holds: boolean): Condition {
  return { of: id, schema: inlineRefs(schema, page.schema), holds };
}

/** With what its `$ref` leads to; what stands beside the reference counts more. */
function withTarget(stand: Stand): Stand {
  let { schema, at, refs } = stand;
  for (;;) {
    const { $ref: ref, ...own } = schema;
    if (typeof ref !== 'string' || refs.includes(ref)) return { ...stand, schema, at, refs };
    const target = followRef(ref, stand.page.schema, stand.page.at);
    if (target === null) return { ...stand, schema, at, refs };
    schema = { ...target.schema, ...own };
    // Of a schema that has parts of its own beside the reference, its own place is the better one.
    if (Object.keys(own).every((key) => !HOLDERS.has(key))) ({ at } = target);
    refs = [...refs, ref];
  }
}

/** Keywords below which fields stand. */
const HOLDERS = new Set([
  'properties',
  'items',
  'allOf',
  'oneOf',
  'anyOf',
  'if',
  'then',
  'else',
  'dependencies',
]);

function report(walk: Walk, code: string, path: string, summary: string): void {
  const detail = 'Split the form into several templates, or take out what nobody fills in.';
  walk.diagnostics.push({ severity: 'error', code, summary, detail, path });
}

function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonObject])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, schema]) => (isObject(schema) ? [[key, schema] as const] : []));
}

function listOf(value: JsonValue | undefined): readonly (readonly [number, JsonObject])[] {
  if (!isList(value)) return [];
  return [...value.entries()].flatMap(([index, schema]) =>
    isObject(schema) ? [[index, schema] as const] : [],
  );
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
