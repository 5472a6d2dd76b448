/** The catalog as a whole: opens the index, connects the providers, reads the locations, follows what changes. */
import { hash } from 'node:crypto';
import { messageOf, type Database, type Log, type Metrics } from '@callboard/kernel';
import {
  BUILTIN_KINDS,
  createModel,
  type Diagnostic,
  type Entity,
  type KindDefinition,
  type LocationRef,
  type Model,
} from '@callboard/model';
import { v7 as uuidV7 } from 'uuid';
import { parseDiagnostics } from './explain.ts';
import { EntityIndex } from './index/entity-index.ts';
import { evaluate } from './index/evaluate.ts';
import type { CatalogCore, CommittedChange } from './ingest/core.ts';
import { createEngine, type Engine } from './ingest/engine.ts';
import { deleteEntity, releaseAll } from './ingest/release.ts';
import { createFileWatch, type FileWatch, type WatchedTarget } from './ingest/watch.ts';
import { API_PROVIDER, createLocations, type Locations } from './locations.ts';
import { parseFilter } from './query/filter.ts';
import { EVERYTHING } from './query/predicate.ts';
import { createAnnotator, type SourceUrls } from './process/annotate.ts';
import {
  locationEntityRef,
  resolveTarget,
  toLocationEntity,
  toLocationKey,
  writtenTargets,
  type WrittenTargets,
} from './process/location.ts';
import { createPipeline, type Pipeline } from './process/pipeline.ts';
import { inOrder, type Processor, type ProcessorOptions } from './process/processor.ts';
import { createRules, type CatalogRule } from './process/rules.ts';
import { createSubstitution } from './process/substitute.ts';
import type { EntityProvider } from './provider.ts';
import { fileReader } from './source/read-file.ts';
import { createUrlSource, type UrlReading } from './source/read-url.ts';
import type { SourceReader } from './source/reader.ts';
import {
  allStoredEntities,
  failedEntityRows,
  lastReadTimes,
  providerSources,
  readsOf,
  readValue,
  refOfUid,
  watchedRefreshKeys,
  writeValue,
} from './store/store.ts';
import { measureCatalog } from './metrics.ts';

/** Counts up when processing gives other results for the same input, so that everything is processed anew. */
const PIPELINE_VERSION = 1;
const CONFIG_PROVIDER = 'config';
const IMPORT_PROVIDER = 'import';
/** Providers of the catalog's own. */
const OWN_PROVIDERS = [CONFIG_PROVIDER, API_PROVIDER, IMPORT_PROVIDER];

export interface CatalogOptions {
  readonly database: Database;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly urls: UrlReading & SourceUrls;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly settings: CatalogSettings;
  /** Added by plugins to what the catalog has. */
  readonly kinds?: readonly KindDefinition[];
  readonly processors?: readonly Processor[];
  readonly readers?: readonly SourceReader[];
  readonly providers?: readonly EntityProvider[];
}

/** What the configuration says, see `parseCatalogConfig`. */
export interface CatalogSettings {
  /** Absolute file targets or URLs. */
  readonly locations: readonly LocationRef[];
  /** An entity may come from a location when any of them says so. */
  readonly rules: readonly CatalogRule[];
  readonly readonly: boolean;
  readonly orphanStrategy: 'delete' | 'keep';
  readonly orphanProviderStrategy: 'delete' | 'keep';
  readonly locationConflictStrategy: 'refresh' | 'reject';
  /** Milliseconds; null: sources are read again only when asked to. */
  readonly pollInterval: number | null;
  readonly processorOptions: Readonly<Record<string, ProcessorOptions>>;
  readonly disabledProviders: readonly string[];
  readonly disableDefaultProcessors: boolean;
  /** Follows changes of files at once. */
  readonly watch: boolean;
}

export interface Catalog extends AsyncDisposable {
  readonly index: EntityIndex;
  readonly engine: Engine;
  readonly model: Model;
  readonly pipeline: Pipeline;
  readonly locations: Locations;
  readonly readers: readonly SourceReader[];
  readonly settings: CatalogSettings;
  readonly core: CatalogCore;
  /** Brings in the locations and providers; what is stored can be read before. Resolves when they are connected. */
  start(): Promise<void>;
  /** Follows a changed configuration: locations and rules. */
  reconfigure(settings: CatalogSettings): Promise<void>;
  /** Brings in locations that stay until their entities are deleted; resolves with what was wrong. */
  importLocations(
    locations: readonly LocationRef[],
    options?: { readonly onLocation?: () => void },
  ): Promise<Diagnostic[]>;
  /** Entities that match any of the filters (`kind=component,spec.type=service`), by reference. */
  exportEntities(filters: readonly string[]): Iterable<Entity>;
  /** Deletes an entity; it comes back when its source still lists it. False when there is no such uid. */
  removeByUid(uid: string): Promise<boolean>;
  /** Like `removeByUid`, for entities whose processing never succeeded too. */
  removeUnprocessed(uid: string): Promise<boolean>;
  /** Calls back after each change; returns how to stop that. */
  subscribe(listener: (change: CommittedChange) => void): () => void;
}

/** The database must be migrated with `catalogMigrations`. Fills the index from it. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  const { database, log, urls, now } = options;
  let settings = options.settings;
  let isAllowed = createRules(settings.rules);
  const index = new EntityIndex();
  for await (const page of allStoredEntities(database)) index.apply({ upserted: page, deleted: [] });

  const model = createModel({ kinds: [...BUILTIN_KINDS, ...(options.kinds ?? [])] });
  const builtin = settings.disableDefaultProcessors
    ? []
    : [createSubstitution({ urls }), createAnnotator(urls)];
  const extra = options.processors ?? [];
  const processors = inOrder([...builtin, ...extra], settings.processorOptions);
  const pipeline = createPipeline(model, processors);
  const readers = [fileReader, createUrlSource(urls), ...(options.readers ?? [])];

  const listeners = new Set<(change: CommittedChange) => void>();
  const core: CatalogCore = {
    database,
    index,
    pipeline,
    isAllowed: (entity, origin) => isAllowed(entity, origin),
    readers,
    resolveUrl: (url, base) => urls.resolveUrl(url, base),
    orphanStrategy: settings.orphanStrategy,
    idempotent: extra.length === 0,
    log,
    now,
    newUid: () => uuidV7({ msecs: now() }),
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  };
  const engine = createEngine(core, { pollInterval: settings.pollInterval, random: options.random });
  listeners.add((change) => engine.follow(change));
  const locations = await createLocations({ database, index, engine });
  measureCatalog(options.metrics, { index, engine, locations });
  let watch: FileWatch | null = null;

  const provideConfigured = (): Promise<void> =>
    engine.mutate(CONFIG_PROVIDER, {
      type: 'full',
      entities: settings.locations.map((location) => ({
        entity: toLocationEntity(location),
        locationKey: toLocationKey(location),
      })),
    });

  const providers = (options.providers ?? []).filter(
    ({ name }) => !settings.disabledProviders.includes(name),
  );

  const followFiles = async (): Promise<void> => {
    if (watch === null) return;
    const keys = await watchedRefreshKeys(database, 'file:');
    watch.follow(
      fileTargets(index),
      keys.map((key) => key.slice('file:'.length)),
    );
  };

  return {
    index,
    engine,
    model,
    pipeline,
    locations,
    readers,
    core,
    get settings() {
      return settings;
    },
    start: async () => {
      const force = await isPipelineNew(database, { settings, processors, model });
      await dropAbandonedProviders(core, [...providers.map(({ name }) => name), ...OWN_PROVIDERS], settings);
      await provideConfigured();
      await locations.provide();
      for (const provider of providers) await connect(provider, engine, log);
      await resume(core, engine, { force, pollInterval: settings.pollInterval });
      if (!settings.watch) return;
      watch = createFileWatch({
        log,
        onFile: (path) => void engine.requestByKeys([`file:${path}`]),
        onLocation: (ref) => engine.requestRead(ref),
      });
      let pending: NodeJS.Immediate | null = null;
      listeners.add(({ changed, deleted }) => {
        const concerns = (ref: string): boolean => ref.startsWith('location:') || ref.startsWith('api:');
        if (pending !== null || ![...changed, ...deleted].some(concerns)) return;
        pending = setImmediate(() => {
          pending = null;
          followFiles().catch((error: unknown) => {
            log.error('the files to watch could not be listed', { error: messageOf(error) });
          });
        });
      });
      await followFiles();
    },
    reconfigure: async (next) => {
      settings = next;
      isAllowed = createRules(settings.rules);
      await provideConfigured();
      const force = await isPipelineNew(database, { settings, processors, model });
      if (force) for (const ref of locationRefs(index)) engine.requestRead(ref, { force });
    },
    importLocations: async (imported, { onLocation } = {}) => {
      const diagnostics: Diagnostic[] = [];
      for (const location of imported) {
        const entity = toLocationEntity(location);
        const locationKey = toLocationKey(location);
        await engine.mutate(IMPORT_PROVIDER, {
          type: 'delta',
          added: [{ entity, locationKey }],
          removed: [],
        });
        engine.requestRead(locationEntityRef(location));
        await engine.idle();
        const reads = await readsOf(database, `entity:${locationEntityRef(location)}`);
        for (const { errors } of reads.values()) diagnostics.push(...parseDiagnostics(errors));
        onLocation?.();
      }
      const failed = await failedEntityRows(database);
      return [...diagnostics, ...failed.flatMap((row) => parseDiagnostics(row.errors))];
    },
    exportEntities: function* (filters) {
      const matching = evaluate(index, parseFilter(filters) ?? EVERYTHING);
      for (const ordinal of index.orderByRef().sorted()) {
        if (matching.has(ordinal)) yield index.entityOf(ordinal);
      }
    },
    removeByUid: async (uid) => {
      const ordinal = index.ordinalOfUid(uid);
      if (ordinal === undefined) return false;
      await deleteEntity(core, index.refOf(ordinal));
      return true;
    },
    removeUnprocessed: async (uid) => {
      const ref = await refOfUid(database, uid);
      if (ref === null) return false;
      await deleteEntity(core, ref);
      return true;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      await watch?.[Symbol.asyncDispose]();
      await engine.close();
    },
  };
}

/** Every Location entity. */
function locationRefs(index: EntityIndex): string[] {
  return [...index.live].map((ordinal) => index.refOf(ordinal)).filter((ref) => ref.startsWith('location:'));
}

function targetsOf(index: EntityIndex, ref: string): WrittenTargets {
  return writtenTargets(index.entityOf(index.ordinalOf(ref) ?? 0, 'head'));
}

/** What the Location entities of type `file` point to. */
function fileTargets(index: EntityIndex): WatchedTarget[] {
  const targets: WatchedTarget[] = [];
  for (const ref of locationRefs(index)) {
    const { base, type, written } = targetsOf(index, ref);
    if (type !== 'file') continue;
    for (const target of written) {
      targets.push({ ref, target: resolveTarget({ type, target }, base, (url) => url) });
    }
  }
  return targets;
}

/** Reads what may have changed while the portal was down; URLs that were read lately wait for their turn. */
async function resume(
  core: CatalogCore,
  engine: Engine,
  options: { force: boolean; pollInterval: number | null },
): Promise<void> {
  const times = await lastReadTimes(core.database);
  for (const ref of locationRefs(core.index)) {
    const readAt = times.get(`entity:${ref}`);
    const { type } = targetsOf(core.index, ref);
    const age = readAt === undefined ? null : core.now() - readAt;
    const isFresh = age !== null && (options.pollInterval === null || age < options.pollInterval);
    if (type === 'url' && isFresh && !options.force) engine.schedule(ref);
    else engine.requestRead(ref, { force: options.force });
  }
}

/** True when rules, processors or kinds are not those that the stored entities were processed with. */
async function isPipelineNew(
  database: Database,
  of: { settings: CatalogSettings; processors: readonly Processor[]; model: Model },
): Promise<boolean> {
  const parts = {
    version: PIPELINE_VERSION,
    rules: of.settings.rules,
    processors: of.processors.map(({ name }) => name),
    kinds: of.model.kinds.map(({ kind, apiVersions }) => [kind, apiVersions]),
  };
  const fingerprint = hash('sha1', JSON.stringify(parts), 'hex');
  const known = await readValue(database, 'pipeline');
  if (known === fingerprint) return false;
  await writeValue(database, { name: 'pipeline', value: fingerprint });
  return known !== null;
}

async function dropAbandonedProviders(
  core: CatalogCore,
  present: readonly string[],
  settings: CatalogSettings,
): Promise<void> {
  if (settings.orphanProviderStrategy === 'keep') return;
  const sources = await providerSources(core.database);
  for (const source of sources) {
    const name = source.slice('provider:'.length);
    if (present.includes(name)) continue;
    core.log.info('a provider is gone; its entities are removed', { provider: name });
    await releaseAll(core, source);
  }
}

async function connect(provider: EntityProvider, engine: Engine, log: Log): Promise<void> {
  try {
    await provider.connect({
      applyMutation: (mutation) => engine.mutate(provider.name, mutation),
      refresh: ({ keys }) => engine.requestByKeys(keys),
    });
  } catch (error) {
    log.error('a provider could not be connected', { provider: provider.name, error: messageOf(error) });
  }
}
