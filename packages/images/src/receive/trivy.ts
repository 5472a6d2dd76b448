/**
 * Reports of Trivy: `trivy image --format json`, schema 2 (pkg/types/report.go of Trivy). With `--list-all-pkgs` they
 * tell source packages and architectures too.
 */
import type { AffectedPackage, FoundImage } from './finding.ts';
import {
  collectFindings,
  isPackageName,
  MAX_FINDINGS,
  nameVulnerability,
  toSeverity,
  toTitle,
  toVulnerability,
  type Match,
} from './collect.ts';
import { formatOf, toDistro } from './distro.ts';
import { NO_IMAGE, toDigest } from './found-image.ts';
import { fixedVersion, installedVersion } from './found-version.ts';
import { parsePurl } from './purl.ts';
import {
  findingPartsOf,
  hasList,
  partOf,
  partsOf,
  proseOf,
  textOf,
  textsOf,
  timeOf,
  wrongField,
  type Part,
} from './part.ts';
import { updatedAtOf, withKnown, type Context, type Reading } from './reading.ts';
import { configured, layersOf, namesOf } from './scanned-image.ts';

const MAX_RESULTS = 5_000;
const MAX_LISTED = 100_000;

/** Whether an object is such a report. */
export function isTrivy({ fields }: Part): boolean {
  return 'SchemaVersion' in fields && ('Results' in fields || 'ArtifactName' in fields);
}

export function readTrivy(report: Part, context: Context): Reading {
  const { notes } = report;
  const type = textOf(report, 'ArtifactType');
  if (type !== null && type !== 'container_image') {
    notes.info(
      'images/report-skipped',
      `The report is of a ${type}, not of a container image.`,
      'ArtifactType',
    );
    return { scanner: 'trivy', findings: [], image: null, snapshot: false, at: context.receivedAt };
  }
  const image = withKnown(imageOf(report), context.image);
  const updatedAt = updatedAtOf(report, 'CreatedAt', context);
  const matches = findingPartsOf(report, 'Results', MAX_RESULTS).flatMap((result) =>
    matchesOf(result, { image, updatedAt }),
  );
  const findings = collectFindings({ scanner: 'trivy', image, name: context.name, matches, notes });
  return { scanner: 'trivy', findings, image, snapshot: hasList(report, 'Results'), at: updatedAt };
}

/**
 * `RepoDigests` is what the reference led to; for an image of several platforms it may be the digest of the index.
 */
function imageOf(report: Part): FoundImage {
  const metadata = partOf(report, 'Metadata');
  const asked = textOf(report, 'ArtifactName');
  if (metadata === null) return NO_IMAGE;
  const os = partOf(metadata, 'OS');
  const config = configured(partOf(metadata, 'ImageConfig'));
  const diffIds = layersOf(metadata, 'DiffIDs');
  if (diffIds.length > 0 && config.diffIds.length > 0 && diffIds.join() !== config.diffIds.join()) {
    wrongField(metadata, 'DiffIDs', 'contradicts the configuration of the image, which is taken');
  }
  return {
    ...namesOf(metadata, { digests: 'RepoDigests', tags: 'RepoTags' }, asked),
    configDigest: toDigest(textOf(metadata, 'ImageID')),
    platform: config.platform,
    diffIds: config.diffIds.length > 0 ? config.diffIds : diffIds,
    distro: os === null ? null : toDistro(textOf(os, 'Family') ?? '', textOf(os, 'Name') ?? ''),
  };
}

interface Within {
  readonly image: FoundImage;
  readonly updatedAt: number;
}

function matchesOf(result: Part, within: Within): readonly Match[] {
  const listed = new Map<string, Part>();
  for (const one of partsOf(result, 'Packages', MAX_LISTED)) {
    const id = textOf(one, 'ID');
    if (id !== null) listed.set(id, one);
  }
  const kind = kindOf(result, within.image);
  const read = (part: Part, status: Match['status']): readonly Match[] => {
    const match = toMatch(part, { ...within, listed, kind, status });
    return match === null ? [] : [match];
  };
  const active = findingPartsOf(result, 'Vulnerabilities', MAX_FINDINGS).flatMap((part) =>
    read(part, textOf(part, 'Status') === 'not_affected' ? 'suppressed' : 'active'),
  );
  // With --show-suppressed: what an ignore file or a VEX document takes out.
  const modified = findingPartsOf(result, 'ExperimentalModifiedFindings', MAX_FINDINGS).flatMap((part) => {
    const finding = textOf(part, 'Type') === 'vulnerability' ? partOf(part, 'Finding') : null;
    return finding === null ? [] : read(finding, 'suppressed');
  });
  return [...active, ...modified];
}

/** Of a result; null when the packages have to say themselves. */
function kindOf(result: Part, image: FoundImage): AffectedPackage['kind'] | null {
  if (textOf(result, 'Class') === 'lang-pkgs') return 'language';
  return formatOf(toDistro(textOf(result, 'Type') ?? '', '')) ?? formatOf(image.distro);
}

interface MatchContext extends Within {
  readonly listed: ReadonlyMap<string, Part>;
  readonly kind: AffectedPackage['kind'] | null;
  readonly status: Match['status'];
}

function toMatch(part: Part, { listed, kind, status, updatedAt }: MatchContext): Match | null {
  const own = toVulnerability(textOf(part, 'VulnerabilityID'));
  if (own === null) return leftOut(part, 'It has no usable VulnerabilityID.');
  const id = textOf(part, 'PkgID');
  const affected = affectedPackage(part, id === null ? null : (listed.get(id) ?? null), kind);
  if (affected === null) return null;
  return {
    ...nameVulnerability(own, textsOf(part, 'VendorIDs')),
    severity: toSeverity(part, 'Severity', textOf(part, 'Severity')),
    status,
    affected,
    title: toTitle(proseOf(part, 'Title')),
    epss: null,
    knownExploited: null,
    publishedAt: timeOf(part, 'PublishedDate'),
    fixedAt: null,
    updatedAt,
  };
}

function affectedPackage(
  part: Part,
  listed: Part | null,
  resultKind: AffectedPackage['kind'] | null,
): AffectedPackage | null {
  const identifier = partOf(part, 'PkgIdentifier');
  const purl = parsePurl(identifier === null ? null : textOf(identifier, 'PURL'));
  const kind = purl?.kind ?? resultKind;
  if (kind === null) return leftOut(part, 'Its kind of package is not known.');
  const name = textOf(part, 'PkgName');
  if (name === null || !isPackageName(name, kind)) return leftOut(part, 'It has no usable PkgName.');
  const version = installedVersion(textOf(part, 'InstalledVersion') ?? '', kind);
  if (version === null) return leftOut(part, 'It has no usable InstalledVersion.');
  const fixed = fixedVersion([textOf(part, 'FixedVersion') ?? ''], version, kind);
  if (fixed.bad !== null) wrongField(part, 'FixedVersion', 'is no version');
  const source = listed === null ? null : textOf(listed, 'SrcName');
  const layer = partOf(part, 'Layer');
  return {
    name,
    source: source !== null && isPackageName(source, kind) ? source : null,
    kind,
    version,
    fixedVersion: fixed.version,
    architecture: (listed === null ? null : textOf(listed, 'Arch')) ?? purl?.architecture ?? null,
    diffId: layer === null ? null : toDigest(textOf(layer, 'DiffID')),
    path: textOf(part, 'PkgPath'),
  };
}

function leftOut(part: Part, why: string): null {
  part.notes.error('images/report-finding', `The finding was left out. ${why}`, part.path);
  return null;
}
