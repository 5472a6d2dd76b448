/**
 * A source lets go of entities. What nobody else holds is deleted with everything that only it had brought, or
 * becomes an orphan when the configuration says to keep orphans. Whoever lists what became free reads it again.
 */
import type { DatabaseSession } from '@callboard/kernel';
import type { StoredEntity } from '../index/entity-index.ts';
import { conflictsOf, forgetFingerprints, type SourceDocument } from '../store/reads.ts';
import { logChange } from '../store/changes.ts';
import {
  childrenOf,
  removeReferences,
  removeReferencesOf,
  sourcesOf,
  unheldRefs,
} from '../store/references.ts';
import { deleteEntities, entityRows, toStoredEntities } from '../store/store.ts';
import type { CatalogCore } from './core.ts';

export interface ReleaseOptions {
  /** `entity:<ref>` or `provider:<name>`. */
  readonly source: string;
  /** Deletes whatever the orphan strategy is: for entities that a provider takes back. */
  readonly eager?: boolean;
}

export async function release(
  core: CatalogCore,
  refs: readonly string[],
  options: ReleaseOptions,
): Promise<void> {
  if (refs.length === 0) return;
  const keepOrphans = options.eager !== true && core.orphanStrategy === 'keep';
  const outcome = await core.database.transaction(async (session) => {
    await removeReferences(session, options.source, refs);
    const cut = keepOrphans ? NOTHING_CUT : await deleteUnrooted(session, refs);
    return finish(session, { touched: [...refs, ...cut.loosened], lost: cut.lost, now: core.now() });
  });
  announce(core, outcome);
}

/** Everything that a source holds goes, with what hung on it alone. */
export async function releaseAll(core: CatalogCore, source: string): Promise<void> {
  const children = await childrenOf(core.database, source);
  const refs = children.map((child) => child.ref);
  await release(core, refs, { source, eager: true });
}

/** Deletes one entity whoever holds it; what it alone had brought goes too, or becomes orphans. */
export async function deleteEntity(core: CatalogCore, ref: string): Promise<void> {
  const outcome = await core.database.transaction(async (session) => {
    const [row] = await entityRows(session, [ref]);
    const parents = (await sourcesOf(session, [ref])).get(ref) ?? [];
    for (const parent of parents) await removeReferences(session, parent, [ref]);
    const cut =
      core.orphanStrategy === 'keep' ? await deleteAlone(session, ref) : await deleteUnrooted(session, [ref]);
    const key = row?.location_key ?? null;
    if (key !== null) {
      await forgetFingerprints(
        session,
        parents.map((source) => ({ source, locationKey: key })),
      );
    }
    const finished = await finish(session, { touched: cut.loosened, lost: cut.lost, now: core.now() });
    return { ...finished, parents };
  });
  announce(core, outcome);
}

/** Deletes what nothing holds, which an earlier configuration may have kept. */
export async function deleteOrphans(core: CatalogCore): Promise<void> {
  const outcome = await core.database.transaction(async (session) => {
    const cut = await deleteUnrooted(session, await unheldRefs(session));
    return finish(session, { touched: cut.loosened, lost: cut.lost, now: core.now() });
  });
  announce(core, outcome);
}

interface Cut {
  /** References of entities that were deleted. */
  readonly lost: readonly string[];
  /** References of entities that something which was deleted had held. */
  readonly loosened: readonly string[];
}

const NOTHING_CUT: Cut = { lost: [], loosened: [] };

interface Outcome {
  readonly stored: readonly StoredEntity[];
  readonly lost: readonly string[];
  readonly toReclaim: readonly string[];
  readonly parents?: readonly string[];
}

async function finish(
  session: DatabaseSession,
  { touched, lost, now }: { touched: readonly string[]; lost: readonly string[]; now: number },
): Promise<Outcome> {
  const gone = new Set(lost);
  const left = [...new Set(touched)].filter((ref) => !gone.has(ref));
  const rows = await entityRows(session, left);
  const stored = await toStoredEntities(session, rows);
  if (lost.length > 0 || stored.length > 0) {
    await logChange(session, { refs: [...lost, ...stored.map((entity) => entity.ref)], now });
  }
  const free = stored.filter((entity) => entity.sources.length === 0).map((entity) => entity.ref);
  const claims = await conflictsOf(session, [...lost, ...free]);
  // Those who still hold an entity may have brought it from elsewhere than the one that let go.
  const keys = new Map(rows.map((row) => [row.ref, row.location_key]));
  const heirs = stored.flatMap(({ ref, sources }) =>
    sources.map((source) => ({ source, locationKey: keys.get(ref) ?? '' })),
  );
  const documents = [
    ...claims.map((claim) => ({ source: claim.source, locationKey: claim.location_key })),
    ...heirs,
  ];
  await forgetFingerprints(session, unique(documents));
  return { stored, lost, toReclaim: [...new Set(documents.map(({ source }) => source))] };
}

function unique(documents: readonly SourceDocument[]): SourceDocument[] {
  const known = new Map(documents.map((found) => [`${found.source}\0${found.locationKey}`, found]));
  return [...known.values()];
}

function announce(core: CatalogCore, { stored, lost, toReclaim, parents = [] }: Outcome): void {
  if (stored.length === 0 && lost.length === 0 && toReclaim.length === 0) return;
  core.index.apply({ upserted: stored, deleted: lost });
  const changed = stored.map((entity) => entity.ref);
  core.onChange({ changed, deleted: lost, toReclaim, toReclaimLater: parents });
}

/** Deletes one entity and leaves what it held to itself. */
async function deleteAlone(session: DatabaseSession, ref: string): Promise<Cut> {
  const children = await removeReferencesOf(session, [`entity:${ref}`]);
  await deleteEntities(session, [ref]);
  return { lost: [ref], loosened: [...children] };
}

/** Deletes those of the references that no provider leads to any more, and what hung on them alone. */
async function deleteUnrooted(session: DatabaseSession, refs: readonly string[]): Promise<Cut> {
  const lost = new Set<string>();
  const loosened = new Set<string>();
  let candidates = [...new Set(refs)];
  while (candidates.length > 0) {
    const rooted = await findRooted(session, candidates);
    const unrooted = candidates.filter((ref) => !rooted.has(ref));
    for (const ref of unrooted) lost.add(ref);
    const children = await removeReferencesOf(
      session,
      unrooted.map((ref) => `entity:${ref}`),
    );
    await deleteEntities(session, unrooted);
    for (const ref of children) loosened.add(ref);
    candidates = [...children].filter((ref) => !lost.has(ref));
  }
  return { lost: [...lost], loosened: [...loosened].filter((ref) => !lost.has(ref)) };
}

/** Which of the references a provider leads to, directly or through other entities; cycles lead nowhere. */
async function findRooted(session: DatabaseSession, refs: readonly string[]): Promise<Set<string>> {
  const parents = new Map<string, string[]>();
  const rooted = new Set<string>();
  let frontier = [...refs];
  while (frontier.length > 0) {
    const sources = await sourcesOf(session, frontier);
    const next = new Set<string>();
    for (const ref of frontier) {
      const held = sources.get(ref) ?? [];
      const above = held.filter((source) => source.startsWith('entity:')).map((source) => source.slice(7));
      parents.set(ref, above);
      for (const parent of above) next.add(parent);
      if (held.some((source) => source.startsWith('provider:'))) rooted.add(ref);
    }
    frontier = [...next].filter((ref) => !parents.has(ref));
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const [ref, above] of parents) {
      if (rooted.has(ref) || !above.some((parent) => rooted.has(parent))) continue;
      rooted.add(ref);
      grew = true;
    }
  }
  return rooted;
}
