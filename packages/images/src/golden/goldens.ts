/**
 * The golden images of the configuration as registries have them: read again and again, remembered with every version,
 * and as the index that findings and applications are led to their base by. A registry that does not answer takes
 * nothing away of what is known.
 */
import { CodedError, type Database, type Log } from '@callboard/kernel';
import { createBaseIndex, type BaseIndex } from '../identify/base-index.ts';
import type { GoldenImage, GoldenVersion } from '../identify/golden-image.ts';
import type { Digest, Platform } from '../image/image.ts';
import { formatPlatform } from '../image/manifest.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { GoldenStatus } from '../images.ts';
import type { ApplicationSettings, GoldenSettings, ImagesSettings } from '../settings.ts';
import { readOlderVersions } from './older-versions.ts';
import { problemText, readGolden, type Layers, type ReadVersion } from './read-golden.ts';
import {
  createSqlGoldenStore,
  type ApplicationBase,
  type GoldenReading,
  type Named,
} from './sql-golden-store.ts';
import {
  baseOf,
  keptBase,
  ofReference,
  platformsOf,
  referenceOf,
  sameLayers,
  UNREAD,
  usersOf,
} from './standing.ts';

export interface Goldens {
  /**
   * Reads golden images and applications anew: all of them, or one golden image by its name. What cannot be read keeps
   * what was known, with the problem. Rejects when it is aborted, or the database fails.
   */
  refresh(request?: { readonly name?: string; readonly signal?: AbortSignal }): Promise<void>;
  /** That the tag points to it, as after a promotion. */
  note(golden: Named, version: GoldenVersion): Promise<void>;
  /** In the order of the configuration. */
  list(): Promise<readonly GoldenStatus[]>;
  /** In the order of the configuration. */
  applications(): Promise<readonly ApplicationStatus[]>;
  /** Of all golden images; the same one until something changes. */
  index(): Promise<BaseIndex>;
}

export interface ApplicationStatus {
  readonly application: ApplicationSettings;
  /** Of what its tag pointed to when it was last read; null before that. */
  readonly digest: Digest | null;
  /** The nearest golden image, and which version of it; null when it stands on none, or was never read. */
  readonly base: ApplicationBase | null;
  /** Why it could not be read; null when it was. */
  readonly problem: string | null;
  /** When it was last read, in milliseconds since 1970; null before that. */
  readonly readAt: number | null;
}

export interface GoldensDeps {
  readonly client: Pick<RegistryClient, 'manifest' | 'image' | 'tags'>;
  /** With the tables of `goldenMigrationSteps`. */
  readonly database: Pick<Database, 'query' | 'transaction'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly settings: Pick<ImagesSettings, 'golden' | 'applications'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Images that are read at the same time: most of it is waiting. */
const AT_ONCE = 4;

interface Known {
  readonly images: ReadonlyMap<string, readonly GoldenImage[]>;
  readonly index: BaseIndex;
}

export function createGoldens({ client, database, now, settings, log }: GoldensDeps): Goldens {
  const store = createSqlGoldenStore(database);
  /** The last reading of each golden image, so that two do not cross. */
  const tails = new Map<string, Promise<void>>();
  /** Why older versions of a golden image could not be read. */
  const complained = new Map<string, string>();
  let cached: Promise<Known> | null = null;

  const load = async (): Promise<Known> => {
    const readings = await store.readings();
    const images = new Map<string, readonly GoldenImage[]>();
    for (const golden of settings.golden) {
      // What was read under another reference is of another image, until this one was read.
      const isRead = readings.get(golden.name)?.reference === referenceOf(golden);
      images.set(golden.name, isRead ? await imagesOf(golden) : []);
    }
    return { images, index: createBaseIndex([...images.values()].flat()) };
  };
  const imagesOf = async (golden: GoldenSettings): Promise<readonly GoldenImage[]> => {
    const { name, registry, repository, tag } = golden;
    const images: GoldenImage[] = [];
    for (const platform of golden.platforms) {
      const versions = await store.versions({ name, platform });
      if (versions.length > 0) images.push({ name, registry, repository, tag, platform, versions });
    }
    return images;
  };
  const known = (): Promise<Known> => {
    if (cached !== null) return cached;
    const loading = load();
    cached = loading;
    loading.catch(() => {
      if (cached === loading) cached = null;
    });
    return loading;
  };
  const changed = (): void => {
    cached = null;
  };

  const readOne = async (golden: GoldenSettings, signal: AbortSignal | undefined): Promise<void> => {
    const { name, platforms } = golden;
    const before = (await store.readings()).get(name) ?? null;
    const request = { client, at: golden, platforms, known: await layersOf(golden), signal };
    const { images, problems } = await readGolden(request);
    const problem = problemText(problems);
    complain(before?.problem ?? null, problem, { golden: name });
    if (images.length === 0) return await store.noteReading(name, { problem });
    const reference = referenceOf(golden);
    for (const { platform, version } of images) {
      if (!(await store.noteCurrent({ name, platform }, version, now()))) continue;
      log.info('a golden tag points to another image', { golden: name, digest: version.digest });
      changed();
    }
    await store.noteReading(name, { reference, readAt: now(), problem });
    if (before?.reference !== reference) changed();
    if (before?.olderOf !== olderOf(golden)) await readOlder(golden, signal);
  };
  const readOlder = async (golden: GoldenSettings, signal: AbortSignal | undefined): Promise<void> => {
    const { name, platforms } = golden;
    let older: readonly ReadVersion[];
    try {
      older = await readOlderVersions({
        client,
        at: golden,
        platforms,
        known: await layersOf(golden),
        signal,
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof CodedError)) throw error;
      // The next reading tries it again, and says nothing when it is the same.
      if (complained.get(name) !== error.message) {
        log.warn('older versions of a golden image cannot be read', { golden: name, error: error.message });
      }
      complained.set(name, error.message);
      return;
    }
    for (const platform of platforms) {
      const own = older.filter((one) => one.platform === platform).map(({ version }) => version);
      await store.addOlder({ name, platform }, own);
    }
    await store.noteReading(name, { olderOf: olderOf(golden) });
    changed();
  };
  const layersOf = async ({ name, platforms }: GoldenSettings) => {
    const layers = new Map<string, Layers>();
    for (const platform of platforms) {
      for (const version of await store.versions({ name, platform })) {
        layers.set(`${formatPlatform(platform)} ${version.digest}`, version);
      }
    }
    return (platform: Platform, digest: Digest): Layers | null =>
      layers.get(`${formatPlatform(platform)} ${digest}`) ?? null;
  };

  const readApplication = async (
    application: ApplicationSettings,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const { name } = application;
    const before = (await store.applications()).get(name) ?? UNREAD;
    const platforms = platformsOf(settings.golden);
    const { images, problems } = await readGolden({
      client,
      at: application,
      platforms,
      of: 'first',
      known: (platform, digest) => sameLayers(before.image, platform, digest),
      signal,
    });
    const [read] = images;
    const problem = problemText(problems);
    complain(before.problem, problem, { application: name });
    const reference = referenceOf(application);
    const image =
      read === undefined
        ? before.image
        : {
            reference,
            platform: formatPlatform(read.platform),
            digest: read.version.digest,
            diffIds: read.version.diffIds,
            readAt: now(),
          };
    const base = baseOf((await known()).index, image) ?? keptBase(before, image);
    await store.noteApplication(name, { image, base, problem });
  };
  /** Once, and again only when it changes. */
  const complain = (before: string | null, problem: string | null, what: Record<string, string>): void => {
    if (problem !== null && problem !== before) log.warn('an image cannot be read', { ...what, problem });
  };

  const inTurn = async (name: string, work: () => Promise<void>): Promise<void> => {
    const before = tails.get(name) ?? Promise.resolve();
    const own = Promise.allSettled([before]).then(work);
    tails.set(name, own);
    try {
      await own;
    } finally {
      if (tails.get(name) === own) tails.delete(name);
    }
  };

  return {
    refresh: async ({ name, signal } = {}) => {
      const golden = settings.golden.filter((one) => name === undefined || one.name === name);
      await eachOf(golden, (one) => inTurn(`golden ${one.name}`, () => readOne(one, signal)), signal);
      if (name !== undefined) return;
      const read = (one: ApplicationSettings): Promise<void> =>
        inTurn(`application ${one.name}`, () => readApplication(one, signal));
      await eachOf(settings.applications, read, signal);
    },
    // A reading that is under way may have seen the tag before it was moved.
    note: (of, version) =>
      inTurn(`golden ${of.name}`, async () => {
        await store.noteCurrent(of, version, now());
        changed();
      }),
    list: async () => {
      const { images, index } = await known();
      const [readings, applications] = [await store.readings(), await store.applications()];
      const users = usersOf({ settings, applications, index });
      return settings.golden.map((golden) =>
        toStatus(golden, {
          images: images.get(golden.name) ?? [],
          reading: readings.get(golden.name) ?? null,
          usedBy: settings.applications.map(({ name }) => name).filter((name) => users(name, golden.name)),
        }),
      );
    },
    applications: async () => {
      const kept = await store.applications();
      return settings.applications.map((application) => {
        const { image, base, problem } = ofReference(kept.get(application.name), application);
        return {
          application,
          digest: image?.digest ?? null,
          base,
          problem,
          readAt: image?.readAt ?? null,
        };
      });
    },
    index: async () => (await known()).index,
  };
}

function toStatus(
  golden: GoldenSettings,
  known: {
    readonly images: readonly GoldenImage[];
    readonly reading: GoldenReading | null;
    readonly usedBy: readonly string[];
  },
): GoldenStatus {
  const { name, title, owner, system, registry, repository, tag } = golden;
  const { images, reading, usedBy } = known;
  const isRead = reading?.reference === referenceOf(golden);
  return {
    golden: { name, title, owner, system, registry, repository, tag },
    images,
    problem: reading?.problem ?? null,
    readAt: isRead ? reading.readAt : null,
    usedBy,
  };
}

function olderOf(golden: GoldenSettings): string {
  return [referenceOf(golden), ...golden.platforms.map(formatPlatform)].join(' ');
}

/** A few at the same time; rejects when all have ended, as the first that failed. */
async function eachOf<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const rest = [...items].values();
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      signal?.throwIfAborted();
      await work(item);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
