/**
 * Gathers what the changed packages say their files are. For apt the packages are downloaded once more, in a throwaway
 * session on the image from before the patch, whose apt checks them against the signed indexes; so no edit of the
 * patched image can reach them. rpm and apk are asked for what their own databases say, before and after.
 */
import type { BuildSession } from '../build/engine.ts';
import type { FileView, PackageFormat } from '../inventory/inventory.ts';
import type { Command } from '../script/command.ts';
import type { ChangedPackage, PackageDiff } from './compare-packages.ts';
import { broughtBy } from './compare-packages.ts';
import { proveError } from './errors.ts';
import {
  parseApkDatabase,
  parseDebDatabase,
  parseDebFiles,
  parseRpmDump,
  type PackageFiles,
} from './package-files.ts';

/** `downloaded`: from the packages themselves. `database`: from what the image says of itself. */
export type EvidenceSource = 'downloaded' | 'database';

export interface PackageEvidence {
  readonly name: string;
  readonly architecture: string;
  readonly source: EvidenceSource;
  /** What was there before; empty for a new package. Always out of the image before the patch. */
  readonly before: PackageFiles;
  /** What must be there now; empty for one that is gone. */
  readonly after: PackageFiles;
}

export interface EvidenceRequest {
  readonly format: PackageFormat;
  readonly diff: PackageDiff;
  readonly wanted: EvidenceSource;
  readonly files: { readonly before: FileView; readonly after: FileView };
  /** On the image before the patch, and on the patched one. */
  readonly sessions: { readonly before: BuildSession; readonly after: BuildSession };
  /** Options that lead apt to the mirror, as `['-o', 'Dir::Etc::sourcelist=/dev/null', …]`. */
  readonly aptOptions: readonly string[];
}

/** One for each package that changed, came or went. Rejects with `images/proof-missing-evidence`. */
export async function gatherPackageEvidence(request: EvidenceRequest): Promise<readonly PackageEvidence[]> {
  const changed = [...broughtBy(request.diff), ...request.diff.removed];
  if (changed.length === 0) return [];
  switch (request.format) {
    case 'deb':
      return debEvidence(request, changed);
    case 'rpm':
      return rpmEvidence(request, changed);
    case 'apk':
      return apkEvidence(request, changed);
    default:
      return request.format satisfies never;
  }
}

const NONE: PackageFiles = new Map();
/** In the layer of the session, which is thrown away; temporary folders may be new for each command. */
const DOWNLOADS = '/var/cache/callboard-proof';

async function debEvidence(
  request: EvidenceRequest,
  changed: readonly ChangedPackage[],
): Promise<readonly PackageEvidence[]> {
  const { files, wanted } = request;
  const downloaded = wanted === 'downloaded' ? await downloadDebs(request, changed) : null;
  const evidence: PackageEvidence[] = [];
  for (const one of changed) {
    const before = one.from === null ? NONE : await debDatabase(files.before, one);
    const after = downloaded === null ? await debDatabase(files.after, one) : downloaded.get(one);
    const { name, architecture } = one;
    evidence.push({
      name,
      architecture,
      source: wanted,
      before,
      after: one.to === null ? NONE : (after ?? NONE),
    });
  }
  return evidence;
}

async function debDatabase(view: FileView, { name, architecture }: ChangedPackage): Promise<PackageFiles> {
  const read = async (ending: string): Promise<string> => {
    const info = '/var/lib/dpkg/info';
    const bytes =
      (await view.read(`${info}/${name}:${architecture}.${ending}`)) ??
      (await view.read(`${info}/${name}.${ending}`));
    return bytes?.toString('utf8') ?? '';
  };
  return parseDebDatabase(await read('list'), await read('md5sums'));
}

async function downloadDebs(
  { sessions, aptOptions }: EvidenceRequest,
  changed: readonly ChangedPackage[],
): Promise<ReadonlyMap<ChangedPackage, PackageFiles>> {
  const brought = changed.filter(({ to }) => to !== null);
  if (brought.length === 0) return new Map();
  const session = sessions.before;
  const apt = ['apt-get', ...aptOptions, '-q', '-o', 'APT::Sandbox::User=root'];
  await must(session, ['mkdir', '-p', DOWNLOADS]);
  await must(session, [...apt, 'update']);
  const names = brought.map(({ name, architecture, to }) =>
    architecture === 'all' ? `${name}=${to?.version ?? ''}` : `${name}:${architecture}=${to?.version ?? ''}`,
  );
  await must(session, ['env', '-C', DOWNLOADS, ...apt, 'download', '--', ...names]);
  const packages = new Map<ChangedPackage, PackageFiles>();
  for (const one of brought) {
    const version = (one.to?.version ?? '').replaceAll(':', '%3a');
    const file = `${DOWNLOADS}/${one.name}_${version}_${one.architecture}.deb`;
    const contents = await must(session, ['dpkg-deb', '--contents', file]);
    // A package of links alone has no sums, and dpkg-deb ends with 2 for that.
    const sums = await session.run(command(['dpkg-deb', '--info', file, 'md5sums']));
    packages.set(one, parseDebFiles(contents, sums.exitCode === 0 ? sums.stdout : ''));
  }
  return packages;
}

async function rpmEvidence(
  request: EvidenceRequest,
  changed: readonly ChangedPackage[],
): Promise<readonly PackageEvidence[]> {
  const { before, after } = request.sessions;
  const dump = async (session: BuildSession, { name, architecture }: ChangedPackage): Promise<PackageFiles> =>
    parseRpmDump(await must(session, ['rpm', '--query', '--dump', '--', `${name}.${architecture}`]));
  const evidence: PackageEvidence[] = [];
  for (const one of changed) {
    evidence.push({
      name: one.name,
      architecture: one.architecture,
      source: 'database',
      before: one.from === null ? NONE : await dump(before, one),
      after: one.to === null ? NONE : await dump(after, one),
    });
  }
  return evidence;
}

async function apkEvidence(
  { files }: EvidenceRequest,
  changed: readonly ChangedPackage[],
): Promise<readonly PackageEvidence[]> {
  const [before, after] = [await apkDatabase(files.before), await apkDatabase(files.after)];
  return changed.map(({ name, architecture, from, to }) => ({
    name,
    architecture,
    source: 'database',
    before: from === null ? NONE : (before.get(name) ?? NONE),
    after: to === null ? NONE : (after.get(name) ?? NONE),
  }));
}

async function apkDatabase(view: FileView): Promise<ReadonlyMap<string, PackageFiles>> {
  const bytes = (await view.read('/lib/apk/db/installed')) ?? (await view.read('/usr/lib/apk/db/installed'));
  return parseApkDatabase(bytes?.toString('utf8') ?? '');
}

async function must(session: BuildSession, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await session.run(command(argv));
  if (exitCode === 0) return stdout;
  const said = stderr.trim().slice(-300);
  const message = `${argv.slice(0, 2).join(' ')} ended with ${exitCode ?? 'a signal'}: ${said}`;
  throw proveError('images/proof-missing-evidence', message);
}

const FIVE_MINUTES = 300_000;

function command(argv: readonly string[]): Command {
  return {
    purpose: 'read the packages once more',
    argv,
    env: { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    accepts: [0],
    timeout: FIVE_MINUTES,
    input: null,
  };
}
