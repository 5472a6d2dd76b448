/** The catalog as a whole: opens the index, connects the providers, reads the locations, follows what changes. */
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
import { createActivity } from './activity.ts';
import { parseDiagnostics } from './explain.ts';
import { EntityIndex } from './index/entity-index.ts';
import { evaluate } from './index/evaluate.ts';
import type { CatalogCore, CommittedChange } from './ingest/core.ts';
import { createEngine, type Engine } from './ingest/engine.ts';
import { deleteEntity } from './ingest/release.ts';
import { createFileWatch, type FileWatch } from './ingest/watch.ts';
import { API_PROVIDER, createLocations, type Locations } from './locations.ts';
import { parseFilter } from './query/filter.ts';
import { EVERYTHING } from './query/predicate.ts';
import { createAnnotator, type SourceUrls } from './process/annotate.ts';
import { locationEntityRef, toLocationEntity, toLocationKey } from './process/location.ts';
import { createPipeline, type Pipeline } from './process/pipeline.ts';
import { inOrder, type Processor, type ProcessorOptions } from './process/processor.ts';
import { createRules, type CatalogRule } from './process/rules.ts';
import { createSubstitution } from './process/substitute.ts';
import type { EntityProvider } from './provider.ts';
import { createFileSource } from './source/read-file.ts';
import { createUrlSource, type UrlReading } from './source/read-url.ts';
import type { SourceReader } from './source/reader.ts';
import {
  connect,
  dropAbandonedProviders,
  dropKeptOrphans,
  fileTargets,
  followPipeline,
  locationRefs,
  resume,
} from './start.ts';
import { readsOf, refreshKeysWith } from './store/reads.ts';
import { allStoredEntities, failedEntityRows, refOfUid } from './store/store.ts';
import { measureCatalog } from './metrics.ts';

/** Brings the locations of the configuration. */
export const CONFIG_PROVIDER = 'config';
/** Brought locations once, when somebody imported them; it never gives them again. */
export const IMPORT_PROVIDER = 'import';
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
  /** Types of locations that may be registered, and that documents of other types may lead to. Default: `url`. */
  readonly locationTypes?: readonly string[];
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
  /** Names of the processors that every entity goes through, in order. */
  readonly processors: readonly string[];
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
  const { database, log, urls, now, locationTypes = ['url'] } = options;
  let settings = options.settings;
  let isAllowed = createRules(settings.rules);
  let rulesVersion = 0;
  const index = new EntityIndex();
  for await (const page of allStoredEntities(database)) index.apply({ upserted: page, deleted: [] });

  const model = createModel({ kinds: [...BUILTIN_KINDS, ...(options.kinds ?? [])] });
  const builtin = settings.disableDefaultProcessors
    ? []
    : [createSubstitution({ urls }), createAnnotator(urls)];
  const extra = options.processors ?? [];
  const processors = inOrder([...builtin, ...extra], settings.processorOptions);
  const pipeline = createPipeline(model, processors);
  const readers = [createFileSource({ now }), createUrlSource(urls), ...(options.readers ?? [])];

  const listeners = new Set<(change: CommittedChange) => void>();
  const core: CatalogCore = {
    database,
    index,
    pipeline,
    isAllowed: (entity, origin) => isAllowed(entity, origin),
    rulesVersion: () => rulesVersion,
    readers,
    openLocationTypes: locationTypes,
    resolveUrl: (url, base) => urls.resolveUrl(url, base),
    orphanStrategy: settings.orphanStrategy,
    idempotent: extra.length === 0,
    log,
    activity: createActivity({ metrics: options.metrics, now }),
    now,
    newUid: () => uuidV7({ msecs: now() }),
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  };
  let watch: FileWatch | null = null;
  const engine = createEngine(core, {
    pollInterval: settings.pollInterval,
    unwatchedKeys: () => (watch?.isComplete === true ? ['url:'] : ['url:', 'file:']),
    random: options.random,
  });
  listeners.add((change) => engine.follow(change));
  const locations = await createLocations({ database, index, engine, allowedTypes: locationTypes });
  measureCatalog(options.metrics, { index, engine, locations });

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
    const keys = await refreshKeysWith(database, 'file:');
    watch?.follow(
      fileTargets(index),
      keys.map((key) => key.slice('file:'.length)),
    );
  };

  const startWatching = async (): Promise<void> => {
    watch = createFileWatch({
      log,
      onFiles: (paths) => {
        engine.requestByKeys(paths.map((path) => `file:${path}`)).catch((error: unknown) => {
          log.error('what depends on files could not be made again', { error: messageOf(error) });
        });
      },
      onLocation: (ref) => engine.requestRead(ref),
    });
    let pending: NodeJS.Immediate | null = null;
    listeners.add(({ deleted, toRead = [], dependenciesChanged = false }) => {
      const isConcerned =
        dependenciesChanged || toRead.length > 0 || deleted.some((ref) => ref.startsWith('location:'));
      if (pending !== null || !isConcerned) return;
      pending = setImmediate(() => {
        pending = null;
        followFiles().catch((error: unknown) => {
          if (watch !== null)
            log.error('the files to watch could not be listed', { error: messageOf(error) });
        });
      });
    });
    await followFiles();
  };

  return {
    index,
    engine,
    model,
    pipeline,
    locations,
    readers,
    processors: processors.map(({ name }) => name),
    core,
    get settings() {
      return settings;
    },
    start: async () => {
      const pipelineChanged = await followPipeline(database, { settings, processors, model });
      await dropKeptOrphans(core);
      await dropAbandonedProviders(core, [...providers.map(({ name }) => name), ...OWN_PROVIDERS], settings);
      await provideConfigured();
      await locations.provide();
      for (const provider of providers) await connect(provider, engine, log);
      const { pollInterval, watch: watchesFiles } = settings;
      const toRemake = await resume(core, engine, { pipelineChanged, pollInterval, watchesFiles });
      if (settings.watch) await startWatching();
      await engine.remake(toRemake);
    },
    reconfigure: async (next) => {
      settings = next;
      isAllowed = createRules(settings.rules);
      rulesVersion += 1;
      await provideConfigured();
      if (!(await followPipeline(database, { settings, processors, model }))) return;
      for (const ref of locationRefs(index)) engine.requestRead(ref);
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
      const roots = new Set(imported.map(locationEntityRef));
      const failed = (await failedEntityRows(database)).filter((row) => !roots.has(row.ref));
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
      const open = watch;
      watch = null;
      await open?.[Symbol.asyncDispose]();
      await engine.close();
    },
  };
}
