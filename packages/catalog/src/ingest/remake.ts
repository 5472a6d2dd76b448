/** Runs entities through processing again, from what their source gave, because something else of theirs changed. */
import { checkEnvelope, parseJson } from '@callboard/model';
import { forgetFingerprints } from '../store/reads.ts';
import { sourcesOf } from '../store/references.ts';
import { type EntityRow, entityRows, knownEntities } from '../store/store.ts';
import type { CatalogCore } from './core.ts';
import type { Incoming } from './incoming.ts';
import { takeIn } from './take-in.ts';

/** Rows in memory at the same time. */
const CHUNK = 500;

/**
 * What was written since, or deleted, is left alone; so are orphans. Returns the Location entities to read again: they
 * hold the documents of entities that fail in a new way, and only a document knows its lines.
 */
export async function remake(core: CatalogCore, refs: readonly string[]): Promise<string[]> {
  const locations = new Set<string>();
  for (let i = 0; i < refs.length; i += CHUNK) {
    const rows = await entityRows(core.database, refs.slice(i, i + CHUNK));
    for (const [source, held] of await bySource(core, rows)) {
      await takeIn(core, held.flatMap(toIncoming), { source, force: true });
      if (!source.startsWith('entity:location:')) continue;
      const documents = await newlyFailed(core, held);
      if (documents.length === 0) continue;
      await forgetFingerprints(
        core.database,
        documents.map((locationKey) => ({ source, locationKey })),
      );
      locations.add(source.slice('entity:'.length));
    }
  }
  return [...locations];
}

async function bySource(core: CatalogCore, rows: readonly EntityRow[]): Promise<Map<string, EntityRow[]>> {
  const sources = await sourcesOf(
    core.database,
    rows.map((row) => row.ref),
  );
  const held = new Map<string, EntityRow[]>();
  for (const row of rows) {
    const source = sources.get(row.ref)?.[0];
    if (source === undefined) continue;
    const others = held.get(source) ?? [];
    held.set(source, others);
    others.push(row);
  }
  return held;
}

function toIncoming(row: EntityRow): Incoming[] {
  const input = checkEnvelope(parseJson(row.input ?? row.entity ?? ''));
  if (!input.ok) return [];
  return [{ entity: input.entity, locationKey: row.location_key, basis: row.input_hash }];
}

/** The location keys of those that have other errors than before. */
async function newlyFailed(core: CatalogCore, rows: readonly EntityRow[]): Promise<string[]> {
  const known = await knownEntities(
    core.database,
    rows.map((row) => row.ref),
  );
  const failed = rows.filter((row) => {
    const errors = known.get(row.ref)?.errors ?? null;
    return errors !== null && errors !== row.errors;
  });
  return [...new Set(failed.flatMap((row) => (row.location_key === null ? [] : [row.location_key])))];
}
