/** What is wrong by each keyword of JSON Schema, in words that browser and server share, and the sentences that a template gives itself (`errorMessage`). */
import { isObject } from '@callboard/model';

export interface Finding {
  readonly keyword: string;
  /** What the schema says there. */
  readonly value: unknown;
  /** The schema that has the keyword. */
  readonly holder: unknown;
  /** The interpreter's own sentence. */
  readonly said: string;
  readonly keywordLocation: string;
  readonly instanceLocation: string;
}

/** Goes on from the name of the field. `value`: what the keyword asks for. `said`: the sentence of an interpreter, for keywords without one here. */
export function wordsFor(keyword: string, value: unknown, said: string): string {
  const shown = textOf(value);
  switch (keyword) {
    case 'type':
      return `has to be ${[value].flat().map(typeName).join(' or ')}`;
    case 'required':
      return 'is required';
    case 'const':
      return `has to be ${shown}`;
    case 'enum':
      return choices(value);
    case 'not':
    case 'false':
    case 'false schema':
      return 'is a value that the form rules out';
    case 'anyOf':
      return 'has to fit one of the ways that the form offers';
    case 'oneOf':
      return 'has to fit exactly one of the ways that the form offers';
    case 'minLength':
      return `has to have at least ${shown} characters`;
    case 'maxLength':
      return `has to have at most ${shown} characters`;
    case 'pattern':
      return `has to match the pattern ${String(value)}`;
    case 'format':
      return FORMATS[String(value)] ?? `has to have the format ${String(value)}`;
    case 'minimum':
      return `has to be at least ${shown}`;
    case 'maximum':
      return `has to be at most ${shown}`;
    case 'exclusiveMinimum':
      return `has to be more than ${shown}`;
    case 'exclusiveMaximum':
      return `has to be less than ${shown}`;
    case 'multipleOf':
      return `has to be a multiple of ${shown}`;
    case 'minItems':
      return `has to have at least ${shown} items`;
    case 'maxItems':
      return `has to have at most ${shown} items`;
    case 'uniqueItems':
      return 'must not have an item twice';
    case 'contains':
      return 'has to have an item that fits';
    case 'minContains':
      return `has to have at least ${shown} items that fit`;
    case 'maxContains':
      return `has to have at most ${shown} items that fit`;
    case 'minProperties':
      return `has to have at least ${shown} entries`;
    case 'maxProperties':
      return `has to have at most ${shown} entries`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'has entries that the form does not know';
    case 'propertyNames':
      return 'has an entry with a name that does not fit';
    case 'dependencies':
    case 'dependentRequired':
      return dependency(said);
    default:
      return said;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'an object',
  null: 'empty',
};

function typeName(type: unknown): string {
  return TYPES[String(type)] ?? String(type);
}

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'has to be a whole address, as https://example.com',
  email: 'has to be an e-mail address, as anna@example.com',
};

/** Alternatives that are values with titles count as those values. */
function choices(value: unknown): string {
  const list = [value].flat().map((one: unknown) => (isObject(one) && 'const' in one ? one['const'] : one));
  if (list.some((one) => isObject(one))) return 'has to be one of the choices';
  return `has to be one of ${textOf(list)}`;
}

const MOST_SHOWN = 300;

function textOf(value: unknown): string {
  const text = [value].flat().map(inWords).join(', ');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function inWords(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}

/**
 * The sentence of the template, as the ajv-errors plugin reads it: one for everything that is wrong, or one for each
 * keyword; of `required` also one for each key. Null when the template has none.
 */
export function customMessage(holder: unknown, keyword: string, missing: string | null): string | null {
  const given = isObject(holder) ? holder['errorMessage'] : undefined;
  if (typeof given === 'string') return given;
  const own = isObject(given) ? given[keyword] : undefined;
  if (typeof own === 'string') return own;
  const ofKey = isObject(own) && missing !== null ? own[missing] : undefined;
  return typeof ofKey === 'string' ? ofKey : null;
}

function dependency(said: string): string {
  const [, has = '', lacks = ''] = /has "(.*)" but does not have "(.*)"\.$/s.exec(said) ?? [];
  return `needs ${lacks} beside ${has}`;
}
