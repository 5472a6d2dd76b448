/** Forms that recur in the OpenAPI document of software templates, beside those of every room. */
import { ANY_FAILURE, answer, inQuery, schema, TEXT } from '@callboard/kernel/openapi';
import type { JsonObject } from '@callboard/model';

export const FLAG: JsonObject = { type: 'boolean' };
/** Whatever a template says there. */
export const ANY_OBJECT: JsonObject = { type: 'object' };
export const ANY: JsonObject = { description: 'Any JSON value.' };
export const TIME: JsonObject = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
  description: 'ISO 8601, in UTC.',
};
export const REF: JsonObject = {
  type: 'string',
  description: 'An entity reference, as `user:default/anna`.',
};

export function listOf(of: JsonObject): JsonObject {
  return { type: 'array', items: of };
}

/** May be given several times. */
export function severalInQuery(name: string, description: string, of: JsonObject = TEXT): JsonObject {
  return inQuery(name, description, { type: 'array', items: of });
}

/** A request whose values may not be what the form asks for. */
export const VALUES_FAILURE = {
  ...ANY_FAILURE,
  400: answer('The values do not fit the form, or the request is not as described.', {
    anyOf: [schema('ValidationErrors'), schema('Error')],
  }),
} as const;
