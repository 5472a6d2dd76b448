/** Calls to a filled catalog: each operation of the OpenAPI document, and each answer that it names. */
import { BAD_FILE, entityOf, GOOD_SPEC, SHOP_FILE } from './openapi.fixture.ts';

export interface Call {
  readonly operation: string;
  readonly status: number;
  /** Values for the parameters in the path; `<name>` is one of the `ids` that a filled catalog has. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The body is meant not to fit its schema. Default: false. */
  readonly malformed?: boolean;
}

export const SHOP = { kind: 'Component', namespace: 'default', name: 'shop' };
const WEB = { kind: 'component', namespace: 'default', name: 'web' };
const BROKEN = { kind: 'component', namespace: 'default', name: 'broken' };
const NOBODY = { kind: 'component', namespace: 'default', name: 'nobody' };
const NEW_FILE = 'https://git.test/acme/new/blob/main/catalog-info.yaml';

/** Calls that change nothing, and are answered well. */
export const READS: readonly Call[] = [
  { operation: 'GetEntities', status: 200 },
  {
    operation: 'GetEntities',
    status: 200,
    query: { filter: 'kind=component', order: 'asc:metadata.name', limit: '1', offset: '0' },
  },
  {
    operation: 'GetEntitiesByQuery',
    status: 200,
    query: {
      filter: 'kind',
      fields: 'apiVersion,kind,metadata.name',
      orderField: 'metadata.name,desc',
      limit: '1',
      offset: '1',
      totalItems: 'exclude',
      fullTextFilterTerm: 's',
      fullTextFilterFields: 'metadata.name,kind',
    },
  },
  { operation: 'QueryEntitiesByPredicate', status: 200 },
  {
    operation: 'QueryEntitiesByPredicate',
    status: 200,
    body: {
      query: { $any: [{ kind: 'component' }, { 'metadata.name': { $in: ['ops'] } }] },
      orderBy: [{ field: 'metadata.name', order: 'asc' }],
      fullTextFilter: { term: 'o', fields: ['metadata.name'] },
      limit: 1,
    },
  },
  {
    operation: 'GetEntitiesByRefs',
    status: 200,
    query: { filter: 'kind=component' },
    body: { entityRefs: ['component:default/shop', 'group:default/ops', 'component:default/nobody'] },
  },
  { operation: 'GetEntityByUid', status: 200, path: { uid: '<shop>' } },
  { operation: 'GetEntityByName', status: 200, path: SHOP },
  { operation: 'GetEntityByName', status: 200, path: WEB },
  { operation: 'GetEntityAncestryByName', status: 200, path: WEB },
  { operation: 'GetEntityDiagnosticsByName', status: 200, path: SHOP },
  { operation: 'GetEntityDiagnosticsByName', status: 200, path: WEB },
  { operation: 'GetEntityDiagnosticsByName', status: 200, path: BROKEN },
  { operation: 'GetEntityHistoryByName', status: 200, path: SHOP },
  { operation: 'GetEntityHistoryByName', status: 200, path: BROKEN },
  { operation: 'GetEntityHistoryByName', status: 200, path: SHOP, query: { limit: '1', before: '3' } },
  { operation: 'GetEntityRemovalByName', status: 200, path: SHOP },
  { operation: 'GetEntityRemovalByName', status: 200, path: WEB },
  { operation: 'GetEntityRemovalByName', status: 200, path: BROKEN },
  { operation: 'GetGraph', status: 200, query: { ref: 'component:default/shop' } },
  {
    operation: 'GetGraph',
    status: 200,
    query: {
      ref: 'group:default/ops',
      depth: '3',
      direction: 'in',
      relation: 'ownerOf',
      kind: 'Component',
      limit: '1',
    },
  },
  { operation: 'GetEntityFacets', status: 200, query: { facet: 'kind', filter: 'metadata.name' } },
  { operation: 'QueryEntityFacetsByPredicate', status: 200, body: { facets: ['kind', 'spec.type', 'none'] } },
  { operation: 'RefreshEntity', status: 200, body: { entityRef: 'component:default/web' } },
  { operation: 'GetLocations', status: 200 },
  { operation: 'GetLocation', status: 200, path: { id: '<location>' } },
  { operation: 'GetLocationsByQuery', status: 200 },
  { operation: 'GetLocationsByQuery', status: 200, body: { query: { type: 'url' }, limit: 1 } },
  { operation: 'getLocationByEntity', status: 200, path: WEB },
  {
    operation: 'CreateLocation',
    status: 201,
    query: { dryRun: 'true' },
    body: { type: 'url', target: SHOP_FILE },
  },
  {
    operation: 'CreateLocation',
    status: 201,
    query: { onConflict: 'refresh' },
    body: { type: 'url', target: SHOP_FILE, presence: 'required' },
  },
  { operation: 'AnalyzeLocation', status: 200, body: { location: { type: 'url', target: SHOP_FILE } } },
  {
    operation: 'AnalyzeLocation',
    status: 200,
    body: {
      location: { type: 'url', target: 'https://github.test/acme/empty' },
      catalogFileName: 'catalog.yaml',
    },
  },
  {
    operation: 'ValidateEntity',
    status: 200,
    body: { entity: entityOf('Component', 'fine', GOOD_SPEC), location: `url:${NEW_FILE}` },
  },
  { operation: 'GetFailedEntities', status: 200 },
  { operation: 'GetFailedEntities', status: 200, query: { owner: 'ops' } },
  { operation: 'GetPendingEntities', status: 200 },
  { operation: 'GetProblems', status: 200 },
  {
    operation: 'GetProblems',
    status: 200,
    query: { state: 'conflict', owner: 'Group:default/Ops', limit: '1' },
  },
  { operation: 'GetStatus', status: 200 },
  { operation: 'GetStatus', status: 200, query: { limit: '1', offset: '1' } },
  { operation: 'GetOpenApiDocument', status: 200 },
];

/** Calls that are refused. */
export const REFUSALS: readonly Call[] = [
  { operation: 'GetEntities', status: 400, query: { filter: '=a' } },
  { operation: 'GetEntitiesByQuery', status: 400, query: { cursor: 'nonsense' } },
  { operation: 'QueryEntitiesByPredicate', status: 400, body: { query: { $some: [] } } },
  { operation: 'GetEntitiesByRefs', status: 400, body: {}, malformed: true },
  { operation: 'GetEntityByUid', status: 404, path: { uid: 'nobody' } },
  { operation: 'GetEntityByName', status: 404, path: NOBODY },
  { operation: 'GetEntityByName', status: 404, path: BROKEN },
  { operation: 'GetEntityAncestryByName', status: 404, path: NOBODY },
  { operation: 'GetEntityDiagnosticsByName', status: 404, path: NOBODY },
  { operation: 'GetEntityHistoryByName', status: 400, path: SHOP, query: { limit: '101' } },
  { operation: 'GetEntityHistoryByName', status: 404, path: NOBODY },
  { operation: 'GetEntityRemovalByName', status: 404, path: NOBODY },
  { operation: 'GetGraph', status: 400, query: { ref: 'component:default/shop', depth: '11' } },
  { operation: 'GetGraph', status: 404, query: { ref: 'component:default/nobody' } },
  { operation: 'GetEntityFacets', status: 400 },
  { operation: 'QueryEntityFacetsByPredicate', status: 400, body: { facets: [] }, malformed: true },
  { operation: 'RefreshEntity', status: 400, body: {}, malformed: true },
  { operation: 'CreateLocation', status: 400, body: { type: 'url' }, malformed: true },
  { operation: 'CreateLocation', status: 400, body: { type: 'file', target: '/etc/shop.yaml' } },
  {
    operation: 'CreateLocation',
    status: 400,
    query: { dryRun: 'true' },
    body: { type: 'url', target: BAD_FILE },
  },
  { operation: 'CreateLocation', status: 409, body: { type: 'url', target: SHOP_FILE } },
  { operation: 'GetLocationsByQuery', status: 400, body: { limit: 0 }, malformed: true },
  { operation: 'GetLocation', status: 404, path: { id: 'nobody' } },
  {
    operation: 'UpdateLocation',
    status: 404,
    path: { id: 'nobody' },
    body: { type: 'url', target: NEW_FILE },
  },
  { operation: 'UpdateLocation', status: 400, path: { id: 'nobody' }, body: {}, malformed: true },
  {
    operation: 'UpdateLocation',
    status: 409,
    path: { id: '<location>' },
    body: { type: 'url', target: BAD_FILE },
  },
  { operation: 'DeleteLocation', status: 404, path: { id: 'nobody' } },
  { operation: 'getLocationByEntity', status: 404, path: SHOP },
  { operation: 'AnalyzeLocation', status: 400, body: {}, malformed: true },
  { operation: 'AnalyzeLocation', status: 400, body: { location: { type: 'url', target: 'nowhere' } } },
  {
    operation: 'ValidateEntity',
    status: 400,
    body: { entity: entityOf('Component', 'bad', { type: 5 }), location: `url:${NEW_FILE}` },
  },
  { operation: 'ValidateEntity', status: 400, body: { entity: {}, location: 'file:/a' }, malformed: true },
  { operation: 'DeleteUnprocessedEntity', status: 404, path: { id: 'nobody' } },
  { operation: 'GetProblems', status: 400, query: { state: 'bad' } },
  { operation: 'GetProblems', status: 400, query: { owner: 'ops' } },
  { operation: 'GetStatus', status: 400, query: { limit: '1001' } },
];

/** Calls that change something, in an order that works. */
export const CHANGES: readonly Call[] = [
  { operation: 'CreateLocation', status: 201, body: { type: 'url', target: NEW_FILE } },
  {
    operation: 'UpdateLocation',
    status: 200,
    path: { id: '<location>' },
    body: { type: 'url', target: `${NEW_FILE}?ref=next` },
  },
  { operation: 'DeleteLocation', status: 204, path: { id: '<location>' } },
  { operation: 'DeleteUnprocessedEntity', status: 204, path: { id: '<broken>' } },
  { operation: 'DeleteEntityByUid', status: 204, path: { uid: '<shop>' } },
  { operation: 'DeleteEntityByUid', status: 204, path: { uid: '<shop>' } },
  { operation: 'GetEntityHistoryByName', status: 200, path: SHOP },
];

/** Calls that a read-only catalog refuses. */
export const READONLY_REFUSALS: readonly Call[] = [
  { operation: 'CreateLocation', status: 403, body: { type: 'url', target: NEW_FILE } },
  {
    operation: 'UpdateLocation',
    status: 403,
    path: { id: 'any' },
    body: { type: 'url', target: NEW_FILE },
  },
  { operation: 'DeleteLocation', status: 403, path: { id: 'any' } },
];
