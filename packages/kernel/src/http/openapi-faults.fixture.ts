/** The OpenAPI document at work: its operations, its schemas compiled by ajv, and what is wrong with it as a whole. */
import { isObject } from '@callboard/model';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from './openapi.ts';

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
  const ajv = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true, allErrors: true });
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

/** One sentence for each fault; none for a good document. Schemas are judged by who compiles them. */
export function faultsOf(document: Tree): readonly string[] {
  const faults = referenceFaults(document);
  const tags = new Set(listAt(document, 'tags').map((tag) => (isObject(tag) ? tag['name'] : null)));
  const ids = new Set<string>();
  for (const operation of operationsOf(document)) {
    const { id, method, path, item } = operation;
    const complain = (fault: string): number => faults.push(`${method} ${path} ${fault}`);
    if (!/^[A-Z][A-Za-z]+$/.test(id) || ids.has(id)) complain('has no operationId of its own');
    ids.add(id);
    if (typeof item['summary'] !== 'string') complain('has no summary');
    const own = listAt(item, 'tags');
    if (own.length !== 1 || !own.every((tag) => tags.has(tag))) complain('has not one declared tag');
    for (const fault of parameterFaults(document, operation)) complain(fault);
    const responses = treeAt(item, 'responses');
    for (const status of ['400', 'default']) if (!(status in responses)) complain(`has no answer ${status}`);
    for (const [status, response] of Object.entries(responses)) {
      const { description } = resolved(document, response);
      if (typeof description !== 'string') complain(`does not describe ${status}`);
    }
  }
  return faults;
}

function parameterFaults(document: Tree, { path, item }: FoundOperation): readonly string[] {
  const faults: string[] = [];
  const seen: string[] = [];
  for (const value of listAt(item, 'parameters')) {
    const { name, in: place, required, description, schema } = resolved(document, value);
    seen.push(`${String(place)} ${String(name)}`);
    if (place === 'path' && required !== true) faults.push(`does not require ${String(name)}`);
    if (typeof description !== 'string' || !isObject(schema))
      faults.push(`does not describe ${String(name)}`);
  }
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`);
  const declared = seen.filter((key) => key.startsWith('path '));
  if (inPath.join() !== declared.join()) faults.push(`declares ${declared.join()}`);
  if (new Set(seen).size !== seen.length) faults.push('declares a parameter twice');
  return faults;
}

function referenceFaults(document: Tree): string[] {
  const references = new Set(referencesIn(document));
  const faults = [...references]
    .filter((reference) => lookUp(document, reference) === undefined)
    .map((reference) => `${reference} leads nowhere`);
  for (const kind of ['schemas', 'responses']) {
    for (const name of Object.keys(treeAt(treeAt(document, 'components'), kind))) {
      if (!references.has(`#/components/${kind}/${name}`)) faults.push(`${kind}/${name} is never used`);
    }
  }
  return faults;
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

function listAt(of: Tree, key: string): readonly unknown[] {
  const value = of[key];
  return Array.isArray(value) ? value : [];
}
