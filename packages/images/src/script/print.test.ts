import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { compile } from './compile.ts';
import { command } from './parts.ts';
import { MANAGERS, planOf, upgrades } from './plan.fixture.ts';
import { printScript, quote } from './print.ts';
import type { Step } from './steps.ts';

const hasShell = spawnSync('sh', ['-c', 'exit 7']).status === 7;
const skip = hasShell ? false : 'there is no sh';

/** Writes down each argument with a NUL after it, then what it was given. */
const STUB = `#!/bin/sh
{ printf '%s\\0' "$#" "$@"; printf '%s\\0' "$MARK"; cat; printf '\\0'; } >>"$SEEN"
exit "\${EXIT:-0}"
`;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-print-'));
  await writeFile(join(folder, 'stub'), STUB);
  await chmod(join(folder, 'stub'), 0o755);
});
after(async () => {
  await rm(folder, { recursive: true });
});

async function runPrinted(
  steps: readonly Step[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number | null; readonly seen: readonly string[] }> {
  const seenAt = join(folder, 'seen');
  await writeFile(seenAt, '');
  const text = printScript({ apply: steps, clean: [] });
  const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
  const { status } = spawnSync('sh', { input: text, env: { PATH, SEEN: seenAt, MARK: '', ...env } });
  const seen = (await readFile(seenAt, 'utf8')).split('\0').slice(0, -1);
  return { status, seen };
}

const words = fc.oneof(
  fc.string({ unit: 'binary' }).filter((word) => !word.includes('\0') && word.isWellFormed()),
  fc.constantFrom(
    "'",
    "''",
    '\\',
    '$HOME',
    '`id`',
    '$(id)',
    '\n',
    '',
    ' ',
    '*',
    '~',
    '!',
    '-',
    '#',
    '"',
    ';',
    '&&',
  ),
);

describe('printScript', () => {
  it('prints for every package manager what a shell can read', { skip }, () => {
    for (const manager of MANAGERS) {
      const script = compile(planOf(manager, { packages: upgrades('openssl', 'zlib') }), {
        mirrors: 'mounted',
      });
      const text = printScript(script);
      const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      assert.match(text, /^#!\/bin\/sh\n/);
      assert.equal(printScript(script), text);
    }
  });

  it('gives a command the same arguments, variables and input, whatever is in them', { skip }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words), words, fc.option(words), async (args, mark, input) => {
        const one = command('call\nthe stub', ['stub', ...args], { input, env: { MARK: mark } });
        const { status, seen } = await runPrinted([{ kind: 'run', command: one }]);
        assert.equal(status, 0);
        assert.deepEqual(seen, [String(args.length), ...args, mark, input ?? '']);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on after the exit codes that are good, and only after those', { skip }, async () => {
    const steps = (accepts: readonly number[]): readonly Step[] => [
      { kind: 'run', command: command('first', ['stub', 'first'], { accepts }) },
      { kind: 'run', command: command('second', ['stub', 'second'], { accepts: [0, 3] }) },
    ];
    const env = { EXIT: '3' };
    assert.deepEqual(
      (await runPrinted(steps([0, 1, 3]), env)).seen.filter((word) => word.length > 1),
      ['first', 'second'],
    );
    assert.equal((await runPrinted(steps([0, 3]), env)).status, 0);
    const stopped = await runPrinted(steps([0, 1]), env);
    assert.notEqual(stopped.status, 0);
    assert.ok(!stopped.seen.includes('second'));
  });

  it('keeps, renames and puts back as runSteps does', { skip }, async () => {
    const kept = 'libssl3\nlibssl3:i386\nlibssl3-dev\ng++\nlibxssl3\nwget\nwget2';
    const steps: readonly Step[] = [
      { kind: 'save', state: 'apt-auto-marks', command: command('keep', ['printf', '%s\\n', kept]) },
      {
        kind: 'restore',
        state: 'apt-auto-marks',
        renames: { libssl3: 'libssl3t64', 'g++': 'g++-14', wget: null },
        command: command('put back', ['stub']),
      },
    ];
    const { status, seen } = await runPrinted(steps);
    assert.equal(status, 0);
    assert.equal(seen.at(-1), 'libssl3t64\nlibssl3t64\nlibssl3-dev\ng++-14\nlibxssl3\nwget2\n');
    const empty: readonly Step[] = steps.map((step) =>
      step.kind === 'save' ? { ...step, command: command('keep', ['true']) } : step,
    );
    assert.equal((await runPrinted(empty)).seen.at(-1), '');
  });

  it('fails a check as runSteps does', { skip }, async () => {
    const check = (said: string): readonly Step[] => [
      { kind: 'check', refuses: '.', command: command('look', ['printf', '%s', said]) },
      { kind: 'run', command: command('go on', ['stub', 'went-on']) },
    ];
    assert.ok((await runPrinted(check(''))).seen.includes('went-on'));
    const failed = await runPrinted(check('half configured\n'));
    assert.notEqual(failed.status, 0);
    assert.deepEqual(failed.seen, []);
  });

  it('refuses what no script can hold', () => {
    assert.throws(() => quote('a\0b'), { code: 'images/script-unprintable' });
    const step: Step = { kind: 'run', command: command('x', ['stub'], { env: { 'A B': '1' } }) };
    assert.throws(() => printScript({ apply: [step], clean: [] }), { code: 'images/script-unprintable' });
  });
});
