/** The OpenAPI document at work: its operations, and its schemas compiled by ajv. */
import { isObject } from '@callboard/model';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from '@callboard/kernel/openapi';

type Tree = Readonly<Record<string, unknown>>;

export interface FoundOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly item: Tree;
}

export function operationsOf(document: Tree): readonly FoundOperation[] {
  return Object.entries(treeAt(document, 'paths')).flatMap(([path, methods]) =>
    Object.entries(isObject(methods) ? methods : {}).map(([method, value]) => {
      const item = isObject(value) ? value : {};
      return { id: String(item['operationId']), method, path, item };
    }),
  );
}

/** Says what is wrong with a value; nothing when it fits the schema. */
export type Check = (value: unknown) => readonly string[];

/** Compiles schemas that may refer to those of the document. @throws Error for a schema that is none */
export function schemaCompiler(document: OpenApiDocument): (schema: object) => Check {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  ajv.addVocabulary(['components']);
  return (schema) => {
    const isValid = ajv.compile({ ...schema, components: document.components });
    return (value) => {
      if (isValid(value)) return [];
      return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
    };
  };
}

/** What a value stands for: itself, or what its `$ref` leads to, with the siblings of that. */
export function resolved(document: Tree, value: unknown): Tree {
  if (!isObject(value)) return {};
  const { $ref: reference, ...siblings } = value;
  if (typeof reference !== 'string') return value;
  const target = lookUp(document, reference);
  return { ...(isObject(target) ? target : {}), ...siblings };
}

/** References that lead nowhere, and schemas that nothing refers to. */
export function referenceFaults(document: Tree): readonly string[] {
  const references = new Set(referencesIn(document));
  const faults = [...references].filter((reference) => lookUp(document, reference) === undefined);
  const schemas = Object.keys(treeAt(treeAt(document, 'components'), 'schemas'));
  return [...faults, ...schemas.filter((name) => !references.has(`#/components/schemas/${name}`))];
}

/** Every text under a key `$ref`, wherever it is. */
function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' && typeof child === 'string' ? [child] : referencesIn(child),
  );
}

function lookUp(document: Tree, reference: string): unknown {
  let value: unknown = document;
  for (const key of reference.split('/').slice(1)) {
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** The object under a key; empty when there is none. */
export function treeAt(of: Tree, key: string): Tree {
  const value = of[key];
  return isObject(value) ? value : {};
}
