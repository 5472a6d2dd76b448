/** The tables of patches: what is known of each, its log, its records, and the findings that it is about. */
import type { MigrationStep } from '@callboard/kernel';
import { sql } from 'kysely';
import type { RecordKind, PatchState } from './patch.ts';

export type PatchTables = {
  images_patches: {
    id: string;
    /** Base digest, platform and repository: one open patch at a time. */
    key: string;
    golden: string;
    state: PatchState;
    created_at: number;
    /** Grows with every change. */
    version: number;
    /** As JSON. */
    patch: string;
  };
  /** Findings that came by reports, by the key of the base that they are about, and when one last said something new. */
  images_patch_findings: { key: string; finding: string; at: number };
  images_patch_lines: { patch: string; number: number; at: number; text: string };
  /** Never changed and never deleted: the audit trail. */
  images_records: { hash: string; kind: RecordKind; at: number; text: string };
};

/** In these words in the index as in the queries, so that the engine sees that they belong together. */
export const isOpen = sql<boolean>`state in ('waiting', 'running', 'awaiting-approval', 'parked')`;

export const patchMigrationSteps: readonly MigrationStep[] = [
  {
    name: '006-patches',
    up: async ({ schema }) => {
      await schema
        .createTable('images_patches')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('golden', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('patch', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createIndex('images_patches_open')
        .on('images_patches')
        .column('key')
        .unique()
        .where(isOpen)
        .execute();
      await schema.createIndex('images_patches_key').on('images_patches').columns(['key', 'id']).execute();
      await schema
        .createTable('images_patch_findings')
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('finding', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('images_patch_findings_key', ['key', 'finding'])
        .execute();
      await schema
        .createTable('images_patch_lines')
        .addColumn('patch', 'text', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('images_patch_lines_key', ['patch', 'number'])
        .execute();
      await schema
        .createTable('images_records')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .execute();
    },
  },
];
