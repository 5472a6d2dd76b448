/**
 * A verdict says what was checked of a patched image and how it went; a proof is a verdict that is good, of exactly one
 * digest. A proof is made in this file alone: by judging, or out of a kept verdict with our own signature on it.
 */
import { createHash } from 'node:crypto';
import { isObject } from '@callboard/model';
import { parseDigest } from '../image/digest.ts';
import type { ImageAt } from '../image/image.ts';
import { canonicalJson } from '../plan/canonical.ts';
import { STATEMENT_TYPE, type Envelope, type Signer, type Verifier } from './dsse.ts';
import { proveError } from './errors.ts';

/** In the order in which they are told. */
export const CHECKS = [
  'image.lineage',
  'image.config',
  'scan.same-scanner',
  'scan.sees-packages',
  'scan.knows-findings',
  'scan.fixed',
  'scan.nothing-new',
  'packages.done',
  'packages.planned',
  'packages.no-downgrade',
  'packages.no-removal',
  'packages.architecture',
  'packages.marks',
  'packages.distro',
  'files.hashes',
  'files.explained',
  'files.privileges',
  'files.users',
  'files.jobs',
  'files.loader',
  'files.certificates',
  'files.sources',
  'smoke',
  'size',
] as const;

export type CheckId = (typeof CHECKS)[number];

export interface CheckResult {
  readonly id: CheckId;
  readonly ok: boolean;
  /** What is wrong, or what was missing; empty when it is all right. */
  readonly detail: string;
}

/** A fixable finding, as `CVE-2024-6119` in `openssl`. */
export interface FixableFinding {
  readonly vulnerability: string;
  readonly package: string;
  readonly fixedVersion: string;
}

export interface Verdict {
  readonly proved: boolean;
  readonly image: ImageAt;
  readonly base: ImageAt;
  /** Of the plan, as `hashPlan` gives it. */
  readonly planHash: string;
  readonly checks: readonly CheckResult[];
  readonly findings: {
    readonly before: readonly FixableFinding[];
    readonly after: readonly FixableFinding[];
  };
  /** Null when there was no scan. */
  readonly scanner: { readonly name: string; readonly version: string; readonly database: string } | null;
  /** Bytes that the image grew by, compressed. */
  readonly grown: number;
  /** Milliseconds since 1970. */
  readonly judgedAt: number;
}

let make: (verdict: Verdict) => Proof;

/** A verdict that is proved. There is no other way to one than `judge` and `openVerdict`. */
export class Proof {
  readonly verdict: Verdict;
  readonly #genuine = true;

  static {
    make = (verdict) => new Proof(verdict);
  }

  private constructor(verdict: Verdict) {
    this.verdict = verdict;
    Object.freeze(this);
  }

  /** Whether it was made here, whatever the compiler was told. */
  static isGenuine(value: unknown): value is Proof {
    return typeof value === 'object' && value !== null && #genuine in value && value.#genuine;
  }
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Null unless everything was checked and is all right. */
  readonly proof: Proof | null;
}

/** Proved: each check was made, once, and is all right. */
export function judge(facts: Omit<Verdict, 'proved'>): Judgement {
  const made = facts.checks.map(({ id }) => id).toSorted();
  const complete = made.join() === [...CHECKS].toSorted().join();
  const proved = complete && facts.checks.every(({ ok }) => ok);
  const verdict = structuredClone({ ...facts, proved });
  return { verdict, proof: proved ? make(verdict) : null };
}

/** `predicateType` of it in a statement. */
export const VERDICT = 'urn:callboard:images:verdict:v1';

/** SHA-256 of its canonical JSON, hexadecimal: the name that it is kept under. */
export function hashVerdict(verdict: Verdict): string {
  return createHash('sha256').update(canonicalJson(verdict)).digest('hex');
}

/** Signs a verdict so that it can be kept, and is a proof again when it is read by `openVerdict`. */
export function sealVerdict(verdict: Verdict, signer: Signer): Envelope {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: `${verdict.image.registry}/${verdict.image.repository}`, digest: toDigestSet(verdict.image) },
    ],
    predicateType: VERDICT,
    predicate: verdict,
  };
  return signer.sign(Buffer.from(canonicalJson(statement)), STATEMENT_TYPE);
}

/** Throws `images/proof-not-genuine` unless the verdict was signed with the key, is of the image, and is proved. */
export function openVerdict(envelope: Envelope, image: ImageAt, verifier: Verifier): Proof {
  const payload = verifier.open(envelope, STATEMENT_TYPE);
  if (payload === null) throw notGenuine('has no signature of our key');
  const statement: unknown = JSON.parse(payload.toString('utf8'));
  if (!isObject(statement) || statement['predicateType'] !== VERDICT || !isVerdict(statement['predicate'])) {
    throw notGenuine('is no verdict');
  }
  const verdict = statement['predicate'];
  const { registry, repository, digest } = verdict.image;
  if (registry !== image.registry || repository !== image.repository || digest !== image.digest) {
    throw notGenuine(`is of ${registry}/${repository}@${digest}`);
  }
  const { proof } = judge(verdict);
  if (proof === null) throw notGenuine('does not prove anything');
  return proof;
}

function notGenuine(what: string): Error {
  return proveError('images/proof-not-genuine', `The kept verdict ${what}. Prove the image again.`);
}

/** Enough to tell it from other statements: what is signed by us has the form that we gave it. */
function isVerdict(value: unknown): value is Verdict {
  if (!isObject(value) || !isObject(value['image']) || !Array.isArray(value['checks'])) return false;
  return parseDigest(value['image']['digest']) !== null && typeof value['planHash'] === 'string';
}

function toDigestSet({ digest }: ImageAt): { readonly sha256: string } {
  return { sha256: digest.slice('sha256:'.length) };
}
