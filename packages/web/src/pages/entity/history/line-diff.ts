/** The difference of two versions as lines of YAML: what changed, with some lines around it. */
import type { Entity } from '@callboard/model';
import { diffLines } from 'diff';
import { toYaml } from '../yaml/to-yaml.ts';
import { messages } from './messages.ts';

export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  /** Lines that are left out because nothing near them changed. */
  | { readonly kind: 'skipped'; readonly lines: number };

export interface LineDiff {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

/** Lines that are kept around a change. */
const CONTEXT = 3;
/** Texts above this many characters are cut: a definition of megabytes is no reading matter. */
const LONGEST_TEXT = 20_000;

/** `before` null: everything is new. Loads the YAML library. */
export async function diffVersions(before: Entity | null, after: Entity | null): Promise<LineDiff> {
  const [old, now] = await Promise.all([textOf(before), textOf(after)]);
  const lines = diffLines(old, now).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ kind: kindOf({ added, removed }), text })),
  );
  return {
    lines: withoutQuietParts(lines),
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  };
}

type TextLine = Exclude<DiffLine, { kind: 'skipped' }>;

function kindOf(part: { readonly added: boolean; readonly removed: boolean }): TextLine['kind'] {
  if (part.added) return 'added';
  return part.removed ? 'removed' : 'same';
}

async function textOf(entity: Entity | null): Promise<string> {
  return entity === null ? '' : toYaml(JSON.parse(JSON.stringify(entity, cutLongTexts)));
}

/** What is cut still differs when it was changed: its length and a sum over its characters are part of it. */
function cutLongTexts(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= LONGEST_TEXT) return value;
  let sum = 0;
  for (let at = 0; at < value.length; at += 1) sum = (sum * 31 + value.charCodeAt(at)) | 0;
  return `${value.slice(0, LONGEST_TEXT)}\n${messages.cut(value.length)} ${(sum >>> 0).toString(16)}`;
}

function withoutQuietParts(lines: readonly TextLine[]): readonly DiffLine[] {
  const isNear = new Uint8Array(lines.length);
  for (const [at, { kind }] of lines.entries()) {
    if (kind !== 'same') isNear.fill(1, Math.max(0, at - CONTEXT), at + CONTEXT + 1);
  }
  const shown: DiffLine[] = [];
  for (const [at, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isNear[at] === 1) shown.push(line);
    else if (last?.kind === 'skipped') shown[shown.length - 1] = { kind: 'skipped', lines: last.lines + 1 };
    else shown.push({ kind: 'skipped', lines: 1 });
  }
  return shown;
}
