/**
 * What says by a name or a digest on which golden image something is built: provenance, annotations, labels, the
 * repository. Anybody can write these, and labels are inherited, so that each counts only when the layers agree.
 */
import { isObject } from '@callboard/model';
import { parseDigest } from '../image/digest.ts';
import type { Digest } from '../image/image.ts';
import type { BaseIndex, GoldenMatch } from './base-index.ts';
import type { Facts } from './facts.ts';
import { nameOf, type Evidence, type EvidenceKind } from './identification.ts';

const BASE_DIGEST = 'org.opencontainers.image.base.digest';

export interface Named {
  readonly evidence: readonly Evidence[];
  /** A golden image that is named, when no layers are known that could speak for or against it. */
  readonly hint: GoldenMatch | null;
}

export function byNames(facts: Facts, found: { index: BaseIndex; bases: readonly GoldenMatch[] }): Named {
  const { image, provenance, diffIds, finding, platform } = facts;
  const { index, bases } = found;
  const evidence: Evidence[] = [];
  const hints: GoldenMatch[] = [];
  const look = (kind: EvidenceKind, digest: Digest): void => {
    const matches = index.byDigest(digest, platform);
    const agreed = matches.find((match) => bases.includes(match));
    const one = agreed ?? matches[0];
    if (one === undefined) {
      evidence.push({
        kind,
        says: `It names ${digest}, which is no golden image.`,
        golden: null,
        accepted: false,
      });
      return;
    }
    if (diffIds.length === 0) hints.push(one);
    const says = saysOf(one, { agreed: agreed !== undefined, bases, blind: diffIds.length === 0 });
    evidence.push({ kind, says, golden: one.golden.name, accepted: agreed !== undefined });
  };
  for (const digest of provenance) look('provenance', digest);
  const annotated = parseDigest(image?.manifest.annotations[BASE_DIGEST]);
  if (annotated !== null) look('annotation', annotated);
  const labels = image?.config.run['Labels'];
  const labelled = parseDigest(isObject(labels) ? labels[BASE_DIGEST] : null);
  if (labelled !== null) look('label', labelled);
  const { registry, repository } = image ?? finding.image;
  for (const golden of repository === null ? [] : index.byName(registry, repository)) {
    const [version] = golden.versions;
    if (version !== undefined) hints.push({ golden, version });
    const accepted = bases.some((match) => match.golden === golden);
    const says = `It is in the repository of ${nameOf(golden)}.`;
    evidence.push({ kind: 'name', says, golden: golden.name, accepted });
  }
  return { evidence, hint: bases.length > 0 ? null : (hints[0] ?? null) };
}

function saysOf(
  { golden, version }: GoldenMatch,
  about: { agreed: boolean; bases: readonly GoldenMatch[]; blind: boolean },
): string {
  const named = `It names ${nameOf(golden)} as ${version.digest}`;
  if (about.blind) return `${named}; no layers are known that could speak for or against it.`;
  if (!about.agreed) return `${named}, whose layers it does not begin with.`;
  const isNearest = about.bases[0]?.version.diffIds.length === version.diffIds.length;
  return isNearest ? `${named}, and begins with its layers.` : `${named}, which is a base of its base.`;
}

/** Whether the image is this version, or says in what is not inherited that it is built on it. */
export function isNamed(version: GoldenMatch['version'], facts: Facts): boolean {
  const named = [
    facts.digest,
    parseDigest(facts.image?.manifest.annotations[BASE_DIGEST]),
    ...facts.provenance,
  ];
  return named.some(
    (digest) => digest !== null && (digest === version.digest || digest === version.indexDigest),
  );
}
