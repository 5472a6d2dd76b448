/** The catalog's tables, and the migrations that make them. Times are milliseconds since 1970. */
import type { DatabaseSession, RoomMigrations } from '@callboard/kernel';
import { sql, type Kysely } from 'kysely';

/** Bound parameters of one statement stay far below SQLite's and PostgreSQL's limits. */
const VALUES_PER_QUERY = 500;

export type CatalogTables = {
  /** One row an entity, whether its processing has ever succeeded or not. */
  catalog_entities: {
    uid: string;
    /** Lower-case reference; unique. */
    ref: string;
    /** Where the entity is claimed from; another key may not take the reference. Null: anybody may. */
    location_key: string | null;
    /** The entity as its source gave it; null when processing gives the same again from `entity`. */
    input: string | null;
    /** Of the input that was taken in last; empty when it has to be processed anew. */
    input_hash: string;
    /** The last good result of processing, in the stored form; null when there never was one. */
    entity: string | null;
    /** Emitted relations: source, type, target, … flat, an empty string meaning the entity itself. */
    emitted: string | null;
    /** Problems of the last processing as JSON; null when there were none. */
    errors: string | null;
    first_seen_at: number;
    processed_at: number;
    /** When this version began: the entity, its errors or its location key changed. Relations alone make no version. */
    changed_at: number;
  };
  /** Versions that were replaced or removed, see `history.ts`. */
  catalog_history: {
    /** Later ones are greater, whatever they belong to. */
    id: number;
    ref: string;
    /** The version before, which may be dropped by now; 0: there was none. */
    previous_id: number;
    began_at: number;
    ended_at: number;
    /** 1: the entity went with it; 0: another version followed. */
    removed: number;
    location_key: string | null;
    /** As in `catalog_entities`. */
    errors: string | null;
    /** As in `catalog_entities`. */
    entity: string | null;
  };
  /** Who put an entity into the catalog: `provider:<name>` or `entity:<ref>`. */
  catalog_references: { source: string; target: string };
  /** What an entity was made from besides its document, as `file:/a/b.yaml` or `url:https://…`. */
  catalog_refresh_keys: { ref: string; refresh_key: string };
  /** The last reading of a target of a Location entity. */
  catalog_reads: {
    source: string;
    target: string;
    /** Content hash, ETag or file signature of what the entities were made from; null: read it anew. */
    fingerprint: string | null;
    read_at: number;
    changed_at: number;
    /** Diagnostics as JSON; null when the reading was good. */
    errors: string | null;
  };
  /** Claims on a reference that belongs to somebody else. */
  catalog_conflicts: { ref: string; location_key: string; source: string; seen_at: number };
  /** Locations registered through the API. */
  catalog_locations: { id: string; type: string; target: string; entity_ref: string };
  /** The change log: one row a transaction that changed entities; `refs` is a JSON array. */
  catalog_changes: { seq: number; changed_at: number; refs: string };
  /** Named values: the last numbers of a change and of a version, the fingerprint of the pipeline, readings not finished. */
  catalog_values: { name: string; value: string };
};

/** A session of the database, seen with the catalog's tables. */
export function tables(session: DatabaseSession): Kysely<CatalogTables> {
  return session.query.withTables<CatalogTables>();
}

/** Values in lists that fit into one statement. */
export function* inParts<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let i = 0; i < items.length; i += VALUES_PER_QUERY) yield items.slice(i, i + VALUES_PER_QUERY);
}

export const catalogMigrations: RoomMigrations = {
  room: 'catalog',
  steps: [
    {
      name: '001-entities',
      up: async ({ schema }) => {
        await schema
          .createTable('catalog_entities')
          .addColumn('uid', 'text', (column) => column.primaryKey())
          .addColumn('ref', 'text', (column) => column.notNull().unique())
          .addColumn('location_key', 'text')
          .addColumn('input_hash', 'text', (column) => column.notNull())
          .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
          .addColumn('processed_at', 'bigint', (column) => column.notNull())
          .addColumn('changed_at', 'bigint', (column) => column.notNull())
          // Large columns last: what stands before them is read without them.
          .addColumn('errors', 'text')
          .addColumn('entity', 'text')
          .addColumn('emitted', 'text')
          .addColumn('input', 'text')
          .execute();
        await schema
          .createIndex('catalog_entities_location_key')
          .on('catalog_entities')
          .column('location_key')
          .execute();
        // Few rows, and looked for all the time: what failed, and what is to be processed anew.
        await schema
          .createIndex('catalog_entities_failed')
          .on('catalog_entities')
          .column('ref')
          .where(sql<boolean>`errors is not null`)
          .execute();
        await schema
          .createIndex('catalog_entities_unfinished')
          .on('catalog_entities')
          .column('ref')
          .where(sql<boolean>`input_hash = ''`)
          .execute();
        await schema
          .createTable('catalog_references')
          .addColumn('source', 'text', (column) => column.notNull())
          .addColumn('target', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('catalog_references_key', ['source', 'target'])
          .execute();
        await schema
          .createIndex('catalog_references_target')
          .on('catalog_references')
          .column('target')
          .execute();
      },
    },
    {
      name: '002-reads',
      up: async ({ schema }) => {
        await schema
          .createTable('catalog_refresh_keys')
          .addColumn('refresh_key', 'text', (column) => column.notNull())
          .addColumn('ref', 'text', (column) => column.notNull())
          .addPrimaryKeyConstraint('catalog_refresh_keys_key', ['refresh_key', 'ref'])
          .execute();
        await schema
          .createIndex('catalog_refresh_keys_ref')
          .on('catalog_refresh_keys')
          .column('ref')
          .execute();
        await schema
          .createTable('catalog_reads')
          .addColumn('source', 'text', (column) => column.notNull())
          .addColumn('target', 'text', (column) => column.notNull())
          .addColumn('fingerprint', 'text')
          .addColumn('read_at', 'bigint', (column) => column.notNull())
          .addColumn('changed_at', 'bigint', (column) => column.notNull())
          .addColumn('errors', 'text')
          .addPrimaryKeyConstraint('catalog_reads_key', ['source', 'target'])
          .execute();
        await schema
          .createTable('catalog_conflicts')
          .addColumn('ref', 'text', (column) => column.notNull())
          .addColumn('location_key', 'text', (column) => column.notNull())
          .addColumn('source', 'text', (column) => column.notNull())
          .addColumn('seen_at', 'bigint', (column) => column.notNull())
          .addPrimaryKeyConstraint('catalog_conflicts_key', ['ref', 'location_key', 'source'])
          .execute();
      },
    },
    {
      name: '003-locations-and-changes',
      up: async ({ schema }) => {
        await schema
          .createTable('catalog_locations')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('type', 'text', (column) => column.notNull())
          .addColumn('target', 'text', (column) => column.notNull())
          .addColumn('entity_ref', 'text', (column) => column.notNull())
          .addUniqueConstraint('catalog_locations_target', ['type', 'target'])
          .execute();
        await schema
          .createTable('catalog_changes')
          .addColumn('seq', 'bigint', (column) => column.primaryKey())
          .addColumn('changed_at', 'bigint', (column) => column.notNull())
          .addColumn('refs', 'text', (column) => column.notNull())
          .execute();
        await schema
          .createTable('catalog_values')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('value', 'text', (column) => column.notNull())
          .execute();
      },
    },
    {
      name: '004-history',
      up: async ({ schema }) => {
        await schema
          .createTable('catalog_history')
          .addColumn('id', 'bigint', (column) => column.primaryKey())
          .addColumn('ref', 'text', (column) => column.notNull())
          .addColumn('previous_id', 'bigint', (column) => column.notNull())
          .addColumn('began_at', 'bigint', (column) => column.notNull())
          .addColumn('ended_at', 'bigint', (column) => column.notNull())
          .addColumn('removed', 'integer', (column) => column.notNull())
          .addColumn('location_key', 'text')
          .addColumn('errors', 'text')
          .addColumn('entity', 'text')
          .execute();
        await schema
          .createIndex('catalog_history_ref')
          .on('catalog_history')
          .columns(['ref', 'id'])
          .execute();
        await schema
          .createIndex('catalog_history_removed')
          .on('catalog_history')
          .columns(['ended_at', 'ref'])
          .where(sql<boolean>`removed = 1`)
          .execute();
      },
    },
    {
      name: '005-failed-reads',
      up: async ({ schema }) => {
        // Few rows, and asked for whenever somebody wants to know what is wrong.
        await schema
          .createIndex('catalog_reads_failed')
          .on('catalog_reads')
          .columns(['source', 'target'])
          .where(sql<boolean>`errors is not null`)
          .execute();
      },
    },
  ],
};
