/**
 * Why each path of the new layer is in it: a changed package has it, the package manager keeps its state there, or its
 * scripts make it. Whatever has no such reason was changed by something else.
 */
import { createHash } from 'node:crypto';
import type { FileView, PackageFormat } from '../inventory/inventory.ts';
import type { LayerEntry } from './layer.ts';
import type { PackageEvidence } from './package-evidence.ts';
import { realPath, type FileTree } from './tree.ts';

export interface ExplainRequest {
  readonly format: PackageFormat;
  readonly layer: readonly LayerEntry[];
  readonly evidence: readonly PackageEvidence[];
  /** The image before the patch. */
  readonly base: FileTree;
  readonly before: FileView;
  /** More paths that are all right, as regular expressions of whole paths. */
  readonly allowed: readonly RegExp[];
}

/** `package`: a changed package has it. `state`: of the package manager. `same`: it is what it was. */
export type Reason = 'package' | 'state' | 'same' | null;

export type Explained = ReadonlyMap<LayerEntry, Reason>;

const STATE: readonly RegExp[] = [
  /^\/etc\/(ld\.so\.cache|\.pwd\.lock)$/,
  /^\/var\/cache\/(ldconfig|fontconfig|man)\//,
  /^\/var\/log\//,
  /^\/usr\/share\/(info\/dir|mime\/[^/]+\.cache|mime\/(mime\.cache|globs2?|magic|aliases|types|subclasses|icons|generic-icons|XMLnamespaces|treemagic))$/,
  /^\/usr\/lib\/(x86_64|aarch64)-linux-gnu\/(gconv\/gconv-modules\.cache|gio\/modules\/giomodule\.cache)$/,
  /^\/usr\/lib(64)?\/(gconv\/gconv-modules\.cache|locale\/locale-archive)$/,
];

const STATE_OF: Readonly<Record<PackageFormat, readonly RegExp[]>> = {
  deb: [
    /^\/var\/lib\/dpkg\/(status|available|lock|lock-frontend|triggers\/[^/]+|alternatives\/[^/]+)$/,
    /^\/var\/lib\/apt\/(extended_states|daily_lock|periodic\/[^/]+)$/,
    /^\/var\/lib\/(ucf|pam|systemd\/deb-systemd-helper-enabled|systemd\/deb-systemd-user-helper-enabled)\//,
    /^\/var\/cache\/(apt|debconf)\//,
    /^\/etc\/alternatives\/[^/]+$/,
  ],
  rpm: [
    /^\/(var\/lib|usr\/lib\/sysimage)\/rpm\//,
    /^\/(var\/lib|usr\/lib\/sysimage)\/(dnf|yum|tdnf|libdnf5)\//,
    /^\/var\/(cache|lib)\/(dnf|yum|tdnf|zypp|alternatives)\//,
    /^\/etc\/alternatives\/[^/]+$/,
    /^\/(usr\/lib\/)?\.build-id\//,
  ],
  apk: [/^\/(usr\/)?lib\/apk\/db\//, /^\/var\/cache\/apk\//, /^\/(usr\/)?lib\/apk\/exec\//],
};

/** What a base has of its own making and a clean layer takes away: lists and copies of package managers, caches. */
const LEFTOVERS =
  /^\/var\/(lib\/dpkg\/[a-z]+-old|cache\/debconf\/[a-z]+\.dat-old|lib\/apt\/lists\/.+|cache\/.+)$/;

/** Where engines put mount points, empty. */
const MOUNT_POINT = /^\/(etc\/(hosts|hostname|resolv\.conf)|dev\/[^/]+|run\/\.containerenv|\.dockerenv)$/;

export async function explainLayer(request: ExplainRequest): Promise<Explained> {
  const { layer, evidence, base } = request;
  const owned = ownedPaths(evidence, base);
  const infos = new Set(evidence.flatMap(({ name, architecture }) => [name, `${name}:${architecture}`]));
  const explained = new Map<LayerEntry, Reason>();
  for (const entry of layer) {
    const known = { entry, owned, infos };
    const reason = entry.kind === 'opaque' ? hiddenReason(request, known) : reasonFor(request, known);
    explained.set(entry, await reason);
  }
  return explained;
}

/** A folder that was removed and made anew hides what was in it: all of that has to have a reason to be gone. */
async function hiddenReason(request: ExplainRequest, { entry, ...known }: Known): Promise<Reason> {
  const was = request.base.get(entry.path);
  if (was !== undefined && was.kind !== 'directory') return null;
  const within = entry.path === '/' ? '/' : `${entry.path}/`;
  const kept = new Set(request.layer.map(({ path }) => path));
  let hides = was !== undefined;
  for (const [path, hidden] of request.base) {
    if (!path.startsWith(within)) continue;
    hides = true;
    if (hidden.kind === 'directory' || kept.has(path)) continue;
    const gone: LayerEntry = { ...hidden, kind: 'whiteout', content: null, target: null };
    if ((await reasonFor(request, { entry: gone, ...known })) === null) return null;
  }
  return hides ? 'package' : null;
}

function ownedPaths(evidence: readonly PackageEvidence[], base: FileTree): ReadonlySet<string> {
  const paths = evidence.flatMap(({ before, after }) => [...before.keys(), ...after.keys()]);
  return new Set(paths.map((path) => realPath(base, path)));
}

interface Known {
  readonly entry: LayerEntry;
  readonly owned: ReadonlySet<string>;
  readonly infos: ReadonlySet<string>;
}

async function reasonFor(request: ExplainRequest, { entry, owned, infos }: Known): Promise<Reason> {
  const { path, kind } = entry;
  const { base, format } = request;
  if (kind === 'directory')
    return owned.has(path) || isSameFolder(base.get(path), entry) ? 'same' : folderReason(entry);
  if (kind === 'opaque' || kind === 'device') return null;
  if (owned.has(path)) return 'package';
  if (format === 'deb' && path.startsWith('/var/lib/dpkg/info/'))
    return isInfoOf(path, infos) ? 'package' : null;
  if (kind === 'whiteout' && LEFTOVERS.test(path)) return 'state';
  const patterns = [...STATE, ...STATE_OF[format], ...request.allowed];
  if (patterns.some((pattern) => pattern.test(path))) return 'state';
  if (isCompiledPython(path, owned)) return 'package';
  if (kind === 'file' && isSetBeside(format, path, owned)) return 'package';
  if (kind === 'file' && entry.content?.size === 0 && MOUNT_POINT.test(path)) return 'state';
  return (await isUnchanged(request, entry)) ? 'same' : null;
}

function isSameFolder(was: LayerEntry | undefined, { mode, uid, gid }: LayerEntry): boolean {
  return was?.kind === 'directory' && was.mode === mode && was.uid === uid && was.gid === gid;
}

/** A folder holds nothing by itself, but one that everybody may change gives something away. */
function folderReason({ mode }: LayerEntry): Reason {
  return (mode & 0o002) === 0 || (mode & 0o1000) !== 0 ? 'state' : null;
}

function isInfoOf(path: string, infos: ReadonlySet<string>): boolean {
  const file = path.slice('/var/lib/dpkg/info/'.length);
  return infos.has(file.replace(/\.[a-z0-9]+$/, ''));
}

/** What a package manager puts beside a configuration that somebody has edited: its own new one, or the one of before. */
const BESIDE: Readonly<Record<PackageFormat, RegExp>> = {
  deb: /\.(dpkg|ucf)-(dist|new|old)$/,
  rpm: /\.rpm(new|save|orig)$/,
  apk: /\.apk-new$/,
};

function isSetBeside(format: PackageFormat, path: string, owned: ReadonlySet<string>): boolean {
  const suffix = BESIDE[format].exec(path);
  return suffix !== null && owned.has(path.slice(0, suffix.index));
}

/** Compiled by a script of the package whose source it is. */
function isCompiledPython(path: string, owned: ReadonlySet<string>): boolean {
  const found = /^(.*)\/__pycache__\/([^/]+)\.[a-z]+-\d+(\.opt-[12])?\.pyc$/.exec(path);
  return found !== null && owned.has(`${found[1]}/${found[2]}.py`);
}

const MOST_BYTES = 64 * 1024 * 1024;

/** Written again with what was in it. */
async function isUnchanged({ base, before }: ExplainRequest, entry: LayerEntry): Promise<boolean> {
  const was = base.get(entry.path);
  if (was === undefined || was.kind !== entry.kind) return false;
  if (was.mode !== entry.mode || was.uid !== entry.uid || was.gid !== entry.gid) return false;
  if (entry.kind === 'symlink') return was.target === entry.target;
  if (entry.content === null || entry.content.size > MOST_BYTES) return false;
  const bytes = await before.read(entry.path, MOST_BYTES).catch(() => null);
  return bytes !== null && createHash('sha256').update(bytes).digest('hex') === entry.content.sha256;
}

/** Paths without a reason, one sentence each. */
export function unexplainedPaths(explained: Explained): readonly string[] {
  return [...explained]
    .filter(([, reason]) => reason === null)
    .map(([{ path, kind }]) =>
      kind === 'whiteout' ? `${path} was removed, and no package did` : `${path} changed, and no package did`,
    );
}
