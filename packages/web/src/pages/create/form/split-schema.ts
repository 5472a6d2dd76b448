/**
 * A page of a template as rjsf wants it: the schema on one side, everything that begins with `ui:` on the other, in the
 * same shape. Fields behind a feature flag that is off are not there, nor are the words that the form's session resolves.
 * Where a word of the template means nothing to this portal (an unknown field or widget), the place gets the field that
 * says so.
 */
import { hasWidget, type RegistryWidgetsType, type UiSchema } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import { resolveRef } from '@callboard/form';
import { hasChoices, withoutRules } from './rule-words.ts';

export interface SplitDeps {
  /** Names of the fields and layouts that there are. */
  readonly fields: ReadonlySet<string>;
  readonly layouts: ReadonlySet<string>;
  readonly widgets: RegistryWidgetsType;
  readonly isFlagOn: (flag: string) => boolean;
}

export interface SplitSchema {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly uiSchema: UiSchema;
}

/** The field that stands where an unknown one should, and the option that says which word is unknown. */
export const MISSING_FIELD = 'callboard:missing';

export interface MissingWord {
  readonly kind: 'field' | 'widget' | 'layout' | 'reference';
  readonly name: string;
}

type Node = Readonly<Record<string, unknown>>;

const MOST_REFS = 8;
const BRANCHES = ['anyOf', 'oneOf', 'allOf'] as const;

/** The feature flag that a page or a property hangs on; null for none. */
export function flagOf(node: unknown): string | null {
  if (!isObject(node)) return null;
  const nested = node['ui:backstage'];
  const flag = node['backstage:featureFlag'] ?? (isObject(nested) ? nested['featureFlag'] : undefined);
  return typeof flag === 'string' && flag !== '' ? flag : null;
}

export function splitSchema(page: unknown, deps: SplitDeps): SplitSchema {
  return split(page, { deps, root: page, refs: 0 });
}

interface Place {
  readonly deps: SplitDeps;
  readonly root: unknown;
  /** How many references were followed to get here. */
  readonly refs: number;
}

function split(node: unknown, place: Place): SplitSchema {
  if (!isObject(node)) return { schema: {}, uiSchema: {} };
  const schema: Record<string, unknown> = {};
  let ui: UiSchema = ofReference(node, place);
  for (const [key, value] of Object.entries(withoutRules(node))) {
    if (key.startsWith('ui:')) ui[key] = value;
    else schema[key] = value;
  }
  const ref = node['$ref'];
  if (typeof ref === 'string' && resolveRef(ref, place.root) === undefined) {
    // rjsf ends the page over a reference to nothing.
    delete schema['$ref'];
    schema['type'] ??= 'string';
    ui = missing(ui, { kind: 'reference', name: ref });
  }
  ui = withKnownWords(hasChoices(node) ? withoutUnknown(ui, schema, place.deps) : ui, schema, place.deps);
  const properties = splitProperties(node, place);
  if (properties !== null) {
    Object.assign(schema, properties.schema);
    ui = { ...ui, ...properties.uiSchema };
  }
  for (const key of ['items', 'additionalProperties', 'additionalItems']) {
    ui = splitChild(key, { node, schema, ui, place });
  }
  for (const key of BRANCHES) ui = splitBranches(key, { node, schema, ui, place });
  for (const key of ['then', 'else', 'if']) {
    if (!isObject(node[key])) continue;
    const part = split(node[key], place);
    schema[key] = part.schema;
    ui = mergeUi(ui, part.uiSchema);
  }
  return { schema, uiSchema: splitDependencies({ node, schema, ui, place }) };
}

interface Work {
  readonly node: Node;
  /** What is made of the node. */
  readonly schema: Record<string, unknown>;
  readonly ui: UiSchema;
  readonly place: Place;
}

/** The `ui:` words of a definition that a node refers to. */
function ofReference(node: Node, place: Place): UiSchema {
  const ref = node['$ref'];
  if (typeof ref !== 'string' || place.refs >= MOST_REFS) return {};
  return { ...split(resolveRef(ref, place.root), { ...place, refs: place.refs + 1 }).uiSchema };
}

function splitProperties(node: Node, place: Place): SplitSchema | null {
  const { properties, required } = node;
  if (!isObject(properties)) return null;
  const kept: Record<string, unknown> = {};
  const uiSchema: UiSchema = {};
  const hidden = new Set<unknown>();
  for (const [name, property] of Object.entries(properties)) {
    const flag = flagOf(property);
    if (flag !== null && !place.deps.isFlagOn(flag)) {
      hidden.add(name);
      continue;
    }
    const part = split(property, place);
    set(kept, name, isObject(property) ? part.schema : property);
    set(uiSchema, name, part.uiSchema);
  }
  const schema: Record<string, unknown> = { properties: kept };
  if (Array.isArray(required)) schema['required'] = required.filter((name) => !hidden.has(name));
  return { schema, uiSchema };
}

function splitChild(key: string, { node, schema, ui, place }: Work): UiSchema {
  const child = node[key];
  if (Array.isArray(child)) {
    const parts = child.map((one) => split(one, place));
    schema[key] = parts.map((part) => part.schema);
    return { ...ui, [key]: parts.map((part) => part.uiSchema) };
  }
  if (!isObject(child)) return ui;
  const part = split(child, place);
  schema[key] = part.schema;
  return { ...ui, [key]: part.uiSchema };
}

/** The words of an alternative are its own where it has fields, so that two may call a field differently. */
function splitBranches(key: (typeof BRANCHES)[number], { node, schema, ui, place }: Work): UiSchema {
  const branches = node[key];
  if (!Array.isArray(branches)) return ui;
  const parts = branches.map((branch: unknown) => split(branch, place));
  schema[key] = branches.map((branch: unknown, index) => (isObject(branch) ? parts[index]?.schema : branch));
  const { 'ui:title': _title, ...own } = ui;
  const merged = parts.reduce((sum, part) => mergeUi(sum, part.uiSchema), ui);
  const isOfFields = parts.some((part) => isObject(part.schema['properties']));
  if (key === 'allOf' || !isOfFields) return merged;
  return { ...merged, [key]: parts.map((part) => mergeUi(own, part.uiSchema)) };
}

function splitDependencies({ node, schema, ui, place }: Work): UiSchema {
  const { dependencies } = node;
  if (!isObject(dependencies)) return ui;
  const made: Record<string, unknown> = {};
  let merged = ui;
  for (const [name, dependency] of Object.entries(dependencies)) {
    if (!isObject(dependency)) {
      set(made, name, dependency);
      continue;
    }
    const part = split(dependency, place);
    set(made, name, part.schema);
    const { oneOf: _one, anyOf: _any, ...shared } = part.uiSchema;
    merged = mergeUi(merged, shared);
  }
  schema['dependencies'] = made;
  return merged;
}

/** What both say of the same place is put together; of one word the later one counts. */
function mergeUi(before: UiSchema, after: UiSchema): UiSchema {
  const merged: UiSchema = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const old: unknown = merged[key];
    const areParts = !key.startsWith('ui:') && isObject(old) && isObject(value);
    set(merged, key, areParts ? mergeUi(old, value) : value);
  }
  return merged;
}

/** The words with those replaced that this portal does not know. */
function withKnownWords(given: UiSchema, schema: Node, { fields, layouts, widgets }: SplitDeps): UiSchema {
  const ui = withWholeOrder(given);
  const options = isObject(ui['ui:options']) ? ui['ui:options'] : {};
  const field: unknown = ui['ui:field'] ?? options['field'];
  if (field === MISSING_FIELD) return ui;
  if (typeof field === 'string' && !fields.has(field)) {
    return missing(ui, { kind: 'field', name: field });
  }
  const widget: unknown = ui['ui:widget'] ?? options['widget'];
  if (typeof widget === 'string' && field === undefined && !isWidget(widget, schema, widgets)) {
    return missing(ui, { kind: 'widget', name: widget });
  }
  const layout: unknown = ui['ui:ObjectFieldTemplate'];
  if (typeof layout === 'string' && !layouts.has(layout)) {
    return missing(ui, { kind: 'layout', name: layout });
  }
  return ui;
}

/** What has choices is drawn by them where the field or the widget that it names is not there. */
function withoutUnknown(ui: UiSchema, schema: Node, { fields, widgets }: SplitDeps): UiSchema {
  const { 'ui:field': field, 'ui:widget': widget, ...others } = ui;
  if (typeof field === 'string' && fields.has(field)) return ui;
  if (typeof widget !== 'string' || !isWidget(widget, schema, widgets)) return others;
  return { ...others, 'ui:widget': widget };
}

/** An order that leaves out a field is no reason to show none. */
function withWholeOrder(ui: UiSchema): UiSchema {
  if (!('ui:order' in ui)) return ui;
  const { 'ui:order': order, ...others } = ui;
  if (!Array.isArray(order)) return others;
  return order.includes('*') ? ui : { ...others, 'ui:order': [...order, '*'] };
}

function missing(ui: UiSchema, word: MissingWord): UiSchema {
  const { 'ui:field': _field, 'ui:widget': _widget, 'ui:ObjectFieldTemplate': _layout, ...others } = ui;
  const options: unknown = others['ui:options'];
  const { field: _f, widget: _w, ...left } = isObject(options) ? options : {};
  return { ...others, 'ui:field': MISSING_FIELD, 'ui:options': { ...left, missing: word } };
}

function isWidget(widget: string, schema: Node, widgets: RegistryWidgetsType): boolean {
  const { type } = schema;
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : [type];
  const first: unknown = types[0];
  // What is drawn by its parts has no widget that could be missing.
  if (typeof first !== 'string' || first === 'object' || first === 'null') return true;
  return hasWidget({ type: typed(first) }, widget, widgets);
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'array'] as const;

function typed(type: string): (typeof TYPES)[number] {
  return TYPES.find((known) => known === type) ?? 'string';
}

/** As an assignment, but of a key such as __proto__ too. */
function set(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
