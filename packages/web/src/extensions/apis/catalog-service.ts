/** `catalogApiRef`: Backstage's catalog client, as far as it reads, over the REST API of this portal. */
import { isObject, parseRef } from '@callboard/model';
import { listFrom, notAnswered } from '../../api/answer.ts';
import { namePath } from '../../api/catalog.ts';
import type { Client } from '../../api/client.ts';
import { statusOf } from '../../api/error.ts';

/** The value of a filter that says: whatever it is, if it is there. The same symbol as Backstage's. */
export const CATALOG_FILTER_EXISTS = Symbol.for('CATALOG_FILTER_EXISTS_0e15b590c0b343a2bae3e787e84c2111');

type Filter = Readonly<Record<string, unknown>>;

interface Order {
  readonly field: string;
  readonly order: string;
}

interface Query {
  readonly filter?: Filter | readonly Filter[];
  readonly query?: unknown;
  readonly fields?: readonly string[];
  readonly order?: Order | readonly Order[];
  readonly orderFields?: Order | readonly Order[];
  readonly fullTextFilter?: { readonly term?: string; readonly fields?: readonly string[] };
  readonly offset?: number;
  readonly limit?: number;
  readonly after?: string;
  readonly cursor?: string;
}

const ROOT = '/api/catalog';
/** References in one request. */
const CHUNK = 500;

export function createCatalogService(client: Client): Readonly<Record<string, unknown>> {
  async function getEntities(query: Query = {}): Promise<{ readonly items: readonly unknown[] }> {
    const params = withFilters(query);
    addAll(
      params,
      'order',
      [query.order ?? []].flat().map(({ field, order }) => `${order}:${field}`),
    );
    addAll(params, 'after', [query.after ?? []].flat());
    const answer = await client({ path: `${ROOT}/entities?${params}` });
    if (!Array.isArray(answer)) throw notAnswered('a list of entities');
    return { items: answer };
  }

  async function queryEntities(query: Query = {}): Promise<unknown> {
    if (query.query !== undefined) {
      const { filter, orderFields, ...body } = query;
      if (filter !== undefined)
        throw new TypeError('queryEntities takes “filter” or “query” here, not both.');
      const order = orderFields === undefined ? {} : { orderBy: [orderFields].flat() };
      return client({ path: `${ROOT}/entities/by-query`, body: { ...body, ...order } });
    }
    const params = withFilters(query);
    addAll(params, 'cursor', [query.cursor ?? []].flat());
    addAll(
      params,
      'orderField',
      [query.orderFields ?? []].flat().map(({ field, order }) => `${field},${order}`),
    );
    const term = query.fullTextFilter?.term?.trim() ?? '';
    if (term !== '') params.set('fullTextFilterTerm', term);
    addAll(params, 'fullTextFilterFields', [(query.fullTextFilter?.fields ?? []).join(',')]);
    return client({ path: `${ROOT}/entities/by-query?${params}` });
  }

  async function* streamEntities(query: Query = {}): AsyncGenerator<readonly unknown[], void, void> {
    let page = await queryEntities({ limit: 500, ...query });
    for (;;) {
      const items = listFrom(page, 'items');
      if (items.length > 0) yield items;
      const info = isObject(page) ? page['pageInfo'] : undefined;
      const cursor = isObject(info) ? info['nextCursor'] : undefined;
      if (typeof cursor !== 'string') return;
      page = await queryEntities({ cursor });
    }
  }

  async function getEntitiesByRefs(request: {
    readonly entityRefs: readonly string[];
    readonly fields?: readonly string[];
    readonly filter?: Filter | readonly Filter[];
    readonly query?: unknown;
  }): Promise<{ readonly items: readonly unknown[] }> {
    const { entityRefs, filter, ...rest } = request;
    const params = withFilters(filter === undefined ? {} : { filter });
    const path = `${ROOT}/entities/by-refs${params.size === 0 ? '' : `?${params}`}`;
    const items: unknown[] = [];
    for (let start = 0; start < entityRefs.length; start += CHUNK) {
      const body = { ...rest, entityRefs: entityRefs.slice(start, start + CHUNK) };
      // One after the other: a field that asks for ten thousand must not crowd the page out.
      const answer = await client({ path, body });
      items.push(...listFrom(answer, 'items').map((item) => item ?? undefined));
    }
    return { items };
  }

  return {
    getEntities,
    queryEntities,
    streamEntities,
    getEntitiesByRefs,
    getEntityByRef: (ref: unknown) => found(client({ path: namePath(toRef(ref)) })),
    getEntityByName: (ref: unknown) => found(client({ path: namePath(toRef(ref)) })),
    getEntityAncestors: ({ entityRef }: { readonly entityRef: string }) =>
      client({ path: `${namePath(toRef(entityRef))}/ancestry` }),
    async getEntityFacets(request: Query & { readonly facets: readonly string[] }) {
      const params = withFilters(request);
      addAll(params, 'facet', request.facets);
      return client({ path: `${ROOT}/entity-facets?${params}` });
    },
    async refreshEntity(entityRef: string) {
      await client({ path: `${ROOT}/refresh`, body: { entityRef } });
    },
    async getLocations() {
      const answer = await client({ path: `${ROOT}/locations` });
      const rows: readonly unknown[] = Array.isArray(answer) ? answer : [];
      return { items: rows.map((row) => (isObject(row) ? row['data'] : row)) };
    },
    getLocationByEntity(ref: unknown) {
      const { kind, namespace, name } = toRef(ref);
      const parts = [kind, namespace, name].map((part) => encodeURIComponent(part));
      return found(client({ path: `${ROOT}/locations/by-entity/${parts.join('/')}` }));
    },
  };
}

/** `filter=kind=component,spec.type=service`, once per alternative, and what all queries have. */
function withFilters({ filter, fields, offset, limit }: Query): URLSearchParams {
  const params = new URLSearchParams();
  for (const one of [filter ?? []].flat()) {
    const parts = Object.entries(one).flatMap(([key, value]) =>
      [value].flat().flatMap((wanted) => {
        if (wanted === CATALOG_FILTER_EXISTS) return [key];
        return typeof wanted === 'string' ? [`${key}=${wanted}`] : [];
      }),
    );
    if (parts.length > 0) params.append('filter', parts.join(','));
  }
  addAll(params, 'fields', [(fields ?? []).join(',')]);
  if (offset !== undefined) params.set('offset', String(offset));
  if (limit !== undefined) params.set('limit', String(limit));
  return params;
}

function addAll(params: URLSearchParams, key: string, values: readonly string[]): void {
  for (const value of values) if (value !== '') params.append(key, value);
}

/** Undefined where there is nothing. */
async function found(answer: Promise<unknown>): Promise<unknown> {
  try {
    return (await answer) ?? undefined;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw thrown;
  }
}

function toRef(ref: unknown): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const parsed = typeof ref === 'string' ? parseRef(ref) : null;
  if (parsed !== null) return parsed;
  if (isObject(ref) && typeof ref['kind'] === 'string' && typeof ref['name'] === 'string') {
    const namespace = typeof ref['namespace'] === 'string' ? ref['namespace'] : 'default';
    return { kind: ref['kind'], namespace, name: ref['name'] };
  }
  throw new TypeError(`“${String(ref)}” is no reference to an entity, as component:default/booking.`);
}
