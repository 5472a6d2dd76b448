/**
 * Says which golden image a finding is about, and whether the base or the application brought the package. Only layers
 * prove anything: labels are inherited by what is built on an image, and anybody can write one.
 */
import type { Digest } from '../image/image.ts';
import type { AffectedPackage, Finding } from '../receive/finding.ts';
import type { BaseIndex, GoldenMatch } from './base-index.ts';
import { factsOf, type Facts, type Known } from './facts.ts';
import { nameOf, type Confidence, type Evidence, type EvidenceKind } from './identification.ts';
import type { Identification, PackagePart, Part } from './identification.ts';
import { byNames, isNamed } from './named-evidence.ts';

const ORDER: readonly EvidenceKind[] = [
  'digest',
  'diffid-prefix',
  'provenance',
  'annotation',
  'label',
  'layer-digest',
  'finding-layer',
  'name',
];

/** @throws CodedError `images/identify-wrong-image` when the image is another one than that of the finding. */
export function identify(finding: Finding, known: Known, index: BaseIndex): Identification {
  const facts = factsOf(finding, known, index);
  const { bases, confidence, evidence } = byLayers(facts, index);
  const named = byNames(facts, { index, bases });
  const own = bases[0] ?? null;
  const hint = own ?? named.hint;
  const packages = finding.packages.map((one) => partOf(one, facts, bases));
  const all = [...evidence, ...named.evidence, ...layerEvidence(packages)];
  return {
    golden: hint,
    ancestry: bases,
    part: partOfAll(packages),
    packages,
    confidence: own === null && hint !== null ? 'hint' : confidence,
    evidence: all.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
  };
}

interface ByLayers {
  readonly bases: readonly GoldenMatch[];
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

function byLayers(facts: Facts, index: BaseIndex): ByLayers {
  const { diffIds, layers, platform, same } = facts;
  const found = index.basesOf(diffIds, platform);
  const compressed = index.basesByLayers(layers, platform);
  const evidence: Evidence[] = [];
  const note = (kind: EvidenceKind, golden: GoldenMatch['golden'] | null, says: string): void => {
    evidence.push({ kind, says, golden: golden?.name ?? null, accepted: golden !== null });
  };
  for (const { golden } of same) note('digest', golden, `It is ${nameOf(golden)} itself.`);
  for (const { golden, version } of found) {
    const count = `${version.diffIds.length} of ${diffIds.length}`;
    note(
      'diffid-prefix',
      golden,
      `Its lowest ${count} layers are those of ${nameOf(golden)} as ${version.digest}.`,
    );
  }
  for (const { golden } of compressed) {
    const says = `Its lowest layers have the compressed digests of ${nameOf(golden)}.`;
    const accepted = diffIds.length === 0 || found.some((match) => match.golden === golden);
    evidence.push({ kind: 'layer-digest', says, golden: golden.name, accepted });
  }
  if (diffIds.length > 0 && found.length === 0) {
    note('diffid-prefix', null, `Its ${diffIds.length} layers do not begin with those of a golden image.`);
  }
  const { diffIds: reported } = facts.finding.image;
  if (reported.length > 0 && facts.areRead && reported.join() !== diffIds.join()) {
    note(
      'diffid-prefix',
      null,
      'The report names other layers than the image has, and is not believed in that.',
    );
  }
  const bases = preferred([...new Set([...same, ...found])], facts);
  if (bases.length > 0) {
    return { bases, confidence: facts.areRead && !isTied(bases, facts) ? 'proved' : 'likely', evidence };
  }
  // Where the layers themselves are known and agree with none, compressed ones that do are an accident or a lie.
  if (diffIds.length > 0 || compressed.length === 0) return { bases: [], confidence: 'none', evidence };
  return { bases: compressed, confidence: 'likely', evidence };
}

/** Of golden images with the very same layers, that which the image is, or says to be built on, goes first. */
function preferred(bases: readonly GoldenMatch[], facts: Facts): readonly GoldenMatch[] {
  const layers = bases[0]?.version.diffIds.length ?? 0;
  const rank = ({ version }: GoldenMatch): number => {
    if (version.diffIds.length < layers) return 2;
    return isNamed(version, facts) ? 0 : 1;
  };
  return bases.toSorted((a, b) => rank(a) - rank(b));
}

/** Two golden images of the same layers, and nothing that says which of them it is. Two tags of one image are one. */
function isTied(bases: readonly GoldenMatch[], facts: Facts): boolean {
  const [first] = bases;
  if (first === undefined || isNamed(first.version, facts)) return false;
  const layers = first.version.diffIds.length;
  return bases.some(
    ({ golden, version }) =>
      version.diffIds.length === layers &&
      golden.name !== first.golden.name &&
      !isSameImage({ golden, version }, first),
  );
}

function isSameImage(one: GoldenMatch, other: GoldenMatch): boolean {
  return (
    one.version.digest === other.version.digest &&
    one.golden.registry === other.golden.registry &&
    one.golden.repository === other.golden.repository
  );
}

function partOf(one: AffectedPackage, facts: Facts, bases: readonly GoldenMatch[]): PackagePart {
  const unknown: PackagePart = { package: one, part: 'unknown', golden: null };
  const nearest = bases[0];
  if (nearest === undefined) return unknown;
  const height = facts.diffIds.length > 0 ? facts.diffIds.length : facts.layers.length;
  const isBaseItself = height === nearest.version.diffIds.length;
  const layer = one.diffId === null ? -1 : layerOf(one.diffId, facts, nearest);
  if (layer === -1) return isBaseItself ? { package: one, part: 'base', golden: nearest } : unknown;
  // From the lowest golden image up: the first that has the layer is the one to patch.
  const owner = bases.findLast(({ version }) => layer < version.diffIds.length);
  if (owner === undefined) return { package: one, part: 'application', golden: null };
  return { package: one, part: 'base', golden: owner };
}

/** Some scanners name layers as they are compressed. The lowest counts when a layer is there twice; -1 for none. */
function layerOf(layer: Digest, { diffIds, layers }: Facts, nearest: GoldenMatch): number {
  const stacks = [diffIds, layers, nearest.version.diffIds, nearest.version.layers];
  return stacks.map((stack) => stack.indexOf(layer)).find((at) => at !== -1) ?? -1;
}

function partOfAll(packages: readonly PackagePart[]): Part {
  if (packages.some(({ part }) => part === 'base')) return 'base';
  return packages.length > 0 && packages.every(({ part }) => part === 'application')
    ? 'application'
    : 'unknown';
}

function layerEvidence(packages: readonly PackagePart[]): readonly Evidence[] {
  return packages.flatMap((one): readonly Evidence[] => {
    const { diffId, name } = one.package;
    if (diffId === null) return [];
    const where = one.golden === null ? WHERE[one.part] : `a layer of ${nameOf(one.golden.golden)}`;
    const says = `${JSON.stringify(name)} came with ${where}.`;
    return [
      {
        kind: 'finding-layer',
        says,
        golden: one.golden?.golden.name ?? null,
        accepted: one.part !== 'unknown',
      },
    ];
  });
}

const WHERE: Readonly<Record<Part, string>> = {
  base: 'a layer of the base',
  application: 'a layer above all golden images',
  unknown: 'a layer that cannot be placed',
};
