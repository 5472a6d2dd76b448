/**
 * Moves a golden tag to a patched image, and back. Only with a proof of exactly that digest; only from the digest that
 * the patch was made of, as somebody may have put another image there meanwhile; and never without a tag that keeps
 * what was there before. Registries cannot compare and set, so the tag is read before and after it is moved.
 */
import { digestOf } from '../image/digest.ts';
import type { Digest } from '../image/image.ts';
import type { CallOptions, RawManifest, RegistryClient, Repository } from '../image/registry-client.ts';
import { Proof } from '../prove/verdict.ts';
import { promoteError } from './errors.ts';
import { replaceIn, type NewManifest } from './golden-tag.ts';

export interface PromoteRequest {
  readonly client: RegistryClient;
  readonly proof: Proof;
  /** The golden tag, as `11`; in the repository of the proved image. */
  readonly tag: string;
  /** Milliseconds since 1970; its day, in UTC, is in the tag of the patch. */
  readonly now: number;
  readonly signal?: AbortSignal;
}

export interface Promotion {
  readonly at: Repository;
  readonly tag: string;
  /** Never moves: `<tag>-p<yyyymmdd>.<n>`, the n-th patch of that day from 1 on. */
  readonly patchTag: string;
  /** Never moves, and keeps what was golden before: `<patch tag>-before`. */
  readonly beforeTag: string;
  /** What the golden tag pointed to: an image, or an index of several platforms. */
  readonly previous: Digest;
  /** What it points to. */
  readonly current: Digest;
}

const MOST_TAG = 128;

/** Made twice with the same proof it changes nothing the second time. */
export async function promote(request: PromoteRequest): Promise<Promotion> {
  const { client, proof, tag } = request;
  if (!Proof.isGenuine(proof))
    throw promoteError('images/not-proved', `${tag} is not moved without a proof.`);
  const { image, base } = proof.verdict;
  const at = { registry: image.registry, repository: image.repository };
  const options = callOptions(request.signal);
  if (base.registry !== at.registry || base.repository !== at.repository) {
    throw promoteError(
      'images/not-proved',
      `The proof is of a patch of ${base.repository}, not of ${at.repository}.`,
    );
  }
  const golden = await readTag(client, at, tag, options);
  const done = await promotedBefore(request, at, golden);
  if (done !== null) return done;
  const patched = await client.manifest({ ...at, reference: image.digest }, options);
  if (patched === null) {
    throw promoteError(
      'images/promotion-vanished',
      `${at.repository}@${image.digest} is gone. Build it again.`,
    );
  }
  const next = replaceIn(golden, base.digest, patched);
  if (next === null) throw moved(at, tag, { expected: base.digest, found: golden.digest });
  const current = digestOf(next.bytes);
  const patchTag = await keepUnder(request, at, next);
  const beforeTag = `${patchTag}-before`;
  await keep(client, at, { tag: beforeTag, manifest: golden, options });
  await moveTag({ client, at, tag, from: golden.digest, to: next, options });
  return { at, tag, patchTag, beforeTag, previous: golden.digest, current };
}

/** A promotion that was cut off after the tag was moved, or that is made again. */
async function promotedBefore(
  { client, proof, tag, signal }: PromoteRequest,
  at: Repository,
  golden: RawManifest,
): Promise<Promotion | null> {
  const options = callOptions(signal);
  const { image, base } = proof.verdict;
  for (const { name } of (await patchTags(client, at, tag, options)).toReversed()) {
    const [own, before] = [
      await client.manifest({ ...at, reference: name }, options),
      await client.manifest({ ...at, reference: `${name}-before` }, options),
    ];
    if (own?.digest !== golden.digest || before === null) continue;
    const patched = await client.manifest({ ...at, reference: image.digest }, options);
    const made = patched === null ? null : replaceIn(before, base.digest, patched);
    if (made === null || digestOf(made.bytes) !== golden.digest) continue;
    const beforeTag = `${name}-before`;
    return { at, tag, patchTag: name, beforeTag, previous: before.digest, current: golden.digest };
  }
  return null;
}

/** The next free number of the day; the last one, when it is this very image. */
async function keepUnder(
  { client, tag, now, signal }: PromoteRequest,
  at: Repository,
  next: NewManifest,
): Promise<string> {
  const options = callOptions(signal);
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const ofDay = (await patchTags(client, at, tag, options)).filter((one) => one.day === day);
  const last = ofDay.at(-1);
  if (last !== undefined) {
    const there = await client.manifest({ ...at, reference: last.name }, options);
    if (there?.digest === digestOf(next.bytes)) return last.name;
  }
  const name = `${tag}-p${day}.${(last?.number ?? 0) + 1}`;
  if (`${name}-before`.length > MOST_TAG) {
    throw promoteError(
      'images/patch-tag-taken',
      `${name}-before is too long for a tag. Use a shorter golden tag.`,
    );
  }
  await keep(client, at, { tag: name, manifest: next, options });
  return name;
}

interface PatchTag {
  readonly name: string;
  readonly day: string;
  readonly number: number;
}

/** Oldest first. */
async function patchTags(
  client: RegistryClient,
  at: Repository,
  tag: string,
  options: CallOptions,
): Promise<readonly PatchTag[]> {
  const found: PatchTag[] = [];
  for (const name of await client.tags(at, options)) {
    if (!name.startsWith(`${tag}-p`)) continue;
    const [, day, number] = /^(\d{8})\.(\d+)$/.exec(name.slice(tag.length + 2)) ?? [];
    if (day !== undefined && number !== undefined) found.push({ name, day, number: Number(number) });
  }
  return found.toSorted((a, b) => Number(a.day) - Number(b.day) || a.number - b.number);
}

/** Puts a tag that never moves. */
async function keep(
  client: RegistryClient,
  at: Repository,
  { tag, manifest, options }: { tag: string; manifest: NewManifest; options: CallOptions },
): Promise<void> {
  const there = await client.manifest({ ...at, reference: tag }, options);
  if (there !== null && there.digest === digestOf(manifest.bytes)) return;
  if (there !== null) {
    const message = `${at.repository}:${tag} is ${there.digest} already, and such a tag never moves. Promote again.`;
    throw promoteError('images/patch-tag-taken', message);
  }
  await client.pushManifest(at, { mediaType: manifest.mediaType, bytes: manifest.bytes, tag }, options);
}

export interface RollbackRequest {
  readonly client: RegistryClient;
  readonly promotion: Promotion;
  readonly signal?: AbortSignal;
}

/** Points the golden tag at what it was before the promotion; made twice it changes nothing the second time. */
export async function rollback({ client, promotion, signal }: RollbackRequest): Promise<void> {
  const { at, tag, beforeTag, previous, current } = promotion;
  const options = callOptions(signal);
  const golden = await readTag(client, at, tag, options);
  if (golden.digest === previous) return;
  if (golden.digest !== current) throw moved(at, tag, { expected: current, found: golden.digest });
  const old = await client.manifest({ ...at, reference: previous }, options);
  if (old === null) {
    const message = `${at.repository}@${previous} is gone, though ${beforeTag} was to keep it. Nothing was changed.`;
    throw promoteError('images/promotion-vanished', message);
  }
  await moveTag({ client, at, tag, from: current, to: old, options });
}

interface Move {
  readonly client: RegistryClient;
  readonly at: Repository;
  readonly tag: string;
  readonly from: Digest;
  readonly to: NewManifest;
  readonly options: CallOptions;
}

async function moveTag({ client, at, tag, from, to, options }: Move): Promise<void> {
  const before = await readTag(client, at, tag, options);
  if (before.digest !== from) throw moved(at, tag, { expected: from, found: before.digest });
  await client.pushManifest(at, { mediaType: to.mediaType, bytes: to.bytes, tag }, options);
  const after = await readTag(client, at, tag, options);
  const wanted = digestOf(to.bytes);
  if (after.digest !== wanted) throw moved(at, tag, { expected: wanted, found: after.digest });
}

async function readTag(
  client: RegistryClient,
  at: Repository,
  tag: string,
  options: CallOptions,
): Promise<RawManifest> {
  const golden = await client.manifest({ ...at, reference: tag }, options);
  if (golden !== null) return golden;
  throw promoteError('images/golden-tag-missing', `There is no ${at.registry}/${at.repository}:${tag}.`);
}

function moved(at: Repository, tag: string, { expected, found }: { expected: Digest; found: Digest }): Error {
  const message = `Somebody else moved ${at.repository}:${tag}: it is ${found}, not ${expected}. Patch what is there now.`;
  return promoteError('images/golden-tag-moved', message);
}

function callOptions(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}
