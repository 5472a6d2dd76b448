/** From the answer of a source to options: the list in it, and of each item its value and what is shown of it. */
import { isObject, type JsonValue } from '@callboard/model';
import type { Expression, Option, OptionShape } from '../graph.ts';
import { equalityKey } from './deep-equal.ts';
import type { Evaluator, Outcome } from './language.ts';
import { labelOf } from './options.ts';
import { isJson } from './pointer.ts';

export type Shaped =
  | {
      readonly options: readonly Option[];
      /** Items that had no value. */
      readonly skipped: number;
    }
  | { readonly failure: string };

/** Equal values once, the first of them. Items without a value are left out; when none has one, the answer changed shape. */
export async function shapeOptions(
  answer: JsonValue,
  shape: OptionShape,
  language: Evaluator,
): Promise<Shaped> {
  const listed = await itemsOf(answer, shape.items, language);
  if ('failure' in listed) return listed;
  const options = new Map<string, Option>();
  let skipped = 0;
  for (const item of listed.items) {
    const made = await toOption(item, shape, language);
    if ('failure' in made) return made;
    const { option } = made;
    if (option === null) {
      skipped += 1;
      continue;
    }
    const key = equalityKey(option.value);
    if (!options.has(key)) options.set(key, option);
  }
  if (skipped > 0 && skipped === listed.items.length) {
    return {
      failure: `none of the ${skipped} items in the answer has a value; it may have changed its shape`,
    };
  }
  return { options: [...options.values()], skipped };
}

async function itemsOf(
  answer: JsonValue,
  items: Expression | null,
  language: Evaluator,
): Promise<{ readonly items: readonly JsonValue[] } | { readonly failure: string }> {
  const found = items === null ? { value: firstList(answer) } : await language.evaluate(items, answer);
  if ('failure' in found) return { failure: `the list of items cannot be read: ${found.failure}` };
  const { value } = found;
  if (isJsonList(value)) return { items: value };
  if (items !== null && value === undefined) return { items: [] };
  if (items !== null && value !== undefined && value !== null) return { items: [value] };
  return { failure: 'there is no list in the answer' };
}

function firstList(answer: JsonValue): JsonValue | undefined {
  if (isJsonList(answer)) return answer;
  return isObject(answer) ? Object.values(answer).filter(isJson).find(isJsonList) : undefined;
}

function isJsonList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

async function toOption(
  item: JsonValue,
  shape: OptionShape,
  language: Evaluator,
): Promise<{ readonly option: Option | null } | { readonly failure: string }> {
  const parts: Record<'value' | 'label' | 'description' | 'group', Outcome> = {
    value: await part(shape.value, item, ['value', 'id', 'name'], language),
    label: await part(shape.label, item, ['label', 'title', 'name'], language),
    description: await part(shape.description, item, ['description'], language),
    group: await part(shape.group, item, ['group'], language),
  };
  for (const [name, outcome] of Object.entries(parts)) {
    if ('failure' in outcome) return { failure: `the ${name} of an item cannot be read: ${outcome.failure}` };
  }
  const value = valueOf(parts.value);
  if (value === undefined || value === null) return { option: null };
  const label = valueOf(parts.label);
  const description = textOf(parts.description);
  const group = textOf(parts.group);
  const option: Option = {
    value,
    label: label === undefined || label === null ? labelOf(value) : labelOf(label),
    ...(description === null ? {} : { description }),
    ...(group === null ? {} : { group }),
  };
  return { option };
}

async function part(
  expression: Expression | null,
  item: JsonValue,
  names: readonly string[],
  language: Evaluator,
): Promise<Outcome> {
  if (expression !== null) return language.evaluate(expression, item);
  if (!isObject(item)) return { value: names.includes('value') ? item : undefined };
  for (const name of names) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value !== undefined && value !== null && isJson(value)) return { value };
  }
  return { value: undefined };
}

function valueOf(outcome: Outcome): JsonValue | undefined {
  return 'value' in outcome ? outcome.value : undefined;
}

function textOf(outcome: Outcome): string | null {
  const value = valueOf(outcome);
  return value === undefined || value === null || value === '' ? null : labelOf(value);
}
