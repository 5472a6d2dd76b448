/** People and groups as lists and trees show them, read from the API. */
import { stringifyRef, type EntityRef } from '@callboard/model';
import { countFrom, listFrom, notAnswered } from '../../../api/answer.ts';
import type { FullTextFilter, Predicate } from '../../../api/catalog.ts';
import type { Client } from '../../../api/client.ts';
import { listIn, objectIn, textIn, titleOf, toRef } from '../../../api/entity.ts';
import { profileOf, type Profile } from '../profile.ts';

export interface Person extends Profile {
  readonly ref: EntityRef;
  /** Full, in lower case. */
  readonly reference: string;
  /** The name for people. */
  readonly name: string;
  /** Of a group: `team`. */
  readonly type: string | null;
}

export interface PeoplePage {
  readonly people: readonly Person[];
  readonly total: number;
}

export interface PeopleQuery {
  readonly query: Predicate;
  /** Looked for in names and mail addresses. Default: everybody. */
  readonly text?: string;
  /** Default: from the first one. */
  readonly offset?: number;
  readonly limit: number;
  readonly signal: AbortSignal;
}

const FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'spec.type',
  'spec.role',
  'spec.jobTitle',
  'spec.title',
  'spec.position',
  'spec.profile',
];
const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'spec.profile.displayName', 'spec.profile.email'];
const ROOT = '/api/catalog/entities';

/** Null for anything without a kind and a name. */
export function toPerson(value: unknown): Person | null {
  const ref = toRef(value);
  if (ref === null) return null;
  return {
    ...profileOf(value),
    ref,
    reference: stringifyRef(ref),
    name: titleOf(value) ?? ref.name,
    type: textIn(objectIn(value, 'spec'), 'type'),
  };
}

/** In the order of their technical names. */
export async function readPeople(client: Client, asked: PeopleQuery): Promise<PeoplePage> {
  const { query, text = '', offset = 0, limit, signal } = asked;
  const fullTextFilter: FullTextFilter = { term: text.trim(), fields: TEXT_FIELDS };
  const body = {
    query,
    ...(fullTextFilter.term !== '' && { fullTextFilter }),
    orderBy: [{ field: 'metadata.name', order: 'asc' }],
    fields: FIELDS,
    offset,
    limit,
  };
  const answer = await client({ path: `${ROOT}/by-query`, body, signal });
  const people = listFrom(answer, 'items').map(toPerson);
  return { people: people.filter((person) => person !== null), total: countFrom(answer, 'totalItems') };
}

export interface PeopleByRefs {
  /** Full, in lower case; at most 500. */
  readonly refs: readonly string[];
  readonly signal: AbortSignal;
}

/** In the order of `refs`; null for a reference to nobody. */
export async function readPeopleByRefs(
  client: Client,
  { refs, signal }: PeopleByRefs,
): Promise<readonly (Person | null)[]> {
  const body = { entityRefs: refs, fields: FIELDS };
  const items = listIn(await client({ path: `${ROOT}/by-refs`, body, signal }), 'items');
  if (items.length !== refs.length) throw notAnswered('a list of these entities');
  return items.map(toPerson);
}
