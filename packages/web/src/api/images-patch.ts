/** A patch of a golden image as `/api/images/patches` has it, and the records that are kept of it. */
import { isObject } from '@callboard/model';
import { listFrom, notAnswered } from './answer.ts';
import { listIn, numberIn, objectIn, textIn } from './entity.ts';
import { countIn, platformIn, textsIn, timeIn } from './images-values.ts';

const PATCH_STATES = [
  'waiting',
  'running',
  'awaiting-approval',
  'parked',
  'clean',
  'deferred',
  'refused',
  'unproved',
  'proved',
  'promoted',
  'rolled-back',
  'cancelled',
] as const;

export type PatchState = (typeof PATCH_STATES)[number];

export const PATCH_MOMENTS = [
  'published',
  'fixReleased',
  'received',
  'planned',
  'built',
  'proved',
  'promoted',
  'rolledOut',
] as const;
export type PatchMoment = (typeof PATCH_MOMENTS)[number];

export const RECORD_KINDS = ['scan', 'plan', 'script', 'prompt', 'answer', 'verdict', 'seal'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

export interface ImageAt {
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
}

export interface Patch {
  readonly id: string;
  readonly golden: string;
  readonly base: ImageAt | null;
  /** As `linux/amd64`. */
  readonly platform: string;
  /** Null: one that this portal does not know; `stateText` is the server's word. */
  readonly state: PatchState | null;
  readonly stateText: string;
  readonly stage: string | null;
  readonly reason: string | null;
  readonly job: string | null;
  readonly times: Readonly<Record<PatchMoment, Date | null>>;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
  readonly findings: number;
  /** Hashes. */
  readonly records: Readonly<Partial<Record<RecordKind, string>>>;
  readonly built: ImageAt | null;
  /** Null before the verdict, as `fixable`. */
  readonly checks: readonly PatchCheck[] | null;
  readonly fixable: { readonly before: number; readonly after: number } | null;
  readonly gate: readonly GateReason[];
  readonly leftOver: readonly LeftOver[];
  readonly approval: Approval | null;
  readonly promotions: readonly Promotion[];
  /** Digests. */
  readonly attestations: readonly string[];
}

export interface PatchCheck {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface GateReason {
  readonly check: string;
  readonly package: string | null;
  readonly text: string;
}

export interface LeftOver {
  readonly vulnerability: string;
  readonly package: string;
  readonly reason: string;
}

export interface Approval {
  readonly by: string;
  readonly at: Date | null;
  readonly reason: string;
}

export interface Promotion {
  readonly repository: string;
  readonly tag: string;
  readonly patchTag: string;
  readonly beforeTag: string;
  readonly previous: string;
  readonly current: string;
}

export interface PatchPage {
  readonly items: readonly Patch[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface PlanRecord {
  readonly strategy: string;
  readonly reason: string;
  /** 0 to 1. */
  readonly confidence: number | null;
  readonly requires: readonly string[];
  readonly planner: { readonly isModel: boolean; readonly name: string };
  /** As `debian 11`. */
  readonly distro: string;
  readonly manager: string | null;
  readonly isEndOfLife: boolean;
  readonly packages: readonly PlannedPackage[];
}

export interface PlannedPackage {
  readonly name: string;
  readonly action: string;
  readonly installed: string | null;
  readonly minVersion: string | null;
  readonly replacement: string | null;
  readonly vulnerabilities: readonly string[];
}

export interface VerdictRecord {
  readonly scanner: { readonly name: string; readonly version: string; readonly database: string } | null;
  /** Bytes. */
  readonly grown: number | null;
  /** What could be fixed before and is not there any more, each once. */
  readonly fixed: readonly string[];
}

export function toPatchPage(answer: unknown): PatchPage {
  return { items: listFrom(answer, 'items').map(toPatch), next: textIn(answer, 'nextCursor') };
}

/** Throws an ApiError of status 502 for what is no patch. */
export function toPatch(value: unknown): Patch {
  const id = textIn(value, 'id');
  const stateText = textIn(value, 'state');
  if (!isObject(value) || id === null || stateText === null) throw notAnswered('a patch');
  return {
    id,
    golden: textIn(value, 'golden') ?? '',
    base: toImage(value['base']),
    platform: platformIn(value, 'platform'),
    state: PATCH_STATES.find((known) => known === stateText) ?? null,
    stateText,
    stage: textIn(value, 'stage'),
    reason: textIn(value, 'reason'),
    job: textIn(value, 'job'),
    times: toTimes(objectIn(value, 'times')),
    createdAt: timeIn(value, 'createdAt'),
    updatedAt: timeIn(value, 'updatedAt'),
    findings: numberIn(value, 'findings'),
    records: toRecords(objectIn(value, 'records')),
    built: toImage(value['built']),
    checks: Array.isArray(value['checks']) ? value['checks'].map(toCheck) : null,
    fixable: toFixable(value['fixable']),
    gate: listIn(value, 'gate').map((reason) => ({
      check: textIn(reason, 'check') ?? '',
      package: textIn(reason, 'package'),
      text: textIn(reason, 'text') ?? '',
    })),
    leftOver: listIn(value, 'leftOver').map((left) => ({
      vulnerability: textIn(left, 'vulnerability') ?? '',
      package: textIn(left, 'package') ?? '',
      reason: textIn(left, 'reason') ?? '',
    })),
    approval: toApproval(value['approval']),
    promotions: listIn(value, 'promotions').map(toPromotion),
    attestations: textsIn(value, 'attestations'),
  };
}

/** Throws an ApiError of status 502 for a text that is no plan. */
export function toPlanRecord(text: string): PlanRecord {
  const plan = parsed(text, 'a plan');
  const facts = objectIn(plan, 'facts');
  const proposal = objectIn(plan, 'proposal');
  const planner = objectIn(plan, 'planner');
  const distro = objectIn(facts, 'distro');
  const strategy = textIn(proposal, 'strategy');
  if (strategy === null) throw notAnswered('a plan');
  const known = new Map(listIn(facts, 'packages').map((found) => [textIn(found, 'name'), found]));
  return {
    strategy,
    reason: textIn(proposal, 'reason') ?? '',
    confidence: countIn(proposal, 'confidence'),
    requires: textsIn(proposal, 'requires'),
    planner: { isModel: textIn(planner, 'kind') === 'model', name: textIn(planner, 'name') ?? '' },
    distro: [textIn(distro, 'id'), textIn(distro, 'version')].filter((part) => part !== null).join(' '),
    manager: textIn(facts, 'manager'),
    isEndOfLife: facts['endOfLife'] === true,
    packages: listIn(proposal, 'packages').map((change) => {
      const name = textIn(change, 'name') ?? '';
      const found = known.get(name);
      return {
        name,
        action: textIn(change, 'action') ?? '',
        installed: textIn(found, 'installed'),
        minVersion: textIn(change, 'minVersion'),
        replacement: textIn(change, 'replacement'),
        vulnerabilities: textsIn(found, 'vulnerabilities'),
      };
    }),
  };
}

/** Throws an ApiError of status 502 for a text that is no verdict. */
export function toVerdictRecord(text: string): VerdictRecord {
  const verdict = parsed(text, 'a verdict');
  const scanner = objectIn(verdict, 'scanner');
  const name = textIn(scanner, 'name');
  const findings = objectIn(verdict, 'findings');
  const after = new Set(listIn(findings, 'after').map(toFixableName));
  const before = listIn(findings, 'before').filter((found) => !after.has(toFixableName(found)));
  const fixed = new Set(before.flatMap((found) => textIn(found, 'vulnerability') ?? []));
  return {
    scanner:
      name === null
        ? null
        : { name, version: textIn(scanner, 'version') ?? '', database: textIn(scanner, 'database') ?? '' },
    grown: countIn(verdict, 'grown'),
    fixed: [...fixed],
  };
}

function toFixableName(found: unknown): string {
  return `${textIn(found, 'vulnerability')} ${textIn(found, 'package')}`;
}

function parsed(text: string, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below, in the same words.
  }
  throw notAnswered(what);
}

function toImage(value: unknown): ImageAt | null {
  const digest = textIn(value, 'digest');
  if (digest === null) return null;
  return { registry: textIn(value, 'registry') ?? '', repository: textIn(value, 'repository') ?? '', digest };
}

function toTimes(times: unknown): Patch['times'] {
  return {
    published: timeIn(times, 'published'),
    fixReleased: timeIn(times, 'fixReleased'),
    received: timeIn(times, 'received'),
    planned: timeIn(times, 'planned'),
    built: timeIn(times, 'built'),
    proved: timeIn(times, 'proved'),
    promoted: timeIn(times, 'promoted'),
    rolledOut: timeIn(times, 'rolledOut'),
  };
}

function toRecords(records: unknown): Patch['records'] {
  const found: Partial<Record<RecordKind, string>> = {};
  for (const kind of RECORD_KINDS) {
    const hash = textIn(records, kind);
    if (hash !== null) found[kind] = hash;
  }
  return found;
}

/** A check that does not say how it went has failed. */
function toCheck(value: unknown): PatchCheck {
  return {
    id: textIn(value, 'id') ?? '',
    ok: isObject(value) && value['ok'] === true,
    detail: textIn(value, 'detail') ?? '',
  };
}

function toFixable(value: unknown): Patch['fixable'] {
  const before = countIn(value, 'before');
  const after = countIn(value, 'after');
  return before === null || after === null ? null : { before, after };
}

function toApproval(value: unknown): Approval | null {
  const by = textIn(value, 'by');
  return by === null ? null : { by, at: timeIn(value, 'at'), reason: textIn(value, 'reason') ?? '' };
}

function toPromotion(value: unknown): Promotion {
  return {
    repository: textIn(objectIn(value, 'at'), 'repository') ?? '',
    tag: textIn(value, 'tag') ?? '',
    patchTag: textIn(value, 'patchTag') ?? '',
    beforeTag: textIn(value, 'beforeTag') ?? '',
    previous: textIn(value, 'previous') ?? '',
    current: textIn(value, 'current') ?? '',
  };
}
