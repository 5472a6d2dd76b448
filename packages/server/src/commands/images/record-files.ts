/** What the files of a record hold, and how they are read back: other jobs and people hand them around. */
import {
  isTag,
  parseDigest,
  parsePlan,
  type ImageAt,
  type PatchPlan,
  type Promotion,
  type Repository,
} from '@callboard/images';
import { isObject } from '@callboard/model';

/** How a build came about, for the provenance. Times are in milliseconds since 1970. */
export interface BuildNote {
  readonly patchId: string;
  readonly engine: string;
  readonly base: ImageAt;
  readonly patched: ImageAt;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** That a person agrees to one plan. */
export interface Approval {
  /** As `hashPlan` gives it. */
  readonly planHash: string;
  readonly reason: string;
  /** The user of the machine; null when it does not say. */
  readonly by: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** What a verdict is of. Whether it is good is said by its seal, or by proving again. */
export interface KeptVerdict {
  readonly image: ImageAt;
  readonly base: ImageAt;
  readonly planHash: string;
}

/** Of every reader here: what it read, or why not, in one clause. */
export type Read<T> =
  | { readonly value: T; readonly problem: null }
  | { readonly value: null; readonly problem: string };

export function readPlan(json: unknown): Read<PatchPlan> {
  const { plan, problem } = parsePlan(json);
  return plan === null ? wrong(problem) : { value: plan, problem: null };
}

export function readVerdict(json: unknown): Read<KeptVerdict> {
  if (!isObject(json)) return wrong('it is no object');
  const [image, base] = [toImage(json['image']), toImage(json['base'])];
  if (image === null || base === null) return wrong('it names no image, or no base');
  const { planHash } = json;
  if (typeof planHash !== 'string') return wrong('it names no plan');
  return { value: { image, base, planHash }, problem: null };
}

export function readBuild(json: unknown): Read<BuildNote> {
  if (!isObject(json)) return wrong('it is no object');
  const [base, patched] = [toImage(json['base']), toImage(json['patched'])];
  const { patchId, engine, startedAt, finishedAt } = json;
  if (base === null || patched === null) return wrong('it names no image, or no base');
  if (typeof patchId !== 'string' || typeof engine !== 'string') return wrong('it has no patchId or engine');
  if (typeof startedAt !== 'number' || typeof finishedAt !== 'number') return wrong('it has no times');
  return { value: { patchId, engine, base, patched, startedAt, finishedAt }, problem: null };
}

export function readApproval(json: unknown): Read<Approval> {
  if (!isObject(json)) return wrong('it is no object');
  const { planHash, reason, by, at } = json;
  if (typeof planHash !== 'string' || typeof reason !== 'string' || typeof at !== 'string') {
    return wrong('it has no planHash, reason or at');
  }
  return { value: { planHash, reason, by: typeof by === 'string' ? by : null, at }, problem: null };
}

export function readPromotion(json: unknown): Read<Promotion> {
  if (!isObject(json)) return wrong('it is no object');
  const at = toRepository(json['at']);
  const [tag, patchTag, beforeTag] = [toTag(json['tag']), toTag(json['patchTag']), toTag(json['beforeTag'])];
  const [previous, current] = [parseDigest(json['previous']), parseDigest(json['current'])];
  if (at === null) return wrong('it names no repository');
  if (tag === null || patchTag === null || beforeTag === null) return wrong('a tag of it is none');
  if (previous === null || current === null) return wrong('a digest of it is none');
  return { value: { at, tag, patchTag, beforeTag, previous, current }, problem: null };
}

function toImage(json: unknown): ImageAt | null {
  const at = toRepository(json);
  const digest = isObject(json) ? parseDigest(json['digest']) : null;
  return at === null || digest === null ? null : { ...at, digest };
}

function toRepository(json: unknown): Repository | null {
  if (!isObject(json)) return null;
  const { registry, repository } = json;
  return typeof registry === 'string' && typeof repository === 'string' ? { registry, repository } : null;
}

function toTag(json: unknown): string | null {
  return typeof json === 'string' && isTag(json) ? json : null;
}

function wrong(problem: string): { readonly value: null; readonly problem: string } {
  return { value: null, problem };
}
