/** What the scripts of all package managers are made of. */
import type { PackageManager } from '../inventory/inventory.ts';
import type { Command } from './command.ts';
import type { Step } from './steps.ts';

/** Where files given to a session are seen; see `SessionOptions.files`. */
const MOUNT = '/run/callboard';

/** Of our own, made by the script and taken away by it: indexes, caches and logs never touch those of the image. */
export const SCRATCH = '/var/cache/callboard-patch';

/**
 * Where a session finds the package sources that are used in place of those of the image, by path relative to its
 * files: a folder of `*.list` or `*.sources` (apt), of `*.repo` (rpm), or the file itself (apk).
 */
export const SOURCES: Readonly<Record<PackageManager, string>> = {
  apt: 'sources.d',
  apk: 'repositories',
  dnf: 'repos.d',
  microdnf: 'repos.d',
  tdnf: 'repos.d',
  yum: 'repos.d',
  zypper: 'repos.d',
};

export interface CompileOptions {
  /** `image`, the default: as the image is set up. `mounted`: only what is at `SOURCES` among the files of the session. */
  readonly mirrors?: 'image' | 'mounted';
}

/** Absolute; null when the image's own sources are used. */
export function sourcesPath(manager: PackageManager, options: CompileOptions): string | null {
  return options.mirrors === 'mounted' ? `${MOUNT}/${SOURCES[manager]}` : null;
}

/** What a package manager is asked to do. Names are checked. */
export interface Wanted {
  readonly upgrade: readonly string[];
  /** By the package that goes. */
  readonly replace: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  /** The release of the distribution moves to its newest. */
  readonly releaseLock: boolean;
}

/** How one package manager does it. */
export interface Scripter {
  probe(names: readonly string[], options: ProbeOptions): readonly Command[];
  simulate(wanted: Wanted, options: CompileOptions): readonly Command[];
  apply(wanted: Wanted, options: CompileOptions): readonly Step[];
  clean(): readonly Command[];
}

export interface ProbeOptions extends CompileOptions {
  readonly releaseLock: boolean;
}

const MINUTE = 60_000;

export type CommandDetails = Partial<Omit<Command, 'purpose' | 'argv'>>;

/** A command that has to end with 0 within a minute, gets no input, and speaks no language but C. */
export function command(purpose: string, argv: readonly string[], details: CommandDetails = {}): Command {
  return {
    purpose,
    argv,
    accepts: details.accepts ?? [0],
    timeout: details.timeout ?? MINUTE,
    input: details.input ?? null,
    env: { LC_ALL: 'C', ...details.env },
  };
}

/** One that may have to download and unpack. */
export function longCommand(purpose: string, argv: readonly string[], details: CommandDetails = {}): Command {
  return command(purpose, argv, { timeout: 30 * MINUTE, ...details });
}

/** Whatever an image had there before, as the rest of an earlier patch or a link, is not used. */
export function makeScratch(...folders: readonly string[]): readonly Command[] {
  const paths = folders.map((folder) => `${SCRATCH}/${folder}`);
  return [
    removeFiles('begin with nothing', [SCRATCH]),
    command('make room for indexes, downloads and logs', ['mkdir', '-p', '--', ...paths]),
  ];
}

/** Files that need not be there, and folders with what is in them. */
export function removeFiles(purpose: string, paths: readonly string[]): Command {
  return command(purpose, ['rm', '-rf', '--', ...paths]);
}

/** Whether what these rpm packages need is there; nothing for no names, since rpm wants at least one. */
export function checkRpms(names: readonly string[]): readonly Command[] {
  if (names.length === 0) return [];
  return [command('check the dependencies', ['rpm', '-V', '--nofiles', '--', ...names])];
}

export function runs(commands: readonly Command[]): readonly Step[] {
  return commands.map((one) => ({ kind: 'run', command: one }));
}
