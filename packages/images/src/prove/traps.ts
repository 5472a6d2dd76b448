/**
 * Files that a patch must leave alone, whatever else it does, as they give power over the image or over what is
 * installed in it next: users, timed jobs, the loader, certificates, package sources, programs that run as root.
 */
import type { Explained } from './explain.ts';
import type { LayerEntry } from './layer.ts';
import type { FileTree } from './tree.ts';

export type Trap = 'users' | 'jobs' | 'loader' | 'certificates' | 'sources';

interface TrapPaths {
  readonly paths: RegExp;
  /** Null: also packages must leave it alone. Else where those that changed may have new files. */
  readonly packagesMay: RegExp | null;
}

const TRAPS: Readonly<Record<Trap, TrapPaths>> = {
  users: {
    paths:
      /^(\/etc\/((passwd|shadow|group|gshadow|subuid|subgid)-?|sudoers|sudoers\.d\/.*|ssh\/.*|pam\.d\/.*|pam\.conf|security\/.*)|.*\/\.ssh\/.*|\/root\/\..*)$/,
    packagesMay: /^\/etc\/(pam\.d|pam\.conf|security|ssh|sudoers\.d)(\/|$)/,
  },
  jobs: {
    paths:
      /^(\/etc\/(crontab|anacrontab|cron\.[^/]+\/.*|systemd\/.*|init\.d\/.*|rc\.local|rc\d\.d\/.*|profile|profile\.d\/.*|bash\.bashrc|environment)|\/var\/spool\/(cron|at)\/.*|\/(usr\/)?lib\/systemd\/.*)$/,
    packagesMay:
      /^\/(etc\/(cron\.[^/]+|systemd|init\.d|profile\.d)\/|etc\/(profile|bash\.bashrc)$|(usr\/)?lib\/systemd\/)/,
  },
  loader: {
    paths: /^\/etc\/(ld\.so\.preload|ld\.so\.conf|ld\.so\.conf\.d\/.*|ld-musl-[^/]+\.path)$/,
    packagesMay: /^\/etc\/ld\.so\.conf(\.d\/|$)/,
  },
  certificates: {
    paths:
      /^(\/etc\/(ssl|pki|ca-certificates|ca-certificates\.conf)(\/.*)?|\/usr\/(local\/)?share\/(ca-certificates|pki)\/.*)$/,
    packagesMay: /^\/(etc\/(ssl|pki)\/|etc\/ca-certificates|usr\/share\/)/,
  },
  sources: {
    paths:
      /^(\/etc\/(apt|yum|yum\.repos\.d|dnf|zypp|tdnf|dpkg)\/.*|\/etc\/(yum|tdnf)\.conf|\/etc\/apk\/.*|\/usr\/share\/(keyrings|distribution-gpg-keys)\/.*|\/etc\/(os-release|debian_version|system-release))$/,
    packagesMay:
      /^\/(etc\/(apt\/(apt\.conf\.d|trusted\.gpg\.d|preferences\.d)|dpkg|yum|dnf|zypp|tdnf|apk\/keys)\/|etc\/(os-release|debian_version|system-release)$|usr\/share\/)/,
  },
};

/** Entries of the new layer that spring a trap: neither are they what they were, nor does a changed package bring them. */
export function sprung(trap: Trap, explained: Explained): readonly string[] {
  const { paths, packagesMay } = TRAPS[trap];
  const problems: string[] = [];
  for (const [{ path, kind }, reason] of explained) {
    if (kind === 'directory' || reason === 'same' || !paths.test(path)) continue;
    if (reason === 'package' && packagesMay?.test(path) === true) continue;
    problems.push(`${path} ${kind === 'whiteout' ? 'was removed' : 'changed'}`);
  }
  return problems;
}

const [SETUID, SETGID] = [0o4000, 0o2000];

/** Programs of the new layer that run with other rights than before: set-user-ID, set-group-ID, capabilities. */
export function privilegeChanges(layer: readonly LayerEntry[], base: FileTree): readonly string[] {
  const problems: string[] = [];
  for (const entry of layer) {
    if (entry.kind !== 'file') continue;
    const [was, is] = [privilegesOf(base.get(entry.path)), privilegesOf(entry)];
    if (was !== is) problems.push(`${entry.path} ran ${was}, and now runs ${is}`);
  }
  return problems;
}

function privilegesOf(entry: LayerEntry | undefined): string {
  const rights: string[] = [];
  if (entry !== undefined && (entry.mode & SETUID) !== 0) rights.push(`as user ${entry.uid}`);
  if (entry !== undefined && (entry.mode & SETGID) !== 0) rights.push(`as group ${entry.gid}`);
  if (entry?.capabilities === true) rights.push('with capabilities');
  return rights.length === 0 ? 'with no rights of its own' : rights.join(' and ');
}
