/** What a test says of the outside: who asks, what the catalog has, what requests and lists of plugins are answered. */
import { isObject, refOf, type Entity, type JsonObject, type JsonValue } from '@callboard/model';
import type { FormUser } from '@callboard/form';
import type { CatalogPort } from '../catalog-port.ts';
import { toFormUser } from '../form/form-user.ts';
import { queryEntities } from '../form/sources/query-entities.ts';
import type { Reading } from './reading.ts';

export interface Outside {
  /** Who asks. */
  readonly user: {
    readonly ref: string;
    readonly entity?: Entity;
    readonly groups: readonly string[];
  } | null;
  /** What the catalog has; nothing else is in it. */
  readonly catalog: readonly Entity[];
  readonly http: readonly RecordedExchange[];
  /** What plugins list for forms, by the name of the list, as `aws:accounts`. */
  readonly options: Readonly<Record<string, readonly JsonValue[]>>;
}

export interface RecordedExchange {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A text, a value that is sent as JSON, or a file beside the tests. */
  readonly body:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'json'; readonly value: JsonValue }
    | { readonly kind: 'file'; readonly path: string };
}

/** The keys of a case that `readOutside` reads. */
export const OUTSIDE_KEYS: readonly string[] = ['user', 'catalog', 'http', 'options'];

export function readOutside(reading: Reading, one: JsonObject, at: string): Outside {
  const lists = Object.entries(reading.object(one['options'], `${at}.options`));
  return {
    user: toUser(reading, one['user'], `${at}.user`),
    catalog: reading.list(one['catalog'], `${at}.catalog`).flatMap((value, index) => {
      return toEntity(reading, value, `${at}.catalog[${index}]`) ?? [];
    }),
    http: reading.list(one['http'], `${at}.http`).map((exchange, index) => {
      return toExchange(reading, exchange, `${at}.http[${index}]`);
    }),
    options: Object.fromEntries(
      lists.map(([name, list]) => [name, reading.list(list, reading.below(`${at}.options`, name))]),
    ),
  };
}

/** A catalog with the entities of the test. Whatever is registered is there, and empty. */
export function catalogOf({ catalog, user }: Outside): CatalogPort {
  const own = user?.entity === undefined ? [] : [user.entity];
  const all = new Map([...catalog, ...own].map((one) => [refOf(one), one]));
  return {
    entity: async (ref) => all.get(ref.toLowerCase()) ?? null,
    ownershipOf: async (ref) => [ref, ...(user?.groups ?? [])],
    query: async (asked) => queryEntities([...all.values()], asked),
    register: async () => [],
    preview: async () => [],
  };
}

/** Who fills the form in. */
export function formUserOf({ user }: Outside): FormUser {
  const ref = user?.ref ?? null;
  const ownership = ref === null ? [] : [ref, ...(user?.groups ?? [])];
  return toFormUser({ ref, ownership }, user?.entity ?? null);
}

function toUser(reading: Reading, value: JsonValue | undefined, at: string): Outside['user'] {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return { ref: value, groups: [] };
  const { ref, entity, groups } = reading.object(value, at, ['ref', 'entity', 'groups']);
  const named = {
    ref: reading.text(ref, `${at}.ref`) ?? 'user:default/guest',
    groups: reading.textList(groups, `${at}.groups`),
  };
  const read = entity === undefined ? null : toEntity(reading, entity, `${at}.entity`);
  return read === null ? named : { ...named, entity: read };
}

/** As much of an entity as has to be there. */
function toEntity(reading: Reading, value: JsonValue, at: string): Entity | null {
  const { apiVersion, kind, metadata, spec, relations: _, ...rest } = reading.object(value, at);
  const name = isObject(metadata) ? metadata['name'] : undefined;
  if (
    typeof apiVersion !== 'string' ||
    typeof kind !== 'string' ||
    !isObject(metadata) ||
    typeof name !== 'string'
  ) {
    reading.wrong(at, 'It is no entity: it needs apiVersion, kind and metadata.name');
    return null;
  }
  return {
    ...rest,
    apiVersion,
    kind,
    metadata: { namespace: 'default', ...metadata, name },
    ...(isObject(spec) ? { spec } : {}),
  };
}

function toExchange(reading: Reading, value: JsonValue, at: string): RecordedExchange {
  const { request, response } = reading.object(value, at, ['request', 'response']);
  const asked = reading.object(request, `${at}.request`, ['method', 'url']);
  const answer = reading.object(response, `${at}.response`, ['status', 'headers', 'body', 'json', 'file']);
  const url = reading.text(asked['url'], `${at}.request.url`) ?? '';
  if (!URL.canParse(url)) reading.wrong(`${at}.request.url`, `'${url}' is no URL`);
  const { status = 200, json, file, body } = answer;
  if (typeof status !== 'number' || status < 200 || status > 599) {
    reading.wrong(`${at}.response.status`, 'The status of an answer is a number from 200 to 599');
  }
  return {
    method: (reading.text(asked['method'], `${at}.request.method`) ?? 'GET').toUpperCase(),
    url,
    status: typeof status === 'number' ? status : 200,
    headers: reading.texts(answer['headers'], `${at}.response.headers`),
    body: toBody(reading, { json, file, body, at: `${at}.response` }),
  };
}

function toBody(
  reading: Reading,
  of: { json: JsonValue | undefined; file: JsonValue | undefined; body: JsonValue | undefined; at: string },
): RecordedExchange['body'] {
  const { json, file, body, at } = of;
  if ([json, file, body].filter((one) => one !== undefined).length > 1) {
    reading.wrong(at, 'An answer has one of body, json and file');
  }
  if (json !== undefined) return { kind: 'json', value: json };
  if (file !== undefined) return { kind: 'file', path: reading.text(file, `${at}.file`) ?? '' };
  return { kind: 'text', text: reading.text(body, `${at}.body`) ?? '' };
}
