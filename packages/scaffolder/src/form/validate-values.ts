/**
 * The values of a form, checked again on the server: what a browser sends is no proof that its form was filled in.
 * Draft 7 of JSON Schema as rjsf reads it, by ajv; patterns are the author's, so all of it has a time limit.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { CodedError, messageOf } from '@callboard/kernel';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { TimeLimitReached, withTimeLimit } from '../expression/time-limit.ts';
import { isDeeperThan } from './depth.ts';
import { MASK, takePasswords } from './passwords.ts';
import { toPlainPage, type PlainPage, type SecretField } from './plain-schema.ts';
import { toValueErrors, valueError, type ValueError } from './value-errors.ts';

export type { ValueError } from './value-errors.ts';

export interface ValuesToCheck {
  readonly pages: readonly JsonObject[];
  readonly values: JsonObject;
  /** JSON Schema of the secrets; null or none: any will do. */
  readonly secretsSchema?: JsonObject | null;
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface CheckedValues {
  /** Empty when the values are good; 100 at most. */
  readonly errors: readonly ValueError[];
  /** What may be kept: asterisks stand where a field of secrets had a value. */
  readonly values: JsonObject;
  /** What was typed into password inputs, to be kept with the secrets; `values` has asterisks for it. */
  readonly passwords: Readonly<Record<string, string>>;
}

const MAX_ERRORS = 100;
/** Of values. */
const MAX_DEPTH = 64;
/** Milliseconds for all pages together. */
const MAX_TIME = 1_000;

/**
 * A page for people with a feature flag counts only when one of its properties has a value, and no property for people
 * with a flag is ever required: the server does not know who has which. Properties that no page has are kept.
 * A field of secrets (`ui:field: Secret`) is asked for its value in `secrets`, by its name.
 * @throws CodedError 400 `scaffolder/form-unusable` when the form itself cannot be used to check anything
 */
export function validateValues(asked: ValuesToCheck): CheckedValues {
  const { values } = asked;
  if (isDeeperThan(values, MAX_DEPTH)) {
    const message = `is nested deeper than ${MAX_DEPTH} levels`;
    const parts = { root: 'instance', path: [], name: 'depth', message, argument: MAX_DEPTH };
    return { errors: [valueError(parts)], values: {}, passwords: {} };
  }
  try {
    return withTimeLimit(MAX_TIME, () => check(asked));
  } catch (error) {
    if (error instanceof TimeLimitReached) {
      throw unusable(`that takes longer than ${MAX_TIME} ms, as with a pattern that tries too many ways`);
    }
    if (!(error instanceof RangeError)) throw error;
    throw unusable('a schema in it refers to itself without end');
  }
}

function check({ pages, values, secretsSchema = null, secrets = {} }: ValuesToCheck): CheckedValues {
  const checks = pages.map(pageCheckOf);
  const errors: ValueError[] = [];
  let kept: JsonObject = values;
  // A secret that was given is there, whether its field has a placeholder or not.
  const given = checks.flatMap(({ page }) => page.secrets.map(({ path }) => path[0] ?? ''));
  const asked = given.filter((name) => Object.hasOwn(secrets, name));
  const filled = { ...values, ...Object.fromEntries(asked.map((name) => [name, values[name] ?? MASK])) };
  const known = new Set(checks.flatMap(({ page }) => [...page.names]));
  for (const { page, validate } of checks) {
    for (const field of page.secrets) {
      kept = masked(kept, field.path);
      errors.push(...secretErrors(field, secrets));
    }
    if (page.isFlagged && ![...page.names].some((name) => Object.hasOwn(values, name))) continue;
    if (validate(filled)) continue;
    const found = (validate.errors ?? []).filter((error) => !isOfOtherPage(error, known));
    errors.push(...toValueErrors(found, { root: 'instance', values: filled }));
  }
  if (secretsSchema !== null) errors.push(...allSecretsErrors(secretsSchema, secrets));
  const paths = checks.flatMap(({ page }) => page.passwords);
  return { errors: errors.slice(0, MAX_ERRORS), ...takePasswords(kept, paths) };
}

/** A page that takes no other properties than its own is not meant to forbid those of the pages beside it. */
function isOfOtherPage({ keyword, instancePath, params }: ErrorObject, known: ReadonlySet<string>): boolean {
  if (keyword !== 'additionalProperties' || instancePath !== '') return false;
  return known.has(String(params['additionalProperty']));
}

function secretErrors(
  { path, schema }: SecretField,
  secrets: Readonly<Record<string, string>>,
): readonly ValueError[] {
  const [name] = path;
  if (name === undefined || path.length > 1 || !Object.hasOwn(secrets, name)) return [];
  const validate = compile(schema);
  if (validate(secrets[name])) return [];
  return toValueErrors(validate.errors ?? [], { root: `secrets.${name}`, values: null });
}

function allSecretsErrors(
  schema: JsonObject,
  secrets: Readonly<Record<string, string>>,
): readonly ValueError[] {
  const { validate } = pageCheckOf(schema);
  if (validate(secrets)) return [];
  return toValueErrors(validate.errors ?? [], { root: 'secrets', values: secrets });
}

interface PageCheck {
  readonly page: PlainPage;
  readonly validate: ValidateFunction;
}

/**
 * What is wrong with a value by a schema, as one text that begins with `root`; null when it fits.
 * @throws CodedError 400 `scaffolder/form-unusable` when the schema cannot be used
 */
export function checkAgainst(schema: JsonObject, value: JsonValue, root: string): string | null {
  const { validate } = pageCheckOf(schema);
  if (validate(value)) return null;
  const [first] = toValueErrors(validate.errors ?? [], { root, values: value });
  return first === undefined ? `${root} does not fit` : first.stack;
}

/** A page of a template that does not change is compiled once. */
const compiled = new WeakMap<JsonObject, PageCheck>();

function pageCheckOf(schema: JsonObject): PageCheck {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const page = toPlainPage(schema);
  const made = { page, validate: compile(page.schema) };
  compiled.set(schema, made);
  return made;
}

const FORMATS = {
  ...fullFormats,
  // rjsf's field writes times without a zone, which the strict format refuses.
  time: fullFormats['iso-time'],
  'date-time': fullFormats['iso-date-time'],
  // Two that rjsf adds.
  'data-url': /^data:(?:[a-z]+\/[\w+.-]+)?(?:;[\w-]+=[^;,]*)*(?:;base64)?,/i,
  color: /^(?:#[\da-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d\s%.,/]+\))$/i,
};

function compile(schema: JsonValue): ValidateFunction {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    // The schema was made of what ajv knows, so neither it nor its draft has to be looked at.
    validateSchema: false,
    meta: false,
    messages: false,
    logger: false,
    ownProperties: true,
    multipleOfPrecision: 6,
    formats: FORMATS,
    code: { regExp: Object.assign(toRegExp, { code: 'new RegExp' }) },
  });
  try {
    return ajv.compile(isObject(schema) ? schema : { allOf: [schema] });
  } catch (error) {
    throw unusable(messageOf(error));
  }
}

/** Patterns of forms are often not fit for the strict syntax of Unicode. */
function toRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

/** A copy with asterisks for what is there at the path. */
function masked(of: JsonObject, path: readonly string[]): JsonObject {
  const value = maskedValue(of, path);
  return isObject(value) ? value : of;
}

function maskedValue(of: JsonValue | undefined, [key, ...rest]: readonly string[]): JsonValue | undefined {
  if (key === undefined) return isMask(of) ? of : MASK;
  if (Array.isArray(of)) {
    return key === '*' ? of.map((item: JsonValue) => maskedValue(item, rest) ?? null) : of;
  }
  if (!isJsonObject(of)) return of;
  const names = key === '*' ? Object.keys(of) : [key].filter((name) => Object.hasOwn(of, name));
  return { ...of, ...Object.fromEntries(names.map((name) => [name, maskedValue(of[name], rest)])) };
}

function isMask(value: unknown): boolean {
  return value === '' || (typeof value === 'string' && /^\*+$/.test(value));
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}

function unusable(why: string): CodedError {
  const message = `The form cannot be used to check values: ${why}. Ask who wrote the template to mend it.`;
  return new CodedError(400, 'scaffolder/form-unusable', message);
}
