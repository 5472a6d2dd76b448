/** The calls of the catalog API that the portal makes, each with its answer parsed. */
import { type Entity, type EntityRef, stringifyRef } from '@callboard/model';
import { countFrom, listFrom, notAnswered, objectFrom } from './answer.ts';
import type { Client } from './client.ts';
import { isEntity, numberIn, ROW_FIELDS, textIn, toRow, type EntityRow } from './entity.ts';
import { toProvenance, type Provenance } from './provenance.ts';

/** Backstage's filter predicate, as JSON. */
export interface Predicate {
  readonly [key: string]: unknown;
}

export interface FullTextFilter {
  readonly term: string;
  readonly fields: readonly string[];
}

export interface RowQuery {
  readonly query?: Predicate;
  readonly orderBy?: readonly { readonly field: string; readonly order: 'asc' | 'desc' }[];
  readonly fullTextFilter?: FullTextFilter;
  readonly offset: number;
  readonly limit: number;
}

export interface RowPage {
  readonly rows: readonly EntityRow[];
  readonly total: number;
}

export interface FacetQuery {
  readonly facets: readonly string[];
  readonly query?: Predicate;
  /** An addition of Callboard's; a server that does not know it counts without the text. */
  readonly fullTextFilter?: FullTextFilter;
}

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** Values by facet, as `spec.type`. */
export type Facets = Readonly<Record<string, readonly FacetValue[]>>;

export interface CatalogApi {
  readonly rows: (query: RowQuery, signal?: AbortSignal) => Promise<RowPage>;
  readonly facets: (query: FacetQuery, signal?: AbortSignal) => Promise<Facets>;
  /** Rejects with status 404 when there is no such entity. */
  readonly entity: (ref: EntityRef, signal?: AbortSignal) => Promise<Entity>;
  /** In the order of `refs`; null for a reference to nothing. */
  readonly byRefs: (refs: readonly string[], signal?: AbortSignal) => Promise<readonly (EntityRow | null)[]>;
  readonly provenance: (ref: EntityRef, signal?: AbortSignal) => Promise<Provenance>;
  /** Asks the server to read the sources of an entity again; answers before it has. */
  readonly refresh: (ref: EntityRef) => Promise<void>;
}

const ROOT = '/api/catalog';
const LABEL_FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'spec.type',
  'spec.profile.displayName',
];
/** References in one by-refs request. */
const CHUNK = 100;

export function createCatalogApi(client: Client): CatalogApi {
  return {
    async rows(query, signal) {
      const body = { ...query, fields: ROW_FIELDS };
      const answer = await client({ path: `${ROOT}/entities/by-query`, body, ...withSignal(signal) });
      const rows = listFrom(answer, 'items').map(toRow).filter(isPresent);
      return { rows, total: countFrom(answer, 'totalItems') };
    },

    async facets(query, signal) {
      const answer = await client({ path: `${ROOT}/entity-facets`, body: query, ...withSignal(signal) });
      return toFacets(answer);
    },

    async entity(ref, signal) {
      const answer = await client({ path: namePath(ref), ...withSignal(signal) });
      if (!isEntity(answer)) throw notAnswered('an entity');
      return answer;
    },

    async byRefs(refs, signal) {
      const chunks: Promise<readonly (EntityRow | null)[]>[] = [];
      for (let start = 0; start < refs.length; start += CHUNK) {
        chunks.push(byRefChunk(refs.slice(start, start + CHUNK), signal));
      }
      return (await Promise.all(chunks)).flat();
    },

    async provenance(ref, signal) {
      const answer = await client({ path: `${namePath(ref)}/diagnostics`, ...withSignal(signal) });
      if (textIn(answer, 'state') === null) throw notAnswered('about the source of an entity');
      return toProvenance(answer);
    },

    async refresh(ref) {
      await client({ path: `${ROOT}/refresh`, body: { entityRef: stringifyRef(ref) } });
    },
  };

  async function byRefChunk(
    refs: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (EntityRow | null)[]> {
    const body = { entityRefs: refs, fields: LABEL_FIELDS };
    const answer = await client({ path: `${ROOT}/entities/by-refs`, body, ...withSignal(signal) });
    const items = listFrom(answer, 'items');
    // A list of another length says nothing of which entities exist.
    if (items.length !== refs.length) throw notAnswered('a list of these entities');
    return refs.map((_, index) => toRow(items[index]));
  }
}

/** The path of an entity in the API. */
export function namePath(ref: EntityRef): string {
  const parts = [ref.kind, ref.namespace, ref.name].map((part) => encodeURIComponent(part));
  return `${ROOT}/entities/by-name/${parts.join('/')}`;
}

function toFacets(answer: unknown): Facets {
  const facets: Record<string, FacetValue[]> = {};
  const given = objectFrom(answer, 'facets');
  for (const facet of Object.keys(given)) {
    facets[facet] = listFrom(given, facet).flatMap((item) => {
      const value = textIn(item, 'value');
      return value === null ? [] : [{ value, count: numberIn(item, 'count') }];
    });
  }
  return facets;
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}
