/** The status of the images room for people: what is golden, what is wrong with it, what is being done, how fast. */
import {
  formatPlatform,
  type FindingsCount,
  type GoldenStatus,
  type ImagesTrouble,
  type Patch,
  type PatchFigures,
} from '@callboard/images';
import type { Output } from '../output.ts';
import { countOf, durationText, shortDigest, tableText } from './words.ts';

export interface Status {
  readonly goldens: readonly GoldenStatus[];
  /** Of active findings. */
  readonly findings: readonly FindingsCount[];
  /** Those that are open. */
  readonly patches: readonly Patch[];
  readonly figures: PatchFigures;
  readonly troubles: readonly ImagesTrouble[];
}

/** `now`: milliseconds since 1970. */
export function statusText(
  status: Status,
  { now, on }: { readonly now: number; readonly on: Output },
): string {
  const parts = [
    goldensText(status.goldens, on),
    findingsText(status.findings),
    patchesText(status.patches, { now, on }),
    figuresText(status.figures),
    troublesText(status.troubles, { now, on }),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function goldensText(goldens: readonly GoldenStatus[], on: Output): string {
  if (goldens.length === 0) return 'No golden images: name them under images.golden of the configuration.\n';
  const rows = goldens.flatMap(({ golden, images, problem, usedBy }) => {
    const name = [golden.name, `${golden.registry}/${golden.repository}:${golden.tag}`];
    const used = String(usedBy.length);
    const read = images.map(({ platform, versions: [current] }) => [
      ...name,
      formatPlatform(platform),
      current === undefined ? '' : shortDigest(current.digest),
      used,
      '',
    ]);
    if (problem === null && read.length > 0) return read;
    return [...read, [...name, '', '', used, on.paint('red', problem ?? 'not read yet')]];
  });
  const columns = ['GOLDEN IMAGE', 'TAG', 'PLATFORM', 'DIGEST', 'USED BY', 'PROBLEM'];
  return tableText(
    columns.map((name) => ({ name })),
    rows,
  );
}

function findingsText(counts: readonly FindingsCount[]): string {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return 'No open findings.\n';
  const list = counts.map(({ severity, count }) => `${count} ${severity}`).join(', ');
  return `Open findings: ${total} (${list})\n`;
}

function patchesText(
  patches: readonly Patch[],
  { now, on }: { readonly now: number; readonly on: Output },
): string {
  if (patches.length === 0) return 'No open patches.\n';
  const rows = patches.map(({ id, golden, platform, state, stage, updatedAt, reason }) => [
    id,
    golden,
    formatPlatform(platform),
    state === 'parked' || state === 'awaiting-approval' ? on.paint('yellow', state) : state,
    stage ?? '',
    durationText(now - updatedAt),
    reason ?? '',
  ]);
  const columns = ['OPEN PATCH', 'GOLDEN IMAGE', 'PLATFORM', 'STATE', 'STAGE', 'SINCE', 'REASON'];
  return tableText(
    columns.map((name) => ({ name })),
    rows,
  );
}

/** From when to when each stage is counted. */
const STAGES: Readonly<Record<PatchFigures['stages'][number]['stage'], string>> = {
  plan: 'received to planned',
  build: 'planned to built',
  prove: 'built to proved',
  promote: 'proved to promoted',
  ours: 'finding and fix known, to proved',
  exposure: 'fix released to rolled out',
};

function figuresText({ patches, stages }: PatchFigures): string {
  if (patches === 0) return '';
  const time = (milliseconds: number | null): string =>
    milliseconds === null ? '–' : durationText(milliseconds);
  const rows = stages.map(({ stage, ended, open, median, p95 }) => [
    STAGES[stage],
    String(ended),
    String(open),
    time(median),
    time(p95),
  ]);
  const columns = ['ENDED', 'OPEN', 'MEDIAN', 'P95'].map((name) => ({ name, align: 'right' as const }));
  return `Time to patch, of ${countOf(patches, 'patch', 'patches')}:\n${tableText([{ name: 'STAGE' }, ...columns], rows)}`;
}

function troublesText(
  troubles: readonly ImagesTrouble[],
  { now, on }: { readonly now: number; readonly on: Output },
): string {
  const lines = troubles.map(
    ({ summary, at }) => `${on.paint('yellow', 'set aside')} ${durationText(now - at)} ago: ${summary}\n`,
  );
  return lines.join('');
}
