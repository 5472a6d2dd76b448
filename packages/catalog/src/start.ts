/** What happens once at each start: what the configuration left behind goes, what was interrupted goes on. */
import { hash } from 'node:crypto';
import { messageOf, type Database, type Log } from '@callboard/kernel';
import type { Model } from '@callboard/model';
import type { CatalogSettings } from './catalog.ts';
import type { EntityIndex } from './index/entity-index.ts';
import type { CatalogCore } from './ingest/core.ts';
import type { Engine } from './ingest/engine.ts';
import { deleteOrphans, releaseAll } from './ingest/release.ts';
import { targetsToRead } from './ingest/targets.ts';
import type { WatchedTarget } from './ingest/watch.ts';
import { resolveTarget, writtenTargets } from './process/location.ts';
import type { Processor } from './process/processor.ts';
import type { EntityProvider } from './provider.ts';
import { goodReadTimes, refreshKeysWith, refsByRefreshKeys } from './store/reads.ts';
import { readValue, writeValue } from './store/changes.ts';
import { providerSources, sourcesOf } from './store/references.ts';
import { forgetProcessing, refsOfFailed, refsOfUnfinished } from './store/store.ts';

/** Counts up when processing gives other results for the same input, so that everything is processed anew. */
const PIPELINE_VERSION = 1;

/**
 * Has everything processed anew when rules, processors or kinds are not those that the stored entities were processed
 * with; true then.
 */
export async function followPipeline(
  database: Database,
  of: { settings: CatalogSettings; processors: readonly Processor[]; model: Model },
): Promise<boolean> {
  const parts = {
    version: PIPELINE_VERSION,
    // Not their places: a rule that moves allows the same.
    rules: of.settings.rules.map(({ allow, locations }) => ({ allow, locations })),
    processors: of.processors.map(({ name }) => name),
    kinds: of.model.kinds.map(({ kind, apiVersions }) => [kind, apiVersions]),
  };
  const fingerprint = hash('sha1', JSON.stringify(parts), 'hex');
  return database.transaction(async (session) => {
    const known = await readValue(session, 'pipeline');
    if (known === fingerprint) return false;
    if (known !== null) await forgetProcessing(session);
    await writeValue(session, { name: 'pipeline', value: fingerprint });
    return known !== null;
  });
}

/** Deletes the orphans that an earlier configuration kept. */
export async function dropKeptOrphans(core: CatalogCore): Promise<void> {
  const { database, orphanStrategy } = core;
  const known = await readValue(database, 'orphan-strategy');
  if (known === 'keep' && orphanStrategy === 'delete') await deleteOrphans(core);
  if (known !== orphanStrategy)
    await writeValue(database, { name: 'orphan-strategy', value: orphanStrategy });
}

/** Deletes what providers brought that are not `present` any more, unless the configuration keeps it. */
export async function dropAbandonedProviders(
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

/** A provider that cannot be connected is logged; the others are not kept waiting. */
export async function connect(provider: EntityProvider, engine: Engine, log: Log): Promise<void> {
  try {
    await provider.connect({
      applyMutation: (mutation) => engine.mutate(provider.name, mutation),
      refresh: ({ keys }) => engine.requestByKeys(keys),
    });
  } catch (error) {
    log.error('a provider could not be connected', { provider: provider.name, error: messageOf(error) });
  }
}

/**
 * Reads what may have changed while the portal was down; URLs that were read lately wait for their turn. Resolves with
 * what is to be made again: what failed or was interrupted, and what depends on files that may have changed.
 */
export async function resume(
  core: CatalogCore,
  engine: Engine,
  options: { pipelineChanged: boolean; pollInterval: number | null; watchesFiles: boolean },
): Promise<string[]> {
  const { database, index } = core;
  const refs = locationRefs(index);
  const times = await goodReadTimes(
    database,
    refs.filter((ref) => writtenTargets(headOf(index, ref)).type === 'url').map((ref) => `entity:${ref}`),
  );
  const oldest = options.pollInterval === null ? Number.NEGATIVE_INFINITY : core.now() - options.pollInterval;
  for (const ref of refs) {
    if (engine.isUnderWay(ref)) continue;
    const known = times.get(`entity:${ref}`);
    const isFresh = targetsToRead(core, headOf(index, ref)).every(
      (found) =>
        !('kind' in found) && (known?.get(found.request.target) ?? Number.NEGATIVE_INFINITY) > oldest,
    );
    if (known !== undefined && isFresh) engine.schedule(ref);
    else engine.requestRead(ref);
  }
  const unfinished = await refsOfUnfinished(database);
  // After a change of processing, whatever has a document comes with it; what providers gave has none.
  if (options.pipelineChanged) return heldByProviders(database, unfinished);
  // Whoever watches files asks for what depends on them once that has begun.
  const files = options.watchesFiles ? [] : await refreshKeysWith(database, 'file:');
  const dependent = await refsByRefreshKeys(database, files);
  return [...new Set([...unfinished, ...(await refsOfFailed(database)), ...dependent])];
}

async function heldByProviders(database: Database, refs: readonly string[]): Promise<string[]> {
  const sources = await sourcesOf(database, refs);
  return refs.filter((ref) => sources.get(ref)?.some((source) => source.startsWith('provider:')) === true);
}

/** Every Location entity. */
export function locationRefs(index: EntityIndex): string[] {
  return [...index.live].map((ordinal) => index.refOf(ordinal)).filter((ref) => ref.startsWith('location:'));
}

function headOf(index: EntityIndex, ref: string) {
  return index.entityOf(index.ordinalOf(ref) ?? 0, 'head');
}

/** What the Location entities of type `file` point to. */
export function fileTargets(index: EntityIndex): WatchedTarget[] {
  const targets: WatchedTarget[] = [];
  for (const ref of locationRefs(index)) {
    const { base, type, written } = writtenTargets(headOf(index, ref));
    if (type !== 'file' || base.type !== 'file') continue;
    for (const target of written) {
      targets.push({ ref, target: resolveTarget({ type, target }, base, (url) => url) });
    }
  }
  return targets;
}
