/** The tables of golden images and of the applications that stand on them. Times are milliseconds since 1970. */
import type { MigrationStep } from '@callboard/kernel';
import type { Digest } from '../image/image.ts';

export type GoldenTables = {
  /** Every manifest that a golden tag has pointed to. */
  images_golden_versions: {
    golden: string;
    /** As `linux/amd64`. */
    platform: string;
    digest: Digest;
    index_digest: Digest | null;
    /** As JSON. */
    diff_ids: string;
    layers: string;
    /** The highest is what the tag points to. */
    rank: number;
    /** When the tag was first seen to point to it, of the last time that it did; null when only an old tag tells of it. */
    seen_at: number | null;
  };
  images_golden_reads: {
    golden: string;
    /** Where it was read, as `registry.example.com/golden/debian:12`; null before that. */
    reference: string | null;
    read_at: number | null;
    problem: string | null;
    /** The reference whose old tags were read, and the platforms; null before that. */
    older_of: string | null;
  };
  /** What applications last were. */
  images_applications: {
    name: string;
    /** Null, with all that follows, before it was read. */
    reference: string | null;
    platform: string | null;
    digest: Digest | null;
    /** As JSON. */
    diff_ids: string | null;
    /** The nearest golden image, and which version of it; null when it stands on none. */
    base_golden: string | null;
    base_digest: Digest | null;
    read_at: number | null;
    problem: string | null;
  };
};

/** Steps of the room's migrations, in this order. */
export const goldenMigrationSteps: readonly MigrationStep[] = [
  {
    name: '004-golden-versions',
    up: async ({ schema }) => {
      await schema
        .createTable('images_golden_versions')
        .addColumn('golden', 'text', (column) => column.notNull())
        .addColumn('platform', 'text', (column) => column.notNull())
        .addColumn('digest', 'text', (column) => column.notNull())
        .addColumn('index_digest', 'text')
        .addColumn('diff_ids', 'text', (column) => column.notNull())
        .addColumn('layers', 'text', (column) => column.notNull())
        .addColumn('rank', 'bigint', (column) => column.notNull())
        .addColumn('seen_at', 'bigint')
        .addPrimaryKeyConstraint('images_golden_versions_key', ['golden', 'platform', 'digest'])
        .execute();
      await schema
        .createIndex('images_golden_versions_rank')
        .on('images_golden_versions')
        .columns(['golden', 'platform', 'rank'])
        .execute();
      await schema
        .createTable('images_golden_reads')
        .addColumn('golden', 'text', (column) => column.primaryKey())
        .addColumn('reference', 'text')
        .addColumn('read_at', 'bigint')
        .addColumn('problem', 'text')
        .addColumn('older_of', 'text')
        .execute();
    },
  },
  {
    name: '005-applications',
    up: async ({ schema }) => {
      await schema
        .createTable('images_applications')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('reference', 'text')
        .addColumn('platform', 'text')
        .addColumn('digest', 'text')
        .addColumn('diff_ids', 'text')
        .addColumn('base_golden', 'text')
        .addColumn('base_digest', 'text')
        .addColumn('read_at', 'bigint')
        .addColumn('problem', 'text')
        .execute();
    },
  },
];
