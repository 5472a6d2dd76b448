/** What the routes of forms are sent: a template, and values. Rules are never taken from a request. */
import type { SourceNeed } from '@callboard/form';
import { isObject, parseRef, stringifyRef, type JsonObject, type JsonValue } from '@callboard/model';
import { invalidBody, objectBody, toSecrets, toValues } from './bodies.ts';

/** One in the catalog, or one that is being written. */
export type AskedTemplate = { readonly ref: string } | { readonly entity: unknown };

export interface OptionsBody {
  readonly template: AskedTemplate;
  readonly need: Omit<SourceNeed, 'key'>;
  /** Empty: everything. */
  readonly search: string;
}

/** Characters. */
const MAX_SEARCH = 200;
const MAX_FIELD = 1_000;
const MAX_HOLDS = 1_000;

/** `POST /v2/forms/options`. @throws CodedError `scaffolder/invalid-body` */
export function parseOptionsBody(body: unknown): OptionsBody {
  const { template, need, search = '' } = objectBody(body, 'template and need');
  if (typeof search !== 'string' || search.length > MAX_SEARCH) {
    throw invalidBody(`search must be a text of at most ${MAX_SEARCH} characters.`);
  }
  return { template: toTemplate(template), need: toNeed(need), search };
}

export interface CheckBody {
  readonly template: AskedTemplate;
  readonly values: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

/** `POST /v2/forms/check`. @throws CodedError `scaffolder/invalid-body` */
export function parseCheckBody(body: unknown): CheckBody {
  const { template, values, secrets } = objectBody(body, 'template and values');
  return { template: toTemplate(template), values: toValues(values), secrets: toSecrets(secrets) };
}

/** `POST /v2/forms/expand`. @throws CodedError `scaffolder/invalid-body` */
export function parseExpandBody(body: unknown): AskedTemplate {
  return toTemplate(objectBody(body, 'template')['template']);
}

function toTemplate(given: unknown): AskedTemplate {
  if (isObject(given)) return { entity: given };
  const ref = typeof given === 'string' ? parseRef(given, { kind: 'template' }) : null;
  if (ref !== null && ref.kind.toLowerCase() === 'template') return { ref: stringifyRef(ref) };
  throw invalidBody('template must be the reference of a template, or the entity of one.');
}

function toNeed(given: unknown): Omit<SourceNeed, 'key'> {
  if (!isObject(given)) throw invalidBody('need must be an object with field, what and form.');
  const { field, what = 'options', form, item = null, holds = [] } = given;
  if (typeof field !== 'string' || !field.startsWith('/') || field.length > MAX_FIELD) {
    throw invalidBody('need.field must be the pointer of a field, as /account.');
  }
  if (what !== 'options' && what !== 'check') throw invalidBody('need.what must be options or check.');
  if (!isObject(form)) throw invalidBody('need.form must be an object: the values that the source reads.');
  if (item !== null && !isObject(item)) throw invalidBody('need.item must be an object, or null.');
  if (!Array.isArray(holds) || holds.length > MAX_HOLDS) {
    throw invalidBody(`need.holds must be a list of at most ${MAX_HOLDS} values.`);
  }
  const values: readonly JsonValue[] = JSON.parse(JSON.stringify(holds));
  return { field, what, form: toValues(form), item: item === null ? null : toValues(item), holds: values };
}
