/**
 * apk. `upgrade` with names changes only what is installed and named, and leaves the list of what somebody asked for
 * (`/etc/apk/world`) alone, which `add` does not; it is kept and put back all the same, byte for byte.
 * Names are not led by `--`, which not every release of apk knows; none can begin with a dash.
 */
import type { Command } from './command.ts';
import { scriptError } from './errors.ts';
import {
  command,
  longCommand,
  removeFiles,
  sourcesPath,
  type CompileOptions,
  type Scripter,
} from './parts.ts';

const WORLD = '/etc/apk/world';

export const apk: Scripter = {
  probe: (names, options) => [
    longCommand('see what the mirror has', ['apk', ...globals(options), 'policy', ...names]),
  ],
  simulate: ({ upgrade, replace, remove }, options) => {
    refuseOthers(replace, remove);
    return [apkUpgrade('see what would change', ['-s'], { names: upgrade, options })];
  },
  apply: ({ upgrade, replace, remove }, options) => {
    refuseOthers(replace, remove);
    return [
      {
        kind: 'save',
        state: 'apk-world',
        command: command('keep the list of what was asked for', ['cat', WORLD]),
      },
      { kind: 'run', command: apkUpgrade('upgrade the packages', [], { names: upgrade, options }) },
      {
        kind: 'restore',
        state: 'apk-world',
        renames: {},
        command: command('put the list back', ['tee', WORLD]),
      },
      {
        // A repair that has something to do says so: `(1/2) Purging …`.
        kind: 'check',
        refuses: String.raw`^\([0-9]+/[0-9]+\) `,
        command: longCommand('find packages that need repair', ['apk', ...globals(options), 'fix', '-s']),
      },
    ];
  },
  clean: () => [removeFiles('take away the log', ['/var/log/apk.log'])],
};

function apkUpgrade(
  purpose: string,
  flags: readonly string[],
  rest: { readonly names: readonly string[]; readonly options: CompileOptions },
): Command {
  return longCommand(purpose, ['apk', ...globals(rest.options), 'upgrade', ...flags, ...rest.names]);
}

function globals(options: CompileOptions): readonly string[] {
  const sources = sourcesPath('apk', options);
  const places = sources === null ? [] : ['--repositories-file', sources];
  return ['--no-cache', '--no-progress', ...places];
}

/** apk removes by editing the list of what was asked for, which a patch does not. */
function refuseOthers(replace: ReadonlyMap<string, string>, remove: readonly string[]): void {
  if (replace.size === 0 && remove.length === 0) return;
  throw scriptError('images/script-unsupported-action', 'With apk a package can only be upgraded.');
}
