/**
 * apt and dpkg. `install --only-upgrade` is the one form that changes only what is named; it marks what it touches as
 * asked for by hand, so the marks are kept before and put back after. Indexes, caches and logs go to a folder of our
 * own, so that those of the image stay as they are.
 */
import type { Command } from './command.ts';
import {
  command,
  longCommand,
  makeScratch,
  removeFiles,
  runs,
  SCRATCH,
  sourcesPath,
  type CommandDetails,
  type CompileOptions,
  type Scripter,
  type Wanted,
} from './parts.ts';
import type { Step } from './steps.ts';

const QUIET = { env: { DEBIAN_FRONTEND: 'noninteractive', DEBCONF_NONINTERACTIVE_SEEN: 'true' } };

/** Stands in the image while packages are set up, so that no service is started; see invoke-rc.d(8). */
const POLICY = '/usr/sbin/policy-rc.d';
const OUR_POLICY = `${SCRATCH}/policy-rc.d`;

const FIXED_OPTIONS = [
  `Dir::State::Lists=${SCRATCH}/lists`,
  `Dir::Cache=${SCRATCH}/cache`,
  `Dir::Log=${SCRATCH}/log`,
  'Acquire::Languages=none',
  'Acquire::Retries=3',
  'Acquire::AllowInsecureRepositories=false',
  'Acquire::AllowDowngradeToInsecureRepositories=false',
  'APT::Get::AllowUnauthenticated=false',
  // Without it an index that cannot be had is only a warning, and a fix seems not to exist.
  'APT::Update::Error-Mode=any',
  'APT::Install-Recommends=false',
  'APT::Color=false',
];

/** Keep configuration that somebody edited; do not wait for the disk, since a build that breaks is thrown away. */
const DPKG_OPTIONS = [
  'Dpkg::Use-Pty=0',
  'Dpkg::Options::=--force-confdef',
  'Dpkg::Options::=--force-confold',
  'Dpkg::Options::=--force-unsafe-io',
  'Dpkg::Options::=--log=/dev/null',
];

/** What dpkg and debconf leave as copies of what was before, and caches and logs that others write. */
const LEFT_BEHIND = [
  '/var/lib/dpkg/status-old',
  '/var/lib/dpkg/available-old',
  '/var/lib/dpkg/diversions-old',
  '/var/lib/dpkg/statoverride-old',
  '/var/cache/debconf/config.dat-old',
  '/var/cache/debconf/passwords.dat-old',
  '/var/cache/debconf/templates.dat-old',
  '/var/cache/ldconfig/aux-cache',
  '/var/log/alternatives.log',
];

export const apt: Scripter = {
  probe: (names, options) => [
    ...fetchIndexes(options),
    program('apt-cache', ['policy', '--', ...names], {
      purpose: 'see what the mirror has',
      options,
      accepts: [0, 100],
    }),
  ],
  simulate: (wanted, options) => [
    ...fetchIndexes(options),
    ...change(wanted, ['-s'], options).map((one) => ({
      ...one,
      purpose: `see what it takes to ${one.purpose}`,
    })),
  ],
  apply: (wanted, options) => [
    ...runs(fetchIndexes(options)),
    ...runs(keepServicesDown()),
    {
      kind: 'save',
      state: 'apt-auto-marks',
      command: program('apt-mark', ['showauto'], {
        purpose: 'keep the marks of what nobody asked for',
        options,
      }),
    },
    ...runs(
      change(
        wanted,
        DPKG_OPTIONS.flatMap((option) => ['-o', option]),
        options,
      ),
    ),
    {
      kind: 'restore',
      state: 'apt-auto-marks',
      renames: {
        ...Object.fromEntries(wanted.replace),
        ...Object.fromEntries(wanted.remove.map((name) => [name, null])),
      },
      command: program('xargs', ['-r', 'apt-mark', ...optionsOf(options), 'auto', '--'], {
        purpose: 'put the marks back',
      }),
    },
    ...checks(options),
  ],
  clean: () => [
    command('let services start again', ['find', POLICY, '-lname', OUR_POLICY, '-delete'], {
      accepts: [0, 1],
    }),
    removeFiles('take away indexes, downloads and logs', [SCRATCH]),
    removeFiles('take away copies, caches and logs', LEFT_BEHIND),
  ],
};

function fetchIndexes(options: CompileOptions): readonly Command[] {
  return [
    ...makeScratch('lists/partial', 'cache/archives/partial', 'log'),
    program('apt-get', ['-q', 'update'], { purpose: 'fetch the indexes', options, timeout: 10 * 60_000 }),
  ];
}

/** A policy that the image has stays the one: `ln` fails then, and the clean-up only deletes our own. */
function keepServicesDown(): readonly Command[] {
  return [
    command('write a policy that starts no service', ['tee', OUR_POLICY], { input: '#!/bin/sh\nexit 101\n' }),
    command('make the policy a program', ['chmod', '0755', OUR_POLICY]),
    command('start no service meanwhile', ['ln', '-s', '-T', OUR_POLICY, POLICY], { accepts: [0, 1] }),
  ];
}

function change(wanted: Wanted, more: readonly string[], options: CompileOptions): readonly Command[] {
  const { upgrade, replace, remove } = wanted;
  const install = ['-q', '-y', ...more, 'install', '--no-install-recommends'];
  const commands: Command[] = [];
  const long = { ...QUIET, options, timeout: longCommand('', []).timeout };
  if (upgrade.length > 0) {
    const argv = [...install, '--only-upgrade', '--', ...upgrade];
    commands.push(program('apt-get', argv, { purpose: 'upgrade the packages', ...long }));
  }
  if (replace.size > 0) {
    const argv = [...install, '--', ...replace.values()];
    commands.push(program('apt-get', argv, { purpose: 'install what takes the place of others', ...long }));
  }
  const gone = [...remove, ...replace.keys()].toSorted();
  if (gone.length > 0) {
    const argv = ['-q', '-y', ...more, 'remove', '--', ...gone];
    commands.push(program('apt-get', argv, { purpose: 'remove packages', ...long }));
  }
  return commands;
}

function checks(options: CompileOptions): readonly Step[] {
  return [
    {
      kind: 'run',
      command: program('apt-get', ['-q', 'check'], { purpose: 'check the dependencies', options }),
    },
    {
      kind: 'check',
      refuses: '.',
      command: command('find packages that are not set up', ['dpkg', '--audit'], { accepts: [0, 1] }),
    },
  ];
}

interface Program extends CommandDetails {
  readonly purpose: string;
  /** Given: with the options of apt, before the arguments. */
  readonly options?: CompileOptions;
}

function program(name: string, args: readonly string[], details: Program): Command {
  const { purpose, options, ...rest } = details;
  const before = options === undefined ? [] : optionsOf(options);
  return command(purpose, [name, ...before, ...args], rest);
}

function optionsOf(options: CompileOptions): readonly string[] {
  const sources = sourcesPath('apt', options);
  const places =
    sources === null ? [] : ['Dir::Etc::SourceList=/dev/null', `Dir::Etc::SourceParts=${sources}`];
  return [...FIXED_OPTIONS, ...places].flatMap((option) => ['-o', option]);
}
