/**
 * What goes when entities are let go of, before anything is done about it. Deleting and asking what a deletion would
 * take away begin with the same answer.
 */
import type { DatabaseSession } from '@callboard/kernel';
import { heldBy, sourcesOf } from '../store/references.ts';

export interface Cut {
  /** References of entities that go. */
  readonly lost: readonly string[];
  /** References of entities that stay, and that something which goes holds now. */
  readonly loosened: readonly string[];
}

export interface LetGo {
  readonly refs: readonly string[];
  /** Who does not hold them any more: `entity:<ref>` or `provider:<name>`; null: whoever holds them now. */
  readonly by: string | null;
}

/** Those of the references that no provider leads to any more, and what hangs on them alone. Changes nothing. */
export async function cutUnrooted(session: DatabaseSession, letGo: LetGo): Promise<Cut> {
  const lost = new Set<string>();
  const loosened = new Set<string>();
  const released = new Set(letGo.refs);
  // What hangs on something lost is not led to by it: nothing leads there either.
  const isGone = (source: string, target: string): boolean =>
    released.has(target) && (letGo.by === null || letGo.by === source);
  const holdersOf = async (refs: readonly string[]): Promise<Map<string, string[]>> => {
    const holders = await sourcesOf(session, refs);
    return new Map(
      [...holders].map(([ref, sources]) => [ref, sources.filter((source) => !isGone(source, ref))]),
    );
  };
  let candidates = [...released];
  while (candidates.length > 0) {
    const rooted = await findRooted(candidates, holdersOf);
    const unrooted = candidates.filter((ref) => !rooted.has(ref));
    for (const ref of unrooted) lost.add(ref);
    const children = await heldBy(session, unrooted.map(toSource));
    for (const ref of children) loosened.add(ref);
    candidates = [...children].filter((ref) => !lost.has(ref));
  }
  return { lost: [...lost], loosened: [...loosened].filter((ref) => !lost.has(ref)) };
}

/** One entity, which leaves what it holds to itself. Changes nothing. */
async function cutAlone(session: DatabaseSession, ref: string): Promise<Cut> {
  const children = await heldBy(session, [toSource(ref)]);
  children.delete(ref);
  return { lost: [ref], loosened: [...children] };
}

/** What goes when one entity is deleted, whoever holds it. Changes nothing. */
export function cutByHand(
  session: DatabaseSession,
  of: { readonly ref: string; readonly orphanStrategy: 'delete' | 'keep' },
): Promise<Cut> {
  if (of.orphanStrategy === 'keep') return cutAlone(session, of.ref);
  return cutUnrooted(session, { refs: [of.ref], by: null });
}

/** The source that an entity is. */
export function toSource(ref: string): string {
  return `entity:${ref}`;
}

/** Which of the references a provider leads to, directly or through other entities; cycles lead nowhere. */
async function findRooted(
  refs: readonly string[],
  holdersOf: (refs: readonly string[]) => Promise<Map<string, string[]>>,
): Promise<Set<string>> {
  const parents = new Map<string, string[]>();
  const rooted = new Set<string>();
  let frontier = [...refs];
  while (frontier.length > 0) {
    const holders = await holdersOf(frontier);
    const next = new Set<string>();
    for (const ref of frontier) {
      const held = holders.get(ref) ?? [];
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
