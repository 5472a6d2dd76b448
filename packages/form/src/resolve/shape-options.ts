/** From the answer of a source to options: the list in it, and of each item its value and what is shown of it. */
import { isObject, type JsonValue } from '@callboard/model';
import type { Expression, Option, OptionShape } from '../graph.ts';
import { equalityKey } from './deep-equal.ts';
import type { Evaluator, Outcome } from './language.ts';
import { labelOf } from './options.ts';
import { isJson, isJsonObject } from './pointer.ts';

export interface Shaping {
  readonly shape: OptionShape;
  readonly language: Evaluator;
  /** Where the shape says nothing. Default: the first member with a usual name, or the item itself. */
  readonly defaults?: {
    value(item: JsonValue): JsonValue | undefined;
    label(item: JsonValue): JsonValue | undefined;
  };
}

/** Why there are no options, as a sentence without a full stop: the answer is another than was expected, or a rule failed. */
export interface ShapeFailure {
  readonly failure: string;
  readonly by: 'answer' | 'rule';
}

export type Shaped = { readonly options: readonly Option[] } | ShapeFailure;

const VALUES = ['value', 'id', 'name'];
const LABELS = ['label', 'title', 'name'];
/** An expression that is the name of a member. */
const MEMBER = /^[A-Za-z_]\w*$/;
const WORDS = ['true', 'false', 'null', 'and', 'or', 'in'];

/**
 * Equal values once, the first of them. Items without a value are left out; when none has one, that is a failure, as is
 * an answer without a list.
 */
export async function shapeOptions(answer: JsonValue, shaping: Shaping): Promise<Shaped> {
  const { shape } = shaping;
  const listed = await itemsOf(answer, shaping);
  if ('failure' in listed) return listed;
  const { items } = listed;
  const options = new Map<string, Option>();
  for (const item of items) {
    const made = await toOption(item, shaping);
    if (made === null) continue;
    if ('failure' in made) return made;
    const key = equalityKey(made.value);
    if (!options.has(key)) options.set(key, made);
  }
  if (items.length > 0 && options.size === 0) {
    const wanted = shape.value === null ? 'value, id or name' : JSON.stringify(shape.value.text);
    return { failure: `none of ${items.length} items has ${wanted}`, by: 'answer' };
  }
  return { options: [...options.values()] };
}

async function itemsOf(
  answer: JsonValue,
  { shape: { items }, language }: Shaping,
): Promise<{ readonly items: readonly JsonValue[] } | ShapeFailure> {
  if (items === null) {
    const first = firstList(answer);
    return first === undefined ? { failure: 'there is no list in it', by: 'answer' } : { items: first };
  }
  const found = await language.evaluate(items, answer);
  if ('failure' in found) return { failure: `'items' failed: ${found.failure}`, by: 'rule' };
  const { value } = found;
  if (isJsonList(value)) return { items: value };
  // JSONata gives a list of one as its item, and one of none as nothing.
  if (isObject(value) || typeof value === 'number' || (typeof value === 'string' && value !== '')) {
    return { items: [value] };
  }
  if (value === undefined && hasList(answer)) return { items: [] };
  return { failure: `${JSON.stringify(items.text)} gives no list`, by: 'answer' };
}

function firstList(answer: JsonValue): readonly JsonValue[] | undefined {
  if (isJsonList(answer)) return answer;
  return isObject(answer) ? Object.values(answer).filter(isJson).find(isJsonList) : undefined;
}

function hasList(answer: unknown): boolean {
  return Array.isArray(answer) || (isObject(answer) && Object.values(answer).some(hasList));
}

function isJsonList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Null for an item without a value. */
async function toOption(item: JsonValue, shaping: Shaping): Promise<Option | ShapeFailure | null> {
  const { shape, language, defaults } = shaping;
  const read = (rule: Expression | null, open: () => JsonValue | undefined): Outcome | Promise<Outcome> =>
    rule === null ? { value: open() } : readRule(rule, item, language);
  const valued = await read(shape.value, () =>
    defaults === undefined ? usualValue(item) : defaults.value(item),
  );
  if ('failure' in valued) return failed('value', valued.failure);
  const { value } = valued;
  if (value === undefined || value === null) return null;
  const label = await read(shape.label, () =>
    defaults === undefined ? usualText(item, LABELS) : defaults.label(item),
  );
  if ('failure' in label) return failed('label', label.failure);
  const description = await read(shape.description, () => usualText(item, ['description']));
  if ('failure' in description) return failed('description', description.failure);
  const group = await read(shape.group, () => usualText(item, ['group']));
  if ('failure' in group) return failed('group', group.failure);
  const [described, grouped] = [textOf(description.value), textOf(group.value)];
  return {
    value,
    label: textOf(label.value) ?? labelOf(value),
    ...(described !== null && { description: described }),
    ...(grouped !== null && { group: grouped }),
  };
}

function failed(part: keyof OptionShape, why: string): ShapeFailure {
  return { failure: `'${part}' of an item failed: ${why}`, by: 'rule' };
}

/** Names of members are read without the interpreter, which lists of a thousand items would feel. */
function readRule(rule: Expression, item: JsonValue, language: Evaluator): Outcome | Promise<Outcome> {
  const { text } = rule;
  if (MEMBER.test(text) && !WORDS.includes(text) && isJsonObject(item)) {
    const member = Object.hasOwn(item, text) ? item[text] : undefined;
    if (typeof member !== 'object') return { value: member };
  }
  return language.evaluate(rule, item);
}

/** An item that is no object is its own value. */
function usualValue(item: JsonValue): JsonValue | undefined {
  if (!isJsonObject(item)) return item;
  for (const name of VALUES) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function usualText(item: JsonValue, names: readonly string[]): JsonValue | undefined {
  if (!isJsonObject(item)) return undefined;
  const name = names.find((one) => Object.hasOwn(item, one) && textOf(item[one]) !== null);
  return name === undefined ? undefined : item[name];
}

/** Null for what is no text, or an empty one. */
function textOf(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
