/**
 * JSON Schema as authors write it, and the TypeScript type of what such a schema accepts. A schema written in place is
 * enough: the type of an action's input follows from it, so the two cannot part.
 */
import type { JsonObject, JsonValue } from '@callboard/model';

/** JSON Schema draft 7. */
export type JsonSchema = JsonObject;

/** The values that a schema literal accepts; JsonValue where it says too little. Lists, objects, enums and plain types. */
export type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly type: 'string' }
      ? string
      : S extends { readonly type: 'number' | 'integer' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'array'; readonly items: infer I }
            ? readonly FromSchema<I>[]
            : S extends { readonly type: 'object' }
              ? ObjectFrom<S>
              : JsonValue;

type ObjectFrom<S> = S extends { readonly properties: infer P }
  ? Simplify<
      { readonly [K in keyof P & RequiredOf<S>]: FromSchema<P[K]> } & {
        readonly [K in Exclude<keyof P, RequiredOf<S>>]?: FromSchema<P[K]> | undefined;
      }
    >
  : JsonObject;

type RequiredOf<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;
type Simplify<T> = { [K in keyof T]: T[K] };
