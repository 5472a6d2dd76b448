/** The texts of the pages of golden images. */
import { count, plural } from '../../messages.ts';

export const messages = {
  title: 'Golden images',
  views: 'Golden images',
  overview: 'Images and patches',
  findings: 'Findings',

  failedGoldens: 'The golden images could not be read',
  failedPatches: 'The patches could not be read',
  failedFigures: 'The figures could not be read',
  failedTroubles: 'The troubles could not be read',
  failedFindings: 'The findings could not be read',

  notConfigured: 'No golden images are configured',
  notConfiguredWhy:
    'Golden images are the few base images that teams build on. Name yours in app-config.yaml and start the portal again; from then on each finding with a fix becomes a patched image, with proof.',
  notConfiguredYaml: `images:
  golden:
    - name: debian-12
      image: registry.example.com/golden/debian:12
      owner: group:default/platform
      platforms: [linux/amd64, linux/arm64]
  scanner:
    kind: trivy
  # A person moves the tag. With "automatic" the proof does.
  promote: manual`,
  notConfiguredThen: 'Then send the first report of a scanner, or patch an image from this page.',

  noGoldens: 'The configuration names no golden image yet',
  noGoldensWhy: 'Add one under "images.golden" in app-config.yaml, and start the portal again:',

  image: 'Image',
  owner: 'Owner',
  noOwner: 'nobody is named',
  openFindings: 'Open findings',
  findingsNone: 'none',
  findingsUnread: 'could not be read',
  lastPatch: 'Last patch',
  lastPatchNone: 'none yet',
  usedBy: 'Used by',
  usedByNone: 'nothing that is known',
  usedByMore: (more: number) => `and ${plural(more, 'other', 'others')}`,
  unread: 'It was not read yet.',
  noDigest: 'no image',
  copyImage: (name: string) => `Copy the reference of ${name}`,
  copyDigest: (platform: string) => `Copy the digest of ${platform}`,
  copyDigestOf: (what: string) => `Copy the digest: ${what}`,
  patchNow: 'Patch now',
  patchNowOf: (name: string) => `Patch now: ${name}`,
  patchStarted: (patches: number) => `${plural(patches, 'patch', 'patches')} started or already open`,
  patchFailed: 'It could not be patched',
  severityCount: (severity: string, total: number) => `${count(total)} ${severity.toLowerCase()}`,

  patches: 'Patches',
  show: 'Which patches',
  shown: {
    all: 'All',
    open: 'At work',
    person: 'Need a person',
    done: 'Done',
    stopped: 'Not patched',
  },
  goldenFilter: 'Golden image',
  allGoldens: 'All images',
  patchesNone: 'No image was patched yet',
  patchesNoneWhy:
    'A patch begins when a report with a finding that has a fix arrives, or at once with "Patch now" on an image.',
  patchesNoMatch: 'No patch fits this choice.',
  showAll: 'Show all patches',
  more: 'Show more',
  allImages: (total: number) => `Show all ${count(total)} images`,
  fixed: (before: number, after: number) => `${count(before)} → ${count(after)} fixable`,
  acting: (total: number) => plural(total, 'finding', 'findings'),
  took: (span: string) => `took ${span}`,
  since: (span: string) => `for ${span}`,

  figures: 'How long it takes',
  figuresNone: 'No patch was measured yet.',
  figuresOf: (patches: number) =>
    `Of ${plural(patches, 'patch', 'patches')}. Those still open count with the time they took so far.`,
  figuresStage: 'From → to',
  median: 'Median',
  p95: '95 %',
  ended: 'Ended',
  open: 'Open',
  figureStages: {
    plan: 'Finding → plan',
    build: 'Plan → image built',
    prove: 'Image built → proved',
    promote: 'Proved → golden',
    ours: 'Finding and fix known → proved (MTTP)',
    exposure: 'Fix released → rolled out',
  } as Readonly<Record<string, string>>,

  troubles: 'Set aside',
  troublesWhy: 'Somebody has to look at these; nothing else waits for them.',
  troubleKinds: {
    'change-set-aside': 'A finding that could not be worked on',
    report: 'A report that could not be read',
    golden: 'A golden image that could not be read',
  } as Readonly<Record<string, string>>,

  severity: 'Severity',
  allSeverities: 'Any severity',
  status: 'Status',
  allStatuses: 'Any status',
  statuses: { active: 'Open', closed: 'Closed', suppressed: 'Suppressed' },
  statusMeaning: {
    active: 'The scanner sees it.',
    closed: 'The scanner no longer sees it, which alone is no proof that it was fixed.',
    suppressed: 'Somebody told the scanner to leave it out.',
  },
  repository: 'Repository',
  repositoryExample: 'Repository: golden/debian',
  vulnerabilityFilter: 'Vulnerability',
  vulnerabilityExample: 'Name: CVE-2024-6119',
  onlyDigest: (digest: string) => `Only the image ${digest}`,
  anyDigest: 'Show all images',
  vulnerability: 'Vulnerability',
  packages: 'Package',
  installedFixed: 'Installed → fixed in',
  noFix: 'no fix yet',
  ofImage: 'Image',
  firstSeen: 'First seen',
  by: (scanner: string) => `by ${scanner}`,
  exploited: 'Exploited',
  exploitedWhy: 'It is known to be exploited.',
  epss: (share: string) => `EPSS ${share}`,
  epssWhy: 'How likely it is exploited within 30 days.',
  packagesMore: (more: number) => `and ${count(more)} more`,
  findingsNoneYet: 'No scanner reported anything yet',
  findingsNoneOpen: 'No finding is open',
  findingsAny: 'Show closed ones too',
  findingsNoneWhy:
    'Send a report of Trivy, Grype, OSV-Scanner or Amazon Inspector, from a pipeline or from your desk:',
  findingsNoneCommand: 'callboard images import report.json',
  findingsNoMatch: 'No finding fits this choice.',
  clearFilters: 'Clear the choice',
  findingsShown: (total: number, more: string) => `${plural(total, 'finding', 'findings')}${more}`,
  andMore: ', and more',

  noPlatform: 'platform unknown',
} as const;

export const SEVERITY_WORDS = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Negligible',
  unknown: 'Unknown',
} as const;

/** A share between 0 and 1: "2.5 %". */
export function percent(share: number): string {
  return `${count(Math.round(share * 1000) / 10)} %`;
}

/** `sha256:0123456789ab…` as people compare digests: the first twelve digits. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
