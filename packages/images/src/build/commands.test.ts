import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Command } from '../script/command.ts';
import { runArgs } from './buildah-engine.ts';
import { commandArgv, commandEnv } from './node-root.ts';
import { writeSessionFiles } from './session-files.ts';

const upgrade: Command = {
  purpose: 'upgrade',
  argv: ['apt-get', '-y', 'install', '--', 'a b', '$(id)', 'X=1'],
  env: { DEBIAN_FRONTEND: 'noninteractive' },
  accepts: [0],
  timeout: 1000,
  input: null,
};

describe('commandArgv', () => {
  it('hands every argument on as it is, behind a clean environment', () => {
    const argv = commandArgv(42, upgrade);
    const after = argv.slice(argv.indexOf('run') + 1);
    const env = [
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/root',
      'LC_ALL=C',
      'DEBIAN_FRONTEND=noninteractive',
    ];
    assert.deepEqual(after, ['/proc/42/root', ...env, 'chroot', '.', ...upgrade.argv]);
    assert.equal(argv[0], 'nsenter');
  });

  it('refuses programs that are options, relative or none', () => {
    for (const program of ['', '-x', './x', '../bin/sh', 'a\0b']) {
      assert.throws(() => commandArgv(42, { ...upgrade, argv: [program] }), {
        code: 'images/build-bad-command',
      });
    }
    assert.throws(() => commandArgv(42, { ...upgrade, argv: [] }), { code: 'images/build-bad-command' });
  });
});

describe('commandEnv', () => {
  it('refuses variables that programs of the machine obey', () => {
    for (const name of ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'PATH', 'A B', '', '1X', 'A=B']) {
      assert.throws(() => commandEnv({ ...upgrade, env: { [name]: 'x' } }), {
        code: 'images/build-bad-command',
      });
    }
    assert.throws(() => commandEnv({ ...upgrade, env: { A: 'x\0y' } }), { code: 'images/build-bad-command' });
  });
});

describe('runArgs', () => {
  it('gives buildah the same variables, and the arguments behind a `--`', () => {
    const args = runArgs(upgrade, '/srv/files');
    assert.deepEqual(args.slice(args.indexOf('--') - 1), ['work', '--', ...upgrade.argv]);
    const env = args.filter((_, at) => args[at - 1] === '--env');
    assert.deepEqual(env, [
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/root',
      'LC_ALL=C',
      'DEBIAN_FRONTEND=noninteractive',
    ]);
  });
});

describe('writeSessionFiles', () => {
  it('writes files for everybody to read, and refuses paths that lead elsewhere', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-files-'));
    try {
      await writeSessionFiles(folder, { 'a/b.txt': 'text', c: '' });
      assert.equal(await readFile(join(folder, 'a/b.txt'), 'utf8'), 'text');
      assert.equal((await stat(join(folder, 'a/b.txt'))).mode & 0o777, 0o644);
      for (const path of ['', '/x', '../x', 'a/../../x', 'a//b', './x', 'a\0b']) {
        await assert.rejects(writeSessionFiles(folder, { [path]: '' }), { code: 'images/build-bad-file' });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
