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
}

/** The fields `Secret`, each once, in their order; also those that only appear under a condition. */
export function secretFields(pages: readonly FormPage[]): readonly SecretField[] {
  const fields = new Map<string, SecretField>();
  for (const { isSecret, ...field } of allIn(pages)) {
    if (isSecret && !fields.has(field.name)) fields.set(field.name, field);
  }
  return [...fields.values()];
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
  for (const { schema } of pages) collect(schema, { found, depth: 0 });
  return found;
}

/** Wherever a schema has properties: in conditions, alternatives and lists too. */
function collect(
  schema: unknown,
  { found, depth }: { readonly found: Found[]; readonly depth: number },
): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(schema)) {
    for (const one of schema) collect(one, { found, depth: depth + 1 });
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
    });
  }
  for (const value of Object.values(schema)) collect(value, { found, depth: depth + 1 });
}

function isPassword(field: unknown): boolean {
  const widget = textIn(field, 'ui:widget') ?? textIn(objectIn(field, 'ui:options'), 'widget');
  return widget === 'password';
}
