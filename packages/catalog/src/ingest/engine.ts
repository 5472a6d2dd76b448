/**
 * The catalog at work: a queue of Location entities to read, entities to make again, and a timetable for sources
 * that cannot say when they change. Everything else happens when something changes.
 */
import { CodedError, messageOf } from '@callboard/kernel';
import type { ReadingOutcome } from '../activity.ts';
import { refreshKeysWith, refsByRefreshKeys } from '../store/reads.ts';
import { sourcesOf } from '../store/references.ts';
import { refsOfFailed, refsOfUnfinished } from '../store/store.ts';
import type { CatalogCore, CommittedChange } from './core.ts';
import { applyMutation, type Mutation } from './mutate.ts';
import { readLocation } from './read-location.ts';
import { ReadQueue } from './read-queue.ts';
import { remake } from './remake.ts';
import { isFileLocation } from './targets.ts';

export type { DeferredEntity, Mutation } from './mutate.ts';

export interface EngineOptions {
  /**
   * How long a source that cannot say when it changes is left alone, in milliseconds; the actual time is spread
   * between one and one and a half times this. Null: never read again unless asked to. Default: 100,000.
   */
  readonly pollInterval?: number | null;
  /** Prefixes of the refresh keys that nobody watches, such as `url:`. What is made from them is made again by the timetable. */
  readonly unwatchedKeys: () => readonly string[];
  /** How many locations other than files are read at the same time. Default: 5. */
  readonly concurrency?: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export interface Engine {
  /** Reads a Location entity's targets soon; `force` ignores what is known of them. */
  requestRead(ref: string, options?: { force?: boolean }): void;
  /** Makes entities again that depend on something which changed, such as `file:/a/openapi.yaml`. */
  requestByKeys(keys: readonly string[]): Promise<void>;
  /** Makes entities again from what their sources gave. */
  remake(refs: readonly string[]): Promise<void>;
  /** Makes again what failed, was interrupted, or is made from what nobody watches. The timetable does it too. */
  retry(): Promise<void>;
  /** Reads the entity's locations again, up to its root, and makes the entity itself again. */
  refresh(ref: string): Promise<void>;
  /**
   * A provider's mutation; resolves when everything is visible. Those of one provider are applied one after the other.
   * @throws CodedError 400 `catalog/invalid-entity`, 503 `catalog/closed`
   */
  mutate(provider: string, mutation: Mutation): Promise<void>;
  /** Tells the engine what a commit changed. */
  follow(change: CommittedChange): void;
  /** Puts a Location on the timetable without reading it now. */
  schedule(ref: string): void;
  /** True while a Location waits to be read or is being read. */
  isUnderWay(ref: string): boolean;
  /** When a Location is due to be read again, if it is on the timetable. */
  nextReadAt(ref: string): number | null;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
  /** How many locations wait to be read or are being read. */
  readonly backlog: number;
  /** The locations that are being read. */
  readonly reading: readonly string[];
  close(): Promise<void>;
}

const DEFAULT_POLL = 100_000;
/** How long a parent waits before it is read again after one of its entities was deleted by hand. */
const RECLAIM_DELAY = 1_000;
/** The longest time that a timer can wait. */
const MAX_DELAY = 2 ** 31 - 1;

/** `core` gets its `onChange` from the caller, who must pass each change to `follow`. */
export function createEngine(core: CatalogCore, options: EngineOptions): Engine {
  const timers = new Map<string, { timer: NodeJS.Timeout; at: number }>();
  const oneOff = new Set<NodeJS.Timeout>();
  const jobs = new Set<Promise<unknown>>();
  const mutations = new Map<string, Promise<void>>();
  const reading = new Set<string>();
  const concurrency = options.concurrency ?? 5;
  const poll = options.pollInterval === undefined ? DEFAULT_POLL : options.pollInterval;
  let closed = false;

  const read = async (ref: string, { force }: { readonly force: boolean }): Promise<void> => {
    reading.add(ref);
    try {
      await readLocation(core, ref, { force, isClosing: () => closed });
    } catch (error) {
      core.log.error('a location could not be read', { ref, error: messageOf(error) });
    } finally {
      reading.delete(ref);
      schedule(ref);
    }
  };

  const queue = new ReadQueue({ read, isFile: (ref) => isFileLocation(core.index, ref), concurrency });

  const requestRead: Engine['requestRead'] = (ref, { force = false } = {}) => {
    queue.add(ref, { force });
  };

  const spread = (interval: number): number => Math.min(interval * (1 + options.random() / 2), MAX_DELAY);

  const schedule = (ref: string): void => {
    clearTimeout(timers.get(ref)?.timer);
    timers.delete(ref);
    if (closed || poll === null || core.index.ordinalOf(ref) === undefined) return;
    const delay = spread(poll);
    const timer = setTimeout(() => requestRead(ref), delay);
    timer.unref();
    timers.set(ref, { timer, at: core.now() + delay });
  };

  /** Runs something once, later, unless the engine is closed by then. */
  const later = (delay: number, work: () => void): void => {
    if (closed) return;
    const timer = setTimeout(() => {
      oneOff.delete(timer);
      work();
    }, delay);
    timer.unref();
    oneOff.add(timer);
  };

  const track = <T>(job: Promise<T>): Promise<T> => {
    jobs.add(job);
    void Promise.allSettled([job]).then(() => jobs.delete(job));
    return job;
  };

  /** For work that nobody waits for. */
  const inBackground = (what: string, job: Promise<unknown>): void => {
    track(job).catch((error: unknown) => {
      if (!closed) core.log.error(what, { error: messageOf(error) });
    });
  };

  const remakeAll = async (refs: readonly string[]): Promise<void> => {
    if (closed) return;
    for (const location of await remake(core, refs)) requestRead(location);
  };

  const retry = async (): Promise<void> => {
    const { database } = core;
    const refs = new Set([...(await refsOfFailed(database)), ...(await refsOfUnfinished(database))]);
    for (const prefix of options.unwatchedKeys()) {
      const keys = await refreshKeysWith(database, prefix);
      for (const ref of await refsByRefreshKeys(database, keys)) refs.add(ref);
    }
    await remakeAll([...refs]);
  };

  const retryByTimetable = (): void => {
    if (poll === null) return;
    later(spread(poll), () => {
      inBackground('what failed could not be made again', retry());
      retryByTimetable();
    });
  };

  const mutate = (provider: string, mutation: Mutation): Promise<void> => {
    if (closed)
      throw new CodedError(503, 'catalog/closed', 'The catalog is closed, so nothing can be changed');
    const before = mutations.get(provider) ?? Promise.resolve();
    const job = Promise.allSettled([before]).then(() => mutateMeasured(core, provider, mutation));
    mutations.set(provider, job);
    return job;
  };

  const refresh = async (ref: string): Promise<void> => {
    const above = await ancestors(core, ref);
    for (const location of above.filter((name) => name.startsWith('location:'))) requestRead(location);
    if (ref.startsWith('location:')) requestRead(ref, { force: true });
    else await remakeAll([ref]);
  };

  /** Asks a source for what it lists: a Location is read, another entity made again; providers say it themselves. */
  const reclaim = (source: string): void => {
    if (!source.startsWith('entity:') || closed) return;
    const ref = source.slice('entity:'.length);
    if (ref.startsWith('location:')) requestRead(ref);
    else inBackground('an entity could not be made again', remakeAll([ref]));
  };

  retryByTimetable();

  return {
    requestRead,
    schedule,
    requestByKeys: (keys) => track(refsByRefreshKeys(core.database, keys).then(remakeAll)),
    remake: (refs) => track(remakeAll(refs)),
    retry: () => track(retry()),
    refresh: (ref) => track(refresh(ref)),
    mutate: async (provider, mutation) => track(mutate(provider, mutation)),
    follow: ({ deleted, toRead = [], toReclaim = [], toReclaimLater = [] }) => {
      for (const ref of deleted) {
        clearTimeout(timers.get(ref)?.timer);
        timers.delete(ref);
        queue.drop(ref);
        core.activity.forget(`entity:${ref}`);
      }
      for (const ref of toRead) requestRead(ref);
      for (const source of toReclaim) reclaim(source);
      for (const source of toReclaimLater) later(RECLAIM_DELAY, () => reclaim(source));
    },
    isUnderWay: (ref) => queue.has(ref),
    nextReadAt: (ref) => timers.get(ref)?.at ?? null,
    idle: async () => {
      while (queue.size > 0 || jobs.size > 0) {
        await Promise.allSettled([...queue.running(), ...jobs]);
      }
    },
    get backlog() {
      return queue.size;
    },
    get reading() {
      return [...reading];
    },
    close: async () => {
      closed = true;
      queue.close();
      for (const { timer } of timers.values()) clearTimeout(timer);
      for (const timer of oneOff) clearTimeout(timer);
      await Promise.allSettled([...queue.running(), ...jobs]);
    },
  };
}

async function mutateMeasured(core: CatalogCore, provider: string, mutation: Mutation): Promise<void> {
  const { activity } = core;
  const source = `provider:${provider}`;
  const began = activity.clock();
  const wasGood = activity.figuresOf(source, provider)?.error === null;
  const count = (outcome: ReadingOutcome, error?: string): void => {
    const ms = activity.clock() - began;
    activity.countReading(source, provider, { outcome, ms, wasGood, ...(error !== undefined && { error }) });
    activity.touch();
  };
  try {
    await applyMutation(core, provider, mutation);
  } catch (error) {
    count('failed', messageOf(error));
    throw error;
  }
  count('changed');
}

/** Everything above an entity, nearest first. */
async function ancestors(core: CatalogCore, ref: string): Promise<string[]> {
  const found = new Set<string>();
  let frontier = [ref];
  while (frontier.length > 0) {
    const sources = [...(await sourcesOf(core.database, frontier)).values()].flat();
    const parents = sources
      .filter((source) => source.startsWith('entity:'))
      .map((source) => source.slice('entity:'.length));
    frontier = [...new Set(parents)].filter((parent) => !found.has(parent));
    for (const parent of frontier) found.add(parent);
  }
  return [...found];
}
