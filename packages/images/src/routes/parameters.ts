/** What the routes are asked, from texts of the wire into the questions of the room. */
import type { FindingsFilter, FindingsQuery } from '../findings/findings-store.ts';
import { MAX_PAGE } from '../findings/findings-store.ts';
import { parseDigest } from '../image/digest.ts';
import type { PatchQuery } from '../images.ts';
import { patchError } from '../patches/errors.ts';
import { PATCH_STATES } from '../patches/patch.ts';
import { SEVERITIES, type Finding, type Scanner } from '../receive/finding.ts';
import { routeError } from './errors.ts';
import { invalid, numberFrom, parseNumber, readQuery, wordFrom, wordsFrom, type Query } from './query.ts';

export const FINDING_STATUSES = [
  'active',
  'closed',
  'suppressed',
] as const satisfies readonly Finding['status'][];
export const SCANNERS = ['inspector', 'trivy', 'grype', 'osv'] as const satisfies readonly Scanner[];
/** Patches on one page. */
export const MAX_PATCHES = 200;
/** Lines of a log in one answer. */
export const MAX_LINES = 1_000;
export const MAX_NAME = 300;

const PAGE_NAMES = ['limit', 'cursor'];
const FILTER_NAMES = ['severity', 'status', 'repository', 'digest', 'vulnerability', 'scanner'];
const PATCH_NAMES = ['state', 'golden', 'limit', 'cursor'];
const LOG_NAMES = ['after', 'limit'];
const LAST = Number.MAX_SAFE_INTEGER;
/** Identifiers that somebody may have been given: bounded, and what every store takes. */
const ID = /^[^\p{Cc}\p{Cs}]{1,1000}$/u;

/** For routes without parameters. @throws CodedError `images/invalid-parameter` */
export function refuseQuery(url: string): void {
  readQuery(url, []);
}

/** `GET /findings`. @throws CodedError `images/invalid-parameter` */
export function parseFindingsQuery(url: string): FindingsQuery {
  const query = readQuery(url, [...PAGE_NAMES, ...FILTER_NAMES]);
  const limit = numberFrom(query, 'limit', { least: 1, most: MAX_PAGE });
  const cursor = query.get('cursor');
  return {
    ...filterFrom(query),
    ...(limit !== null && { limit }),
    ...(cursor !== undefined && { cursor }),
  };
}

/** `GET /findings/counts`. @throws CodedError `images/invalid-parameter` */
export function parseFindingsFilter(url: string): FindingsFilter {
  return filterFrom(readQuery(url, FILTER_NAMES));
}

function filterFrom(query: Query): FindingsFilter {
  const severities = wordsFrom(query, 'severity', SEVERITIES);
  const statuses = wordsFrom(query, 'status', FINDING_STATUSES);
  const repository = query.get('repository');
  const vulnerability = query.get('vulnerability');
  const scanner = wordFrom(query, 'scanner', SCANNERS);
  const imageDigest = query.get('digest');
  if (imageDigest !== undefined && parseDigest(imageDigest) === null) {
    throw invalid('digest', 'must be sha256: and 64 lower-case hexadecimal digits.');
  }
  return {
    ...(severities !== null && { severities }),
    ...(statuses !== null && { statuses }),
    ...(repository !== undefined && { repository }),
    ...(imageDigest !== undefined && { imageDigest }),
    ...(vulnerability !== undefined && { vulnerability }),
    ...(scanner !== null && { scanner }),
  };
}

/** `GET /patches`. @throws CodedError `images/invalid-parameter` */
export function parsePatchQuery(url: string): PatchQuery {
  const query = readQuery(url, PATCH_NAMES);
  const states = wordsFrom(query, 'state', PATCH_STATES);
  const golden = query.get('golden');
  const limit = numberFrom(query, 'limit', { least: 1, most: MAX_PATCHES });
  const cursor = query.get('cursor');
  return {
    ...(states !== null && { states }),
    ...(golden !== undefined && { golden }),
    ...(limit !== null && { limit }),
    ...(cursor !== undefined && { cursor }),
  };
}

/**
 * `GET /patches/{id}/log`. A browser that connects again repeats the URL and adds `Last-Event-ID`, so that goes first.
 * @throws CodedError `images/invalid-parameter`
 */
export function parseLogQuery(
  url: string,
  lastEventId: string | readonly string[] | undefined,
): { readonly after: number; readonly limit: number } {
  const query = readQuery(url, LOG_NAMES);
  const after = numberFrom(query, 'after', { least: 0, most: LAST }) ?? 0;
  const limit = numberFrom(query, 'limit', { least: 1, most: MAX_LINES }) ?? MAX_LINES;
  if (lastEventId === undefined || lastEventId === '') return { after, limit };
  const last = parseNumber(String(lastEventId), { name: 'Last-Event-ID', least: 0, most: LAST });
  return { after: last, limit };
}

/** `POST /reports`. @throws CodedError `images/invalid-parameter` */
export function parseReportName(url: string): string {
  const name = readQuery(url, ['name']).get('name') ?? 'report';
  if (name.length <= MAX_NAME) return name;
  throw invalid('name', `must be at most ${MAX_NAME} characters.`);
}

/** @throws CodedError `images/finding-not-found` for what can be no identifier */
export function parseFindingId(id: string): string {
  if (ID.test(id)) return id;
  throw noFinding(id);
}

export function noFinding(id: string): Error {
  return routeError('images/finding-not-found', `There is no finding ${JSON.stringify(id.slice(0, 200))}.`);
}

/** @throws CodedError `images/patch-not-found` for what can be no identifier */
export function parsePatchId(id: string): string {
  if (ID.test(id)) return id;
  throw patchError('images/patch-not-found', `There is no patch ${JSON.stringify(id.slice(0, 60))}.`);
}

/** @throws CodedError `images/invalid-parameter` */
export function parseHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw invalid('hash', 'must be 64 lower-case hexadecimal digits, as in the records of a patch.');
}
