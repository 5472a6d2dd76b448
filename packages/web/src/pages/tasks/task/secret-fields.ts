/** Which fields of a form are secret: their values are in no task, no log and no address. */
import { isObject } from '@callboard/model';
import type { FormPage, FormValues } from '../../../api/scaffolder.ts';
import { listIn, objectIn, textIn } from '../../../api/entity.ts';

export interface SecretField {
  /** The key of the secret. */
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly isRequired: boolean;
}

/** Schemas nested deeper hold no fields that somebody can fill in. */
const DEEPEST = 32;

interface Found extends SecretField {
  /** Of `ui:field: Secret`; else a password, which is a value that nobody may read over a shoulder. */
  readonly isSecret: boolean;
  /** From the root of the values; not of items of lists. */
  readonly keys: readonly string[];
}

/**
 * What a retry asks for again: the fields `Secret`, also those that only appear under a condition, and the passwords that
 * the values have asterisks for, under the names that the server gives them. Each once, in their order.
 */
export function secretFields(pages: readonly FormPage[], values: FormValues): readonly SecretField[] {
  const fields = new Map<string, SecretField>();
  for (const { isSecret, keys, ...field } of allIn(pages)) {
    const isTyped = !isSecret && isMasked(keys.reduce(partOf, values));
    if (!isSecret && !isTyped) continue;
    const name = isSecret
      ? field.name
      : `password:${keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
    if (!fields.has(name)) fields.set(name, { ...field, name, isRequired: field.isRequired || isTyped });
  }
  return [...fields.values()];
}

function partOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The values that may stand in an address: without secrets and passwords, and without what the server masked. */
export function valuesForAddress(values: FormValues, pages: readonly FormPage[]): FormValues {
  const hidden = new Set(allIn(pages).map(({ name }) => name));
  return isObject(values) ? withoutHidden(values, hidden) : {};
}

function withoutHidden(values: FormValues, hidden: ReadonlySet<string>): FormValues {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!hidden.has(name) && !isMasked(value)) kept[name] = inner(value, hidden);
  }
  return kept;
}

function inner(value: unknown, hidden: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isMasked(item)).map((item) => inner(item, hidden));
  return isObject(value) ? withoutHidden(value, hidden) : value;
}

function isMasked(value: unknown): boolean {
  return typeof value === 'string' && /^\*{3,}$/.test(value);
}

function allIn(pages: readonly FormPage[]): readonly Found[] {
  const found: Found[] = [];
  for (const { schema } of pages) collect(schema, { found, depth: 0, keys: [] });
  return found;
}

/** Wherever a schema has properties: in conditions, alternatives and lists too. */
function collect(
  schema: unknown,
  {
    found,
    depth,
    keys,
  }: { readonly found: Found[]; readonly depth: number; readonly keys: readonly string[] },
): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(schema)) {
    for (const one of schema) collect(one, { found, depth: depth + 1, keys });
    return;
  }
  if (!isObject(schema)) return;
  const required = listIn(schema, 'required');
  for (const [name, field] of Object.entries(objectIn(schema, 'properties'))) {
    const isSecret = textIn(field, 'ui:field') === 'Secret';
    if (!isSecret && !isPassword(field)) continue;
    found.push({
      name,
      title: textIn(field, 'title') ?? name,
      description: textIn(field, 'description'),
      isRequired: required.includes(name),
      isSecret,
      keys: [...keys, name],
    });
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') continue;
    collect(value, { found, depth: depth + 1, keys });
  }
  for (const [name, field] of Object.entries(objectIn(schema, 'properties'))) {
    collect(field, { found, depth: depth + 1, keys: [...keys, name] });
  }
}

function isPassword(field: unknown): boolean {
  const widget = textIn(field, 'ui:widget') ?? textIn(objectIn(field, 'ui:options'), 'widget');
  return widget === 'password';
}
