/** What is wrong in the catalog, one item for each entity and state: the answer of `/api/catalog/problems`. */
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import { countFrom, listFrom, objectFrom } from './answer.ts';
import type { Client } from './client.ts';
import { dateIn, numberIn, textIn } from './entity.ts';

/**
 * `failing`: the last version is bad, an earlier one is shown; `stale`: the source cannot be read; `conflict`: another
 * source claims the same reference; `orphaned`: nothing lists it any more; `pending`: it never was good; `unowned`: it
 * has no owner, or one that does not exist.
 */
export type ProblemState = 'failing' | 'stale' | 'conflict' | 'orphaned' | 'pending' | 'unowned';

export const PROBLEM_STATES: readonly ProblemState[] = [
  'failing',
  'stale',
  'conflict',
  'pending',
  'orphaned',
  'unowned',
];

export interface Problem {
  readonly ref: EntityRef;
  readonly title: string | null;
  readonly owner: EntityRef | null;
  readonly state: ProblemState;
  readonly code: string | null;
  readonly summary: string;
  /** `file:line`, as far as it is known. */
  readonly place: string | null;
  readonly since: Date | null;
}

export interface Problems {
  readonly counts: Readonly<Record<ProblemState, number>>;
  readonly total: number;
  readonly items: readonly Problem[];
}

export interface ProblemQuery {
  /** Default: every state. */
  readonly states?: readonly ProblemState[];
  /** Full references; default: whoever owns it. */
  readonly owners?: readonly string[];
  readonly offset?: number;
  readonly limit: number;
}

export async function readProblems(
  client: Client,
  query: ProblemQuery,
  signal: AbortSignal,
): Promise<Problems> {
  const { states = [], owners = [], offset = 0, limit } = query;
  const params = new URLSearchParams();
  for (const state of states) params.append('state', state);
  for (const owner of owners) params.append('owner', owner);
  params.set('offset', String(offset));
  params.set('limit', String(limit));
  return toProblems(await client({ path: `/api/catalog/problems?${params.toString()}`, signal }));
}

/** Items that cannot be read, or are of a state that this portal does not know, are left out. */
function toProblems(answer: unknown): Problems {
  const counts = objectFrom(answer, 'counts');
  return {
    counts: {
      failing: numberIn(counts, 'failing'),
      stale: numberIn(counts, 'stale'),
      conflict: numberIn(counts, 'conflict'),
      pending: numberIn(counts, 'pending'),
      orphaned: numberIn(counts, 'orphaned'),
      unowned: numberIn(counts, 'unowned'),
    },
    total: countFrom(answer, 'total'),
    items: listFrom(answer, 'items').flatMap(toProblem),
  };
}

/** Names a problem among others. */
export function problemKey({ state, ref }: Problem): string {
  return `${state} ${stringifyRef(ref)}`;
}

function toProblem(value: unknown): readonly Problem[] {
  const ref = parseRef(textIn(value, 'entityRef') ?? '');
  const state = PROBLEM_STATES.find((known) => known === textIn(value, 'state'));
  if (ref === null || state === undefined) return [];
  const file = textIn(value, 'file');
  const line = numberIn(value, 'line');
  return [
    {
      ref,
      title: textIn(value, 'title'),
      owner: parseRef(textIn(value, 'owner') ?? ''),
      state,
      code: textIn(value, 'code'),
      summary: textIn(value, 'summary') ?? '',
      place: file === null || line === 0 ? file : `${file}:${line}`,
      since: dateIn(value, 'since'),
    },
  ];
}
