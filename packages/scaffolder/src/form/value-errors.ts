/** What is wrong with values, in the look of the npm package jsonschema, which Backstage answers with. */
import type { ErrorObject } from 'ajv';
import { wordsFor } from '@callboard/form';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

export interface ValueError {
  /** Keys and indexes from the root. */
  readonly path: readonly (string | number)[];
  /** The same as text, `instance.list[0].name`; of secrets `secrets.name`. */
  readonly property: string;
  /** Goes on from `property`. */
  readonly message: string;
  /** The keyword that does not hold. */
  readonly name: string;
  /** What the keyword asks for. */
  readonly argument: JsonValue;
  /** `property` and `message`. */
  readonly stack: string;
  /** The keyword alone, as it stands in the form. */
  readonly schema: JsonObject;
  /** Always empty: a value may be one that nobody should see. */
  readonly instance: JsonObject;
}

export interface ValueErrorParts {
  readonly root: string;
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly message: string;
  readonly argument: JsonValue;
}

/** Keywords whose inner errors are about one of several ways. */
const WAYS = ['oneOf', 'anyOf'];
/** That are looked at. */
const MAX_ERRORS = 1_000;
/** Tells one way from another. */
const TELLING = ['const', 'enum'];

export function valueError({ root, path, name, message, argument }: ValueErrorParts): ValueError {
  const property = path.reduce<string>((text, key) => text + suffix(key), root);
  const stack = `${property} ${message}`;
  return { path, property, message, name, argument, stack, schema: { [name]: argument }, instance: {} };
}

/** `root` begins the text of the path; `values` tell indexes from keys. */
export function toValueErrors(
  errors: readonly ErrorObject[],
  { root, values }: { readonly root: string; readonly values: unknown },
): readonly ValueError[] {
  return tellingErrors(errors).map((error) =>
    valueError({
      root,
      path: pathOf(error.instancePath, values),
      name: error.keyword,
      message: messageOf(error),
      argument: argumentOf(error),
    }),
  );
}

/**
 * Leaves out what only says that something else is wrong. When no way of several holds, but all of them but one are
 * ruled out by a `const` or an `enum`, then the errors of that one stand for all.
 */
function tellingErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>(errors.slice(MAX_ERRORS));
  for (const error of errors.slice(0, MAX_ERRORS)) {
    // Of names of properties, the one that says which name.
    if (error.keyword === 'if' || error.propertyName !== undefined) dropped.add(error);
    if (!WAYS.includes(error.keyword)) continue;
    const ways = new Map<string, ErrorObject[]>();
    for (const inner of errors) {
      if (!inner.schemaPath.startsWith(`${error.schemaPath}/`)) continue;
      const way = inner.schemaPath.slice(error.schemaPath.length + 1).split('/')[0] ?? '';
      ways.set(way, [...(ways.get(way) ?? []), inner]);
    }
    const open = [...ways.values()].filter(
      (inner) => !inner.some(({ keyword }) => TELLING.includes(keyword)),
    );
    const [only] = open;
    const chosen = open.length === 1 && ways.size > 1 && only !== undefined ? only : null;
    for (const inner of ways.values()) if (inner !== chosen) for (const one of inner) dropped.add(one);
    if (chosen !== null) dropped.add(error);
  }
  return errors.filter((error) => !dropped.has(error));
}

function pathOf(pointer: string, values: unknown): readonly (string | number)[] {
  const keys = pointer.split('/').slice(1);
  return pathIn(
    values,
    keys.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

/** Keys as a path, in which those of lists are numbers. */
export function pathIn(values: unknown, keys: readonly string[]): readonly (string | number)[] {
  let at: unknown = values;
  return keys.map((key) => {
    const isIndex = Array.isArray(at);
    at = isObject(at) || isIndex ? Object.getOwnPropertyDescriptor(at, key)?.value : undefined;
    return isIndex ? Number(key) : key;
  });
}

function suffix(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Where ajv keeps what a keyword asks for. */
const PARAMS: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependencies: 'missingProperty',
  enum: 'allowedValues',
  const: 'allowedValue',
  type: 'type',
  pattern: 'pattern',
  format: 'format',
  additionalProperties: 'additionalProperty',
  propertyNames: 'propertyName',
  multipleOf: 'multipleOf',
};

function argumentOf({ keyword, params }: ErrorObject): JsonValue {
  const given: unknown = new Map<string, unknown>(Object.entries(params)).get(PARAMS[keyword] ?? 'limit');
  const argument: JsonValue = JSON.parse(JSON.stringify(given ?? true));
  return argument;
}

/** As Backstage's clients read them, and with the name of the key; else in the words of the form. */
function messageOf(error: ErrorObject): string {
  const { keyword } = error;
  const argument = argumentOf(error);
  switch (keyword) {
    case 'required':
      return `requires property ${shown(argument)}`;
    case 'dependencies':
      return `requires property ${shown(argument)} because of another property that is set`;
    case 'type':
      return `has to be of type ${[argument].flat().map(String).join(' or ')}`;
    case 'additionalProperties':
      return `must not have the property ${shown(argument)}`;
    case 'propertyNames':
      return `must not have a property with the name ${shown(argument)}`;
    case 'additionalItems':
      return `must not have more than ${shown(argument)} items`;
    default:
      return wordsFor(keyword, argument, `does not satisfy ${keyword}`);
  }
}

const MAX_SHOWN = 300;

function shown(argument: JsonValue): string {
  const text = JSON.stringify(argument);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
