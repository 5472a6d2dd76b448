/**
 * Reports of osv-scanner: `osv-scanner scan image --format json`, and the OSV records in them
 * (https://ossf.github.io/osv-schema/). A package of a distribution is named by its source there, and the binary one
 * stands beside it. A record of OSV alone says nothing of an image.
 */
import type { AffectedPackage, FoundImage, Severity } from './finding.ts';
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
import { formatOf, fromEcosystem } from './distro.ts';
import { NO_IMAGE, toDigest } from './found-image.ts';
import { fixedVersion, installedVersion } from './found-version.ts';
import {
  findingPartsOf,
  hasList,
  numberOf,
  partOf,
  partsOf,
  proseOf,
  textOf,
  textsOf,
  timeOf,
  wrongField,
  type Part,
} from './part.ts';
import { withKnown, type Context, type Reading } from './reading.ts';

const MAX_ITEMS = 5_000;
const MAX_VERSIONS = 1_000;

/** Whether an object is a report of osv-scanner. */
export function isOsvScanner({ fields }: Part): boolean {
  return 'results' in fields && !('$schema' in fields) && !('runs' in fields);
}

/** Whether an object is a record of OSV, or an answer of its API with some. */
export function isOsvRecord({ fields }: Part): boolean {
  return 'vulns' in fields || ('id' in fields && 'modified' in fields);
}

export function readOsvScanner(report: Part, context: Context): Reading {
  const { notes } = report;
  const metadata = partOf(report, 'image_metadata');
  if (metadata === null) {
    notes.info('images/report-skipped', 'The report is not of a container image: it has no image_metadata.');
    return { scanner: 'osv', findings: [], image: null, snapshot: false, at: context.receivedAt };
  }
  const layers = partsOf(metadata, 'layer_metadata', MAX_ITEMS);
  const packages = findingPartsOf(report, 'results', MAX_ITEMS).flatMap((result) => {
    const source = partOf(result, 'source') ?? partOf(result, 'packageSource');
    const path = source === null ? null : textOf(source, 'path');
    return findingPartsOf(result, 'packages', MAX_FINDINGS).map((part) => ({ part, path }));
  });
  const image = withKnown(
    imageOf(
      layers,
      packages.map(({ part }) => part),
    ),
    context.image,
  );
  const matches = packages.flatMap(({ part, path }) =>
    matchesOf(part, { layers, path, updatedAt: context.receivedAt }),
  );
  const findings = collectFindings({ scanner: 'osv', image, name: context.name, matches, notes });
  return { scanner: 'osv', findings, image, snapshot: hasList(report, 'results'), at: context.receivedAt };
}

/** Layers that only change the configuration have no content, and so no place among the others. */
function imageOf(layers: readonly Part[], packages: readonly Part[]): FoundImage {
  const full = layers.filter(({ fields }) => fields['is_empty'] !== true);
  const diffIds = full.map((layer) => toDigest(textOf(layer, 'diff_id')));
  const whole = diffIds.filter((diffId) => diffId !== null);
  const distro = packages
    .map((part) => partOf(part, 'package'))
    .map((named) => (named === null ? null : fromEcosystem(textOf(named, 'ecosystem') ?? '')))
    .find((found) => found !== null);
  return { ...NO_IMAGE, diffIds: whole.length === diffIds.length ? whole : [], distro: distro ?? null };
}

interface Within {
  readonly layers: readonly Part[];
  readonly path: string | null;
  readonly updatedAt: number;
}

/** A package of the report. */
interface Named extends Omit<AffectedPackage, 'fixedVersion'> {
  readonly ecosystem: string;
  /** As records of OSV have it. */
  readonly known: string;
}

function matchesOf(part: Part, within: Within): readonly Match[] {
  const named = toNamed(part, within);
  if (named === null) {
    part.notes.error(
      'images/report-finding',
      'The package has no usable name or version and was left out.',
      part.path,
    );
    return [];
  }
  const severities = severitiesOf(part);
  return findingPartsOf(part, 'vulnerabilities', MAX_FINDINGS).flatMap((record): readonly Match[] => {
    const own = toVulnerability(textOf(record, 'id'));
    if (own === null) {
      part.notes.error('images/report-finding', 'The record has no usable id and was left out.', record.path);
      return [];
    }
    const { ecosystem, known, ...affected } = named;
    const fixed = fixedVersion(fixesOf(record, { ecosystem, known }), named.version, named.kind);
    if (fixed.bad !== null) wrongField(record, 'affected', 'has a fixed version that is none');
    return [
      {
        ...nameVulnerability(own, [
          ...textsOf(record, 'aliases'),
          ...textsOf(record, 'upstream'),
          ...cveWithin(own),
        ]),
        severity: severities.get(own) ?? ownSeverity(record),
        status: timeOf(record, 'withdrawn') === null ? 'active' : 'suppressed',
        affected: { ...affected, fixedVersion: fixed.version },
        title: toTitle(proseOf(record, 'summary') || proseOf(record, 'details')),
        epss: null,
        knownExploited: null,
        publishedAt: timeOf(record, 'published'),
        fixedAt: null,
        updatedAt: within.updatedAt,
      },
    ];
  });
}

/** `DEBIAN-CVE-2024-1` and the like are named after the CVE that they are about. */
function cveWithin(id: string): readonly string[] {
  const cve = /^[A-Z]+-(CVE-\d{4}-\d+)$/.exec(id)?.[1];
  return cve === undefined ? [] : [cve];
}

function toNamed(part: Part, { layers, path }: Within): Named | null {
  const named = partOf(part, 'package');
  if (named === null) return null;
  const ecosystem = textOf(named, 'ecosystem') ?? '';
  const known = textOf(named, 'name');
  const kind = formatOf(fromEcosystem(ecosystem)) ?? 'language';
  const binary = textOf(named, 'os_package_name') ?? known;
  const version = installedVersion(textOf(named, 'version') ?? '', kind);
  if (known === null || binary === null || version === null) return null;
  if (!isPackageName(known, kind) || !isPackageName(binary, kind)) return null;
  const origin = partOf(named, 'image_origin_details');
  const index = origin === null ? null : numberOf(origin, 'index');
  const layer = index === null ? undefined : layers[index];
  // Red Hat's records name either.
  const isSource = kind !== 'language' && !ecosystem.startsWith('Red Hat');
  return {
    ecosystem,
    known,
    name: binary,
    source: isSource ? known : null,
    kind,
    version,
    architecture: null,
    diffId: layer === undefined ? null : toDigest(textOf(layer, 'diff_id')),
    path: kind === 'language' ? path : null,
  };
}

/** Records that are the same vulnerability share the highest score of CVSS. */
function severitiesOf(part: Part): ReadonlyMap<string, Severity> {
  const severities = new Map<string, Severity>();
  for (const group of partsOf(part, 'groups', MAX_FINDINGS)) {
    const score = numberOf(group, 'max_severity');
    if (score === null) continue;
    for (const id of textsOf(group, 'ids')) severities.set(id, ofScore(score));
  }
  return severities;
}

/** The ratings of CVSS 3.1, section 5. */
function ofScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'unknown';
}

/** In the words of the record's own database, where there are any. */
function ownSeverity(record: Part): Severity {
  const worded = partsOf(record, 'severity', MAX_ITEMS).find((one) => textOf(one, 'type') === 'Ubuntu');
  if (worded !== undefined) return toSeverity(worded, 'score', textOf(worded, 'score'));
  const specific = partOf(record, 'database_specific');
  const text = specific === null ? null : textOf(specific, 'severity');
  return specific === null ? 'unknown' : toSeverity(specific, 'severity', text);
}

/** The versions that fix a package, from the records of its own ecosystem. */
function fixesOf(record: Part, { ecosystem, known }: Pick<Named, 'ecosystem' | 'known'>): readonly string[] {
  return partsOf(record, 'affected', MAX_ITEMS).flatMap((affected) => {
    const named = partOf(affected, 'package');
    if (named === null || textOf(named, 'name') !== known) return [];
    if (!isSameEcosystem(textOf(named, 'ecosystem') ?? '', ecosystem)) return [];
    return partsOf(affected, 'ranges', MAX_ITEMS)
      .filter((range) => textOf(range, 'type') !== 'GIT')
      .flatMap((range) => partsOf(range, 'events', MAX_VERSIONS))
      .flatMap((event) => textOf(event, 'fixed') ?? []);
  });
}

/** `Ubuntu:22.04` is `Ubuntu:22.04:LTS`, and not `Ubuntu:Pro:22.04:LTS`, whose fixes others do not get. */
function isSameEcosystem(a: string, b: string): boolean {
  const plain = (text: string): string => text.replace(/:LTS$/, '');
  return plain(a) === plain(b);
}
