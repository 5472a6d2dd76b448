/**
 * The managers of rpm: dnf (4 and 5), microdnf, tdnf and yum. All of them upgrade what is named and installed and keep
 * the marks of what was asked for by themselves; they differ in which folders and options they know. Options are those
 * of dnf 4.14, microdnf 3.8 and later, tdnf 3.1.11 and later, yum 3.4.3.
 */
import type { PackageManager } from '../inventory/inventory.ts';
import { RELEASE_PACKAGE } from '../plan/planner.ts';
import type { Command } from './command.ts';
import {
  checkRpms,
  longCommand,
  makeScratch,
  removeFiles,
  runs,
  SCRATCH,
  sourcesPath,
  type CompileOptions,
  type ProbeOptions,
  type Scripter,
  type Wanted,
} from './parts.ts';
import { scriptError } from './errors.ts';

type RpmManager = Extract<PackageManager, 'dnf' | 'microdnf' | 'tdnf' | 'yum'>;

/** Never both: tdnf takes `-y` for the answer then, and would do what it was only to show. */
const [DO_IT, ONLY_SHOW_IT] = ['-y', '--assumeno'];

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
  /** Whether the image has the program `rpm`, which says whether the dependencies hold. */
  readonly hasRpm: boolean;
  /** What it leaves that cannot be put in our own folder. */
  readonly leftBehind: readonly string[];
}

/** Where the repository has it, epoch and all; `\t` and `\n` are read by dnf. */
const QUERY_FORMAT = String.raw`%{name}\t%{epoch}:%{version}-%{release}\t%{arch}\n`;

/** Locks and regions of a Berkeley DB package database, made again whenever it is opened. */
const DATABASE_REGIONS = ['/var/lib/rpm/__db.001', '/var/lib/rpm/__db.002', '/var/lib/rpm/__db.003'];

const DIALECTS: Readonly<Record<RpmManager, Dialect>> = {
  dnf: {
    options: [
      '--best',
      '--setopt=install_weak_deps=False',
      '--setopt=keepcache=False',
      '--setopt=skip_if_unavailable=False',
      `--setopt=cachedir=${SCRATCH}/cache`,
      `--setopt=logdir=${SCRATCH}/log`,
      // The image's own history keeps who asked for what, by name, and stays as it is: of what a patch draws in anew it
      // knows nothing, and dnf counts that as asked for.
      `--setopt=persistdir=${SCRATCH}/persist`,
    ],
    query: ['-q', 'repoquery', '--available', '--latest-limit=1', '--qf', QUERY_FORMAT],
    queryAccepts: [0],
    shownAccepts: [0, 1],
    endOfOptions: ['--'],
    hasRpm: true,
    leftBehind: DATABASE_REGIONS,
  },
  microdnf: {
    options: [
      '--best',
      '--setopt=install_weak_deps=0',
      '--setopt=keepcache=0',
      `--setopt=cachedir=${SCRATCH}/cache`,
    ],
    query: ['repoquery', '--available'],
    queryAccepts: [0],
    shownAccepts: [0, 1],
    endOfOptions: [],
    hasRpm: true,
    leftBehind: DATABASE_REGIONS,
  },
  tdnf: {
    options: ['--best', '--refresh'],
    query: ['check-update'],
    queryAccepts: [0, 100],
    shownAccepts: [0, 1, 8],
    endOfOptions: [],
    hasRpm: false,
    leftBehind: ['/var/cache/tdnf'],
  },
  yum: {
    options: [
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
    hasRpm: true,
    leftBehind: DATABASE_REGIONS,
  },
};

export function rpmScripter(manager: RpmManager): Scripter {
  const dialect = DIALECTS[manager];
  const start = (answer: string, options: ProbeOptions): readonly string[] => {
    const sources = sourcesPath(manager, options);
    return [
      manager,
      answer,
      ...dialect.options,
      ...(sources === null ? [] : [`--setopt=reposdir=${sources}`]),
      ...(options.releaseLock ? ['--releasever=latest'] : []),
    ];
  };
  const change = (wanted: Wanted, answer: string, options: CompileOptions): readonly Command[] => {
    const { upgrade, replace, remove, releaseLock } = wanted;
    const accepts = answer === ONLY_SHOW_IT ? dialect.shownAccepts : [0];
    const first = start(answer, { ...options, releaseLock });
    const verb = (purpose: string, name: string, names: readonly string[]): Command =>
      longCommand(purpose, [...first, name, ...dialect.endOfOptions, ...names], { accepts });
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
        [...start(DO_IT, options), ...dialect.query, ...dialect.endOfOptions, ...names],
        { accepts: dialect.queryAccepts },
      ),
    ],
    simulate: (wanted, options) => [
      ...scratch,
      ...change(wanted, ONLY_SHOW_IT, options).map((one) => ({
        ...one,
        purpose: `see what it takes to ${one.purpose}`,
      })),
    ],
    apply: (wanted, options) => {
      const kept = [...wanted.upgrade, ...wanted.replace.values()].toSorted();
      return runs([
        ...scratch,
        ...change(wanted, DO_IT, options),
        ...(dialect.hasRpm ? checkRpms(kept) : []),
      ]);
    },
    clean: () => [removeFiles('take away indexes, downloads and logs', [SCRATCH, ...dialect.leftBehind])],
  };
}
