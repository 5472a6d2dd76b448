/** Whether a page may be left: its values against its schema, then its rules and the validations of its fields. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { Resolution } from '@callboard/form';
import { isObject } from '@callboard/model';
import type { FormValues } from '../../../api/scaffolder.ts';
import { checkValues } from '@callboard/form';
import { messages } from '../messages.ts';
import type { FieldExtension, Secrets } from './field-extension.ts';
import { fieldNameOf, partOf, propertyOf, type WizardPage } from './pages.ts';
import { heeded, isHidden, ruleProblems, type SchemaProblem } from './rule-problems.ts';

export interface Problem {
  /** Keys from the root of the values. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = readonly (string | number)[];

export interface PageCheck {
  readonly page: WizardPage;
  /** From 0. */
  readonly index: number;
  /** What the rules of the fields make of the values. */
  readonly resolution: Resolution;
  /** As the page is shown, see `valuesFor`. */
  readonly shown: FormValues;
  /** Of all pages. */
  readonly values: FormValues;
  readonly fields: ReadonlyMap<string, FieldExtension>;
  /** What was typed into fields for secrets, by name: the values have asterisks in their place. */
  readonly secrets: Secrets;
}

const SECRET = 'Secret';

/** In the order of the fields. Never rejects: a validation that fails is a problem of its field. */
export async function checkPage(check: PageCheck): Promise<readonly Problem[]> {
  const { page, index: at, shown, resolution } = check;
  const schema = page.utils.retrieveSchema(page.schema, shown);
  const whole = { page, schema: page.schema, uiSchema: page.uiSchema, value: shown, path: [] };
  const named = [...visits(whole)].filter(({ path }) => !isHidden(path, resolution));
  const secret = named.filter(({ name, value }) => name === SECRET && value !== undefined);
  const covered = new Set(secret.map(({ path }) => path.join('/')));
  const said = checkValues(schema, shown, page.schema).map(({ path, message, keyword }) => ({
    path: path.map((key, index) => toIndex(shown, path.slice(0, index), key)),
    message,
    keyword,
  }));
  const found = heeded(
    [
      ...said.filter(({ path }) => !covered.has(path.join('/'))),
      ...secret.flatMap((visit) => secretProblems(visit, check.secrets)),
    ],
    resolution,
  );
  const waiting = named.flatMap((visit) => {
    const validation = check.fields.get(visit.name)?.validation;
    return validation === undefined ? [] : [runValidation(visit, { validation, values: check.values })];
  });
  const ruled = ruleProblems(at, resolution, found);
  const all = [...found, ...ruled, ...(await Promise.all(waiting)).flat()];
  const order = [...page.keys];
  const placeOf = ({ path }: Problem): number => order.indexOf(String(path[0] ?? ''));
  return all.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** A secret is held to its schema, not the asterisks that stand for it. */
function secretProblems({ page, schema, path }: Visit, secrets: Secrets): readonly SchemaProblem[] {
  const given = secrets[String(path.at(-1))] ?? '';
  return checkValues(schema, given, page.schema).map(({ message, keyword }) => ({ path, message, keyword }));
}

/** In a list a key is a number. */
function toIndex(values: unknown, path: readonly string[], key: string): string | number {
  let holder = values;
  for (const step of path) holder = partOf(holder, step);
  return Array.isArray(holder) ? Number(key) : key;
}

interface Node {
  readonly page: WizardPage;
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
  readonly value: unknown;
  readonly path: Path;
}

interface Visit extends Node {
  /** Of the field that draws the value. */
  readonly name: string;
}

/** Every value that a named field draws. */
function* visits(node: Node): Generator<Visit, void, void> {
  const name = fieldNameOf(node.uiSchema);
  if (name !== null) {
    yield { ...node, name };
    return;
  }
  const { page, value, path } = node;
  const schema = page.utils.retrieveSchema(node.schema, value);
  if (Array.isArray(value)) {
    const items: unknown = schema.items;
    const ui: unknown = node.uiSchema['items'];
    for (const [index, item] of value.entries()) {
      const itemSchema: unknown = Array.isArray(items) ? items[index] : items;
      const itemUi: unknown = Array.isArray(ui) ? ui[index] : ui;
      if (!isObject(itemSchema)) continue;
      yield* visits({
        page,
        schema: itemSchema,
        uiSchema: isObject(itemUi) ? itemUi : {},
        value: item,
        path: [...path, index],
      });
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [key, part] of Object.entries(value)) {
    const property = propertyOf(schema, key, value);
    const ui: unknown = node.uiSchema[key];
    if (!isObject(property)) continue;
    yield* visits({
      page,
      schema: property,
      uiSchema: isObject(ui) ? ui : {},
      value: part,
      path: [...path, key],
    });
  }
}

async function runValidation(
  { name, path, schema, uiSchema, value }: Visit,
  { validation, values }: { validation: NonNullable<FieldExtension['validation']>; values: FormValues },
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const errors = {
    addError: (message: string): void => void problems.push({ path, message }),
    // Backstage's validations may look here.
    __errors: [],
  };
  const context = { apiHolder: { get: () => undefined }, formData: values, schema, uiSchema };
  try {
    await validation(value, errors, context);
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    problems.push({ path, message: `${messages.failedCheck(name)}: ${said}` });
  }
  return problems;
}
