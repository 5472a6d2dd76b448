/**
 * The managers of rpm: dnf (4 and 5), microdnf, tdnf and yum. All of them upgrade what is named and installed and keep
 * the marks of what was asked for by themselves; they differ in which folders and options they know.
 */
import type { PackageManager } from '../inventory/inventory.ts';
import type { Command } from './command.ts';
import {
  command,
  longCommand,
  makeScratch,
  removeFiles,
  runs,
  SCRATCH,
  sourcesPath,
  type CompileOptions,
  type Scripter,
  type Wanted,
} from './parts.ts';
import { scriptError } from './errors.ts';

type RpmManager = Extract<PackageManager, 'dnf' | 'microdnf' | 'tdnf' | 'yum'>;

interface Dialect {
  /** Before the verb, always. */
  readonly options: readonly string[];
  /** The arguments that ask for what the mirror has of the names that follow. */
  readonly query: readonly string[];
  /** 100 is the answer of `check-update` that there is something. */
  readonly queryAccepts: readonly number[];
  /** The exit codes of a transaction that was only shown. */
  readonly shownAccepts: readonly number[];
  /** `--` where it is known; no name can begin with a dash. */
  readonly endOfOptions: readonly string[];
  /** Says whether the dependencies of the named packages hold; null where the image may not have the program. */
  readonly verify: readonly string[] | null;
  /** What it leaves that cannot be put in our own folder. */
  readonly leftBehind: readonly string[];
}

/** Where the repository has it, epoch and all; `\t` and `\n` are read by dnf. */
const QUERY_FORMAT = String.raw`%{name}\t%{epoch}:%{version}-%{release}\t%{arch}\n`;

const VERIFY = ['rpm', '-V', '--nofiles', '--'];

/** Locks and regions of a Berkeley DB package database, made again whenever it is opened. */
const DATABASE_REGIONS = ['/var/lib/rpm/__db.001', '/var/lib/rpm/__db.002', '/var/lib/rpm/__db.003'];

const DIALECTS: Readonly<Record<RpmManager, Dialect>> = {
  dnf: {
    options: [
      '-y',
      '--best',
      '--setopt=install_weak_deps=False',
      '--setopt=keepcache=False',
      '--setopt=skip_if_unavailable=False',
      `--setopt=cachedir=${SCRATCH}/cache`,
      `--setopt=logdir=${SCRATCH}/log`,
      // The image's own history keeps who asked for what, by name; ours would only be added to it.
      `--setopt=persistdir=${SCRATCH}/persist`,
    ],
    query: ['-q', 'repoquery', '--available', '--latest-limit=1', '--qf', QUERY_FORMAT],
    queryAccepts: [0],
    shownAccepts: [0, 1],
    endOfOptions: ['--'],
    verify: VERIFY,
    leftBehind: DATABASE_REGIONS,
  },
  microdnf: {
    options: [
      '-y',
      '--best',
      '--setopt=install_weak_deps=0',
      '--setopt=keepcache=0',
      `--setopt=cachedir=${SCRATCH}/cache`,
    ],
    query: ['repoquery', '--available'],
    queryAccepts: [0],
    shownAccepts: [0, 1],
    endOfOptions: [],
    verify: VERIFY,
    leftBehind: DATABASE_REGIONS,
  },
  tdnf: {
    options: ['-y', '--best', '--refresh'],
    query: ['check-update'],
    queryAccepts: [0, 100],
    shownAccepts: [0, 1, 8],
    endOfOptions: [],
    verify: null,
    leftBehind: ['/var/cache/tdnf'],
  },
  yum: {
    options: [
      '-y',
      '--setopt=skip_missing_names_on_update=True',
      '--setopt=history_record=False',
      '--setopt=keepcache=False',
      `--setopt=cachedir=${SCRATCH}/cache`,
      `--setopt=logfile=${SCRATCH}/log/yum.log`,
    ],
    query: ['-q', 'check-update'],
    queryAccepts: [0, 100],
    shownAccepts: [0, 1],
    endOfOptions: [],
    verify: VERIFY,
    leftBehind: DATABASE_REGIONS,
  },
};

/** Upgraded with the rest where the release moves: later installations in the image then look at the same release. */
const RELEASE_PACKAGE = 'system-release';

export function rpmScripter(manager: RpmManager): Scripter {
  const dialect = DIALECTS[manager];
  const start = (options: CompileOptions, releaseLock: boolean): readonly string[] => {
    const sources = sourcesPath(manager, options);
    return [
      manager,
      ...dialect.options,
      ...(sources === null ? [] : [`--setopt=reposdir=${sources}`]),
      ...(releaseLock ? ['--releasever=latest'] : []),
    ];
  };
  const change = (wanted: Wanted, more: readonly string[], options: CompileOptions): readonly Command[] => {
    const { upgrade, replace, remove, releaseLock } = wanted;
    const accepts = more.length > 0 ? dialect.shownAccepts : [0];
    const verb = (purpose: string, name: string, names: readonly string[]): Command =>
      longCommand(
        purpose,
        [...start(options, releaseLock), ...more, name, ...dialect.endOfOptions, ...names],
        { accepts },
      );
    const commands: Command[] = [];
    const upgrades = releaseLock ? [...new Set([...upgrade, RELEASE_PACKAGE])].toSorted() : upgrade;
    if (upgrades.length > 0) commands.push(verb('upgrade the packages', 'upgrade', upgrades));
    for (const [old, other] of replace) {
      if (manager !== 'dnf') {
        throw scriptError(
          'images/script-unsupported-action',
          `${manager} cannot replace ${old} in one step.`,
        );
      }
      commands.push(verb('put a package in the place of another', 'swap', [old, other]));
    }
    if (remove.length > 0) commands.push(verb('remove packages', 'remove', remove));
    return commands;
  };
  const scratch = makeScratch('cache', 'log', 'persist');
  return {
    probe: (names, options) => [
      ...scratch,
      longCommand(
        'see what the mirror has',
        [...start(options, options.releaseLock), ...dialect.query, ...dialect.endOfOptions, ...names],
        { accepts: dialect.queryAccepts },
      ),
    ],
    simulate: (wanted, options) => [
      ...scratch,
      ...change(wanted, ['--assumeno'], options).map((one) => ({
        ...one,
        purpose: `see what it takes to ${one.purpose}`,
      })),
    ],
    apply: (wanted, options) => {
      const kept = [...wanted.upgrade, ...wanted.replace.values()].toSorted();
      return runs([
        ...scratch,
        ...change(wanted, [], options),
        ...(dialect.verify === null || kept.length === 0
          ? []
          : [command('check the dependencies', [...dialect.verify, ...kept])]),
      ]);
    },
    clean: () => [removeFiles('take away indexes, downloads and logs', [SCRATCH, ...dialect.leftBehind])],
  };
}
