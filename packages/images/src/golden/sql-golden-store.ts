/** What golden images and applications have been, in our own database: it outlives tags that move and registries that clean up. */
import type { Database, DatabaseSession } from '@callboard/kernel';
import type { GoldenVersion } from '../identify/golden-image.ts';
import type { Digest, Platform } from '../image/image.ts';
import { formatPlatform } from '../image/manifest.ts';
import type { GoldenTables } from './migrations.ts';

export interface KeptVersion extends GoldenVersion {
  /** Since when the tag is known to have pointed to it; null when only an old tag tells of it. Milliseconds since 1970. */
  readonly seenAt: number | null;
}

/** What the last readings of a golden image came to. */
export interface GoldenReading {
  /** Of the last good one; null before that. */
  readonly reference: string | null;
  readonly readAt: number | null;
  /** Of the very last one; null when it was good. */
  readonly problem: string | null;
  /** The reference whose old tags were read, and the platforms; null before that. */
  readonly olderOf: string | null;
}

/** What an application was when it was last read. */
export interface KeptApplication {
  readonly image: ApplicationImage | null;
  readonly base: ApplicationBase | null;
  readonly problem: string | null;
}

export interface ApplicationImage {
  readonly reference: string;
  /** As `linux/amd64`. */
  readonly platform: string;
  readonly digest: Digest;
  readonly diffIds: readonly Digest[];
  readonly readAt: number;
}

export interface ApplicationBase {
  /** The name of the golden image. */
  readonly golden: string;
  /** Of its version. */
  readonly digest: Digest;
}

export interface Named {
  readonly name: string;
  readonly platform: Platform;
}

export interface GoldenStore {
  /** The newest first. */
  versions(of: Named): Promise<readonly KeptVersion[]>;
  /** That the tag points to it; says whether that is new. At most `MOST_VERSIONS` are kept, the newest. */
  noteCurrent(of: Named, version: GoldenVersion, at: number): Promise<boolean>;
  /** The newest first; what is there already stays where it is. */
  addOlder(of: Named, versions: readonly GoldenVersion[]): Promise<void>;
  readings(): Promise<ReadonlyMap<string, GoldenReading>>;
  noteReading(golden: string, reading: Partial<GoldenReading>): Promise<void>;
  applications(): Promise<ReadonlyMap<string, KeptApplication>>;
  noteApplication(name: string, application: KeptApplication): Promise<void>;
}

/** Of one golden image and platform. */
export const MOST_VERSIONS = 200;

/** Needs the tables of `goldenMigrationSteps`. */
export function createSqlGoldenStore(database: Pick<Database, 'query' | 'transaction'>): GoldenStore {
  const tables = tablesOf(database);
  return {
    versions: async (of) => (await rowsOf(database, of).execute()).map(toVersion),
    noteCurrent: (of, version, at) =>
      database.transaction(async (session) => {
        const newest = await rowsOf(session, of).limit(1).executeTakeFirst();
        if (newest?.digest === version.digest) {
          if (newest.index_digest === version.indexDigest) return false;
          await tablesOf(session)
            .updateTable('images_golden_versions')
            .set({ index_digest: version.indexDigest })
            .where('golden', '=', of.name)
            .where('platform', '=', formatPlatform(of.platform))
            .where('digest', '=', version.digest)
            .execute();
          return true;
        }
        const { rank = -1 } = newest ?? {};
        const row = toRow(of, version, { rank: rank + 1, seenAt: at });
        const { index_digest, seen_at } = row;
        await tablesOf(session)
          .insertInto('images_golden_versions')
          .values(row)
          .onConflict((conflict) =>
            conflict
              .columns(['golden', 'platform', 'digest'])
              .doUpdateSet({ index_digest, seen_at, rank: row.rank }),
          )
          .execute();
        await forgetOldest(session, of);
        return true;
      }),
    addOlder: (of, versions) =>
      database.transaction(async (session) => {
        const there = await rowsOf(session, of).execute();
        const lowest = there.at(-1)?.rank ?? 0;
        const known = new Set(there.map(({ digest }) => digest));
        const fresh = new Map(
          versions.filter(({ digest }) => !known.has(digest)).map((version) => [version.digest, version]),
        );
        const rows = [...fresh.values()]
          .slice(0, Math.max(0, MOST_VERSIONS - there.length))
          .map((version, index) => toRow(of, version, { rank: lowest - 1 - index, seenAt: null }));
        for (const row of rows) {
          await tablesOf(session).insertInto('images_golden_versions').values(row).execute();
        }
      }),
    readings: async () => {
      const rows = await tables.selectFrom('images_golden_reads').selectAll().execute();
      return new Map(
        rows.map(({ golden, reference, read_at, problem, older_of }) => [
          golden,
          { reference, readAt: read_at, problem, olderOf: older_of },
        ]),
      );
    },
    noteReading: async (golden, { reference, readAt, problem, olderOf }) => {
      const values = {
        ...(reference !== undefined && { reference }),
        ...(readAt !== undefined && { read_at: readAt }),
        ...(problem !== undefined && { problem }),
        ...(olderOf !== undefined && { older_of: olderOf }),
      };
      await tables
        .insertInto('images_golden_reads')
        .values({ golden, reference: null, read_at: null, problem: null, older_of: null, ...values })
        .onConflict((conflict) => conflict.column('golden').doUpdateSet({ golden, ...values }))
        .execute();
    },
    applications: async () => {
      const rows = await tables.selectFrom('images_applications').selectAll().execute();
      return new Map(rows.map((row) => [row.name, toApplication(row)]));
    },
    noteApplication: async (name, { image, base, problem }) => {
      const values = {
        reference: image?.reference ?? null,
        platform: image?.platform ?? null,
        digest: image?.digest ?? null,
        diff_ids: image === null ? null : JSON.stringify(image.diffIds),
        base_golden: base?.golden ?? null,
        base_digest: base?.digest ?? null,
        read_at: image?.readAt ?? null,
        problem,
      };
      await tables
        .insertInto('images_applications')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute();
    },
  };
}

const tablesOf = ({ query }: Pick<DatabaseSession, 'query'>) => query.withTables<GoldenTables>();

function rowsOf(session: Pick<DatabaseSession, 'query'>, { name, platform }: Named) {
  return tablesOf(session)
    .selectFrom('images_golden_versions')
    .selectAll()
    .where('golden', '=', name)
    .where('platform', '=', formatPlatform(platform))
    .orderBy('rank', 'desc');
}

async function forgetOldest(session: DatabaseSession, of: Named): Promise<void> {
  const last = await rowsOf(session, of)
    .offset(MOST_VERSIONS - 1)
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return;
  await tablesOf(session)
    .deleteFrom('images_golden_versions')
    .where('golden', '=', of.name)
    .where('platform', '=', formatPlatform(of.platform))
    .where('rank', '<', last.rank)
    .execute();
}

type VersionRow = GoldenTables['images_golden_versions'];

function toRow(
  { name, platform }: Named,
  { digest, indexDigest, diffIds, layers }: GoldenVersion,
  { rank, seenAt }: { readonly rank: number; readonly seenAt: number | null },
): VersionRow {
  return {
    golden: name,
    platform: formatPlatform(platform),
    digest,
    index_digest: indexDigest,
    diff_ids: JSON.stringify(diffIds),
    layers: JSON.stringify(layers),
    rank,
    seen_at: seenAt,
  };
}

function toVersion({ digest, index_digest, diff_ids, layers, seen_at }: VersionRow): KeptVersion {
  return {
    digest,
    indexDigest: index_digest,
    diffIds: parseDigests(diff_ids),
    layers: parseDigests(layers),
    seenAt: seen_at,
  };
}

function toApplication(row: GoldenTables['images_applications']): KeptApplication {
  const { reference, platform, digest, diff_ids, base_golden, base_digest, read_at, problem } = row;
  const isRead =
    reference !== null && platform !== null && digest !== null && diff_ids !== null && read_at !== null;
  return {
    image: isRead ? { reference, platform, digest, diffIds: parseDigests(diff_ids), readAt: read_at } : null,
    base: base_golden === null || base_digest === null ? null : { golden: base_golden, digest: base_digest },
    problem,
  };
}

// Only this file writes these columns.
const parseDigests = (json: string): readonly Digest[] => JSON.parse(json);
