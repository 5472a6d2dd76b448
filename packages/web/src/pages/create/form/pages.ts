/** The pages of a form as they are shown: those whose feature flag is on, each split into schema and looks. */
import { createSchemaUtils, type RJSFSchema, type SchemaUtilsType, type UiSchema } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import type { FormPage, FormValues } from '../../../api/scaffolder.ts';
import { formValidator } from '../validator.ts';
import { flagOf, splitSchema, type SplitDeps } from './split-schema.ts';

export interface WizardPage {
  /** Null when the template gives none. */
  readonly title: string | null;
  readonly description: string | null;
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
  readonly utils: SchemaUtilsType;
  /** Every name that the page may ask for, in whichever branch. */
  readonly keys: ReadonlySet<string>;
}

/** Backstage fills in the defaults of `allOf`, too. */
export const DEFAULTS = { allOf: 'populateDefaults' } as const;

export function toWizardPages(pages: readonly FormPage[], deps: SplitDeps): readonly WizardPage[] {
  return pages
    .filter((page) => {
      const flag = flagOf(page.schema);
      return flag === null || deps.isFlagOn(flag);
    })
    .map((page) => toWizardPage(page, deps));
}

export function toWizardPage(page: FormPage, deps: SplitDeps): WizardPage {
  const { schema: given, uiSchema } = splitSchema(page.schema, deps);
  // The page has its title and description above it.
  const { title: _title, description: _description, ...schema } = given;
  // A page without a type is an object, as all its values are.
  const whole: RJSFSchema = { type: 'object', ...schema };
  return {
    title: page.title,
    description: page.description,
    schema: whole,
    uiSchema,
    utils: createSchemaUtils(formValidator, whole, DEFAULTS),
    keys: keysIn(schema),
  };
}

const BRANCHES = ['allOf', 'anyOf', 'oneOf'];

function keysIn(schema: unknown, depth = 0): ReadonlySet<string> {
  const keys = new Set<string>();
  if (!isObject(schema) || depth > 20) return keys;
  const parts: unknown[] = [schema['then'], schema['else']];
  for (const branch of BRANCHES) {
    const list = schema[branch];
    if (Array.isArray(list)) parts.push(...list);
  }
  const { dependencies, properties } = schema;
  if (isObject(dependencies)) parts.push(...Object.values(dependencies));
  if (isObject(properties)) for (const key of Object.keys(properties)) keys.add(key);
  for (const part of parts) for (const key of keysIn(part, depth + 1)) keys.add(key);
  return keys;
}

/**
 * The values that a page is shown with: all of them, since its conditions may be about other pages. One that says what
 * becomes of further keys gets none of those that belong to others.
 */
export function valuesFor(page: WizardPage, pages: readonly WizardPage[], values: FormValues): FormValues {
  if (!('additionalProperties' in page.schema) && !('propertyNames' in page.schema)) return values;
  const isForeign = (key: string): boolean =>
    !page.keys.has(key) && pages.some((other) => other !== page && other.keys.has(key));
  const own = Object.entries(values).filter(([key]) => !isForeign(key));
  return own.length === Object.keys(values).length ? values : Object.fromEntries(own);
}

interface FieldPlace {
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
}

/** What the page says of a value by its path, under the conditions that hold now; null when nothing is said. */
function placeAt(page: WizardPage, path: readonly (string | number)[], values: unknown): FieldPlace | null {
  let schema: RJSFSchema = page.schema;
  let uiSchema = page.uiSchema;
  let value = values;
  for (const key of path) {
    const whole = page.utils.retrieveSchema(schema, value);
    const isItem = Array.isArray(value) || whole.type === 'array';
    const next: unknown = isItem ? itemOf(whole, Number(key)) : propertyOf(whole, String(key), value);
    if (!isObject(next)) return null;
    schema = next;
    const ui: unknown = uiSchema[isItem ? 'items' : String(key)];
    uiSchema = isObject(ui) ? ui : {};
    value = partOf(value, key);
  }
  return { schema: page.utils.retrieveSchema(schema, value), uiSchema };
}

/** A property of the schema itself, or of an alternative in it. */
export function propertyOf(schema: RJSFSchema, key: string, value: unknown): unknown {
  const own: unknown = schema.properties?.[key];
  if (own !== undefined) return own;
  for (const branch of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    const properties: unknown = isObject(branch) ? branch['properties'] : undefined;
    if (isObject(properties) && Object.hasOwn(properties, key)) return properties[key];
  }
  const more: unknown = schema.additionalProperties;
  return isObject(value) && Object.hasOwn(value, key) && isObject(more) ? more : undefined;
}

function itemOf(schema: RJSFSchema, index: number): unknown {
  const items: unknown = schema.items;
  return Array.isArray(items) ? (items[index] ?? schema.additionalItems) : items;
}

export function partOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
}

/** The name of the field that a node names; null for one of rjsf's own. */
export function fieldNameOf(uiSchema: UiSchema): string | null {
  const options: unknown = uiSchema['ui:options'];
  const name: unknown = uiSchema['ui:field'] ?? (isObject(options) ? options['field'] : undefined);
  return typeof name === 'string' ? name : null;
}

/** The name of the widget that a node names; null for the usual one. */
function widgetNameOf(uiSchema: UiSchema): string | null {
  const options: unknown = uiSchema['ui:options'];
  const name: unknown = uiSchema['ui:widget'] ?? (isObject(options) ? options['widget'] : undefined);
  return typeof name === 'string' ? name : null;
}

/** True of a value that may not be shown or kept. */
export function isSecret(uiSchema: UiSchema): boolean {
  return widgetNameOf(uiSchema) === 'password' || fieldNameOf(uiSchema)?.toLowerCase() === 'secret';
}

/** What a person calls the field of a path. */
export function labelAt(page: WizardPage, path: readonly (string | number)[], values: unknown): string {
  const place = placeAt(page, path, values);
  const options: unknown = place?.uiSchema['ui:options'];
  const titles: readonly unknown[] = [
    place?.uiSchema['ui:title'],
    isObject(options) ? options['title'] : undefined,
    place?.schema.title,
  ];
  const title = titles.find((one) => typeof one === 'string' && one !== '');
  return typeof title === 'string' ? title : humanized(String(path.at(-1) ?? ''));
}

/** `repoUrl` and `repo_url` as "Repo url". */
export function humanized(key: string): string {
  const words = key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-.]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? key : words.charAt(0).toUpperCase() + words.slice(1);
}
