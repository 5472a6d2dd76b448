/** The input of a step is checked against the JSON Schema of its action before the action sees it. */
import { messageOf } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action, JsonSchema } from '@callboard/plugin';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { runError } from './errors.ts';

/** Checks inputs; each action's schema is compiled once. */
export interface InputCheck {
  /**
   * @param what names the step in messages
   * @throws CodedError 400 `scaffolder/invalid-input` with every field that does not fit, and no value of any
   * @throws CodedError 500 `scaffolder/bad-action-schema`
   */
  check(action: Action, input: JsonObject, what: string): void;
}

const OPTIONS: Options = {
  formats: fullFormats,
  allErrors: true,
  // Schemas come from other people's plugins: what they say beside JSON Schema is theirs.
  strict: false,
  validateSchema: false,
  addUsedSchema: false,
  // A member that every object inherits, as `constructor`, is not there.
  ownProperties: true,
  logger: false,
};

/** Of one message; a wrong list of a thousand items is told with the first of them. */
const MAX_SHOWN = 10;

export function createInputCheck(): InputCheck {
  const compiled = new WeakMap<Action, ValidateFunction>();

  function validatorOf(action: Action, schema: JsonSchema): ValidateFunction {
    const known = compiled.get(action);
    if (known !== undefined) return known;
    const validator = compile(action.id, schema);
    compiled.set(action, validator);
    return validator;
  }

  return {
    check(action, input, what) {
      const schema = action.schema?.input;
      if (schema === undefined) return;
      const validate = validatorOf(action, schema);
      if (validate(input)) return;
      const faults = [...new Set((validate.errors ?? []).map(describeFault))];
      const shown = faults.slice(0, MAX_SHOWN).join('; ');
      const rest = faults.length > MAX_SHOWN ? `; and ${faults.length - MAX_SHOWN} more` : '';
      throw runError(
        'scaffolder/invalid-input',
        `The input of ${what} does not fit ${action.id}: ${shown}${rest}.`,
      );
    },
  };
}

function compile(id: string, schema: JsonSchema): ValidateFunction {
  const { $schema, ...rest } = schema;
  try {
    return ajvFor($schema).compile(rest);
  } catch (thrown) {
    const message = `The input schema of the action ${id} cannot be read: ${messageOf(thrown)}. Its author has to mend it.`;
    throw runError('scaffolder/bad-action-schema', message, { cause: thrown });
  }
}

/** Draft 7 unless another one is named; older drafts are read as draft 7. */
function ajvFor($schema: JsonValue | undefined): Ajv {
  const named = typeof $schema === 'string' ? $schema : '';
  if (named.includes('2020-12')) return new Ajv2020(OPTIONS);
  return named.includes('2019-09') ? new Ajv2019(OPTIONS) : new Ajv(OPTIONS);
}

/** What is wrong with which field; the value is not shown, it may be a secret. */
function describeFault(error: ErrorObject): string {
  const { instancePath, keyword, params, message = 'does not fit' } = error;
  const field = fieldOf(instancePath);
  switch (keyword) {
    case 'required':
      return `${memberOf(field, String(params['missingProperty']))} is missing`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return `${memberOf(field, String(params['additionalProperty'] ?? params['unevaluatedProperty']))} is not known`;
    case 'enum':
      return `${called(field)} has to be one of ${listed(params['allowedValues'])}`;
    case 'const':
      return `${called(field)} has to be ${JSON.stringify(params['allowedValue'])}`;
    case 'type':
      return `${called(field)} has to be of type ${[params['type']].flat().join(' or ')}`;
    default:
      return `${called(field)} ${message}`;
  }
}

/** `/a/b~1c/0` as `a.b/c.0`. */
function fieldOf(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
}

function memberOf(field: string, member: string): string {
  return called(field === '' ? member : `${field}.${member}`);
}

function called(field: string): string {
  return field === '' ? 'it' : `"${field}"`;
}

function listed(values: unknown): string {
  return Array.isArray(values)
    ? values.map((value) => JSON.stringify(value)).join(', ')
    : 'what its schema says';
}
