/** Finds files that have another path now: gone here, new there, and much the same. */
import type { Buffer } from 'node:buffer';
import { isBinary } from './merge-text.ts';
import type { FileTree } from './file-tree.ts';

/** Share of lines that two files have in common to be one and the same. git's default is a half. */
const ALIKE = 0.6;
/** Pairs that are compared at most. */
const MOST_PAIRS = 20_000;

/** New path by old path; each path at most once. */
export function findRenames(before: FileTree, after: FileTree): ReadonlyMap<string, string> {
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const added = new Set([...after.keys()].filter((path) => !before.has(path)));
  const renames = new Map<string, string>();
  const take = (from: string, to: string): void => {
    renames.set(from, to);
    added.delete(to);
  };
  for (const from of gone) {
    const content = before.get(from)?.content;
    if (content === undefined || content.length === 0) continue;
    const same = [...added].filter((to) => after.get(to)?.content.equals(content) === true);
    const to = same.find((path) => nameOf(path) === nameOf(from)) ?? same[0];
    if (to !== undefined) take(from, to);
  }
  const left = gone.filter((path) => !renames.has(path));
  if (left.length * added.size > MOST_PAIRS) return renames;
  const pairs = left.flatMap((from) =>
    [...added].map((to) => ({ from, to, share: alike(before.get(from)?.content, after.get(to)?.content) })),
  );
  for (const { from, to, share } of pairs.toSorted((a, b) => b.share - a.share)) {
    if (share >= ALIKE && added.has(to) && !renames.has(from)) take(from, to);
  }
  return renames;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function alike(one: Buffer | undefined, other: Buffer | undefined): number {
  if (one === undefined || other === undefined || isBinary(one) || isBinary(other)) return 0;
  if (Math.min(one.length, other.length) < ALIKE * Math.max(one.length, other.length) * 0.5) return 0;
  const [a, b] = [weights(one), weights(other)];
  let common = 0;
  for (const [line, count] of a) common += Math.min(count, b.get(line) ?? 0) * line.length;
  return common / Math.max(total(a), total(b), 1);
}

/** Lines that say something, and how often. */
function weights(content: Buffer): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of content.toString('latin1').split('\n')) {
    const text = line.trim();
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function total(lines: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [line, count] of lines) sum += count * line.length;
  return sum;
}
