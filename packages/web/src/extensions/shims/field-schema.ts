/** The JSON Schemas of a field's value and options, written with zod of either version. */
import { z } from 'zod/v3';
import { isObject } from '@callboard/model';
import { toJsonSchema } from './zod-3-schema.ts';

interface FieldSchema {
  readonly schema: { readonly returnValue: unknown; readonly uiOptions: unknown };
  /** For types alone. */
  readonly type: undefined;
  readonly uiOptionsType: undefined;
  readonly TProps: undefined;
  readonly TOutput: undefined;
}

export function makeFieldSchema(options: {
  readonly output: (zod: typeof z) => unknown;
  readonly uiOptions?: (zod: typeof z) => unknown;
}): FieldSchema {
  return fieldSchemaOf(options.output(z), options.uiOptions?.(z));
}

/** Of schemas that are there already. */
export function makeFieldSchemaFromZod(output: unknown, uiOptions?: unknown): FieldSchema {
  return fieldSchemaOf(output, uiOptions);
}

function fieldSchemaOf(output: unknown, uiOptions: unknown): FieldSchema {
  return {
    schema: {
      returnValue: schemaOf(output),
      uiOptions: uiOptions === undefined ? undefined : schemaOf(uiOptions),
    },
    type: undefined,
    uiOptionsType: undefined,
    TProps: undefined,
    TOutput: undefined,
  };
}

/** Types of zod 4 say it themselves. */
function schemaOf(type: unknown): unknown {
  if (!isObject(type)) return type;
  const { toJSONSchema } = type;
  if (typeof toJSONSchema === 'function') {
    return toJSONSchema.call(type, { target: 'draft-7', unrepresentable: 'any' });
  }
  // Some write the JSON Schema itself.
  return '_def' in type ? toJsonSchema(type) : type;
}
