/** `fetch:*` and `validate:*` of the Orchestrator's widgets as requests that the server makes. */
import { childPath, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { SourceRequest, TemplateValue } from '../graph.ts';
import { translateText, translateTexts } from './orchestrator-template.ts';
import { absoluteTarget, readMethod } from './read-source.ts';
import { shown, type Reading } from './rule-reading.ts';

export interface Widget {
  readonly name: string;
  readonly props: JsonObject;
  /** Of `ui:props`. */
  readonly at: string;
}

type HttpRequest = Extract<SourceRequest, { kind: 'http' }>;

/** Backstage's proxy, which is an endpoint here. */
const PROXY = /^(?:\$?\$\{\{\s*backend\.baseUrl\s*\}\})?\/api\/proxy\/([A-Za-z0-9][\w.-]*)(.*)$/s;
const BACKEND = /^\$?\$\{\{\s*backend\.baseUrl\s*\}\}/;

/** Null when it cannot be made; the reason is reported. */
export function readRequest(
  { props, at }: Widget,
  family: 'fetch' | 'validate',
  reading: Reading,
): HttpRequest | null {
  const key = (name: string): string => `${family}:${name}`;
  const target = readTarget(props[key('url')] ?? null, childPath(at, key('url')), reading);
  const given = props[key('method')];
  const body = part(props[key('body')], childPath(at, key('body')), reading);
  const headers = part(props[key('headers')], childPath(at, key('headers')), reading);
  const method = readMethod(given, childPath(at, key('method')), reading);
  const retrigger = props[key('retrigger')];
  if (retrigger !== undefined && !Array.isArray(retrigger)) {
    const summary = `'${key('retrigger')}' is ${shown(retrigger)}, and no list`;
    const detail = 'It can be left out: what a request reads is known from it.';
    reading.report({
      severity: 'warning',
      code: 'form/bad-rule',
      at: childPath(at, key('retrigger')),
      summary,
      detail,
    });
  }
  if (target === null || method === null || body === undefined || headers === undefined) return null;
  return { kind: 'http', ...target, method, query: null, headers, body: method === 'GET' ? null : body };
}

/** Undefined when it cannot be used. */
function part(value: JsonValue | undefined, at: string, reading: Reading): TemplateValue | null | undefined {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    const summary = `This is ${shown(value)}, and no mapping of names to values`;
    reading.report({ code: 'form/bad-rule', at, summary });
    return undefined;
  }
  const translated = translateTexts(value, at, reading);
  return translated === null ? undefined : (reading.template(translated, at) ?? undefined);
}

function readTarget(
  url: JsonValue,
  at: string,
  reading: Reading,
): { readonly endpoint: string | null; readonly url: TemplateValue } | null {
  if (typeof url !== 'string') {
    reading.report({ code: 'form/bad-rule', at, summary: `The URL is ${shown(url)}, and no text` });
    return null;
  }
  const [, endpoint, rest = ''] = PROXY.exec(url) ?? [];
  if (endpoint !== undefined) {
    const path = translateText(rest, at, reading);
    const template = path === null ? null : reading.template(path, at);
    return template === null ? null : { endpoint, url: template };
  }
  if (/^https?:/i.test(url)) {
    const translated = translateText(url, at, reading);
    return translated === null ? null : absoluteTarget(translated, at, reading);
  }
  const isBackend = BACKEND.test(url);
  const summary = isBackend
    ? `A form does not call ${shown(url)}: it asks proxies only`
    : `${shown(url)} is neither a proxy of the backend nor a whole URL`;
  const detail = url.includes('/api/catalog/')
    ? 'Write ui:source: {catalog: {kind: …}}, which lists what the person may see.'
    : 'Write $${{backend.baseUrl}}/api/proxy/<endpoint>/…, or https://….';
  reading.report({ code: 'form/unsupported', at, summary, detail });
  return null;
}
