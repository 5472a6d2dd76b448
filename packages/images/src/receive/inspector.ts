/**
 * Findings of Amazon Inspector, in all the shapes they come in: one in an event of EventBridge, pages of ListFindings,
 * ECR's DescribeImageScanFindings, Image Builder's ListImageScanFindings, or one by itself. They agree in the middle
 * and differ at the edges, so what identifies the image is looked for in several places and has to be consistent.
 */
import type { Finding } from './finding.ts';
import {
  imageKey,
  MAX_FINDINGS,
  MAX_PACKAGES,
  mergePackages,
  nameVulnerability,
  toSeverity,
  toTitle,
  toVulnerability,
} from './collect.ts';
import { imageOfFinding } from './inspector-image.ts';
import { readInspectorPackage } from './inspector-package.ts';
import { formatOf, formatOfTracker } from './distro.ts';
import {
  findingPartsOf,
  partOf,
  partsOf,
  probabilityOf,
  proseOf,
  textOf,
  textsOf,
  timeOf,
  valueOf,
  type Part,
} from './part.ts';
import { updatedAtOf, type Context, type Reading } from './reading.ts';

/** Whether an object is an event of Inspector or about it, or has findings of it. */
export function isInspector({ fields }: Part): boolean {
  const source = fields['source'];
  if (source === 'aws.inspector2' || source === 'aws.ecr' || source === 'aws.imagebuilder') return true;
  return 'findings' in fields || 'imageScanFindings' in fields || 'packageVulnerabilityDetails' in fields;
}

export function readInspector(report: Part, context: Context): Reading {
  const read = findingsIn(report, context);
  const byId = new Map<string, Finding>();
  for (const finding of read.flatMap(({ part, within }) => toFinding(part, within) ?? [])) {
    const before = byId.get(finding.id);
    // Pages overlap when something changes in between.
    if (before === undefined || finding.updatedAt >= before.updatedAt) byId.set(finding.id, finding);
  }
  const findings = [...byId.values()];
  const [first] = findings;
  const isOne = findings.every(({ image }) => image.digest !== null && image.digest === first?.image.digest);
  return {
    scanner: 'inspector',
    findings,
    image: isOne ? (first?.image ?? null) : null,
    snapshot: false,
    at: context.receivedAt,
  };
}

interface Found {
  readonly part: Part;
  readonly within: Context;
}

function findingsIn(report: Part, context: Context): readonly Found[] {
  const { fields, notes } = report;
  const among = (part: Part | null, key: string, within = context): readonly Found[] =>
    part === null ? [] : findingPartsOf(part, key, MAX_FINDINGS).map((found) => ({ part: found, within }));
  if ('detail-type' in fields) {
    const type = textOf(report, 'detail-type') ?? '';
    const detail = partOf(report, 'detail');
    if (type !== 'Inspector2 Finding') {
      notes.info('images/report-skipped', `An event «${type}» has no finding.`, 'detail-type');
      return [];
    }
    if (detail === null) {
      notes.error('images/report-finding', 'The event has no detail.', 'detail');
      return [];
    }
    return [{ part: detail, within: { ...context, receivedAt: updatedAtOf(report, 'time', context) } }];
  }
  if ('imageScanFindings' in fields) {
    const scan = partOf(report, 'imageScanFindings');
    if (scan !== null && valueOf(scan, 'findings') !== undefined && partsOf(scan, 'findings', 1).length > 0) {
      notes.info(
        'images/report-skipped',
        'Findings of basic scanning name no fixed version; switch enhanced scanning on.',
        'imageScanFindings.findings',
      );
    }
    return among(scan, 'enhancedFindings', {
      ...context,
      image: { ...context.image, ...imageAsked(report) },
    });
  }
  if ('findings' in fields) return among(report, 'findings');
  return [{ part: report, within: context }];
}

/** The image that DescribeImageScanFindings was asked about. */
function imageAsked(report: Part): Context['image'] {
  const id = partOf(report, 'imageId');
  const image = imageOfFinding({
    hash: id === null ? null : textOf(id, 'imageDigest'),
    arn: null,
    details: null,
  });
  const repository = textOf(report, 'repositoryName');
  return {
    ...(typeof image === 'object' && image.digest !== null && { digest: image.digest }),
    ...(repository !== null && { repository }),
  };
}

const STATUSES: ReadonlyMap<string, Finding['status']> = new Map([
  ['ACTIVE', 'active'],
  ['CLOSED', 'closed'],
  ['SUPPRESSED', 'suppressed'],
]);

function toFinding(part: Part, context: Context): Finding | null {
  const { notes, path } = part;
  const type = textOf(part, 'type');
  if (type !== null && type !== 'PACKAGE_VULNERABILITY') {
    notes.info('images/report-skipped', `A finding of the type ${type} is not about packages.`, path);
    return null;
  }
  const resource = resourceOf(part);
  if (resource === 'other') return null;
  const details = partOf(part, 'packageVulnerabilityDetails');
  const own = details === null ? null : toVulnerability(textOf(details, 'vulnerabilityId'));
  if (details === null || own === null) return leftOut(part, 'It has no usable vulnerabilityId.');
  const status = STATUSES.get(textOf(part, 'status') ?? 'ACTIVE');
  if (status === undefined) return leftOut(part, 'Its status is none that is known.');
  const image = imageOfFinding({
    hash: null,
    arn: resource === null ? null : textOf(resource, 'id'),
    details: containerOf(resource),
    known: context.image,
  });
  if (typeof image === 'string') return leftOut(part, image);
  const osKind = formatOf(image.distro) ?? formatOfTracker(textOf(details, 'source') ?? '');
  const packages = partsOf(details, 'vulnerablePackages', MAX_PACKAGES).flatMap(
    (one) => readInspectorPackage(one, osKind) ?? [],
  );
  if (packages.length === 0) return leftOut(part, 'It names no usable package.');
  const name = nameVulnerability(own, textsOf(details, 'relatedVulnerabilities'));
  const id = idOf(
    part,
    `inspector/${imageKey(image, textOf(part, 'imageBuildVersionArn') ?? context.name)}/${own}`,
  );
  if (id === null) return leftOut(part, 'Its findingArn is no ARN of a finding.');
  const epss = partOf(part, 'epss');
  const exploits = partOf(part, 'exploitabilityDetails');
  return {
    id,
    scanner: 'inspector',
    ...name,
    severity: toSeverity(part, 'severity', textOf(part, 'severity')),
    status,
    image,
    packages: mergePackages(packages),
    title: toTitle(proseOf(part, 'title') || proseOf(part, 'description')),
    epss: epss === null ? null : probabilityOf(epss, 'score'),
    // exploitAvailable only says that there is code for it somewhere.
    knownExploited: exploits !== null && timeOf(exploits, 'lastKnownExploitAt') !== null ? true : null,
    publishedAt: timeOf(details, 'vendorCreatedAt'),
    fixedAt: null,
    updatedAt: updatedAtOf(
      part,
      valueOf(part, 'updatedAt') === undefined ? 'lastObservedAt' : 'updatedAt',
      context,
    ),
  };
}

/** The image among the resources; null when none is named, `other` when it is about something else. */
function resourceOf(part: Part): Part | null | 'other' {
  const resources = partsOf(part, 'resources', MAX_PACKAGES);
  const images = resources.filter((resource) => textOf(resource, 'type') === 'AWS_ECR_CONTAINER_IMAGE');
  const [first] = images;
  if (images.length > 1) {
    part.notes.warning(
      'images/report-field',
      'The finding is about several images; the first one counts.',
      part.path,
    );
  }
  if (first !== undefined) return first;
  const [other] = resources;
  if (other === undefined) return null;
  const type = textOf(other, 'type') ?? 'nothing that is named';
  part.notes.info(
    'images/report-skipped',
    `The finding is about ${type}, not about an image in ECR.`,
    part.path,
  );
  return 'other';
}

function containerOf(resource: Part | null): Part | null {
  const details = resource === null ? null : partOf(resource, 'details');
  return details === null ? null : partOf(details, 'awsEcrContainerImage');
}

/** The ARN; `otherwise` when there is none; null when it is something else. */
function idOf(part: Part, otherwise: string): string | null {
  const arn = textOf(part, 'findingArn');
  if (arn === null) return otherwise;
  return /^arn:aws[\w-]*:inspector2:[\w-]*:\d{12}:finding\/[\w-]{1,128}$/.test(arn) ? arn : null;
}

function leftOut(part: Part, why: string): null {
  part.notes.error('images/report-finding', `The finding was left out. ${why}`, part.path);
  return null;
}
