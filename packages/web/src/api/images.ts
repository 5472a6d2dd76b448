/**
 * Golden images: the answers of `/api/images` about images, findings and how long it all takes, and what can be asked
 * of it. Patches are read in images-patch.ts. Times come in milliseconds since 1970.
 */
import { isObject, parseRef, type EntityRef } from '@callboard/model';
import { countFrom, listFrom, notAnswered } from './answer.ts';
import type { Client } from './client.ts';
import { listIn, numberIn, objectIn, textIn } from './entity.ts';
import { ApiError, statusOf } from './error.ts';
import { toPatch, toPatchPage, type Patch, type PatchPage, type PatchState } from './images-patch.ts';
import { countIn, platformIn, textsIn, timeIn } from './images-values.ts';

const PATH = '/api/images';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const FINDING_STATUSES = ['active', 'closed', 'suppressed'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

export interface Golden {
  readonly name: string;
  readonly title: string | null;
  readonly owner: EntityRef | null;
  readonly system: EntityRef | null;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** What the tag points to, for each platform. */
  readonly images: readonly GoldenImage[];
  /** Why it could not be read, or not wholly. */
  readonly problem: string | null;
  readonly readAt: Date | null;
  /** The applications that stand on it. */
  readonly usedBy: readonly EntityRef[];
}

export interface GoldenImage {
  /** As `linux/amd64`. */
  readonly platform: string;
  readonly digest: string | null;
}

/** How many open findings there are of each severity; without those that there are none of. */
export type OpenCounts = ReadonlyMap<Severity, number>;

export interface FindingItem {
  readonly id: string;
  readonly scanner: string;
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly status: FindingStatus;
  /** Somebody's text. */
  readonly title: string;
  /** `registry/repository:tag`, as far as it is known. */
  readonly image: string | null;
  readonly digest: string | null;
  readonly packages: readonly FoundPackage[];
  /** 0 to 1. */
  readonly epss: number | null;
  readonly isKnownExploited: boolean;
  readonly firstSeenAt: Date | null;
  readonly closedAt: Date | null;
}

export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** Null: there is no fix, or nobody says so. */
  readonly fixedVersion: string | null;
}

export interface FindingPage {
  readonly items: readonly FindingItem[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface FindingQuery {
  readonly severities: readonly Severity[];
  /** Null: of any. */
  readonly status: FindingStatus | null;
  /** Empty: of any, as the two below. */
  readonly repository: string;
  readonly digest: string;
  readonly vulnerability: string;
}

/** Milliseconds; null when fewer than that share came to its end. */
export interface StageFigures {
  readonly stage: string;
  readonly ended: number;
  readonly open: number;
  readonly median: number | null;
  readonly p95: number | null;
}

export interface PatchFigures {
  readonly patches: number;
  readonly stages: readonly StageFigures[];
}

export interface Trouble {
  readonly kind: string;
  readonly summary: string;
  readonly at: Date | null;
}

/** True when the portal has no golden images configured, and so no such API. */
export function isNotConfigured(error: unknown): boolean {
  const isOfImages = error instanceof ApiError && /^images\/.*-not-found$/.test(error.code ?? '');
  return statusOf(error) === 404 && !isOfImages;
}

export async function readGoldens(client: Client, signal: AbortSignal): Promise<readonly Golden[]> {
  return listFrom(await client({ path: `${PATH}/golden`, signal }), 'items').map(toGolden);
}

export async function readFindings(
  client: Client,
  asked: { readonly query: FindingQuery; readonly cursor: string | null; readonly limit: number },
  signal: AbortSignal,
): Promise<FindingPage> {
  const { severities, status, repository, digest, vulnerability } = asked.query;
  const params = new URLSearchParams({ limit: String(asked.limit) });
  if (severities.length > 0) params.set('severity', severities.join(','));
  if (status !== null) params.set('status', status);
  for (const [name, value] of Object.entries({ repository, digest, vulnerability })) {
    if (value !== '') params.set(name, value);
  }
  if (asked.cursor !== null) params.set('cursor', asked.cursor);
  const answer = await client({ path: `${PATH}/findings?${params.toString()}`, signal });
  return { items: listFrom(answer, 'items').map(toFinding), next: textIn(answer, 'nextCursor') };
}

/** Of the open findings about one image, by severity. */
export async function readOpenCounts(
  client: Client,
  digest: string,
  signal: AbortSignal,
): Promise<OpenCounts> {
  const params = new URLSearchParams({ status: 'active', digest });
  const answer = await client({ path: `${PATH}/findings/counts?${params.toString()}`, signal });
  const counts = new Map<Severity, number>();
  for (const one of listFrom(answer, 'items')) {
    const severity = toSeverity(textIn(one, 'severity'));
    counts.set(severity, (counts.get(severity) ?? 0) + countFrom(one, 'count'));
  }
  return counts;
}

export async function readFigures(client: Client, signal: AbortSignal): Promise<PatchFigures> {
  const answer = await client({ path: `${PATH}/figures`, signal });
  return {
    patches: countFrom(answer, 'patches'),
    stages: listFrom(answer, 'stages').map((stage) => ({
      stage: textIn(stage, 'stage') ?? '',
      ended: numberIn(stage, 'ended'),
      open: numberIn(stage, 'open'),
      median: countIn(stage, 'median'),
      p95: countIn(stage, 'p95'),
    })),
  };
}

export async function readTroubles(client: Client, signal: AbortSignal): Promise<readonly Trouble[]> {
  return listFrom(await client({ path: `${PATH}/troubles`, signal }), 'items').map((trouble) => ({
    kind: textIn(trouble, 'kind') ?? '',
    summary: textIn(trouble, 'summary') ?? '',
    at: timeIn(trouble, 'at'),
  }));
}

export interface PatchQuery {
  /** Empty: of any. */
  readonly states: readonly PatchState[];
  /** Empty: of any. */
  readonly golden: string;
}

/** The newest first. */
export async function readPatches(
  client: Client,
  asked: { readonly query: PatchQuery; readonly cursor: string | null; readonly limit: number },
  signal: AbortSignal,
): Promise<PatchPage> {
  const { query, cursor, limit } = asked;
  const params = new URLSearchParams({ limit: String(limit) });
  if (query.states.length > 0) params.set('state', query.states.join(','));
  if (query.golden !== '') params.set('golden', query.golden);
  if (cursor !== null) params.set('cursor', cursor);
  return toPatchPage(await client({ path: `${PATH}/patches?${params.toString()}`, signal }));
}

/** Rejects with status 404 when there is none of this id. */
export async function readPatch(client: Client, id: string, signal: AbortSignal): Promise<Patch> {
  return toPatch(await client({ path: patchPath(id), signal }));
}

/** Patches a golden image now, on all of its platforms. Answers the patches, also those that were open before. */
export async function startPatch(client: Client, golden: string): Promise<readonly Patch[]> {
  return listFrom(await client({ path: `${PATH}/patches`, body: { golden } }), 'items').map(toPatch);
}

export const PATCH_ACTIONS = ['approve', 'promote', 'rollback', 'retry', 'reject', 'cancel'] as const;
export type PatchAction = (typeof PATCH_ACTIONS)[number];

export interface PatchWord {
  readonly action: PatchAction;
  readonly reason: string;
  /** Of the plan that was shown; only sent to approve. */
  readonly planHash: string | null;
}

export async function actOnPatch(client: Client, id: string, word: PatchWord): Promise<Patch> {
  const { action, reason, planHash } = word;
  const body = action === 'approve' ? { planHash, reason } : { reason };
  return toPatch(await client({ path: `${patchPath(id)}/${action}`, body }));
}

export function logPath(id: string): string {
  return `${patchPath(id)}/log`;
}

/** The text that is kept under a hash. */
export function recordPath(hash: string): string {
  return `${PATH}/records/${encodeURIComponent(hash)}`;
}

function patchPath(id: string): string {
  return `${PATH}/patches/${encodeURIComponent(id)}`;
}

function toGolden(value: unknown): Golden {
  const golden = objectIn(value, 'golden');
  const name = textIn(golden, 'name');
  if (name === null) throw notAnswered('a list of golden images');
  return {
    name,
    title: textIn(golden, 'title'),
    owner: parseRef(textIn(golden, 'owner') ?? '', { kind: 'group' }),
    system: parseRef(textIn(golden, 'system') ?? '', { kind: 'system' }),
    registry: textIn(golden, 'registry') ?? '',
    repository: textIn(golden, 'repository') ?? '',
    tag: textIn(golden, 'tag') ?? '',
    images: listIn(value, 'images').map((image) => ({
      platform: platformIn(image, 'platform'),
      digest: textIn(listIn(image, 'versions')[0], 'digest'),
    })),
    problem: textIn(value, 'problem'),
    readAt: timeIn(value, 'readAt'),
    usedBy: textsIn(value, 'usedBy').flatMap((text) => parseRef(text, { kind: 'resource' }) ?? []),
  };
}

/** A stored finding: what the store knows, around what the scanner said. */
function toFinding(value: unknown): FindingItem {
  const finding = objectIn(value, 'finding');
  const id = textIn(finding, 'id');
  if (id === null) throw notAnswered('a list of findings');
  const image = objectIn(finding, 'image');
  return {
    id,
    scanner: textIn(finding, 'scanner') ?? '',
    vulnerability: textIn(finding, 'vulnerability') ?? id,
    aliases: textsIn(finding, 'aliases'),
    severity: toSeverity(textIn(finding, 'severity')),
    status: FINDING_STATUSES.find((known) => known === textIn(finding, 'status')) ?? 'active',
    title: textIn(finding, 'title') ?? '',
    image: toImageName(image),
    digest: textIn(image, 'digest'),
    packages: listIn(finding, 'packages').map((found) => ({
      name: textIn(found, 'name') ?? '',
      version: textIn(found, 'version') ?? '',
      fixedVersion: textIn(found, 'fixedVersion'),
    })),
    epss: countIn(finding, 'epss'),
    isKnownExploited: isObject(finding) && finding['knownExploited'] === true,
    firstSeenAt: timeIn(value, 'firstSeenAt'),
    closedAt: timeIn(value, 'closedAt'),
  };
}

function toImageName(image: unknown): string | null {
  const repository = textIn(image, 'repository');
  if (repository === null) return null;
  const registry = textIn(image, 'registry');
  const [tag] = textsIn(image, 'tags');
  return `${registry === null ? '' : `${registry}/`}${repository}${tag === undefined ? '' : `:${tag}`}`;
}

function toSeverity(text: string | null): Severity {
  return SEVERITIES.find((known) => known === text) ?? 'unknown';
}
