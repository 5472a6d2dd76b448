/** The texts of the page of one patch. */
import { count, plural } from '../../../messages.ts';
import type { PatchMoment, RecordKind } from '../../../api/images-patch.ts';
import type { PatchAction } from '../../../api/images.ts';

interface ActionWords {
  readonly button: string;
  readonly title: string;
  readonly why: string;
}

export const messages = {
  back: 'Golden images',
  title: (golden: string) => `Patch of ${golden}`,
  failed: 'The patch could not be read',
  notFound: 'There is no such patch',
  notFoundWhy: 'The address names a patch that this portal does not have.',
  toImages: 'All golden images',

  facts: 'Facts',
  why: 'Why',
  id: 'Patch',
  copyId: 'Copy the id of the patch',
  base: 'Old image',
  built: 'New image',
  copyBase: 'Copy the digest of the old image',
  copyBuilt: 'Copy the digest of the new image',
  job: 'Job',
  findings: 'Findings that act',
  approvedBy: 'Approved by',
  updated: 'Last change',

  timeline: 'From the finding to the fleet',
  moments: {
    published: 'Published',
    fixReleased: 'Fix released',
    received: 'Finding received',
    planned: 'Plan accepted',
    built: 'Image built',
    proved: 'Proved',
    promoted: 'Promoted',
    rolledOut: 'Rolled out',
  } satisfies Readonly<Record<PatchMoment, string>>,
  notYet: 'not yet',
  notKnown: 'not known',
  notReached: '–',
  after: (span: string) => `after ${span}`,

  plan: 'Plan',
  planNone: 'There is no plan yet.',
  planFailed: 'The plan could not be read',
  strategies: {
    'in-place': 'Update the packages in place',
    'bump-base': 'Take a newer base image; packages are left as they are',
    defer: 'Wait; nothing can be done now',
  } as Readonly<Record<string, string>>,
  by: 'Proposed by',
  byModel: (name: string) => `the model ${name}`,
  byRules: (name: string) => `rules (${name})`,
  confidence: (share: string) => `, ${share} sure`,
  system: 'System',
  endOfLife: 'no longer supported',
  requires: 'Also needs',
  capabilities: {
    'release-lock': 'the locked release of the distribution to move',
    'replace-package': 'a package to be replaced by another',
    'remove-package': 'a package to be removed',
  } as Readonly<Record<string, string>>,
  package: 'Package',
  action: 'Action',
  actions: { upgrade: 'Upgrade', replace: 'Replace', remove: 'Remove' } as Readonly<Record<string, string>>,
  versions: 'Installed → at least',
  fixes: 'Because of',
  fixesMore: (more: number) => `and ${count(more)} more`,
  packagesMore: (more: number) => `Show ${plural(more, 'more package', 'more packages')}`,
  planHash: 'Plan',
  replacedBy: (name: string) => `by ${name}`,

  gate: 'What the gate says',
  gateWhy: 'Rules that every plan has to keep, whoever proposed it.',

  script: 'Script',
  scriptWhy: 'What is run in the image, as the gate let it pass.',
  scriptFailed: 'The script could not be read',
  copyScript: 'Copy the script',
  cut: (shown: number, all: number) =>
    `The first ${count(shown)} of ${count(all)} characters. Download it to see all of it.`,

  proof: 'Proof',
  proofNone: 'Nothing was proved yet.',
  fixable: 'Fixable findings',
  fixableText: (before: number, after: number) => `${count(before)} before → ${count(after)} after`,
  checksPassed: (passed: number, all: number) =>
    `${count(passed)} of ${plural(all, 'check', 'checks')} passed`,
  passed: 'Passed',
  failedCheck: 'Failed',
  scanner: 'Scanned by',
  scannerText: (name: string, version: string, database: string) =>
    `${name} ${version}, database of ${database}`,
  grown: 'Image size',
  grew: (text: string) => `${text} more`,
  shrank: (text: string) => `${text} less`,
  fixed: 'Fixed',
  verdictFailed: 'The verdict could not be read',

  leftOver: 'Left over',
  leftOverWhy: 'Findings that this patch does not fix, and why.',

  promotions: 'Promotions',
  tag: 'Golden tag',
  patchTag: 'Fixed tag',
  beforeTag: 'Tag of the old image',
  previous: 'Before',
  current: 'After',
  copyPrevious: 'Copy the digest before',
  copyCurrent: 'Copy the digest after',

  attestations: 'Attestations',
  attestationsWhy:
    'Signed statements that lie in the registry beside the new image: packages (SBOM), what is fixed (VEX), how it was built (SLSA).',
  attestation: (number: number) => `Copy the digest of attestation ${count(number)}`,

  records: 'Records',
  recordsWhy: 'Kept unchanged, each under the SHA-256 of its text.',
  recordKinds: {
    scan: 'Scan of the old image',
    plan: 'Plan',
    script: 'Script',
    prompt: 'Prompt to the model',
    answer: 'Answer of the model',
    verdict: 'Verdict',
    seal: 'Signed verdict',
  } satisfies Readonly<Record<RecordKind, string>>,
  copyHash: (kind: string) => `Copy the hash: ${kind}`,
  download: 'Download',
  downloadOf: (kind: string) => `Download: ${kind}`,
  downloadFailed: 'It could not be downloaded',

  log: 'Log',
  logText: 'Log of the patch',
  logNone: 'Nothing was written yet.',
  logFailed: 'The log could not be read',
  logStates: {
    connecting: 'Connecting…',
    live: 'Live',
    broken: 'Interrupted; connecting again…',
    ended: 'Complete',
  },
  logCut: (lines: number) => `${plural(lines, 'earlier line is', 'earlier lines are')} not shown.`,
  copyLog: 'Copy the log',

  acts: 'What can be done',
  reason: 'Reason',
  reasonHint: 'It is kept with the patch, with your name.',
  reasonMissing: 'Say why, in a few words.',
  keep: 'Back',
  actFailed: 'It was not done',
  planFirst: 'The plan has to be shown before it can be approved.',
  approvesPlan: (hash: string) => `You approve the plan ${hash}, as shown on this page.`,
  act: {
    approve: {
      button: 'Approve…',
      title: 'Approve this plan?',
      why: 'The image is built and proved next. The golden tag still moves only with a proof.',
    },
    promote: {
      button: 'Promote…',
      title: 'Promote the new image?',
      why: 'The golden tag moves to the proved image; whoever pulls the tag gets it. The old image keeps a tag of its own.',
    },
    rollback: {
      button: 'Roll back…',
      title: 'Roll back to the old image?',
      why: 'The golden tag moves back to what was there before this patch, with its findings.',
    },
    retry: {
      button: 'Retry…',
      title: 'Retry this patch?',
      why: 'A parked patch goes on where it stopped; one that had ended begins anew. See to the cause first, or it stops again.',
    },
    reject: {
      button: 'Reject…',
      title: 'Reject this plan?',
      why: 'The patch ends here, and nothing is built. New findings begin another one.',
    },
    cancel: {
      button: 'Cancel the patch…',
      title: 'Cancel this patch?',
      why: 'The patch ends here. The golden tag does not move.',
    },
  } satisfies Readonly<Record<PatchAction, ActionWords>>,
  confirm: {
    approve: 'Approve',
    promote: 'Promote',
    rollback: 'Roll back',
    retry: 'Retry',
    reject: 'Reject',
    cancel: 'Cancel the patch',
  } satisfies Readonly<Record<PatchAction, string>>,
} as const;

/** Bytes with their unit: "412 kB", "3.1 MB". */
export function size(bytes: number): string {
  const kilo = Math.abs(bytes) / 1_000;
  if (kilo < 1_000) return `${count(Math.round(kilo))} kB`;
  return `${count(Math.round(kilo / 100) / 10)} MB`;
}
