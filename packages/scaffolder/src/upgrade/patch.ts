/** The changes of a merge as a patch that `git apply` takes, binary files and renames included. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { structuredPatch } from 'diff';
import type { FileTree, TreeFile } from './file-tree.ts';
import { isBinary } from './merge-text.ts';
import type { MergedTree, TreeChange } from './merge-trees.ts';

/** Lines of difference beyond which a file is written as a whole. */
const MOST_EDITS = 1_000;
const NOTHING = '0'.repeat(40);

/** From `ours` to what it was merged to. Empty when nothing changed. Format: git-diff(1), "Generating patch text". */
export function patchOf(ours: FileTree, { files, changes }: Pick<MergedTree, 'files' | 'changes'>): Buffer {
  const parts = changes.map((change) => {
    const before = change.kind === 'added' ? undefined : ours.get(change.from ?? change.path);
    const after = change.kind === 'deleted' ? undefined : files.get(change.path);
    return Buffer.from(fileText(change, { before, after }), 'latin1');
  });
  return Buffer.concat(parts);
}

interface Versions {
  readonly before: TreeFile | undefined;
  readonly after: TreeFile | undefined;
}

function fileText({ path, from = path }: TreeChange, versions: Versions): string {
  const { before, after } = versions;
  const [old, now] = [quoted(`a/${from}`), quoted(`b/${path}`)];
  const head = [`diff --git ${old} ${now}`, ...modeLines(versions)];
  if (from !== path) head.push(`rename from ${quoted(from)}`, `rename to ${quoted(path)}`);
  const [was, is] = [before?.content ?? Buffer.alloc(0), after?.content ?? Buffer.alloc(0)];
  const isNew = before === undefined || after === undefined;
  if (isNew || !was.equals(is)) {
    const mode = before !== undefined && before.mode === after?.mode ? ` ${before.mode}` : '';
    head.push(`index ${hashOf(before)}..${hashOf(after)}${mode}`);
  }
  if (was.equals(is)) return `${head.join('\n')}\n`;
  if (isBinary(was) || isBinary(is)) return `${head.join('\n')}\n${binaryText(was, is)}`;
  const labels = [
    `--- ${before === undefined ? '/dev/null' : label(old)}`,
    `+++ ${after === undefined ? '/dev/null' : label(now)}`,
  ];
  return `${[...head, ...labels, ...hunkLines(was, is)].join('\n')}\n`;
}

function modeLines({ before, after }: Versions): readonly string[] {
  if (before === undefined) return after === undefined ? [] : [`new file mode ${after.mode}`];
  if (after === undefined) return [`deleted file mode ${before.mode}`];
  return before.mode === after.mode ? [] : [`old mode ${before.mode}`, `new mode ${after.mode}`];
}

/** Behind a name with a space, a tab says where it ends. */
function label(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}

/** As git writes names that are not plain ASCII. One character per byte comes out. */
function quoted(path: string): string {
  const bytes = Buffer.from(path).toString('latin1');
  if (!/[^ -~]|["\\]/.test(bytes)) return bytes;
  const escaped = bytes.replace(/[^ -~]|["\\]/g, (one) => {
    if (one === '"' || one === '\\') return `\\${one}`;
    return `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}

/** git's name of a blob. */
function hashOf(file: TreeFile | undefined): string {
  if (file === undefined) return NOTHING;
  return createHash('sha1').update(`blob ${file.content.length}\0`).update(file.content).digest('hex');
}

function hunkLines(before: Buffer, after: Buffer): readonly string[] {
  const [was, is] = [before.toString('latin1'), after.toString('latin1')];
  const patch = structuredPatch('a', 'b', was, is, '', '', { context: 3, maxEditLength: MOST_EDITS });
  if (patch === undefined) return wholeLines(was, is);
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ]);
}

function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${start},${lines}`;
}

/** Everything out, everything in. */
function wholeLines(before: string, after: string): readonly string[] {
  const side = (text: string, sign: string): readonly string[] => {
    if (text === '') return [];
    const lines = text.split('\n');
    const isWhole = lines.at(-1) === '';
    const shown = (isWhole ? lines.slice(0, -1) : lines).map((line) => sign + line);
    return isWhole ? shown : [...shown, '\\ No newline at end of file'];
  };
  const [out, in_] = [side(before, '-'), side(after, '+')];
  const count = (lines: readonly string[]): number => lines.filter((line) => !line.startsWith('\\')).length;
  const from = count(out) === 0 ? 0 : 1;
  const to = count(in_) === 0 ? 0 : 1;
  return [`@@ -${range(from, count(out))} +${range(to, count(in_))} @@`, ...out, ...in_];
}

/** Both ways, so that the patch can be taken back. */
function binaryText(before: Buffer, after: Buffer): string {
  return `GIT binary patch\n${literal(after)}\n${literal(before)}\n`;
}

const BASE85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
/** Bytes in a line. */
const LINE = 52;

/** Deflated, then base 85 in lines that begin with their length: A is 1, Z 26, a 27, z 52. Source: git's base85.c. */
function literal(content: Buffer): string {
  const deflated = deflateSync(content);
  let text = `literal ${content.length}\n`;
  for (let at = 0; at < deflated.length; at += LINE) {
    const line = deflated.subarray(at, at + LINE);
    const length = line.length <= 26 ? 64 + line.length : 96 + line.length - 26;
    text += `${String.fromCharCode(length)}${base85(line)}\n`;
  }
  return text;
}

function base85(bytes: Buffer): string {
  const padded = Buffer.alloc(Math.ceil(bytes.length / 4) * 4);
  bytes.copy(padded);
  let text = '';
  for (let at = 0; at < padded.length; at += 4) {
    let word = padded.readUInt32BE(at);
    let group = '';
    for (let digit = 0; digit < 5; digit += 1) {
      group = BASE85.charAt(word % 85) + group;
      word = Math.floor(word / 85);
    }
    text += group;
  }
  return text;
}
