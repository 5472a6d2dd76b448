/**
 * Every command that may ever change or ask an image, as data: whatever is not a member is refused. It is written down
 * a second time here, apart from the code that compiles plans, so that a mistake there meets a list that is not its own.
 */
import type { PackageManager } from '../inventory/inventory.ts';

/**
 * A word; any number of groups of words out of a set, in any order; paths out of a set, at least one; names with the
 * right that each needs, at least one; the old and the new name of a swap. Names and paths come last.
 */
export type Part =
  | string
  | { readonly some: readonly (readonly string[])[] }
  | { readonly paths: readonly string[] }
  | { readonly names: Right }
  | { readonly swap: true };

/** What may be done to a package. `look`: nothing is changed. */
export type Right = 'look' | 'upgrade' | 'install' | 'remove';

/** What a command may get as its input. `names`, `world`: lines of that kind, as they were saved, or nothing yet. */
export type Input = 'none' | 'names' | 'world' | { readonly exactly: string };

export interface Form {
  readonly argv: readonly Part[];
  readonly input: Input;
}

const SCRATCH = '/var/cache/callboard-patch';
const MOUNT = '/run/callboard';
const POLICY = '/usr/sbin/policy-rc.d';
const OUR_POLICY = `${SCRATCH}/policy-rc.d`;
const WORLD = '/etc/apk/world';

/** Names and values of variables. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
};

/** What exit codes may count as good: 1 and 8 of a question, 100 of updates to be had, 102 and 103 of a reboot wanted. */
export const EXIT_CODES: readonly number[] = [0, 1, 8, 100, 102, 103];

const form = (...argv: readonly Part[]): Form => ({ argv, input: 'none' });
const maybe = (...words: readonly string[]): Part => ({ some: [words] });
const some = (...words: readonly string[]): Part => ({ some: words.map((word) => [word]) });
const setopts = (...settings: readonly string[]): readonly string[] =>
  settings.map((setting) => `--setopt=${setting}`);

const SCRATCH_FOLDERS = ['lists/partial', 'cache', 'cache/archives/partial', 'log', 'persist'];
const makeScratch = form('mkdir', '-p', '--', {
  paths: SCRATCH_FOLDERS.map((folder) => `${SCRATCH}/${folder}`),
});
const removeFiles = (...paths: readonly string[]): Form =>
  form('rm', '-rf', '--', { paths: [SCRATCH, ...paths] });
const verify = form('rpm', '-V', '--nofiles', '--', { names: 'look' });

const APT_OPTIONS: Part = {
  some: [
    `Dir::State::Lists=${SCRATCH}/lists`,
    `Dir::Cache=${SCRATCH}/cache`,
    `Dir::Log=${SCRATCH}/log`,
    'Dir::Etc::SourceList=/dev/null',
    `Dir::Etc::SourceParts=${MOUNT}/sources.d`,
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'Acquire::AllowInsecureRepositories=false',
    'Acquire::AllowDowngradeToInsecureRepositories=false',
    'APT::Get::AllowUnauthenticated=false',
    'APT::Update::Error-Mode=any',
    'APT::Install-Recommends=false',
    'APT::Color=false',
    'Dpkg::Use-Pty=0',
    'Dpkg::Options::=--force-confdef',
    'Dpkg::Options::=--force-confold',
    'Dpkg::Options::=--force-unsafe-io',
    'Dpkg::Options::=--log=/dev/null',
  ].map((option) => ['-o', option]),
};

const APT_CHANGE: readonly Part[] = [APT_OPTIONS, '-q', '-y', maybe('-s'), APT_OPTIONS];

const APT: readonly Form[] = [
  form('apt-get', APT_OPTIONS, '-q', 'update'),
  form('apt-get', APT_OPTIONS, '-q', 'check'),
  form('apt-cache', APT_OPTIONS, 'policy', '--', { names: 'look' }),
  form('apt-get', ...APT_CHANGE, 'install', '--no-install-recommends', '--only-upgrade', '--', {
    names: 'upgrade',
  }),
  form('apt-get', ...APT_CHANGE, 'install', '--no-install-recommends', '--', { names: 'install' }),
  form('apt-get', ...APT_CHANGE, 'remove', '--', { names: 'remove' }),
  form('apt-mark', APT_OPTIONS, 'showauto'),
  { argv: ['xargs', '-r', 'apt-mark', APT_OPTIONS, 'auto', '--'], input: 'names' },
  form('dpkg', '--audit'),
  { argv: ['tee', OUR_POLICY], input: { exactly: '#!/bin/sh\nexit 101\n' } },
  form('chmod', '0755', OUR_POLICY),
  form('ln', '-s', '-T', OUR_POLICY, POLICY),
  form('find', POLICY, '-lname', OUR_POLICY, '-delete'),
  makeScratch,
  removeFiles(
    '/var/lib/dpkg/status-old',
    '/var/lib/dpkg/available-old',
    '/var/lib/dpkg/diversions-old',
    '/var/lib/dpkg/statoverride-old',
    '/var/cache/debconf/config.dat-old',
    '/var/cache/debconf/passwords.dat-old',
    '/var/cache/debconf/templates.dat-old',
    '/var/cache/ldconfig/aux-cache',
    '/var/log/alternatives.log',
  ),
];

const APK_OPTIONS: Part = {
  some: [
    ['--no-cache'],
    ['--no-progress'],
    ['--no-interactive'],
    ['--repositories-file', `${MOUNT}/repositories`],
  ],
};

const APK: readonly Form[] = [
  form('apk', APK_OPTIONS, 'policy', { names: 'look' }),
  form('apk', APK_OPTIONS, 'upgrade', maybe('-s'), { names: 'upgrade' }),
  form('apk', APK_OPTIONS, 'fix', '-s'),
  form('cat', WORLD),
  { argv: ['tee', WORLD], input: 'world' },
  removeFiles('/var/cache/apk/installed', '/var/log/apk.log', '/lib/apk/db/lock', '/usr/lib/apk/db/lock'),
];

const DATABASE_REGIONS = ['/var/lib/rpm/__db.001', '/var/lib/rpm/__db.002', '/var/lib/rpm/__db.003'];

const DNF_OPTIONS = some(
  '-q',
  '-y',
  '--best',
  '--assumeno',
  '--releasever=latest',
  ...setopts(
    'install_weak_deps=False',
    'keepcache=False',
    'skip_if_unavailable=False',
    `cachedir=${SCRATCH}/cache`,
    `logdir=${SCRATCH}/log`,
    `persistdir=${SCRATCH}/persist`,
    `reposdir=${MOUNT}/repos.d`,
  ),
);
const QUERY_FORMAT = String.raw`%{name}\t%{epoch}:%{version}-%{release}\t%{arch}\n`;

const DNF: readonly Form[] = [
  form('dnf', DNF_OPTIONS, 'repoquery', '--available', '--latest-limit=1', '--qf', QUERY_FORMAT, '--', {
    names: 'look',
  }),
  form('dnf', DNF_OPTIONS, 'upgrade', '--', { names: 'upgrade' }),
  form('dnf', DNF_OPTIONS, 'swap', '--', { swap: true }),
  form('dnf', DNF_OPTIONS, 'remove', '--', { names: 'remove' }),
];

const MICRODNF_OPTIONS = some(
  '-y',
  '--best',
  '--assumeno',
  '--releasever=latest',
  ...setopts('install_weak_deps=0', 'keepcache=0', `cachedir=${SCRATCH}/cache`, `reposdir=${MOUNT}/repos.d`),
);

const TDNF_OPTIONS = some(
  '-y',
  '--best',
  '--refresh',
  '--assumeno',
  '--releasever=latest',
  ...setopts(`reposdir=${MOUNT}/repos.d`),
);

const YUM_OPTIONS = some(
  '-q',
  '-y',
  '--assumeno',
  '--releasever=latest',
  ...setopts(
    'skip_missing_names_on_update=True',
    'history_record=False',
    'keepcache=False',
    `cachedir=${SCRATCH}/cache`,
    `logfile=${SCRATCH}/log/yum.log`,
    `reposdir=${MOUNT}/repos.d`,
  ),
);

/** Those that know no `--`: no name can begin with a dash. */
function rpmForms(program: string, options: Part, query: readonly string[]): readonly Form[] {
  return [
    form(program, options, ...query, { names: 'look' }),
    form(program, options, 'upgrade', { names: 'upgrade' }),
    form(program, options, 'remove', { names: 'remove' }),
  ];
}

const ZYPPER_OPTIONS: Part = {
  some: [['--non-interactive'], ['--cache-dir', `${SCRATCH}/cache`], ['--reposd-dir', `${MOUNT}/repos.d`]],
};
const ZYPPER_SHOWN = some('--dry-run', '--details');

const ZYPPER: readonly Form[] = [
  form('zypper', ZYPPER_OPTIONS, 'refresh'),
  form('zypper', ZYPPER_OPTIONS, 'list-updates', '-t', 'package'),
  form('zypper', ZYPPER_OPTIONS, 'update', '-y', '--no-recommends', ZYPPER_SHOWN, '--', { names: 'upgrade' }),
  form('zypper', ZYPPER_OPTIONS, 'remove', '-y', ZYPPER_SHOWN, '--', { names: 'remove' }),
  removeFiles('/var/log/zypper.log', '/var/log/zypp/history'),
];

const RPM: readonly Form[] = [makeScratch, verify, removeFiles(...DATABASE_REGIONS)];

/** By package manager. */
export const GRAMMAR: Readonly<Record<PackageManager, readonly Form[]>> = {
  apt: APT,
  apk: APK,
  dnf: [...RPM, ...DNF],
  microdnf: [...RPM, ...rpmForms('microdnf', MICRODNF_OPTIONS, ['repoquery', '--available'])],
  tdnf: [makeScratch, removeFiles('/var/cache/tdnf'), ...rpmForms('tdnf', TDNF_OPTIONS, ['check-update'])],
  yum: [...RPM, ...rpmForms('yum', YUM_OPTIONS, ['check-update'])],
  zypper: [makeScratch, verify, ...ZYPPER],
};
