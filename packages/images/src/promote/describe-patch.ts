/** Everything that is attached to a patched image, together: what is in it, what still affects it, how it was made. */
import type { Inventory } from '../inventory/inventory.ts';
import type { Finding } from '../receive/finding.ts';
import { comparePackages } from '../prove/compare-packages.ts';
import type { Attestation } from './attest.ts';
import { SLSA_PROVENANCE, toProvenance, type ProvenanceRequest } from './provenance.ts';
import { CYCLONEDX, toSbom } from './sbom.ts';
import { OPENVEX, toVex } from './vex.ts';

export interface PatchDescription extends Omit<ProvenanceRequest, 'diff' | 'packages'> {
  readonly inventories: { readonly before: Inventory; readonly after: Inventory };
  /** Of the same scanner with the same database. */
  readonly findings: { readonly before: readonly Finding[]; readonly after: readonly Finding[] };
  /** Who says what affects the image, as an e-mail address or a name. */
  readonly author: string;
}

/** SBOM, VEX and provenance, for `attach`. Equal for equal input, so that it can be made again after a restart. */
export function describePatch(patch: PatchDescription): readonly Attestation[] {
  const { verdict, inventories, findings, author, plan, finishedAt: madeAt } = patch;
  const { image } = verdict;
  const { after: inventory } = inventories;
  const packages = { format: plan.facts.format, distro: inventory.distro };
  const diff = comparePackages(inventories.before, inventories.after);
  return [
    { predicateType: CYCLONEDX, predicate: toSbom({ image, inventory, madeAt }) },
    { predicateType: OPENVEX, predicate: toVex({ image, ...findings, inventory, author, madeAt }) },
    { predicateType: SLSA_PROVENANCE, predicate: toProvenance({ ...patch, diff, packages }) },
  ];
}
