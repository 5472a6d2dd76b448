/** The tables of the findings store and of what was received. Times are milliseconds since 1970. */
import type { MigrationStep } from '@callboard/kernel';
import type { Finding, Scanner, Severity } from '../receive/finding.ts';
import type { ChangeKind } from './findings-store.ts';

export type FindingsTables = {
  /** The greatest record of each finding. */
  images_findings: {
    id: string;
    /** See `version.ts`. */
    version: string;
    scanner: Scanner;
    vulnerability: string;
    severity: Severity;
    status: Finding['status'];
    image_digest: string | null;
    repository: string | null;
    first_seen_at: number;
    changed_at: number;
    closed_at: number | null;
    reopened: number;
    /** As JSON. */
    finding: string;
  };
  /** The change log, written in the transaction of the change. Numbers have no gaps. */
  images_finding_changes: {
    seq: number;
    kind: ChangeKind;
    at: number;
    /** As JSON; null when it was not there. */
    before: string | null;
    after: string;
  };
  /** The last number of the change log. Whoever writes changes holds its row, so they become visible in order. */
  images_counters: { name: string; value: number };
  images_checkpoints: {
    consumer: string;
    /** 0: from the first change on. */
    after: number;
    token: number;
    owner: string | null;
    until: number;
    /** The change that failed last, and how often; 0 and 0 when none did. */
    failing: number;
    tries: number;
  };
  /** Changes that a consumer could not handle. */
  images_set_aside: {
    consumer: string;
    seq: number;
    error: string;
    tries: number;
    at: number;
    /** As JSON. */
    record: string;
  };
  /** Report files by the SHA-256 of what is in them. */
  images_reports: { hash: string; name: string; at: number; outcome: 'taken' | 'bad' };
};

export const FINDING_CHANGES = 'finding-changes';

/** Steps of the room's migrations, in this order. */
export const findingsMigrationSteps: readonly MigrationStep[] = [
  {
    name: '001-findings',
    up: async (query) => {
      const { schema } = query;
      await schema
        .createTable('images_findings')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('scanner', 'text', (column) => column.notNull())
        .addColumn('vulnerability', 'text', (column) => column.notNull())
        .addColumn('severity', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('image_digest', 'text')
        .addColumn('repository', 'text')
        .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .addColumn('closed_at', 'bigint')
        .addColumn('reopened', 'integer', (column) => column.notNull())
        .addColumn('finding', 'text', (column) => column.notNull())
        .execute();
      for (const column of ['image_digest', 'repository', 'vulnerability', 'status']) {
        await schema
          .createIndex(`images_findings_${column}`)
          .on('images_findings')
          .columns([column, 'id'])
          .execute();
      }
      await schema
        .createTable('images_finding_changes')
        .addColumn('seq', 'bigint', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('before', 'text')
        .addColumn('after', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createTable('images_counters')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'bigint', (column) => column.notNull())
        .execute();
      await query
        .withTables<FindingsTables>()
        .insertInto('images_counters')
        .values({ name: FINDING_CHANGES, value: 0 })
        .execute();
    },
  },
  {
    name: '002-finding-consumers',
    up: async ({ schema }) => {
      await schema
        .createTable('images_checkpoints')
        .addColumn('consumer', 'text', (column) => column.primaryKey())
        .addColumn('after', 'bigint', (column) => column.notNull())
        .addColumn('token', 'bigint', (column) => column.notNull())
        .addColumn('owner', 'text')
        .addColumn('until', 'bigint', (column) => column.notNull())
        .addColumn('failing', 'bigint', (column) => column.notNull())
        .addColumn('tries', 'integer', (column) => column.notNull())
        .execute();
      await schema
        .createTable('images_set_aside')
        .addColumn('consumer', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('error', 'text', (column) => column.notNull())
        .addColumn('tries', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('images_set_aside_key', ['consumer', 'seq'])
        .execute();
    },
  },
  {
    name: '003-received-reports',
    up: async ({ schema }) => {
      await schema
        .createTable('images_reports')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('outcome', 'text', (column) => column.notNull())
        .execute();
    },
  },
];
