/**
 * A source lets go of entities. What nobody else holds is deleted with everything that only it had brought, or
 * becomes an orphan when the configuration says to keep orphans.
 */
import type { DatabaseSession } from '@callboard/kernel';
import {
  childrenOf,
  conflictsOf,
  deleteEntities,
  logChange,
  removeReferences,
  sourcesOf,
  storedEntities,
} from '../store/store.ts';
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
    const lost = keepOrphans ? [] : await deleteUnrooted(session, refs);
    return finish(session, { touched: refs, lost, now: core.now() });
  });
  announce(core, outcome);
}

/** Everything that a source holds goes, with what hung on it alone. */
export async function releaseAll(core: CatalogCore, source: string): Promise<void> {
  const children = await childrenOf(core.database, source);
  const refs = children.map((child) => child.ref);
  await release(core, refs, { source, eager: true });
}

/** Deletes one entity whoever holds it, with everything that only it had brought. */
export async function deleteEntity(core: CatalogCore, ref: string): Promise<void> {
  const outcome = await core.database.transaction(async (session) => {
    const parents = (await sourcesOf(session, [ref])).get(ref) ?? [];
    for (const parent of parents) await removeReferences(session, parent, [ref]);
    const lost = await deleteUnrooted(session, [ref]);
    return { ...(await finish(session, { touched: [ref], lost, now: core.now() })), parents };
  });
  announce(core, { ...outcome, toReclaim: [...outcome.toReclaim, ...outcome.parents] });
}

interface Outcome {
  readonly stored: Awaited<ReturnType<typeof storedEntities>>;
  readonly lost: readonly string[];
  readonly toReclaim: readonly string[];
}

async function finish(
  session: DatabaseSession,
  { touched, lost, now }: { touched: readonly string[]; lost: readonly string[]; now: number },
): Promise<Outcome> {
  const gone = new Set(lost);
  const left = touched.filter((ref) => !gone.has(ref));
  const stored = await storedEntities(session, left);
  const claims = await conflictsOf(session, lost);
  if (lost.length > 0 || stored.length > 0) {
    await logChange(session, { refs: [...lost, ...stored.map((entity) => entity.ref)], now });
  }
  return { stored, lost, toReclaim: [...new Set(claims.map((claim) => claim.source))] };
}

function announce(core: CatalogCore, { stored, lost, toReclaim }: Outcome): void {
  if (stored.length === 0 && lost.length === 0 && toReclaim.length === 0) return;
  core.index.apply({ upserted: stored, deleted: lost });
  core.onChange({ changed: stored.map((entity) => entity.ref), deleted: lost, toRead: [], toReclaim });
}

/** Deletes those of the references that no provider leads to any more, and what hung on them alone. */
async function deleteUnrooted(session: DatabaseSession, refs: readonly string[]): Promise<string[]> {
  const lost: string[] = [];
  let candidates = [...new Set(refs)];
  while (candidates.length > 0) {
    const rooted = await findRooted(session, candidates);
    const unrooted = candidates.filter((ref) => !rooted.has(ref));
    const next: string[] = [];
    for (const ref of unrooted) {
      const source = `entity:${ref}`;
      const children = (await childrenOf(session, source)).map((child) => child.ref);
      await removeReferences(session, source, children);
      next.push(...children);
    }
    await deleteEntities(session, unrooted);
    lost.push(...unrooted);
    const gone = new Set(lost);
    candidates = [...new Set(next)].filter((ref) => !gone.has(ref));
  }
  return lost;
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
      parents.set(
        ref,
        held.filter((source) => source.startsWith('entity:')).map((source) => source.slice(7)),
      );
      if (held.some((source) => source.startsWith('provider:'))) rooted.add(ref);
    }
    for (const above of parents.values()) for (const ref of above) if (!parents.has(ref)) next.add(ref);
    frontier = [...next];
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
