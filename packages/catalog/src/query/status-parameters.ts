/** The questions of those who look after the catalog: which problems, and which page of the sources. */
import { parseRef, stringifyRef } from '@callboard/model';
import { PROBLEM_STATES, type ProblemsRequest } from '../problems.ts';
import {
  invalidParameter,
  readInteger,
  readQueryString,
  readTexts,
  type QueryValues,
} from './query-string.ts';

const PROBLEMS_LIMIT = 50;
const SOURCES_LIMIT = 100;
const MAX_LIMIT = 1_000;

const PROBLEM_NAMES: ReadonlySet<string> = new Set(['state', 'owner', 'limit', 'offset']);
const PAGE_NAMES: ReadonlySet<string> = new Set(['limit', 'offset']);

/** `GET /problems`. @throws CodedError 400 `catalog/invalid-parameter` */
export function parseProblemsParameters(rawQuery: string): ProblemsRequest {
  const values = readQueryString(rawQuery, PROBLEM_NAMES);
  const states = readTexts(values, 'state').map((text) => {
    const state = PROBLEM_STATES.find((known) => known === text);
    if (state !== undefined) return state;
    throw invalidParameter(
      `request/query/state must be equal to one of the allowed values: ${PROBLEM_STATES.join(', ')}`,
    );
  });
  const owners = readTexts(values, 'owner').map((text) => {
    const ref = parseRef(text);
    if (ref !== null && text.includes('/')) return stringifyRef(ref);
    throw invalidParameter('request/query/owner must be a full reference, such as group:default/ops');
  });
  return {
    states: states.length === 0 ? null : states,
    owners: owners.length === 0 ? null : owners,
    ...readPage(values, PROBLEMS_LIMIT),
  };
}

/** `GET /status`. @throws CodedError 400 `catalog/invalid-parameter` */
export function parseStatusParameters(rawQuery: string): { limit: number; offset: number } {
  return readPage(readQueryString(rawQuery, PAGE_NAMES), SOURCES_LIMIT);
}

function readPage(values: QueryValues, usual: number): { limit: number; offset: number } {
  const limit = readInteger(values, 'limit') ?? usual;
  if (limit > MAX_LIMIT) throw invalidParameter(`request/query/limit must be at most ${MAX_LIMIT}`);
  return { limit, offset: readInteger(values, 'offset') ?? 0 };
}
