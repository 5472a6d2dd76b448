/** What needs somebody: entities that are in trouble or have no owner, by state and owner, a page at a time. */
import type { Bitset } from './index/bitset.ts';
import type { EntityIndex } from './index/entity-index.ts';
import { createTroubles, type Trouble, type TroubleDeps, type Troubles } from './troubles.ts';
import { entitiesOwnedBy, ownerOf, unownedEntities } from './unowned.ts';

/** In the order of the answer. */
export const PROBLEM_STATES = ['failing', 'stale', 'conflict', 'pending', 'orphaned', 'unowned'] as const;

/**
 * The first five as `explain` has them, and `conflict`: another source claims the same reference; `unowned`: an entity
 * of a kind that is owned names no owner, or one that does not exist.
 */
export type ProblemState = (typeof PROBLEM_STATES)[number];

export interface Problem {
  readonly entityRef: string;
  /** As it was written. */
  readonly kind: string;
  readonly title: string | null;
  /** Full reference of the owner it names; null for what is unowned. */
  readonly owner: string | null;
  readonly state: ProblemState;
  readonly code: string | null;
  readonly summary: string;
  /** Path or URL of the document. */
  readonly file?: string;
  readonly line?: number;
  /** ISO 8601; null when it is not known. */
  readonly since: string | null;
}

export interface ProblemsRequest {
  /** Null: every state. Does not change the counts. */
  readonly states: readonly ProblemState[] | null;
  /** Full references in lower case; null: whoever owns it. What has no owner is nobody's. */
  readonly owners: readonly string[] | null;
  readonly limit: number;
  readonly offset: number;
}

export interface Problems {
  readonly counts: Readonly<Record<ProblemState, number>>;
  /** How many items there are on all pages. */
  readonly total: number;
  /** By state, then by reference. */
  readonly items: readonly Problem[];
}

export interface ProblemFinder {
  /** Everything that is wrong, without what is only unowned. */
  troubles(): Promise<Troubles>;
  list(request: ProblemsRequest): Promise<Problems>;
}

export function createProblems(deps: TroubleDeps): ProblemFinder {
  const troubles = createTroubles(deps);
  return { troubles, list: async (request) => list(deps.index, await troubles(), request) };
}

function list(index: EntityIndex, troubles: Troubles, request: ProblemsRequest): Problems {
  const { states, owners, limit, offset } = request;
  const isOwned = owners === null ? null : ownedBy(index, owners);
  const of = (state: ProblemState): readonly Trouble[] => {
    const all = state === 'unowned' ? [] : (troubles.get(state) ?? []);
    return isOwned === null ? all : all.filter(isOwned);
  };
  const unowned = owners === null ? unownedEntities(index) : null;
  const counts = {
    failing: of('failing').length,
    stale: of('stale').length,
    conflict: of('conflict').length,
    pending: of('pending').length,
    orphaned: of('orphaned').length,
    unowned: unowned?.count ?? 0,
  };
  const asked = PROBLEM_STATES.filter((state) => states === null || states.includes(state));
  const found = asked.flatMap(of);
  const items = found.slice(offset, offset + limit).flatMap((trouble) => toProblem(index, trouble));
  if (unowned !== null && asked.includes('unowned')) {
    const skip = Math.max(0, offset - found.length);
    const page = pageOf(index, unowned, { skip, take: limit - items.length });
    items.push(...page.map((ordinal) => toUnowned(index, ordinal)));
  }
  const total = asked.reduce((sum, state) => sum + counts[state], 0);
  return { counts, total, items };
}

function ownedBy(index: EntityIndex, owners: readonly string[]): (trouble: Trouble) => boolean {
  const owned = entitiesOwnedBy(index, owners);
  return ({ ref, draft }) => {
    const ordinal = index.ordinalOf(ref);
    if (ordinal !== undefined) return owned.has(ordinal);
    return draft !== undefined && draft.owner !== null && owners.includes(draft.owner);
  };
}

/** Some of a set, by reference. */
function pageOf(
  index: EntityIndex,
  set: Bitset,
  { skip, take }: { readonly skip: number; readonly take: number },
): number[] {
  const page: number[] = [];
  let skipped = 0;
  for (const ordinal of take > 0 ? index.orderByRef().sorted() : []) {
    if (!set.has(ordinal)) continue;
    if (skipped < skip) skipped += 1;
    else if (page.push(ordinal) === take) break;
  }
  return page;
}

/** Nothing for what is gone since. */
function toProblem(index: EntityIndex, { ref, state, problem, since, draft }: Trouble): Problem[] {
  const about = aboutVisible(index, ref) ?? draft;
  if (about === undefined) return [];
  const { code, summary, file, line } = problem;
  return [
    {
      entityRef: ref,
      ...about,
      state,
      code,
      summary,
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      since: since === null ? null : new Date(since).toISOString(),
    },
  ];
}

function aboutVisible(index: EntityIndex, ref: string): Pick<Problem, 'kind' | 'title' | 'owner'> | null {
  const ordinal = index.ordinalOf(ref);
  if (ordinal === undefined) return null;
  const { kind, metadata } = index.entityOf(ordinal, 'head');
  return { kind, title: metadata.title ?? null, owner: ownerOf(index, ordinal) };
}

function toUnowned(index: EntityIndex, ordinal: number): Problem {
  const ref = index.refOf(ordinal);
  const { kind, metadata } = index.entityOf(ordinal, 'head');
  const missing = ownerOf(index, ordinal);
  const why =
    missing === null
      ? { code: 'catalog/no-owner', summary: `${ref} has no owner` }
      : {
          code: 'catalog/owner-not-found',
          summary: `The owner of ${ref}, ${missing}, is not in the catalog`,
        };
  return {
    entityRef: ref,
    kind,
    title: metadata.title ?? null,
    owner: null,
    state: 'unowned',
    ...why,
    since: null,
  };
}
