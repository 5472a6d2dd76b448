/**
 * JSON Schema as authors write it, and the TypeScript type of what such a schema accepts. A schema written in place is
 * enough: the type of an action's input follows from it, so the two cannot part.
 */
import type { JsonObject, JsonValue } from '@callboard/model';

/** JSON Schema draft 7. */
export type JsonSchema = JsonObject;

/**
 * The values that a schema literal accepts; JsonValue where it says too little. Constants, enumerations, lists, objects,
 * plain types, one of several types, and one of several schemas (`anyOf`, `oneOf`).
 */
export type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly type: readonly (infer T)[] }
      ? FromType<T, S>
      : S extends { readonly type: infer T }
        ? FromType<T, S>
        : S extends { readonly anyOf: readonly (infer A)[] } | { readonly oneOf: readonly (infer A)[] }
          ? FromSchema<A>
          : JsonValue;

/** Of one type, or of each in a union. */
type FromType<T, S> = T extends 'string'
  ? string
  : T extends 'number' | 'integer'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'null'
        ? null
        : T extends 'array'
          ? ArrayFrom<S>
          : T extends 'object'
            ? ObjectFrom<S>
            : JsonValue;

type ArrayFrom<S> = S extends { readonly items: infer I } ? readonly FromSchema<I>[] : readonly JsonValue[];

type ObjectFrom<S> = S extends { readonly properties: infer P }
  ? Simplify<
      { readonly [K in keyof P & RequiredOf<S>]: FromSchema<P[K]> } & {
        readonly [K in Exclude<keyof P, RequiredOf<S>>]?: FromSchema<P[K]> | undefined;
      }
    >
  : S extends { readonly additionalProperties: infer A extends object }
    ? { readonly [key: string]: FromSchema<A> | undefined }
    : JsonObject;

type RequiredOf<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;
type Simplify<T> = { [K in keyof T]: T[K] };
