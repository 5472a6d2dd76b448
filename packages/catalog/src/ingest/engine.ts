/**
 * The catalog at work: a queue of Location entities to read, entities to make again, and a timetable for sources
 * that cannot say when they change. Everything else happens when something changes.
 */
import { checkEnvelope, parseJson, type EntityEnvelope } from '@callboard/model';
import { messageOf } from '@callboard/kernel';
import { childrenOf, entityRows, refsByRefreshKeys, sourcesOf } from '../store/store.ts';
import type { CatalogCore, CommittedChange } from './core.ts';
import { readLocation } from './read-location.ts';
import { release } from './release.ts';
import { takeIn, type Incoming } from './take-in.ts';

export interface EngineOptions {
  /**
   * How long a source that cannot say when it changes is left alone, in milliseconds; the actual time is spread
   * between one and one and a half times this. Null: never read again unless asked to. Default: 100,000.
   */
  readonly pollInterval?: number | null;
  /** How many locations are read at the same time. Default: 5. */
  readonly concurrency?: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export interface Engine {
  /** Reads a Location entity's targets soon; `force` ignores what is known of them. */
  requestRead(ref: string, options?: { force?: boolean }): void;
  /** Makes entities again that depend on something which changed, such as `file:/a/openapi.yaml`. */
  requestByKeys(keys: readonly string[]): Promise<void>;
  /** Reads the entity's locations again, up to its root, and makes the entity itself again. */
  refresh(ref: string): Promise<void>;
  /** A provider's mutation; resolves when everything is visible. */
  mutate(provider: string, mutation: Mutation): Promise<void>;
  /** Tells the engine what a commit changed. */
  follow(change: CommittedChange): void;
  /** Puts a Location on the timetable without reading it now. */
  schedule(ref: string): void;
  /** When a Location is due to be read again, if it is on the timetable. */
  nextReadAt(ref: string): number | null;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
  /** How many locations wait to be read or are being read. */
  readonly backlog: number;
  close(): Promise<void>;
}

export type Mutation =
  | { readonly type: 'full'; readonly entities: readonly DeferredEntity[] }
  | {
      readonly type: 'delta';
      readonly added: readonly DeferredEntity[];
      readonly removed: readonly string[];
    };

export interface DeferredEntity {
  readonly entity: EntityEnvelope;
  readonly locationKey?: string | null;
}

const DEFAULT_POLL = 100_000;
/** How long a parent waits before it is read again after one of its entities was deleted by hand. */
const RECLAIM_DELAY = 1_000;

/** `core` gets its `onChange` from the caller, who must pass each change to `follow`. */
export function createEngine(core: CatalogCore, options: EngineOptions): Engine {
  const waiting = new Map<string, { force: boolean }>();
  const active = new Map<string, Promise<void>>();
  const timers = new Map<string, { timer: NodeJS.Timeout; at: number }>();
  const oneOff = new Set<NodeJS.Timeout>();
  const jobs = new Set<Promise<unknown>>();
  const concurrency = options.concurrency ?? 5;
  const poll = options.pollInterval === undefined ? DEFAULT_POLL : options.pollInterval;
  let closed = false;

  const pump = (): void => {
    for (const [ref, { force }] of waiting) {
      if (closed || active.size >= concurrency) return;
      if (active.has(ref)) continue;
      waiting.delete(ref);
      active.set(ref, read(ref, force));
    }
  };

  const read = async (ref: string, force: boolean): Promise<void> => {
    try {
      await readLocation(core, ref, { force });
    } catch (error) {
      core.log.error('a location could not be read', { ref, error: messageOf(error) });
    } finally {
      active.delete(ref);
      schedule(ref);
      pump();
    }
  };

  const requestRead: Engine['requestRead'] = (ref, { force = false } = {}) => {
    if (closed) return;
    waiting.set(ref, { force: force || waiting.get(ref)?.force === true });
    pump();
  };

  const schedule = (ref: string): void => {
    clearTimeout(timers.get(ref)?.timer);
    timers.delete(ref);
    if (closed || poll === null || core.index.ordinalOf(ref) === undefined) return;
    const delay = poll * (1 + options.random() / 2);
    const timer = setTimeout(() => requestRead(ref), delay);
    timer.unref();
    timers.set(ref, { timer, at: core.now() + delay });
  };

  const track = <T>(job: Promise<T>): Promise<T> => {
    jobs.add(job);
    void Promise.allSettled([job]).then(() => jobs.delete(job));
    return job;
  };

  /** Runs entities through processing again, from what their source gave. */
  const remake = async (refs: readonly string[]): Promise<void> => {
    const rows = await entityRows(core.database, refs);
    const sources = await sourcesOf(core.database, refs);
    for (const row of rows) {
      const input = checkEnvelope(parseJson(row.input ?? row.entity ?? ''));
      const source = sources.get(row.ref)?.[0];
      if (!input.ok || source === undefined) continue;
      const incoming: Incoming = { entity: input.entity, locationKey: row.location_key };
      await takeIn(core, [incoming], { source, force: true });
    }
  };

  const mutate = async (provider: string, mutation: Mutation): Promise<void> => {
    const source = `provider:${provider}`;
    const entities = mutation.type === 'full' ? mutation.entities : mutation.added;
    const incoming = entities.map(({ entity, locationKey }) => ({
      entity,
      locationKey: locationKey ?? null,
    }));
    const { held } = await takeIn(core, incoming, { source });
    if (mutation.type === 'delta') return release(core, mutation.removed, { source, eager: true });
    const listed = new Set(held);
    const before = await childrenOf(core.database, source);
    const gone = before.map((child) => child.ref).filter((ref) => !listed.has(ref));
    return release(core, gone, { source, eager: true });
  };

  const refresh = async (ref: string): Promise<void> => {
    const above = await ancestors(core, ref);
    for (const location of above.filter((name) => name.startsWith('location:'))) requestRead(location);
    if (ref.startsWith('location:')) requestRead(ref, { force: true });
    else await remake([ref]);
  };

  return {
    requestRead,
    schedule,
    requestByKeys: (keys) =>
      track(
        (async () => {
          const refs = await refsByRefreshKeys(core.database, keys);
          await remake(refs);
        })(),
      ),
    refresh: (ref) => track(refresh(ref)),
    mutate: (provider, mutation) => track(mutate(provider, mutation)),
    follow: ({ toRead, toReclaim, deleted }) => {
      for (const ref of deleted) {
        clearTimeout(timers.get(ref)?.timer);
        timers.delete(ref);
        waiting.delete(ref);
      }
      for (const ref of toRead) requestRead(ref);
      for (const source of toReclaim) {
        if (!source.startsWith('entity:') || closed) continue;
        const timer = setTimeout(() => {
          oneOff.delete(timer);
          requestRead(source.slice('entity:'.length), { force: true });
        }, RECLAIM_DELAY);
        timer.unref();
        oneOff.add(timer);
      }
    },
    nextReadAt: (ref) => timers.get(ref)?.at ?? null,
    idle: async () => {
      while (active.size > 0 || waiting.size > 0 || jobs.size > 0) {
        await Promise.allSettled([...active.values(), ...jobs]);
      }
    },
    get backlog() {
      return waiting.size + active.size;
    },
    close: async () => {
      closed = true;
      waiting.clear();
      for (const { timer } of timers.values()) clearTimeout(timer);
      for (const timer of oneOff) clearTimeout(timer);
      await Promise.allSettled([...active.values(), ...jobs]);
    },
  };
}

/** Everything above an entity, nearest first. */
async function ancestors(core: CatalogCore, ref: string): Promise<string[]> {
  const found: string[] = [];
  let frontier = [ref];
  while (frontier.length > 0) {
    const sources = [...(await sourcesOf(core.database, frontier)).values()].flat();
    frontier = sources
      .filter((source) => source.startsWith('entity:'))
      .map((source) => source.slice('entity:'.length))
      .filter((parent) => !found.includes(parent));
    found.push(...frontier);
  }
  return found;
}
