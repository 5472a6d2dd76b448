/** What an answer becomes: its items, each with value and label, every value once. */
import type { Expression, Option, OptionShape } from '@callboard/form';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { sourceFailed } from './source-error.ts';

/** Result of an expression; never rejects. */
export type Evaluate = (
  expression: Expression,
  input: JsonValue,
) => Promise<{ readonly value: JsonValue | undefined } | { readonly failure: string }>;

export interface Shaping {
  readonly shape: OptionShape;
  readonly evaluate: Evaluate;
  /** How messages call the source. */
  readonly name: string;
  /** Where the shape says nothing. Default: the first member with a usual name, or the item itself. */
  readonly defaults?: {
    value(item: JsonValue): JsonValue | undefined;
    label(item: JsonValue): JsonValue | undefined;
  };
}

const VALUES = ['value', 'id', 'name'];
const LABELS = ['label', 'title', 'name'];
/** An expression that is the name of a member. */
const MEMBER = /^[A-Za-z_]\w*$/;
const CONSTANTS = ['true', 'false', 'null', 'and', 'or', 'in'];

const MEMBERS: NonNullable<Shaping['defaults']> = {
  value: (item) => memberOf(item, VALUES),
  label: (item) => memberOf(item, LABELS),
};

/**
 * @throws CodedError 503 `scaffolder/source-failed` when the answer has no list, or none of its items has a value
 */
export async function toOptions(answer: JsonValue, asked: Shaping): Promise<readonly Option[]> {
  const { shape, evaluate, name, defaults = MEMBERS } = asked;
  const items = await itemsOf(answer, asked);
  const options = new Map<string, Option>();
  const read = reader(evaluate);
  for (const item of items) {
    const value = shape.value === null ? defaults.value(item) : await read(shape.value, item);
    if (value === undefined || value === null || value === '') continue;
    const key = typeof value === 'string' ? value : JSON.stringify(value);
    const known = `${typeof value}:${key}`;
    if (options.has(known)) continue;
    const label = shape.label === null ? defaults.label(item) : await read(shape.label, item);
    const description =
      shape.description === null ? memberOf(item, ['description']) : await read(shape.description, item);
    const group = shape.group === null ? memberOf(item, ['group']) : await read(shape.group, item);
    options.set(known, {
      value,
      label: toText(label) ?? key,
      ...(isText(description) && { description: String(description) }),
      ...(isText(group) && { group: String(group) }),
    });
  }
  if (items.length > 0 && options.size === 0) {
    const wanted = shape.value === null ? 'value, id or name' : JSON.stringify(shape.value.text);
    throw sourceFailed(`${name} has changed its answers: none of ${items.length} items has ${wanted}.`);
  }
  return [...options.values()];
}

async function itemsOf(answer: JsonValue, { shape, evaluate, name }: Shaping): Promise<readonly JsonValue[]> {
  if (shape.items !== null) {
    const result = await evaluate(shape.items, answer);
    if ('failure' in result) throw sourceFailed(`${name}: 'items' failed: ${result.failure}`);
    const { value } = result;
    if (isList(value)) return value;
    // JSONata gives a list of one as its item, and one of none as nothing.
    if (isJsonObject(value) || isText(value)) return [value];
    if (value === undefined && isObject(answer) && hasEmptyList(answer)) return [];
    throw sourceFailed(`${name} has changed its answers: ${JSON.stringify(shape.items.text)} gives no list.`);
  }
  if (isList(answer)) return answer;
  const first = isJsonObject(answer) ? Object.values(answer).find(isList) : undefined;
  if (first !== undefined) return first;
  throw sourceFailed(`${name} has changed its answers: there is no list in it.`);
}

function hasEmptyList(answer: Readonly<Record<string, unknown>>): boolean {
  return Object.values(answer).some(
    (member) => Array.isArray(member) || (isObject(member) && hasEmptyList(member)),
  );
}

/** Names of members are read without the interpreter, which lists of a thousand items would feel. */
function reader(evaluate: Evaluate): (of: Expression, item: JsonValue) => Promise<JsonValue | undefined> {
  return async (expression, item) => {
    const { text } = expression;
    if (MEMBER.test(text) && !CONSTANTS.includes(text) && isJsonObject(item)) {
      const member = Object.hasOwn(item, text) ? item[text] : undefined;
      if (member === undefined || isText(member) || typeof member === 'boolean') return member;
    }
    const result = await evaluate(expression, item);
    return 'failure' in result ? undefined : result.value;
  };
}

/** The first of these members that has something; the item itself when it is no object. */
function memberOf(item: JsonValue, names: readonly string[]): JsonValue | undefined {
  if (!isJsonObject(item)) return names === VALUES && !isList(item) ? item : undefined;
  const name = names.find((one) => Object.hasOwn(item, one) && isText(item[one]));
  return name === undefined ? undefined : item[name];
}

function toText(value: JsonValue | undefined): string | null {
  return isText(value) || typeof value === 'boolean' ? String(value) : null;
}

function isText(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
