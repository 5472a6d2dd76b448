/** A small catalog behind its REST API, for the tests of the OpenAPI document: real SQLite, files from a table. */
import { CodedError, createHttp, createLog, createMetrics, migrate, openDatabase } from '@callboard/kernel';
import type { EntityEnvelope } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import { createCatalog, type Catalog, type CatalogSettings } from '../catalog.ts';
import { failedEntityRows } from '../store/store.ts';
import { catalogMigrations } from '../store/tables.ts';
import { catalogRoutes } from './routes.ts';

export interface CatalogApi extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly catalog: Catalog;
  /** Every route below the prefix as `get /entities/by-uid/{uid}`; those that Fastify adds for HEAD are left out. */
  readonly routes: readonly string[];
}

export const PREFIX = '/api/catalog';
export const SHOP_FILE = 'https://git.test/acme/shop/blob/main/catalog-info.yaml';
export const BAD_FILE = 'https://git.test/acme/bad/blob/main/catalog-info.yaml';

const FILES: ReadonlyMap<string, string> = new Map([
  [
    SHOP_FILE,
    `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: web
  tags: [java, web]
  links: [{ url: 'https://shop.test', title: Shop }]
spec: { type: website, lifecycle: production, owner: ops }
`,
  ],
  [BAD_FILE, 'kind: Component\nmetadata: { name: no-version }\n'],
]);

const SETTINGS: CatalogSettings = {
  locations: [],
  rules: [{ allow: [{ kind: 'Component' }, { kind: 'Location' }] }],
  readonly: false,
  orphanStrategy: 'keep',
  orphanProviderStrategy: 'keep',
  locationConflictStrategy: 'reject',
  pollInterval: 60_000,
  processorOptions: {},
  disabledProviders: [],
  disableDefaultProcessors: false,
  watch: false,
};

/** A catalog with nothing in it. */
export async function openCatalogApi(settings: Partial<CatalogSettings> = {}): Promise<CatalogApi> {
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  const now = () => Date.UTC(2026, 0, 1);
  await migrate(database, [catalogMigrations], now);
  const log = createLog({ write: () => undefined });
  const metrics = createMetrics();
  const catalog = await createCatalog({
    database,
    log,
    metrics,
    urls: {
      read: async (url) => {
        const text = FILES.get(url);
        if (text === undefined) throw new CodedError(404, 'reading/not-found', `There is no ${url}`);
        return { kind: 'content', bytes: Buffer.from(text), etag: null };
      },
      resolveUrl: (url, base) => new URL(url, base).href,
      resolveEditUrl: () => null,
      folderUrl: () => null,
    },
    now,
    random: () => 0,
    settings: { ...SETTINGS, ...settings },
  });

  const app = createHttp({ log, metrics, health: { isReady: () => true } });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push(toOperation(each, url));
  });
  await app.register(async (scope) => catalogRoutes(scope, catalog), { prefix: PREFIX });
  await app.ready();
  return {
    app,
    catalog,
    routes,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await catalog[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

export const GOOD_SPEC = { type: 'service', lifecycle: 'production', owner: 'ops' };

export function entityOf(
  kind: string,
  name: string,
  spec: Readonly<Record<string, unknown>>,
): EntityEnvelope {
  const annotations = {
    'backstage.io/managed-by-location': 'test:entities',
    'backstage.io/managed-by-origin-location': 'test:entities',
  };
  return { apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, annotations }, spec };
}

/**
 * Brings in something of everything: an entity whose last version is bad and which another provider claims too, one
 * that never was good, one from a registered location. Returns the ids of some of them.
 */
export async function fill({ app, catalog }: CatalogApi): Promise<ReadonlyMap<string, string>> {
  const { engine, locations } = catalog;
  const { database } = catalog.core;
  const shop = { entity: entityOf('Component', 'shop', GOOD_SPEC), locationKey: 'test:shop' };
  const bad = { ...shop, entity: entityOf('Component', 'shop', { ...GOOD_SPEC, lifecycle: [] }) };
  const others = [
    { entity: entityOf('Group', 'ops', { type: 'team', children: [] }) },
    { entity: entityOf('User', 'ann', { memberOf: ['ops'] }) },
    { entity: entityOf('Component', 'broken', { type: 5 }) },
  ];
  await engine.mutate('test', { type: 'full', entities: [...others, shop] });
  await engine.mutate('rival', { type: 'full', entities: [{ ...shop, locationKey: 'rival:shop' }] });
  await engine.mutate('test', { type: 'full', entities: [...others, bad] });
  for (const target of [SHOP_FILE, BAD_FILE]) {
    await app.inject({ method: 'POST', url: `${PREFIX}/locations`, body: { type: 'url', target } });
  }
  await engine.idle();
  const ids = new Map<string, string>();
  for (const { ref, uid } of await failedEntityRows(database)) ids.set(`<${ref.replace(/^.*\//, '')}>`, uid);
  for (const { id, target } of locations.all()) if (target === SHOP_FILE) ids.set('<location>', id);
  return ids;
}

function toOperation(method: string, url: string): string {
  const path = url.startsWith(PREFIX) ? url.slice(PREFIX.length) : url;
  return `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`;
}
