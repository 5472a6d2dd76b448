/**
 * Whether the files of an image are those of the packages that it says it has. A scanner reads the package database and
 * nothing else, so an edit of that alone makes a finding vanish with the hole still there; this is where that shows.
 */
import { createHash } from 'node:crypto';
import type { FileView } from '../inventory/inventory.ts';
import type { LayerEntry } from './layer.ts';
import type { PackageEvidence } from './package-evidence.ts';
import type { HashName, PackageFile, PackageFiles } from './package-files.ts';
import { realPath, type FileTree } from './tree.ts';

export interface HashRequest {
  readonly evidence: readonly PackageEvidence[];
  /** What the patch brought, with content, by path. */
  readonly top: ReadonlyMap<string, LayerEntry>;
  /** The patched image. */
  readonly tree: FileTree;
  readonly after: FileView;
}

/** Documents that small images leave out by a setting of the package manager. */
const MAY_BE_LEFT_OUT = /^\/usr\/share\/(doc|man|locale|info|lintian|linda|groff|help|gnome\/help)\//;
const MOST_FILE_BYTES = 1024 * 1024 * 1024;

/** What is wrong, one sentence a file; empty when all is right. */
export async function wrongFiles(request: HashRequest): Promise<readonly string[]> {
  const diversions = await readDiversions(request.after);
  const problems: string[] = [];
  for (const one of request.evidence) {
    problems.push(...forgery(one));
    for (const [path, expected] of one.after) {
      if (diversions.get(path) !== undefined && diversions.get(path) !== one.name) continue;
      const problem = await wrongFile(request, path, expected);
      if (problem !== null) problems.push(`${path} of ${one.name} ${problem}`);
    }
  }
  return problems;
}

/** Another version has other files; one with none, or the same to the last bit, is a version that was only written down. */
function forgery({ name, source, before, after }: PackageEvidence): readonly string[] {
  if (after.size === 0 && before.size > 0) return [];
  if (after.size === 0) return [`${name} came with no list of files`];
  if (source === 'database' && before.size > 0 && isSame(before, after)) {
    return [`${name} has another version and the same files as before: its version was only written down`];
  }
  return [];
}

function isSame(before: PackageFiles, after: PackageFiles): boolean {
  if (before.size !== after.size) return false;
  const hashed = [...after].filter(([, file]) => file.hash !== null);
  return (
    hashed.length > 0 && hashed.every(([path, file]) => before.get(path)?.hash?.value === file.hash?.value)
  );
}

async function wrongFile(request: HashRequest, path: string, expected: PackageFile): Promise<string | null> {
  if (expected.hash === null && expected.target === null) return null;
  const real = realPath(request.tree, path);
  const entry = request.tree.get(real);
  if (entry === undefined) return MAY_BE_LEFT_OUT.test(path) ? null : 'is not there';
  if (expected.target !== null) {
    const leads = entry.kind === 'symlink' ? entry.target : `is a ${entry.kind}`;
    return leads === expected.target ? null : `should lead to ${expected.target}: ${leads ?? 'nowhere'}`;
  }
  if (expected.hash === null) return null;
  const { name, value } = expected.hash;
  const found = await foundHash(request, { entry, path: real, name });
  return found === value ? null : `is another file: ${name} ${found ?? 'unknown'}, not ${value}`;
}

/** apk has a hash of where a link leads; the others have none for links, so one in place of a file is found out too. */
async function foundHash(
  { top, after }: HashRequest,
  { entry, path, name }: { entry: LayerEntry; path: string; name: HashName },
): Promise<string | null> {
  if (entry.target !== null) return createHash(name).update(entry.target).digest('hex');
  return top.get(path)?.content?.[name] ?? hashOf(after, path, name);
}

async function hashOf(view: FileView, path: string, name: HashName): Promise<string | null> {
  const bytes = await view.read(path, MOST_FILE_BYTES);
  return bytes === null ? null : createHash(name).update(bytes).digest('hex');
}

/** `dpkg-divert`: path to the package that has it in spite of another; three lines each: from, to, package. */
async function readDiversions(view: FileView): Promise<ReadonlyMap<string, string>> {
  const lines = (await view.read('/var/lib/dpkg/diversions'))?.toString('utf8').split('\n') ?? [];
  const diversions = new Map<string, string>();
  for (let at = 0; at + 2 < lines.length; at += 3) diversions.set(lines[at] ?? '', lines[at + 2] ?? '');
  return diversions;
}
