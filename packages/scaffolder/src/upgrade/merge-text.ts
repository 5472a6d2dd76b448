/** Three versions of one file become one: what only one side changed is taken from it, what both changed is marked. */
import { Buffer } from 'node:buffer';
import { diff3Merge } from 'node-diff3';

export type MergedContent =
  | { readonly kind: 'clean'; readonly content: Buffer }
  /** Marked as git marks them. */
  | { readonly kind: 'marked'; readonly content: Buffer; readonly conflicts: number }
  /** It has no lines: what is ours is kept. */
  | { readonly kind: 'binary' };

export interface MergeLabels {
  readonly ours: string;
  readonly theirs: string;
}

/** Lines beyond which a file is not looked into. */
const MOST_LINES = 50_000;

/** `base` null: both sides added the file. */
export function mergeText(
  { base, ours, theirs }: { readonly base: Buffer | null; readonly ours: Buffer; readonly theirs: Buffer },
  labels: MergeLabels,
): MergedContent {
  if (ours.equals(theirs) || base?.equals(theirs) === true) return { kind: 'clean', content: ours };
  if (base?.equals(ours) === true) return { kind: 'clean', content: theirs };
  if ([base, ours, theirs].some((one) => one !== null && isBinary(one))) return { kind: 'binary' };
  // One character per byte: whatever the encoding, nothing is lost.
  const [was, mine, new_] = [base ?? Buffer.alloc(0), ours, theirs].map((one) => one.toString('latin1'));
  const texts = { base: was ?? '', ours: mine ?? '', theirs: new_ ?? '' };
  const carriage =
    usesCarriageReturns(texts.ours) && !texts.base.includes('\r') && !texts.theirs.includes('\r');
  const lines = {
    base: linesOf(texts.base),
    ours: linesOf(carriage ? texts.ours.replaceAll('\r\n', '\n') : texts.ours),
    theirs: linesOf(texts.theirs),
  };
  if (Object.values(lines).some((one) => one.length > MOST_LINES)) return { kind: 'binary' };
  const { text, conflicts } = merged(lines, labels);
  const content = Buffer.from(carriage ? text.replaceAll('\n', '\r\n') : text, 'latin1');
  return conflicts === 0 ? { kind: 'clean', content } : { kind: 'marked', content, conflicts };
}

/** git's rule: a zero byte in the beginning. */
export function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}

function usesCarriageReturns(text: string): boolean {
  return text.includes('\r\n') && !/(?<!\r)\n/.test(text);
}

/** With their line breaks, so that a missing one at the end is a difference too. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

interface Lines {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

function merged({ base, ours, theirs }: Lines, labels: MergeLabels): { text: string; conflicts: number } {
  let text = '';
  let conflicts = 0;
  for (const region of diff3Merge([...ours], [...base], [...theirs], { excludeFalseConflicts: true })) {
    if (region.ok !== undefined) {
      text = joined(text, region.ok.join(''));
      continue;
    }
    if (region.conflict === undefined) continue;
    conflicts += 1;
    const { a, b } = region.conflict;
    for (const part of [`<<<<<<< ${bytes(labels.ours)}\n`, a.join(''), '=======\n', b.join('')]) {
      text = joined(text, part);
    }
    text = joined(text, `>>>>>>> ${bytes(labels.theirs)}\n`);
  }
  return { text, conflicts };
}

/** A mark begins a line, also behind a last line without a break. */
function joined(before: string, next: string): string {
  return before === '' || before.endsWith('\n') || next === '' ? before + next : `${before}\n${next}`;
}

function bytes(label: string): string {
  return Buffer.from(label.replaceAll('\n', ' ')).toString('latin1');
}
