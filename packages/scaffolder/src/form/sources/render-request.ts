/** What a source asks in the words of its template becomes what is asked now, with the values of the form put in. */
import {
  renderTemplateValue,
  type FormUser,
  type SourceNeed,
  type SourceRequest,
  type TemplateValue,
} from '@callboard/form';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { sourceFailed, sourceRefused } from './source-error.ts';

/** Nothing in it is an expression any more. */
export type AskedRequest =
  | { readonly kind: 'static'; readonly items: JsonValue }
  | { readonly kind: 'catalog'; readonly filter: JsonValue }
  | {
      readonly kind: 'http';
      readonly endpoint: string | null;
      /** With the query. */
      readonly url: string;
      readonly method: 'GET' | 'POST';
      readonly headers: Readonly<Record<string, string>>;
      readonly body: JsonValue | null;
    }
  | { readonly kind: 'provider'; readonly provider: string; readonly input: JsonObject };

/** Never of a template: what they say belongs to the portal, or to the connection. */
const FORBIDDEN_HEADERS = [
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
/** One line of Latin-1. */
const HEADER_VALUE = /^[\t\x20-\x7e\xa0-\xff]{0,4000}$/;
const MAX_URL = 8_000;

/** @throws CodedError 503 `scaffolder/source-failed`, 400 `scaffolder/source-refused` */
export async function renderRequest(
  request: SourceRequest,
  { need, user }: { readonly need: Pick<SourceNeed, 'form' | 'item'>; readonly user: FormUser },
): Promise<AskedRequest> {
  const { form, item } = need;
  const input = { form, current: form, user, ...(item !== null && { item }) };
  const render = async (value: TemplateValue, escape?: 'url'): Promise<JsonValue | undefined> => {
    const result = await renderTemplateValue(value, input, escape === undefined ? {} : { escape });
    if ('failure' in result) throw sourceFailed(`An expression of the source failed: ${result.failure}`);
    return result.value;
  };
  switch (request.kind) {
    case 'static':
      return { kind: 'static', items: (await render(request.items)) ?? [] };
    case 'catalog':
      return { kind: 'catalog', filter: (await render(request.filter)) ?? {} };
    case 'provider':
      return {
        kind: 'provider',
        provider: request.provider,
        input: toObject(await render(request.input)),
      };
    case 'http': {
      const url = await render(request.url, 'url');
      const query = request.query === null ? null : await render(request.query);
      return {
        kind: 'http',
        endpoint: request.endpoint,
        url: withQuery(typeof url === 'string' ? url : '', query),
        method: request.method,
        headers: toHeaders(request.headers === null ? {} : toObject(await render(request.headers))),
        body: request.body === null ? null : ((await render(request.body)) ?? null),
      };
    }
    default:
      return request satisfies never;
  }
}

function toObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function withQuery(url: string, query: JsonValue | null | undefined): string {
  const pairs = Object.entries(toObject(query ?? undefined)).flatMap(([name, value]) =>
    (isList(value) ? value : [value]).flatMap((one) =>
      one === undefined || one === null
        ? []
        : [`${encodeURIComponent(name)}=${encodeURIComponent(toText(one))}`],
    ),
  );
  const whole = pairs.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
  if (whole.length <= MAX_URL && whole.isWellFormed()) return whole;
  throw sourceRefused(
    `The values of the form make a URL of more than ${MAX_URL} characters, so nothing was asked.`,
  );
}

/** Lower-case names. */
function toHeaders(given: JsonObject): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const lower = name.toLowerCase();
    const shown = JSON.stringify(name.slice(0, 60));
    if (!HEADER_NAME.test(name) || FORBIDDEN_HEADERS.includes(lower) || lower.startsWith('proxy-')) {
      throw sourceFailed(`A template may not set the header ${shown}; the 'headers' of an endpoint may.`);
    }
    const text = toText(value);
    if (!HEADER_VALUE.test(text)) {
      throw sourceRefused(`A value of the form cannot be in the header ${shown}, so nothing was asked.`);
    }
    headers[lower] = text;
  }
  return headers;
}

function toText(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
