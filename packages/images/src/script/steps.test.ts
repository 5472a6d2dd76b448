import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command, CommandOutput } from './command.ts';
import { compile } from './compile.ts';
import { command } from './parts.ts';
import { planOf, upgrades } from './plan.fixture.ts';
import { said } from './recorded.fixture.ts';
import { runCommands, runSteps, type Step } from './steps.ts';

function recorder(answers: Readonly<Record<string, Partial<CommandOutput>>>): {
  readonly ran: Command[];
  readonly run: (one: Command) => Promise<CommandOutput>;
} {
  const ran: Command[] = [];
  const run = async (one: Command): Promise<CommandOutput> => {
    ran.push(one);
    const key = Object.keys(answers).find((part) => one.argv.join(' ').includes(part));
    return said('', key === undefined ? {} : answers[key]);
  };
  return { ran, run };
}

describe('runSteps', () => {
  it('gives back to apt the marks that it kept, and nothing else as input', async () => {
    const { ran, run } = recorder({ showauto: { stdout: 'libssl3\nlibc6:i386\nlibold\nwget\n' } });
    const packages = [
      ...upgrades('openssl'),
      { name: 'libold', action: 'replace', minVersion: '1', replacement: 'libnew' } as const,
      { name: 'wget', action: 'remove', minVersion: null, replacement: null } as const,
    ];
    const script = compile(planOf('apt', { packages, requires: ['replace-package', 'remove-package'] }));
    const outputs = await runSteps(script.apply, run);
    assert.equal(outputs.length, script.apply.length);
    const inputs = ran.filter(({ input }) => input !== null).map(({ argv, input }) => [argv[0], input]);
    assert.deepEqual(inputs, [
      ['tee', '#!/bin/sh\nexit 101\n'],
      ['xargs', 'libssl3\nlibc6:i386\nlibnew\n'],
    ]);
  });

  it('puts back what apk was asked for, byte for byte', async () => {
    const worlds = ['a\nbusybox>=1.36\nnginx@edge\npy3-six=1.16.0-r8\n', '\nb\n\na\n\n', 'no-line-feed', ''];
    for (const world of worlds) {
      const { ran, run } = recorder({ 'cat ': { stdout: world } });
      await runSteps(compile(planOf('apk', {})).apply, run);
      assert.equal(ran.find(({ argv }) => argv[0] === 'tee')?.input, world);
    }
  });

  it('stops at the first command that fails and says what it was for', async () => {
    const { ran, run } = recorder({ ' update': { exitCode: 100, stderr: 'E: no route\n' } });
    await assert.rejects(runSteps(compile(planOf('apt', {})).apply, run), {
      code: 'images/script-command-failed',
      message: /To fetch the indexes: apt-get ended with exit code 100\. E: no route/,
    });
    assert.ok(!ran.some(({ argv }) => argv.includes('install')));
    const killed = recorder({ mkdir: { exitCode: null } });
    await assert.rejects(runCommands(compile(planOf('dnf', {})).simulate, killed.run), /ended by a signal/);
  });

  it('fails a check that finds something', async () => {
    const audit = recorder({
      '--audit': { stdout: 'The following packages are only half configured:\n x\n' },
    });
    await assert.rejects(runSteps(compile(planOf('apt', {})).apply, audit.run), {
      code: 'images/script-check-failed',
    });
    const fix = recorder({
      'cat ': { stdout: 'a\n' },
      'fix -s': { stdout: '(1/1) Purging a (1-r0)\nOK: 1 MiB\n' },
    });
    await assert.rejects(runSteps(compile(planOf('apk', {})).apply, fix.run), {
      code: 'images/script-check-failed',
    });
  });

  it('refuses to put back what was not kept, or what is no mark', async () => {
    const restore: Step = {
      kind: 'restore',
      state: 'apt-auto-marks',
      renames: {},
      command: command('put back', ['xargs']),
    };
    const { run } = recorder({});
    await assert.rejects(runSteps([restore], run), { code: 'images/script-bad-state' });
    for (const stdout of ['-y\n', 'a b\n', "it's\n", 'lib\u200Bssl\n']) {
      const save: Step = { kind: 'save', state: 'apt-auto-marks', command: command('keep', ['apt-mark']) };
      const other = recorder({ 'apt-mark': { stdout } });
      await assert.rejects(runSteps([save, restore], other.run), { code: 'images/script-bad-state' });
    }
  });
});
