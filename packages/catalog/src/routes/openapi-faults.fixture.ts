/** What keeps a value from being an OpenAPI 3.1 document, as far as our own documents can go wrong. */
import { isObject } from '@callboard/model';

type Tree = Record<string, unknown>;

const METHODS = new Set(['get', 'post', 'put', 'delete']);

/** One sentence for each fault; none for a good document. Schemas are judged by whoever compiles them. */
export function faultsOf(document: unknown): string[] {
  if (!isObject(document)) return ['it is no object'];
  const faults: string[] = [];
  if (!/^3\.1\.\d+$/.test(String(document['openapi']))) faults.push('openapi is not 3.1.x');
  const info = treeAt(document, 'info');
  for (const name of ['title', 'version']) if (!isText(info[name])) faults.push(`info.${name} is no text`);
  for (const server of listAt(document, 'servers')) {
    if (!isObject(server) || !isText(server['url'])) faults.push('a server has no url');
  }
  faults.push(...securityFaults(document, listAt(document, 'security'), 'the document'));
  faults.push(...referenceFaults(document));

  const ids = new Set<unknown>();
  for (const { path, method, item } of operationsOf(document)) {
    const where = `${method} ${path}`;
    if (!path.startsWith('/')) faults.push(`${where} has no leading slash`);
    if (!METHODS.has(method)) faults.push(`${where} has no method that we know`);
    const id = item['operationId'];
    if (!isText(id) || ids.has(id)) faults.push(`${where} has no operationId of its own`);
    ids.add(id);
    const found = [...parameterFaults(document, path, item), ...operationFaults(document, item)];
    faults.push(...found.map((fault) => `${where} ${fault}`));
  }
  return faults;
}

/** Every operation of a document. */
export function operationsOf(document: Tree): { path: string; method: string; item: Tree }[] {
  return Object.entries(treeAt(document, 'paths')).flatMap(([path, methods]) =>
    Object.entries(isObject(methods) ? methods : {}).map(([method, item]) => ({
      path,
      method,
      item: isObject(item) ? item : {},
    })),
  );
}

/** What a value stands for: itself, or what its `$ref` leads to. Empty when that leads nowhere. */
export function resolved(document: Tree, value: unknown): Tree {
  if (!isObject(value)) return {};
  const reference = value['$ref'];
  if (typeof reference !== 'string') return value;
  const target = lookUp(document, reference);
  return isObject(target) ? target : {};
}

/** Every text under a key `$ref`, wherever it is. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' && typeof child === 'string' ? [child] : referencesIn(child),
  );
}

/** The parameters of an operation, references followed. */
export function parametersOf(document: Tree, operation: Tree): Tree[] {
  return listAt(operation, 'parameters').map((parameter) => resolved(document, parameter));
}

function operationFaults(document: Tree, operation: Tree): string[] {
  const faults: string[] = [];
  const tags = listAt(document, 'tags').map((tag) => (isObject(tag) ? tag['name'] : null));
  const own = listAt(operation, 'tags');
  if (own.length === 0) faults.push('has no tag');
  for (const tag of own) if (!tags.includes(tag)) faults.push(`has the undeclared tag ${String(tag)}`);
  if (!isText(operation['summary'])) faults.push('has no summary');
  if (operation['security'] !== undefined) {
    faults.push(...securityFaults(document, listAt(operation, 'security'), 'it'));
  }
  faults.push(...responseFaults(document, treeAt(operation, 'responses')));
  if (operation['requestBody'] !== undefined) {
    const body = resolved(document, operation['requestBody']);
    if (typeof body['required'] !== 'boolean') faults.push('does not say whether it requires a body');
    if (!hasSchema(body)) faults.push('has a body without a schema');
  }
  return faults;
}

function responseFaults(document: Tree, responses: Tree): string[] {
  const faults: string[] = [];
  const statuses = Object.keys(responses);
  if (!statuses.some((status) => /^2\d\d$/.test(status))) faults.push('has no good answer');
  if (!statuses.includes('default')) faults.push('has no default answer');
  for (const [status, value] of Object.entries(responses)) {
    if (!/^(?:[1-5]\d\d|default)$/.test(status)) faults.push(`has the status ${status}`);
    const response = resolved(document, value);
    if (!isText(response['description'])) faults.push(`does not describe ${status}`);
    if (response['content'] !== undefined && !hasSchema(response)) faults.push(`has no schema for ${status}`);
  }
  return faults;
}

/** Faults of parameters: what the path has and what is declared must be the same. */
function parameterFaults(document: Tree, path: string, operation: Tree): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const parameter of parametersOf(document, operation)) {
    const { name, in: place, required } = parameter;
    const key = `${String(place)} ${String(name)}`;
    if (seen.has(key)) faults.push(`has ${key} twice`);
    seen.add(key);
    if (place !== 'path' && place !== 'query') faults.push(`has a parameter in ${String(place)}`);
    if (place === 'path' && required !== true) faults.push(`does not require ${key}`);
    if (!isObject(parameter['schema'])) faults.push(`has no schema for ${key}`);
    if (!isText(parameter['description'])) faults.push(`does not describe ${key}`);
  }
  const inPath = new Set(path.match(/\{\w+\}/g)?.map((part) => `path ${part.slice(1, -1)}`));
  for (const key of inPath) if (!seen.has(key)) faults.push(`does not declare ${key}`);
  for (const key of seen) {
    if (key.startsWith('path ') && !inPath.has(key)) faults.push(`has no place for ${key}`);
  }
  return faults;
}

function securityFaults(document: Tree, requirements: readonly unknown[], where: string): string[] {
  const schemes = treeAt(treeAt(document, 'components'), 'securitySchemes');
  if (requirements.length === 0) return [`${where} has no security`];
  return requirements
    .flatMap((requirement) => Object.keys(isObject(requirement) ? requirement : {}))
    .filter((name) => !Object.hasOwn(schemes, name))
    .map((name) => `${where} names the undeclared security scheme ${name}`);
}

function referenceFaults(document: Tree): string[] {
  const references = new Set(referencesIn(document));
  const faults = [...references]
    .filter((reference) => lookUp(document, reference) === undefined)
    .map((reference) => `${reference} leads nowhere`);
  for (const [room, components] of Object.entries(treeAt(document, 'components'))) {
    if (room === 'securitySchemes' || !isObject(components)) continue;
    for (const name of Object.keys(components)) {
      if (!references.has(`#/components/${room}/${name}`)) faults.push(`${room}/${name} is never used`);
    }
  }
  return faults;
}

function lookUp(document: Tree, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function hasSchema(of: Tree): boolean {
  return isObject(treeAt(treeAt(of, 'content'), 'application/json')['schema']);
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

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
