/** All groups below some groups, level by level, so that a deep company takes few requests. */
import type { Client } from '../../../api/client.ts';
import { readPeople } from './people.ts';

/** Groups in one request for what is below them. */
const CHUNK = 500;
/** Groups that are found at most; a company with more is better looked at in its parts. */
const MOST_GROUPS = 10_000;

export interface SubGroupsQuery {
  /** Full, in lower case. */
  readonly refs: readonly string[];
  readonly signal: AbortSignal;
}

/** With the groups themselves, each once; groups above each other in a circle do no harm. */
export async function readSubGroups(
  client: Client,
  { refs, signal }: SubGroupsQuery,
): Promise<readonly string[]> {
  const found = new Set(refs);
  let level = refs;
  while (level.length > 0 && found.size < MOST_GROUPS) {
    const next: string[] = [];
    for (let start = 0; start < level.length; start += CHUNK) {
      const parents = level.slice(start, start + CHUNK);
      const query = { kind: 'group', 'relations.childOf': { $in: parents } };
      const { people } = await readPeople(client, { query, limit: MOST_GROUPS, signal });
      for (const { reference } of people) {
        if (found.has(reference)) continue;
        found.add(reference);
        next.push(reference);
      }
    }
    level = next;
  }
  return [...found];
}
