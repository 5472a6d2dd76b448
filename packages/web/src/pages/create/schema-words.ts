/** The sentences of ajv 8 for each keyword of JSON Schema, and those that a template gives itself (`errorMessage`). */
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

/** `said`: the interpreter's sentence; of `required`, the name of what is missing. */
export function wordsFor(keyword: string, value: unknown, said: string): string {
  const shown = Array.isArray(value) ? value.join(',') : String(value);
  switch (keyword) {
    case 'type':
      return `must be ${shown}`;
    case 'required':
      return `must have required property '${said}'`;
    case 'const':
      return 'must be equal to constant';
    case 'enum':
      return 'must be equal to one of the allowed values';
    case 'not':
      return 'must NOT be valid';
    case 'anyOf':
      return 'must match a schema in anyOf';
    case 'oneOf':
      return 'must match exactly one schema in oneOf';
    case 'minLength':
      return `must NOT have fewer than ${shown} characters`;
    case 'maxLength':
      return `must NOT have more than ${shown} characters`;
    case 'pattern':
      return `must match pattern "${shown}"`;
    case 'format':
      return `must match format "${shown}"`;
    case 'minimum':
      return `must be >= ${shown}`;
    case 'maximum':
      return `must be <= ${shown}`;
    case 'exclusiveMinimum':
      return `must be > ${shown}`;
    case 'exclusiveMaximum':
      return `must be < ${shown}`;
    case 'multipleOf':
      return `must be multiple of ${shown}`;
    case 'minItems':
      return `must NOT have fewer than ${shown} items`;
    case 'maxItems':
      return `must NOT have more than ${shown} items`;
    case 'uniqueItems':
      return duplicates(said);
    case 'contains':
    case 'minContains':
      return `must contain at least ${keyword === 'contains' ? '1' : shown} valid item(s)`;
    case 'maxContains':
      return `must contain at most ${shown} valid item(s)`;
    case 'minProperties':
      return `must NOT have fewer than ${shown} properties`;
    case 'maxProperties':
      return `must NOT have more than ${shown} properties`;
    case 'additionalProperties':
      return 'must NOT have additional properties';
    case 'unevaluatedProperties':
      return 'must NOT have unevaluated properties';
    case 'propertyNames':
      return 'property name must be valid';
    case 'dependencies':
    case 'dependentRequired':
      return dependency(said);
    case 'false':
      return 'boolean schema is false';
    default:
      return said;
  }
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

function duplicates(said: string): string {
  const [, a = '0', b = '1'] = /indexes (\d+) and (\d+)/.exec(said) ?? [];
  return `must NOT have duplicate items (items ## ${b} and ${a} are identical)`;
}

function dependency(said: string): string {
  const [, has = '', lacks = ''] = /has "(.*)" but does not have "(.*)"\.$/s.exec(said) ?? [];
  return `must have property ${lacks} when property ${has} is present`;
}
