/**
 * A copy of a workspace as it was when a step had ended, kept beside it: when a run dies in the middle of the next step,
 * that step begins again on what it was promised. Only what changed since is copied. Links are copied as links and never
 * followed; what is neither file, folder nor link is passed over. Times of files are not kept.
 *
 * A number in a file of its own says which state the copy is of. It is written when the copy is whole, after that state
 * was stored and before the next step begins. So, of a task whose stored state has number n: the file says n: the copy is
 * good. It says less: no step has begun since, and the workspace itself is good.
 */
import { closeSync, constants, fchmodSync, lstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

export interface MirrorPaths {
  readonly work: string;
  readonly copy: string;
  /** The file with the number. */
  readonly mark: string;
}

export interface Mirror {
  /** Makes the copy equal to the workspace, and marks it. */
  update(number: number): Promise<void>;
  /** The workspace has not changed since the copy was made: it is good for this number too. */
  mark(number: number): Promise<void>;
  /** The number that the copy is good for; 0 when there is none. */
  marked(): Promise<number>;
  /** Makes the workspace anew from the copy. */
  restore(): Promise<void>;
}

/** What a file was when it was copied: any change changes it. */
type Signature = string;

/** A file that changed so short before it was looked at may change again with the same times: it is copied again. */
const RACY_NS = 50_000_000n;
/** Bytes. */
const SMALL = 131_072n;
/** Files until others get their turn. */
const TURN = 32;

export function createMirror({ work, copy, mark }: MirrorPaths): Mirror {
  let known = new Map<string, Signature>();
  const put = async (number: number): Promise<void> => {
    await writeFile(`${mark}.new`, String(number));
    await rename(`${mark}.new`, mark);
  };
  return {
    update: async (number) => {
      const seen = new Map<string, Signature>();
      await copyTree({ from: work, to: copy, known, seen });
      known = seen;
      await put(number);
    },
    mark: put,
    marked: async () => {
      const text = await readFile(mark, 'utf8').catch(() => '0');
      return /^\d+$/.test(text) ? Number(text) : 0;
    },
    restore: async () => {
      await rm(work, { recursive: true, force: true });
      // As long as steps were skipped only there is none: the workspace is empty then.
      await mkdir(copy, { recursive: true, mode: 0o700 });
      await copyTree({ from: copy, to: work, known: new Map(), seen: new Map() });
      // What stands in the copy is of other files now.
      known = new Map();
    },
  };
}

interface TreeCopy {
  readonly from: string;
  readonly to: string;
  /** By path: what is in the copy already. */
  readonly known: ReadonlyMap<string, Signature>;
  /** By path: what is in it now. */
  readonly seen: Map<string, Signature>;
}

async function copyTree(tree: TreeCopy): Promise<void> {
  const folders = [''];
  const files: (() => Promise<void>)[] = [];
  const modes: (() => Promise<void>)[] = [];
  // Not by recursion: a workspace may be deep.
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    const source = join(tree.from, path);
    const target = join(tree.to, path);
    const { mode } = await lstat(source);
    await clearFor(target, 'folder');
    await mkdir(target, { recursive: true, mode: 0o700 });
    // Last: a folder that may not be written to is filled first.
    modes.push(() => chmod(target, mode & 0o7777));
    const entries = await readdir(source, { withFileTypes: true });
    const names = new Set(entries.map(({ name }) => name));
    const old = new Set(await readdir(target));
    for (const name of old) {
      if (!names.has(name)) await rm(join(target, name), { recursive: true, force: true });
    }
    for (const entry of entries) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) folders.push(inner);
      else if (entry.isFile() || entry.isSymbolicLink())
        files.push(() => copyOne(tree, inner, old.has(entry.name) ? 'over' : 'new'));
      else await rm(join(target, entry.name), { recursive: true, force: true });
    }
  }
  await inTurns(files);
  for (const setMode of modes.toReversed()) await setMode();
}

async function copyOne(
  { from, to, known, seen }: TreeCopy,
  path: string,
  how: 'new' | 'over',
): Promise<void> {
  const source = join(from, path);
  const target = join(to, path);
  const stat = lstatSync(source, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) {
    // It went while we looked: somebody else is still at work here.
    await rm(target, { recursive: true, force: true });
    return;
  }
  const signature = [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs, stat.mode].join(' ');
  const isRacy = BigInt(Date.now()) * 1_000_000n - stat.ctimeNs < RACY_NS;
  if (!isRacy) seen.set(path, signature);
  if (known.get(path) === signature) return;
  if (stat.isSymbolicLink()) {
    await rm(target, { recursive: true, force: true });
    await symlink(await readlink(source), target);
    return;
  }
  if (how === 'over') await clearFor(target, 'file');
  const mode = Number(stat.mode & 0o7777n);
  if (stat.size <= SMALL) copySmall({ source, target, mode });
  // The mode is copied too.
  else await copyFile(source, target, constants.COPYFILE_FICLONE);
}

/** Small files are most of them, and a trip to another thread takes longer than to copy one. */
function copySmall({
  source,
  target,
  mode,
}: {
  readonly source: string;
  readonly target: string;
  readonly mode: number;
}): void {
  const content = readFileSync(source, { flag: constants.O_RDONLY | constants.O_NOFOLLOW });
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const file = openSync(target, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, content);
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

/** Takes away what stands in the way of a file or a folder, a link above all: nothing is written through it. */
async function clearFor(target: string, what: 'file' | 'folder'): Promise<void> {
  const stat = await lstat(target).catch(() => null);
  if (stat === null) return;
  const fits = what === 'folder' ? stat.isDirectory() : stat.isFile();
  if (!fits) {
    await rm(target, { recursive: true, force: true });
    return;
  }
  // It may have been made unwritable by what it is a copy of.
  if ((stat.mode & 0o700) !== 0o700) await chmod(target, stat.mode | (what === 'folder' ? 0o700 : 0o600));
}

/** One after the other; others get their turn now and then. */
async function inTurns(work: readonly (() => Promise<void>)[]): Promise<void> {
  for (const [index, run] of work.entries()) {
    await run();
    if (index % TURN === TURN - 1) await setImmediate();
  }
}
