/** The small form in which a field is tried out: its example, with the fields before it that the example speaks of. */
import { isObject } from '@callboard/model';
import { parse, stringify } from 'yaml';
import { humanized } from '../../create/form/pages.ts';
import type { FieldItem } from './field-items.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Properties of a page, as YAML. `others`: fields whose examples may stand before it. */
export function tryOutText(item: FieldItem, others: readonly FieldItem[]): string {
  const all = new Map<string, { readonly of: FieldItem; readonly property: unknown }>();
  for (const other of others) {
    for (const [key, property] of Object.entries(propertiesOf(other))) {
      if (other.origin === 'plugin' && !all.has(key)) all.set(key, { of: other, property });
    }
  }
  const made = new Map<string, unknown>();
  const add = (key: string, property: unknown, of: FieldItem | null): void => {
    if (made.has(key)) return;
    // So that two that speak of each other end.
    made.set(key, property);
    for (const need of needsOf(property, of)) {
      if (made.has(need)) continue;
      const known = all.get(need);
      if (known === undefined) add(need, { type: 'string', title: humanized(need) }, null);
      else add(need, known.property, known.of);
      // What is needed stands first.
      made.delete(key);
      made.set(key, property);
    }
  };
  for (const [key, property] of Object.entries(propertiesOf(item))) add(key, property, item);
  return stringify(Object.fromEntries(made), { lineWidth: 0 }).trimEnd();
}

function propertiesOf(item: FieldItem): Properties {
  const given = readProperties(item.examples[0]?.text ?? '');
  if (given.kind === 'read' && Object.values(given.properties).some(isObject)) return given.properties;
  const { name, returnValue } = item;
  const schema = isObject(returnValue) ? returnValue : {};
  const type = typeof schema['type'] === 'string' ? schema['type'] : 'string';
  const items = isObject(schema['items']) ? { items: schema['items'] } : {};
  const key = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
  return { [key]: { type, ...items, title: humanized(name), 'ui:field': name } };
}

/** Fields of the form that options name: that of `autofillFrom`, and those called as the option itself. */
function needsOf(property: unknown, of: FieldItem | null): readonly string[] {
  const given = isObject(property) ? property['ui:options'] : undefined;
  const schema = isObject(of?.options) ? of.options['properties'] : undefined;
  const usual = Object.entries(isObject(schema) ? schema : {}).map(([key, one]) => [
    key,
    isObject(one) ? one['default'] : undefined,
  ]);
  const options: Properties = { ...Object.fromEntries(usual), ...(isObject(given) ? given : {}) };
  return Object.entries(options).flatMap(([key, value]) =>
    typeof value === 'string' && value !== '' && (key === 'autofillFrom' || key === value) ? [value] : [],
  );
}

export type ReadProperties =
  | { readonly kind: 'read'; readonly properties: Properties }
  | { readonly kind: 'broken'; readonly message: string };

/** `message`: what is wrong with the YAML; empty when it is YAML of something else. */
export function readProperties(text: string): ReadProperties {
  try {
    const value: unknown = parse(text, { prettyErrors: false }) ?? {};
    return isObject(value) ? { kind: 'read', properties: value } : { kind: 'broken', message: '' };
  } catch (thrown) {
    return { kind: 'broken', message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
