/**
 * How a patched image came to be, as SLSA provenance v1: from which digest, by which plan of which planner (and model),
 * with which script, and with which verdict. The parts are named by hash; they are kept under these.
 */
import type { ImageAt } from '../image/image.ts';
import type { PatchPlan } from '../plan/plan.ts';
import { broughtBy, type PackageDiff } from '../prove/compare-packages.ts';
import { hashVerdict, type Verdict } from '../prove/verdict.ts';
import { imagePurl, packagePurl, type PurlContext } from './purl.ts';

export const SLSA_PROVENANCE = 'https://slsa.dev/provenance/v1';
const BUILD_TYPE = 'urn:callboard:images:patch:v1';

export interface ProvenanceRequest {
  readonly verdict: Verdict;
  readonly plan: PatchPlan;
  /** SHA-256 of the compiled script, hexadecimal. */
  readonly scriptHash: string;
  /** As `node` or `buildah`. */
  readonly engine: string;
  /** Of the patch, by which its record is found. */
  readonly patchId: string;
  /** What was changed, which is what the patch was made of. */
  readonly diff: PackageDiff;
  readonly packages: PurlContext;
  /** Says which installation built it, as a URI. */
  readonly builder: { readonly id: string; readonly version: string };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

export function toProvenance(request: ProvenanceRequest): Readonly<Record<string, unknown>> {
  const { verdict, plan, scriptHash, builder } = request;
  const { planner } = plan;
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: {
        base: imagePurl(verdict.base),
        platform: plan.facts.platform,
        findings: plan.facts.findings,
        strategy: plan.proposal.strategy,
      },
      internalParameters: {
        engine: request.engine,
        planner: { kind: planner.kind, name: planner.name, promptHash: planner.promptHash },
        model: planner.kind === 'model' ? planner.name : null,
        planHash: verdict.planHash,
        scriptHash,
        verdict: {
          hash: hashVerdict(verdict),
          proved: verdict.proved,
          checks: verdict.checks.map(({ id, ok }) => ({ id, ok })),
          scanner: verdict.scanner,
        },
      },
      resolvedDependencies: [
        { uri: imagePurl(verdict.base), digest: { sha256: hex(verdict.base) }, name: 'base' },
        ...broughtBy(request.diff).flatMap(({ to }) =>
          to === null ? [] : [{ uri: packagePurl(to, request.packages), name: to.name }],
        ),
      ],
    },
    runDetails: {
      builder: { id: builder.id, version: { callboard: builder.version } },
      metadata: {
        invocationId: request.patchId,
        startedOn: new Date(request.startedAt).toISOString(),
        finishedOn: new Date(request.finishedAt).toISOString(),
      },
      byproducts: [
        { name: 'plan', digest: { sha256: verdict.planHash } },
        { name: 'script', digest: { sha256: scriptHash } },
        { name: 'verdict', digest: { sha256: hashVerdict(verdict) } },
      ],
    },
  };
}

function hex({ digest }: ImageAt): string {
  return digest.slice('sha256:'.length);
}
