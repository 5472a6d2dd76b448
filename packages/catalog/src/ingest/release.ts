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
import { cutByHand, cutUnrooted, toSource, type Cut } from './cut.ts';

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
    const cut = keepOrphans ? NOTHING_CUT : await cutUnrooted(session, { refs, by: options.source });
    await removeReferences(session, options.source, refs);
    await carryOut(session, cut, core.now());
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
    const cut = await cutByHand(session, { ref, orphanStrategy: core.orphanStrategy });
    await carryOut(session, cut, core.now());
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
    const cut = await cutUnrooted(session, { refs: await unheldRefs(session), by: null });
    await carryOut(session, cut, core.now());
    return finish(session, { touched: cut.loosened, lost: cut.lost, now: core.now() });
  });
  announce(core, outcome);
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

/** Deletes what goes, and every trace of it but its history. */
async function carryOut(session: DatabaseSession, { lost }: Cut, now: number): Promise<void> {
  await removeReferencesOf(session, lost.map(toSource));
  await deleteEntities(session, lost, now);
}
