/** What a form can bring: its parameters, wherever a condition hides them, and the secrets that go beside them. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Path } from './source-document.ts';

export interface DeclaredParameter {
  readonly path: Path;
  readonly schema: JsonObject;
}

export interface Declared {
  readonly parameters: ReadonlyMap<string, DeclaredParameter>;
  /** Names of fields whose value goes to the secrets. */
  readonly secretFields: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  /** Names that the form itself uses, in a condition or in the options of another field. */
  readonly usedByForm: ReadonlySet<string>;
  /** More parameters than those may come: nothing can be said about one that is missing. */
  readonly isOpen: boolean;
  /** More secrets than those may come. */
  readonly secretsAreOpen: boolean;
}

interface Collected {
  readonly parameters: Map<string, DeclaredParameter>;
  readonly secretFields: Set<string>;
  readonly secrets: Set<string>;
  readonly usedByForm: Set<string>;
  isOpen: boolean;
  hasUnknownField: boolean;
}

export const BUILT_IN_FIELDS = [
  'EntityNamePicker',
  'EntityPicker',
  'MultiEntityPicker',
  'OwnerPicker',
  'OwnedEntityPicker',
  'MyGroupsPicker',
  'EntityTagsPicker',
  'RepoUrlPicker',
  'RepoBranchPicker',
  'RepoOwnerPicker',
  'Secret',
];

/** The pages with their paths: `parameters` is one page or a list of them. */
export function pagesOf(spec: JsonObject): readonly { readonly page: JsonObject; readonly path: Path }[] {
  const parameters = spec['parameters'];
  const root: Path = ['spec', 'parameters'];
  if (isObject(parameters)) return [{ page: parameters, path: root }];
  return itemsOf(parameters).flatMap((page, index) =>
    isObject(page) ? [{ page, path: [...root, index] }] : [],
  );
}

export function declaredBy(spec: JsonObject): Declared {
  const collected: Collected = {
    parameters: new Map(),
    secretFields: new Set(),
    secrets: new Set(),
    usedByForm: new Set(),
    isOpen: false,
    hasUnknownField: false,
  };
  for (const { page, path } of pagesOf(spec)) {
    collect(collected, page, path);
    useByText(collected, page);
  }
  const hasDecorators =
    spec['formDecorators'] !== undefined || spec['EXPERIMENTAL_formDecorators'] !== undefined;
  const secrets = isObject(spec['secrets']) ? spec['secrets'] : {};
  const schema = isObject(secrets['schema']) ? secrets['schema'] : {};
  for (const name of keysOf(schema['properties'])) collected.secrets.add(name);
  const { isOpen, hasUnknownField, ...rest } = collected;
  return {
    ...rest,
    isOpen: isOpen || hasDecorators || hasPlaceholder(spec['parameters']),
    secretsAreOpen: hasDecorators || hasUnknownField || collected.parameters.size === 0,
  };
}

/** The catalog puts the content of another file here (`$yaml`, `$json`, `$text`): what that has is not known. */
export function hasPlaceholder(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return itemsOf(value).some(hasPlaceholder);
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  if (keys.length === 1 && /^\$(?:yaml|json|text|openapi|asyncapi)$/.test(keys[0] ?? '')) return true;
  return Object.values(value).some(hasPlaceholder);
}

/** `properties` and everything that adds to them under a condition. */
function collect(into: Collected, schema: JsonObject, path: Path): void {
  if (typeof schema['$ref'] === 'string' || isObject(schema['patternProperties'])) into.isOpen = true;
  if (schema['additionalProperties'] === true || isObject(schema['additionalProperties'])) into.isOpen = true;
  for (const [name, property] of objectsIn(schema['properties'])) {
    const at = [...path, 'properties', name];
    if (!into.parameters.has(name)) into.parameters.set(name, { path: at, schema: property });
    collectField(into, { name, property });
  }
  for (const keyword of ['dependencies', 'dependentSchemas', 'dependentRequired']) {
    for (const name of keysOf(schema[keyword])) into.usedByForm.add(name);
    for (const [name, dependent] of objectsIn(schema[keyword])) {
      collect(into, dependent, [...path, keyword, name]);
    }
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const [index, branch] of itemsOf(schema[keyword]).entries()) {
      if (isObject(branch)) collect(into, branch, [...path, keyword, index]);
    }
  }
  for (const keyword of ['then', 'else']) {
    const branch = schema[keyword];
    if (isObject(branch)) collect(into, branch, [...path, keyword]);
  }
  useByCondition(into, schema['if']);
}

function useByCondition(into: Collected, condition: JsonValue | undefined): void {
  if (!isObject(condition)) return;
  for (const name of keysOf(condition['properties'])) into.usedByForm.add(name);
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const branch of itemsOf(condition[keyword])) useByCondition(into, branch);
  }
  useByCondition(into, condition['not']);
}

/** A field, and the fields inside it: only the secrets of those are known by name. */
function collectField(
  into: Collected,
  { name, property }: { readonly name: string; readonly property: JsonObject },
): void {
  const field = property['ui:field'];
  if (field === 'Secret') {
    into.secretFields.add(name);
    into.secrets.add(name);
  }
  if (typeof field === 'string' && !BUILT_IN_FIELDS.includes(field)) into.hasUnknownField = true;
  for (const options of [property, property['ui:options']]) {
    const credentials = isObject(options) ? options['requestUserCredentials'] : undefined;
    const key = isObject(credentials) ? credentials['secretsKey'] : undefined;
    if (typeof key === 'string') into.secrets.add(key);
  }
  for (const [inner, schema] of objectsIn(property['properties']))
    collectField(into, { name: inner, property: schema });
  if (isObject(property['items'])) collectField(into, { name, property: property['items'] });
}

/**
 * Custom fields read others: by an expression, or by the bare name in their options. Any text that could be one counts.
 */
function useByText(into: Collected, page: JsonObject): void {
  const look = (value: JsonValue | undefined, isOption: boolean): void => {
    if (typeof value === 'string') {
      for (const [, name = ''] of value.matchAll(/(?:parameters|formData|current|form)\??\.(\w+)/g)) {
        into.usedByForm.add(name);
      }
      if (isOption) for (const [word] of value.matchAll(/[\w-]+/g)) into.usedByForm.add(word);
    }
    if (Array.isArray(value)) for (const item of value) look(item, isOption);
    if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        look(item, isOption || (key.startsWith('ui:') && !PLAIN_KEYWORDS.has(key)));
      }
    }
  };
  look(page, false);
}

/** Words in these are for people. */
const PLAIN_KEYWORDS = new Set([
  'ui:title',
  'ui:description',
  'ui:help',
  'ui:placeholder',
  'ui:order',
  'ui:field',
  'ui:widget',
  'ui:autofocus',
]);

/** The items of a list; none when it is no list. */
export function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function keysOf(value: JsonValue | undefined): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

export function objectsIn(value: JsonValue | undefined): readonly (readonly [string, JsonObject])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (isObject(item) ? [[key, item] as const] : []));
}
