/** `ui:source`: where the options of a field come from. */
import { childPath, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Expression, OptionShape, Source, SourceRequest, TemplateValue } from '../graph.ts';
import { readsOf, reportUnknownKeys, shown, type Reading } from './rule-reading.ts';

const KINDS = ['static', 'catalog', 'http', 'provider'] as const;
type Kind = (typeof KINDS)[number];
const SHAPE = ['items', 'value', 'label', 'description', 'group'] as const;
const OTHERS = ['with', 'whenEmpty', 'gives'];
const KEYS: readonly string[] = [...KINDS, ...SHAPE, ...OTHERS];
const HTTP_KEYS = ['endpoint', 'path', 'url', 'method', 'query', 'headers', 'body'];
export const NO_SHAPE: OptionShape = {
  items: null,
  value: null,
  label: null,
  description: null,
  group: null,
};

/** Null when it cannot be used; the reason is reported. */
export function readSource(declared: JsonValue, at: string, reading: Reading): Source | null {
  if (!isObject(declared)) {
    const summary = `'ui:source' is ${shown(declared)}, which names no source`;
    reading.report({ code: 'form/unknown-source', at, summary, detail: oneOf() });
    return null;
  }
  reportUnknownKeys(Object.keys(declared), { at, known: KEYS, of: 'ui:source' }, reading);
  const kinds = KINDS.filter((kind) => declared[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    const summary =
      kind === undefined
        ? "'ui:source' names no source"
        : `'ui:source' names ${kinds.length} sources: ${kinds.join(', ')}`;
    reading.report({ code: 'form/unknown-source', at, summary, detail: oneOf() });
    return null;
  }
  const request = readRequest(kind, { declared, at }, reading);
  const shape = readShape(declared, at, reading);
  const whenEmpty = readWord(declared, { at, key: 'whenEmpty', words: ['wait', 'ask'] as const }, reading);
  const gives = readWord(declared, { at, key: 'gives', words: ['options', 'value'] as const }, reading);
  if (request === null) return null;
  return { request, shape, at, reads: requestReads(request), whenEmpty, gives };
}

function oneOf(): string {
  return `Write one of ${KINDS.join(', ')} in it.`;
}

/** What a request reads of the form. */
export function requestReads(request: SourceRequest): Source['reads'] {
  switch (request.kind) {
    case 'static':
      return readsOf([request.items]);
    case 'catalog':
      return readsOf([request.filter]);
    case 'http':
      return readsOf([request.url, request.query, request.headers, request.body]);
    case 'provider':
      return readsOf([request.input]);
    default:
      return request satisfies never;
  }
}

interface Written {
  readonly declared: JsonObject;
  readonly at: string;
}

function readRequest(kind: Kind, { declared, at }: Written, reading: Reading): SourceRequest | null {
  const value = declared[kind] ?? null;
  const inside = childPath(at, kind);
  if (kind !== 'provider' && declared['with'] !== undefined) {
    const summary = `'with' is given to a provider only, and this source is '${kind}'`;
    reading.report({ severity: 'warning', code: 'form/unknown-key', at: childPath(at, 'with'), summary });
  }
  if (kind === 'static') return readStatic(value, inside, reading);
  if (kind === 'catalog') return readCatalog(value, inside, reading);
  if (kind === 'http') return readHttp(value, inside, reading);
  return readProvider({ declared, at }, reading);
}

function readStatic(value: JsonValue, at: string, reading: Reading): SourceRequest | null {
  if (typeof value === 'string' && !value.includes('${{')) {
    const expression = reading.expression(value, at);
    return expression === null ? null : { kind: 'static', items: { kind: 'expression', expression } };
  }
  if (typeof value !== 'string' && !Array.isArray(value)) {
    const summary = `'static' is ${shown(value)}, and no list`;
    const detail = 'Write a list of values or of {value, label}, or an expression that gives one.';
    reading.report({ code: 'form/bad-rule', at, summary, detail });
    return null;
  }
  const items = reading.template(value, at);
  return items === null ? null : { kind: 'static', items };
}

function readCatalog(value: JsonValue, at: string, reading: Reading): SourceRequest | null {
  const isWrapped = isObject(value) && value['filter'] !== undefined;
  const filter = isWrapped ? (value['filter'] ?? null) : value;
  const inside = isWrapped ? childPath(at, 'filter') : at;
  if (isWrapped) reportUnknownKeys(Object.keys(value), { at, known: ['filter'], of: 'catalog' }, reading);
  const isFilter = Array.isArray(filter) ? filter.length > 0 && filter.every(isObject) : isObject(filter);
  if (!isFilter) {
    const summary = `'catalog' is ${shown(value)}, and no filter`;
    const detail =
      'Write what entities have to be, as in catalogFilter: {kind: Resource, spec.type: aws-account}.';
    reading.report({ code: 'form/bad-rule', at, summary, detail });
    return null;
  }
  const template = reading.template(filter, inside);
  return template === null ? null : { kind: 'catalog', filter: template };
}

function readHttp(
  value: JsonValue,
  at: string,
  reading: Reading,
): Extract<SourceRequest, { kind: 'http' }> | null {
  if (!isObject(value)) {
    const detail = 'Write {endpoint: <name>, path: …} or {url: https://…}.';
    reading.report({
      code: 'form/bad-rule',
      at,
      summary: `'http' is ${shown(value)}, and no request`,
      detail,
    });
    return null;
  }
  reportUnknownKeys(Object.keys(value), { at, known: HTTP_KEYS, of: 'http' }, reading);
  const target = readTarget(value, at, reading);
  const method = readMethod(value['method'], childPath(at, 'method'), reading);
  const part = (key: string): TemplateValue | null => {
    const given = value[key];
    if (given === undefined || given === null) return null;
    const inside = childPath(at, key);
    if (key === 'body' || isObject(given)) return reading.template(given, inside);
    const summary = `'${key}' is ${shown(given)}, and no mapping of names to values`;
    reading.report({ code: 'form/bad-rule', at: inside, summary });
    return null;
  };
  const [query, headers, body] = [part('query'), part('headers'), part('body')];
  if (target === null || method === null) return null;
  if (body !== null && method === 'GET') {
    const summary = "A request with 'body' is sent with POST, and this one says GET";
    reading.report({
      code: 'form/bad-rule',
      at: childPath(at, 'body'),
      summary,
      detail: 'Write method: POST.',
    });
    return null;
  }
  return { kind: 'http', ...target, method, query, headers, body };
}

/** Null when it is no method that sources are asked with. */
export function readMethod(
  method: JsonValue | undefined,
  at: string,
  reading: Reading,
): 'GET' | 'POST' | null {
  if (method === undefined || method === null) return 'GET';
  const upper = typeof method === 'string' ? method.toUpperCase() : method;
  if (upper === 'GET' || upper === 'POST') return upper;
  const summary = `Sources are asked with GET or POST, and not with ${shown(method)}`;
  reading.report({ code: 'form/bad-rule', at, summary });
  return null;
}

interface Target {
  readonly endpoint: string | null;
  readonly url: TemplateValue;
}

function readTarget(http: JsonObject, at: string, reading: Reading): Target | null {
  const { endpoint, path, url } = http;
  if (url !== undefined) {
    if (endpoint === undefined && path === undefined)
      return absoluteTarget(url, childPath(at, 'url'), reading);
    const summary = "'http' has a 'url' and an 'endpoint' with a 'path'; it can have one of them";
    reading.report({ code: 'form/bad-rule', at, summary });
    return null;
  }
  if (typeof endpoint !== 'string' || !/^[A-Za-z0-9][\w.-]*$/.test(endpoint)) {
    const summary =
      endpoint === undefined
        ? "'http' says neither 'endpoint' nor 'url'"
        : `No endpoint can be called ${shown(endpoint)}`;
    const detail = 'An endpoint is a name under scaffolder.forms.endpoints of the configuration.';
    reading.report({
      code: 'form/bad-rule',
      at: endpoint === undefined ? at : childPath(at, 'endpoint'),
      summary,
      detail,
    });
    return null;
  }
  const inside = childPath(at, 'path');
  if (path !== undefined && typeof path !== 'string') {
    reading.report({ code: 'form/bad-rule', at: inside, summary: `'path' is ${shown(path)}, and no text` });
    return null;
  }
  const template = reading.template(path ?? '', inside);
  return template === null ? null : { endpoint, url: template };
}

/** The host has to be written out, so that what somebody enters cannot choose where a request goes. */
export function absoluteTarget(url: JsonValue, at: string, reading: Reading): Target | null {
  if (typeof url !== 'string' || !/^https?:\/\/[^\s/?#$@{}\\]+([/?#]|$)/i.test(url)) {
    const summary = `'url' is ${shown(url)}, which names no host`;
    const detail = 'Write https://, the host and then the rest; expressions can stand behind the host only.';
    reading.report({ code: 'form/bad-rule', at, summary, detail });
    return null;
  }
  const template = reading.template(url, at);
  return template === null ? null : { endpoint: null, url: template };
}

function readProvider({ declared, at }: Written, reading: Reading): SourceRequest | null {
  const provider = declared['provider'];
  if (typeof provider !== 'string' || provider.trim() === '') {
    const summary = `'provider' is ${shown(provider)}, and no name`;
    const detail = 'Write the name of a list that a plugin offers, as aws:accounts.';
    reading.report({ code: 'form/bad-rule', at: childPath(at, 'provider'), summary, detail });
    return null;
  }
  const input = declared['with'] ?? {};
  const inside = childPath(at, 'with');
  if (!isObject(input)) {
    const summary = `'with' is ${shown(input)}, and no mapping of names to values`;
    reading.report({ code: 'form/bad-rule', at: inside, summary });
    return null;
  }
  const template = reading.template(input, inside);
  return template === null ? null : { kind: 'provider', provider, input: template };
}

function readShape(declared: JsonObject, at: string, reading: Reading): OptionShape {
  const part = (key: (typeof SHAPE)[number]): Expression | null => {
    const text = declared[key];
    if (text === undefined || text === null) return null;
    const inside = childPath(at, key);
    if (typeof text === 'string') return reading.shapeExpression(text, inside);
    const summary = `'${key}' is ${shown(text)}, and no expression`;
    const detail =
      key === 'items'
        ? 'It gives the list in the answer, as data.items.'
        : 'It gives the part of an item, as name.';
    reading.report({ code: 'form/bad-rule', at: inside, summary, detail });
    return null;
  };
  return {
    items: part('items'),
    value: part('value'),
    label: part('label'),
    description: part('description'),
    group: part('group'),
  };
}

/** The first word is what counts when nothing is said. */
function readWord<W extends string>(
  declared: JsonObject,
  { at, key, words }: { readonly at: string; readonly key: string; readonly words: readonly [W, ...W[]] },
  reading: Reading,
): W {
  const value = declared[key];
  if (value === undefined) return words[0];
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  const summary = `'${key}' is ${shown(value)}; it can be ${words.join(' or ')}`;
  reading.report({ code: 'form/bad-rule', at: childPath(at, key), summary });
  return words[0];
}
