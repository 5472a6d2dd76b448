/**
 * Reports of Grype: `grype <image> --output json` (grype/presenter/models of Grype). They tell when a fix was released
 * and what is known of exploitation.
 */
import { isObject, parseJson } from '@callboard/model';
import type { AffectedPackage, FoundImage } from './finding.ts';
import {
  collectFindings,
  highest,
  isPackageName,
  MAX_FINDINGS,
  nameVulnerability,
  toSeverity,
  toTitle,
  toVulnerability,
  type Match,
} from './collect.ts';
import { toDistro } from './distro.ts';
import { NO_IMAGE, toDigest, toPlatform } from './found-image.ts';
import { fixedVersion, wholeVersion } from './found-version.ts';
import {
  findingPartsOf,
  hasList,
  numberOf,
  partOf,
  partsOf,
  probabilityOf,
  proseOf,
  textOf,
  textsOf,
  timeOf,
  wrongField,
  type Part,
} from './part.ts';
import { parsePurl } from './purl.ts';
import { updatedAtOf, withKnown, type Context, type Reading } from './reading.ts';
import { configured, namesOf } from './scanned-image.ts';

const MAX_ITEMS = 1_000;
/** Of a manifest or configuration within a report, in characters of base64. */
const MAX_EMBEDDED = 4 * 1024 * 1024;

/** Whether an object is such a report. */
export function isGrype({ fields }: Part): boolean {
  return 'matches' in fields && ('descriptor' in fields || 'source' in fields);
}

export function readGrype(report: Part, context: Context): Reading {
  const { notes } = report;
  const source = partOf(report, 'source');
  const type = source === null ? null : textOf(source, 'type');
  if (type !== null && type !== 'image') {
    notes.info(
      'images/report-skipped',
      `The report is of a ${type}, not of a container image.`,
      'source.type',
    );
    return { scanner: 'grype', findings: [], image: null, snapshot: false, at: context.receivedAt };
  }
  const image = withKnown(imageOf(report, source), context.image);
  const descriptor = partOf(report, 'descriptor');
  const updatedAt = descriptor === null ? context.receivedAt : updatedAtOf(descriptor, 'timestamp', context);
  const matches = (['matches', 'ignoredMatches'] as const).flatMap((key) =>
    findingPartsOf(report, key, MAX_FINDINGS).flatMap((part) => {
      const match = toMatch(part, { updatedAt, status: key === 'matches' ? 'active' : 'suppressed' });
      return match === null ? [] : [match];
    }),
  );
  const findings = collectFindings({ scanner: 'grype', image, name: context.name, matches, notes });
  return {
    scanner: 'grype',
    findings,
    image,
    snapshot: hasList(report, 'matches'),
    at: updatedAt,
  };
}

function imageOf(report: Part, source: Part | null): FoundImage {
  const target = source === null ? null : partOf(source, 'target');
  const distro = partOf(report, 'distro');
  const found =
    distro === null ? null : toDistro(textOf(distro, 'name') ?? '', textOf(distro, 'version') ?? '');
  if (target === null) return { ...NO_IMAGE, distro: found };
  const names = namesOf(target, { digests: 'repoDigests', tags: 'tags' }, textOf(target, 'userInput'));
  const config = configured(embedded(target, 'config'));
  // Layers are named by the digest of what is in them, uncompressed.
  const layers = partsOf(target, 'layers', MAX_ITEMS).map((layer) => toDigest(textOf(layer, 'digest')));
  const whole = layers.filter((layer) => layer !== null);
  const diffIds = config.diffIds.length > 0 || whole.length < layers.length ? config.diffIds : whole;
  const os = textOf(target, 'os');
  const architecture = textOf(target, 'architecture');
  return {
    ...names,
    digest: digestOf(target, { pushed: names.digest, diffIds }),
    configDigest: toDigest(textOf(target, 'imageID')),
    platform:
      config.platform ?? (os === null || architecture === null ? null : toPlatform(os, architecture, null)),
    diffIds,
    distro: found,
  };
}

/**
 * The manifest's own digest, unless Grype has made that manifest itself, as of an image from a Docker daemon: such a
 * one names uncompressed layers, and no registry knows it.
 */
function digestOf(
  target: Part,
  { pushed, diffIds }: Pick<FoundImage, 'diffIds'> & { pushed: FoundImage['digest'] },
): FoundImage['digest'] {
  const own = toDigest(textOf(target, 'manifestDigest'));
  if (own === null || own === pushed) return pushed;
  const manifest = embedded(target, 'manifest');
  const layers = manifest === null ? [] : partsOf(manifest, 'layers', MAX_ITEMS);
  const made =
    layers.length > 0 &&
    layers.every((layer) => {
      const digest = toDigest(textOf(layer, 'digest'));
      return digest !== null && diffIds.includes(digest);
    });
  return made ? pushed : own;
}

/** An object that stands in base64. */
function embedded(part: Part, key: string): Part | null {
  const value = part.fields[key];
  if (typeof value !== 'string' || value === '') return null;
  const parsed =
    value.length > MAX_EMBEDDED ? null : parseJson(Buffer.from(value, 'base64').toString('utf8'));
  if (!isObject(parsed)) return wrongField(part, key, 'is no JSON object in base64');
  return { fields: parsed, path: `${part.path}.${key}`, notes: part.notes };
}

function toMatch(part: Part, context: { updatedAt: number; status: Match['status'] }): Match | null {
  const vulnerability = partOf(part, 'vulnerability');
  const artifact = partOf(part, 'artifact');
  if (vulnerability === null || artifact === null)
    return leftOut(part, 'It names no vulnerability or no package.');
  const own = toVulnerability(textOf(vulnerability, 'id'));
  if (own === null) return leftOut(part, 'Its vulnerability has no usable id.');
  const affected = affectedPackage(part, { vulnerability, artifact });
  if (affected === null) return null;
  const related = partsOf(part, 'relatedVulnerabilities', MAX_ITEMS);
  const others = [...partsOf(vulnerability, 'advisories', MAX_ITEMS), ...related].map((one) =>
    textOf(one, 'id'),
  );
  const facts = [vulnerability, ...related];
  const epss = facts
    .flatMap((one) => partsOf(one, 'epss', MAX_ITEMS))
    .map((one) => probabilityOf(one, 'epss'));
  const exploited = facts.some((one) => partsOf(one, 'knownExploited', MAX_ITEMS).length > 0);
  const description = facts.map((one) => proseOf(one, 'description')).find((text) => text !== '');
  return {
    ...nameVulnerability(
      own,
      others.filter((id) => id !== null),
    ),
    severity: toSeverity(vulnerability, 'severity', textOf(vulnerability, 'severity')),
    status: context.status,
    affected,
    title: toTitle(description ?? ''),
    epss: highest(epss),
    knownExploited: exploited ? true : null,
    publishedAt: null,
    fixedAt: fixedAtOf(vulnerability, affected.fixedVersion),
    updatedAt: context.updatedAt,
  };
}

/** When the version that counts was released; the first release of any when that one has no date. */
function fixedAtOf(vulnerability: Part, version: string | null): number | null {
  const fix = partOf(vulnerability, 'fix');
  const released = fix === null ? [] : partsOf(fix, 'available', MAX_ITEMS);
  const dates = released.flatMap((one) => {
    const date = timeOf(one, 'date');
    return date === null ? [] : [{ version: textOf(one, 'version'), date }];
  });
  const own = dates.find((one) => one.version === version) ?? dates.toSorted((a, b) => a.date - b.date)[0];
  return own?.date ?? null;
}

function affectedPackage(
  part: Part,
  { vulnerability, artifact }: { vulnerability: Part; artifact: Part },
): AffectedPackage | null {
  const purl = parsePurl(textOf(artifact, 'purl'));
  const type = textOf(artifact, 'type');
  const kind = type === 'deb' || type === 'rpm' || type === 'apk' ? type : 'language';
  const name = textOf(artifact, 'name');
  if (name === null || !isPackageName(name, kind)) return leftOut(part, 'Its package has no usable name.');
  const metadata = partOf(artifact, 'metadata');
  const version = wholeVersion({
    version: textOf(artifact, 'version') ?? '',
    release: null,
    epoch: metadata === null || kind !== 'rpm' ? null : numberOf(metadata, 'epoch'),
    kind,
  });
  if (version === null) return leftOut(part, 'Its package has no usable version.');
  const fixed = fixedVersion(fixesOf(part, vulnerability), version, kind);
  if (fixed.bad !== null) wrongField(vulnerability, 'fix', 'has a version that is none');
  const [upstream] = partsOf(artifact, 'upstreams', MAX_ITEMS).map((one) => textOf(one, 'name'));
  const location = partsOf(artifact, 'locations', MAX_ITEMS)[0] ?? null;
  return {
    name,
    source: upstream !== undefined && upstream !== null && isPackageName(upstream, kind) ? upstream : null,
    kind,
    version,
    fixedVersion: fixed.version,
    architecture: purl?.architecture ?? (metadata === null ? null : textOf(metadata, 'architecture')),
    diffId: location === null ? null : toDigest(textOf(location, 'layerID')),
    path: location === null || kind !== 'language' ? null : textOf(location, 'path'),
  };
}

/** The version that Grype suggests for this package; else all that fix it. */
function fixesOf(part: Part, vulnerability: Part): readonly string[] {
  const suggested = partsOf(part, 'matchDetails', MAX_ITEMS).flatMap((detail) => {
    const fix = partOf(detail, 'fix');
    const version = fix === null ? null : textOf(fix, 'suggestedVersion');
    return version === null ? [] : [version];
  });
  const fix = partOf(vulnerability, 'fix');
  return suggested.length > 0 || fix === null ? suggested : textsOf(fix, 'versions');
}

function leftOut(part: Part, why: string): null {
  part.notes.error('images/report-finding', `The match was left out. ${why}`, part.path);
  return null;
}
