/**
 * Attaches to a proved image all that can be said of it, signed: what is in it (CycloneDX), what of the vulnerabilities
 * is left (OpenVEX), how it was made (SLSA provenance), and the verdict. Without a proof nothing is signed.
 */
import type { Digest } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { hashPlan } from '../plan/canonical.ts';
import type { Signer } from '../prove/dsse.ts';
import { Proof, VERDICT } from '../prove/verdict.ts';
import { attach } from './attest.ts';
import { describePatch, type PatchDescription } from './describe-patch.ts';
import { promoteError } from './errors.ts';

export interface AttachStatementsRequest extends Pick<
  PatchDescription,
  'plan' | 'inventories' | 'findings' | 'author' | 'startedAt'
> {
  readonly client: RegistryClient;
  readonly proof: Proof;
  readonly signer: Signer;
  /** Milliseconds since 1970, in every statement. Kept and given again after a restart, nothing is attached twice. */
  readonly madeAt: number;
  readonly invocation: Invocation;
  readonly signal?: AbortSignal;
}

/** Which patch it was, of what script, by which engine of which installation. */
export type Invocation = Pick<PatchDescription, 'patchId' | 'scriptHash' | 'engine' | 'builder'>;

/**
 * The digests of the statements: SBOM, VEX, provenance, verdict. The verdict is attached last, and its envelope is one
 * that `openVerdict` takes. The image may be gone: `images/promotion-vanished`. Throws `images/not-proved` when the
 * proof is none, or of another plan.
 */
export async function attachStatements(request: AttachStatementsRequest): Promise<readonly Digest[]> {
  const { client, proof, plan, signer, madeAt, invocation, signal } = request;
  if (!Proof.isGenuine(proof)) {
    throw promoteError('images/not-proved', 'Nothing is said of an image without a proof.');
  }
  const { verdict } = proof;
  if (hashPlan(plan) !== verdict.planHash) {
    throw promoteError(
      'images/not-proved',
      `The proof is of plan ${verdict.planHash}, not of the one given.`,
    );
  }
  const { inventories, findings, author, startedAt } = request;
  const described = describePatch({
    ...invocation,
    verdict,
    plan,
    inventories,
    findings,
    author,
    startedAt,
    finishedAt: madeAt,
  });
  return await attach({
    client,
    image: verdict.image,
    attestations: [...described, { predicateType: VERDICT, predicate: verdict }],
    signer,
    madeAt,
    ...(signal !== undefined && { signal }),
  });
}
