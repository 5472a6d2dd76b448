/** zypper. Its indexes and downloads go to a folder of our own; marks of what was asked for it keeps by itself. */
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
  type Scripter,
  type Wanted,
} from './parts.ts';
import { scriptError } from './errors.ts';

/** 102 and 103: done, and a reboot or a restart of zypper would be wanted. Nothing runs in an image. */
const DONE = [0, 102, 103];

export const zypper: Scripter = {
  probe: (_names, options) => [
    ...fetchIndexes(options),
    longCommand('see what the mirror has', [...start(options), 'list-updates', '-t', 'package']),
  ],
  simulate: (wanted, options) => [
    ...fetchIndexes(options),
    ...change(wanted, ['--dry-run', '--details'], options).map((one) => ({
      ...one,
      purpose: `see what it takes to ${one.purpose}`,
    })),
  ],
  apply: (wanted, options) => [
    ...runs(fetchIndexes(options)),
    ...runs(change(wanted, [], options)),
    ...runs(checkRpms(wanted.upgrade)),
  ],
  clean: () => [
    removeFiles('take away indexes, downloads and logs', [
      SCRATCH,
      '/var/log/zypper.log',
      '/var/log/zypp/history',
    ]),
  ],
};

function fetchIndexes(options: CompileOptions): readonly Command[] {
  return [...makeScratch('cache'), longCommand('fetch the indexes', [...start(options), 'refresh'])];
}

function change(wanted: Wanted, more: readonly string[], options: CompileOptions): readonly Command[] {
  if (wanted.replace.size > 0) {
    throw scriptError('images/script-unsupported-action', 'zypper cannot replace a package in one step.');
  }
  const commands: Command[] = [];
  const verb = (purpose: string, name: readonly string[], names: readonly string[]): Command =>
    longCommand(purpose, [...start(options), ...name, ...more, '--', ...names], { accepts: DONE });
  if (wanted.upgrade.length > 0) {
    commands.push(verb('upgrade the packages', ['update', '-y', '--no-recommends'], wanted.upgrade));
  }
  if (wanted.remove.length > 0) commands.push(verb('remove packages', ['remove', '-y'], wanted.remove));
  return commands;
}

function start(options: CompileOptions): readonly string[] {
  const sources = sourcesPath('zypper', options);
  return [
    'zypper',
    '--non-interactive',
    '--cache-dir',
    `${SCRATCH}/cache`,
    ...(sources === null ? [] : ['--reposd-dir', sources]),
  ];
}
