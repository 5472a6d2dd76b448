/** What is shown of the values before they are sent: by page, in the order of the fields, without what is secret. */
import { isObject } from '@callboard/model';
import { ADDITIONAL_PROPERTY_FLAG, orderProperties, type RJSFSchema, type UiSchema } from '@rjsf/utils';
import type { FormValues } from '../../../api/scaffolder.ts';
import { fileNameOf } from '../form/file-name.ts';
import { humanized, isSecret, propertyOf, valuesFor, type WizardPage } from '../form/pages.ts';
import { messages } from '../messages.ts';

export interface ReviewRow {
  /** The path of the value, joined. */
  readonly key: string;
  readonly name: string;
  /** One or several texts; none for an empty list. */
  readonly texts: readonly string[];
}

export interface ReviewPage {
  /** Index of the page; null for values that belong to none. */
  readonly page: number | null;
  readonly rows: readonly ReviewRow[];
}

const LONGEST = 2_000;

/** What a choice is called, by the path of its field; null for a value that is no choice, or has no other name. */
export type LabelOf = (path: readonly string[], value: unknown) => string | null;

/** @param labelOf of the fields whose choices are not in the schema. Default: there are none. */
export function toReview(
  pages: readonly WizardPage[],
  values: FormValues,
  labelOf: LabelOf = () => null,
): readonly ReviewPage[] {
  const taken = new Set<string>();
  const shown: ReviewPage[] = pages.map((page, index) => {
    const own = valuesFor(page, pages, values);
    const schema = page.utils.retrieveSchema(page.schema, own);
    const keys = ordered(keysOf(schema, own), page.uiSchema).filter(
      (key) => Object.hasOwn(own, key) && !taken.has(key),
    );
    for (const key of keys) taken.add(key);
    return {
      page: index,
      rows: keys.flatMap((key) =>
        rowsOf({ page, schema, uiSchema: page.uiSchema, holder: own, path: [key], names: [], labelOf }),
      ),
    };
  });
  const left = Object.entries(values).filter(
    ([key, value]) => !taken.has(key) && value !== undefined && !pages.some((page) => isHidden(page, key)),
  );
  if (left.length === 0) return shown;
  const rows = left.map(([key, value]) => ({ key, name: humanized(key), texts: textsOf(value) }));
  return [...shown, { page: null, rows }];
}

/** Values of a branch that no longer holds may be secrets of it. */
function isHidden(page: WizardPage, key: string): boolean {
  const ui: unknown = page.uiSchema[key];
  return isObject(ui) && isSecret(ui);
}

/** The names that the schema has for an object, also those of alternatives. */
function keysOf(schema: RJSFSchema, value: FormValues): readonly string[] {
  const known = Object.keys(schema.properties ?? {});
  const others = Object.keys(value).filter(
    (key) => !known.includes(key) && propertyOf(schema, key, value) !== undefined,
  );
  return [...known, ...others];
}

function ordered(keys: readonly string[], uiSchema: UiSchema): readonly string[] {
  const order: unknown = uiSchema['ui:order'];
  if (!Array.isArray(order)) return keys;
  try {
    return orderProperties([...keys], order.map(String));
  } catch {
    return keys;
  }
}

interface Place {
  readonly page: WizardPage;
  /** Of the object that holds the value, with its conditions applied. */
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
  readonly holder: FormValues;
  readonly path: readonly string[];
  /** Of the objects around it. */
  readonly names: readonly string[];
  readonly labelOf: LabelOf;
}

function rowsOf({ page, schema, uiSchema, holder, path, names, labelOf }: Place): readonly ReviewRow[] {
  const key = path.at(-1) ?? '';
  const value = holder[key];
  const given = propertyOf(schema, key, holder);
  const property = page.utils.retrieveSchema(isObject(given) ? given : {}, value);
  const ui = uiOf(uiSchema, key);
  const backstage: unknown = ui['ui:backstage'];
  const wanted = isObject(backstage) && isObject(backstage['review']) ? backstage['review'] : {};
  const own = [wanted['name'], ui['ui:title'], property.title].find(
    (one) => typeof one === 'string' && one !== '',
  );
  const name = [...names, typeof own === 'string' ? own : keyName(schema, key)];
  const row = (texts: readonly string[]): readonly ReviewRow[] => [
    { key: path.join('/'), name: name.join(' › '), texts },
  ];
  if (typeof wanted['mask'] === 'string' && wanted['mask'] !== '') return row([wanted['mask']]);
  if (wanted['show'] === false || value === undefined) return [];
  if (isSecret(ui)) return row([messages.hiddenValue]);
  if (isObject(value) && wanted['explode'] !== false) {
    return ordered(keysOf(property, value), ui)
      .filter((part) => Object.hasOwn(value, part))
      .flatMap((part) =>
        rowsOf({
          page,
          schema: property,
          uiSchema: ui,
          holder: value,
          path: [...path, part],
          names: name,
          labelOf,
        }),
      );
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const labels = items.map((item) => labelOf(path, item));
  const texts = textsOf(value, property, ui);
  return row(texts.map((text, index) => withLabel(text, labels[index] ?? null)));
}

/** A choice by its name, with the value that is sent. */
function withLabel(text: string, label: string | null): string {
  return label === null || label === text ? text : `${label} (${text})`;
}

/** A name that somebody gave an entry is shown as it is. */
function keyName(schema: RJSFSchema, key: string): string {
  const property: unknown = schema.properties?.[key];
  return isObject(property) && !(ADDITIONAL_PROPERTY_FLAG in property) ? humanized(key) : key;
}

function uiOf(uiSchema: UiSchema, key: string): UiSchema {
  const ui: unknown = uiSchema[key];
  const more: unknown = uiSchema['additionalProperties'];
  if (isObject(ui)) return ui;
  return isObject(more) ? more : {};
}

function textsOf(value: unknown, schema: RJSFSchema = {}, uiSchema: UiSchema = {}): readonly string[] {
  if (!Array.isArray(value)) return [textOf(value, schema, uiSchema)];
  const items: unknown = schema.items;
  const ui: unknown = uiSchema['items'];
  return value.map((item: unknown) => {
    if (isObject(ui) && isSecret(ui)) return messages.hiddenValue;
    return textOf(masked(item, isObject(ui) ? ui : {}), isObject(items) ? items : {}, isObject(ui) ? ui : {});
  });
}

/** An item with its secrets covered. */
function masked(value: unknown, uiSchema: UiSchema): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const ui = uiOf(uiSchema, key);
      return [key, isSecret(ui) ? messages.hiddenValue : masked(part, ui)];
    }),
  );
}

function textOf(value: unknown, schema: RJSFSchema, uiSchema: UiSchema): string {
  const label = choiceLabel(value, schema, uiSchema);
  if (label !== null) return label;
  if (value === true) return messages.yes;
  if (value === false) return messages.no;
  if (value === null || value === undefined || value === '') return messages.empty;
  if (typeof value === 'string') {
    return cut(fileNameOf(value) ?? value);
  }
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What a choice is called in its field; null when the field has no choices. */
function choiceLabel(value: unknown, schema: RJSFSchema, uiSchema: UiSchema): string | null {
  const names: unknown = uiSchema['ui:enumNames'] ?? Reflect.get(schema, 'enumNames');
  if (Array.isArray(schema.enum) && Array.isArray(names)) {
    const name: unknown = names[schema.enum.findIndex((one: unknown) => one === value)];
    return typeof name === 'string' && name !== '' ? name : null;
  }
  for (const choice of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    if (isObject(choice) && 'const' in choice && choice['const'] === value) {
      return typeof choice['title'] === 'string' ? choice['title'] : null;
    }
  }
  return null;
}
