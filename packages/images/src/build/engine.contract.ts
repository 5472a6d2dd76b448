/** What every build engine has to do, as tests over a real registry. Needs root and a Linux machine. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Command } from '../script/command.ts';
import type { BuildEngine, BuildSession, CommitTarget, SessionOptions } from './engine.ts';
import { CHANGES, checkChanges, pushBase } from './changes.fixture.ts';
import { fileList } from './file-list.fixture.ts';
import { tarOf, type EntryDraft } from '../image/tar.fixture.ts';
import { HERE, pushImage } from './image.fixture.ts';
import { machineRoot } from './machine-root.fixture.ts';
import { startRegistry, type TestRegistry } from './registry.fixture.ts';

export const AT = 1_790_000_000_000;

export function command(...argv: string[]): Command {
  return { purpose: 'test', argv, env: {}, accepts: [0], timeout: 60_000, input: null };
}

export function shell(script: string): Command {
  return command('/bin/sh', '-c', script);
}

export function sessionOptions(given: Partial<SessionOptions> = {}): SessionOptions {
  return {
    platform: HERE,
    log: () => {},
    signal: new AbortController().signal,
    files: { 'keys/one.txt': 'key one\n' },
    limits: { unpackedBytes: 4e9, layerBytes: 1e9, entries: 1e6 },
    ...given,
  };
}

export function commitTarget(
  at: { registry: string; repository: string },
  given: Partial<CommitTarget> = {},
): CommitTarget {
  return {
    registry: at.registry,
    repository: at.repository,
    tag: null,
    labels: { patched: 'yes' },
    annotations: { 'org.example.note': 'kept' },
    createdBy: 'callboard patch 01test',
    createdAt: AT,
    ...given,
  };
}

export interface ContractSetup {
  readonly name: string;
  readonly create: (client: RegistryClient, workFolder: string) => BuildEngine;
}

/** The suite; engines that cannot be used here say so and are passed over. */
export function engineContract(setup: ContractSetup): void {
  describe(`BuildEngine ${setup.name}`, () => {
    let registry: TestRegistry;
    let engine: BuildEngine;
    let base: ImageAt;
    let why: string | null = null;
    let folder: string;
    before(async () => {
      registry = await startRegistry();
      folder = await mkdtemp(join(tmpdir(), 'callboard-contract-'));
      engine = setup.create(registry.client, folder);
      why = await engine.unavailable();
      base = await pushBase(registry);
    });
    after(async () => {
      await registry[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    const test = (sentence: string, work: () => Promise<void>): void => {
      it(sentence, async (t) => {
        if (why !== null) {
          t.skip(why);
          return;
        }
        await work();
        assert.deepEqual(await traces(folder), [], 'something was left behind');
      });
    };
    const open = (options: Partial<SessionOptions> = {}) => engine.open(base, sessionOptions(options));

    test('gives a command its input, variables and files, and returns its outputs and exit code', async () => {
      await using session = await open();
      const given = {
        ...shell('cat; echo "$ONE"; cat /run/callboard/keys/one.txt; echo err >&2; exit 3'),
        input: 'in\n',
        env: { ONE: 'två' },
      };
      const output = await session.run(given);
      assert.deepEqual([output.exitCode, output.stdout], [3, 'in\ntvå\nkey one\n']);
      // Some builders add a line of their own.
      assert.match(output.stderr, /^err\n/);
      const where = await session.run(shell('echo "$PATH"; pwd; umask; id'));
      assert.equal(
        where.stdout,
        '/usr/sbin:/usr/bin:/sbin:/bin\n/\n0022\nuid=0 gid=0 groups=0\n'.replace(
          'groups=0',
          where.stdout.match(/groups=\S+/)?.[0] ?? '',
        ),
      );
      assert.equal((await session.run(command('no-such-program'))).exitCode !== 0, true);
    });

    test('shows a command nothing of the machine', async () => {
      process.env['CALLBOARD_TEST_SECRET'] = 'secret-of-the-portal';
      await using session = await open();
      const shown = await session.run(
        shell(
          'env; ls /dev; cat /proc/1/environ; ls /proc/1/root/ 2>&1; echo x > /run/callboard/y; echo x > /proc/sys/kernel/core_pattern; echo $?',
        ),
      );
      delete process.env['CALLBOARD_TEST_SECRET'];
      assert.doesNotMatch(shown.stdout, /secret-of-the-portal/);
      assert.doesNotMatch(shown.stdout, /\b(vda|sda|mem|kmsg|fuse|kvm|loop0|tty1|work|mnt|opt|home)\b/);
      assert.match(shown.stdout, /urandom/);
      assert.match(shown.stderr, /callboard\/y/);
      assert.match(shown.stdout, /[12]\n$/);
    });

    test('refuses commands that cannot be run, and files with paths that lead elsewhere', async () => {
      await using session = await open();
      await assert.rejects(session.run(command()), { code: 'images/build-bad-command' });
      await assert.rejects(session.run(command('../bin/sh')), { code: 'images/build-bad-command' });
      await assert.rejects(session.run({ ...shell('true'), env: { LD_PRELOAD: 'x' } }), {
        code: 'images/build-bad-command',
      });
      await assert.rejects(open({ files: { '../up': '' } }), { code: 'images/build-bad-file' });
    });

    test('shows in one command what another changed, and below root', async () => {
      await using session = await open();
      await session.run(shell('echo one > /data/between'));
      assert.equal((await session.run(command('cat', '/data/between'))).stdout, 'one\n');
      assert.equal(await readFile(join(session.root, 'data/between'), 'utf8'), 'one\n');
      assert.equal(await readFile(join(session.root, 'data/kept'), 'utf8'), 'kept');
    });

    test('commits what changed as one layer, with all else as it was', async () => {
      await using session = await open();
      const changed = await session.run(shell(CHANGES));
      assert.deepEqual([changed.exitCode, changed.stderr], [0, '']);
      const made = await session.commit(commitTarget(base, { tag: 'patched' }));
      await checkChanges(registry.client, base, made);
      const tagged = await registry.client.manifest({ ...made, reference: 'patched' });
      assert.equal(tagged?.digest, made.digest);
      const image = await registry.client.image({ ...made, reference: made.digest }, HERE);
      const old = await registry.client.image({ ...base, reference: base.digest }, HERE);
      assert.deepEqual(image.manifest.layers.slice(0, -1), old.manifest.layers);
      assert.deepEqual(image.manifest.layers.at(-1), made.layer);
      assert.equal(image.config.diffIds.at(-1), made.diffId);
      assert.deepEqual(image.config.run, { ...old.config.run, Labels: { first: 'one', patched: 'yes' } });
      assert.equal(image.config.created, new Date(AT).toISOString());
      assert.equal(image.config.history.at(-1)?.created_by, 'callboard patch 01test');
      assert.equal(image.manifest.annotations['org.opencontainers.image.base.digest'], base.digest);
      assert.equal(image.manifest.annotations['org.example.note'], 'kept');
    });

    test('commits nothing as a layer that changes nothing', async () => {
      await using session = await open();
      const made = await session.commit(commitTarget(base));
      assert.deepEqual(await fileList(registry.client, made), await fileList(registry.client, base));
      await session.run(shell('true'));
      const again = await session.commit(commitTarget(base));
      assert.deepEqual(await fileList(registry.client, again), await fileList(registry.client, base));
    });

    test('leaves no trace of the machine in the layer', async () => {
      const bare = await pushImage(registry.client, base, {
        layers: [tarOf(machineRoot().filter(({ path }) => !/^(dev|proc|run|etc|tmp)$/.test(path)))],
      });
      await using session = await engine.open(bare, sessionOptions());
      await session.run(shell('cat /etc/resolv.conf; echo x > /new; echo x > /tmp/y; echo x > /run/z'));
      const made = await session.commit(commitTarget(base));
      const added = [...(await fileList(registry.client, made)).keys()].filter(
        (path) => !/^(bin|lib|usr|root)/.test(path),
      );
      assert.deepEqual(
        added.filter((path) => path !== 'etc'),
        ['new'],
      );
    });

    test('sends no layer of the base again, and mounts them for another repository', async () => {
      await using session = await open();
      await session.run(shell('echo one > /data/new'));
      const start = registry.requests.length;
      await session.commit(commitTarget(base));
      const sent = () =>
        registry.requests
          .slice(start)
          .filter((request) => request.startsWith('PUT') && request.includes('/uploads/'));
      assert.equal(sent().length, 2);
      const made = await session.commit(commitTarget({ registry: base.registry, repository: 'other/image' }));
      assert.equal(sent().length, 4);
      assert.equal((await fileList(registry.client, made)).has('data/new'), true);
    });

    test('kills a command that hangs, with all it started, and goes on', async () => {
      await using session = await open();
      const hanging = {
        ...shell('sleep 98761 & (sleep 98761 &) ; cat /dev/zero > /dev/null'),
        timeout: 1500,
      };
      await assert.rejects(session.run(hanging), { code: 'images/build-timeout' });
      assert.equal(running('98761'), 0);
      assert.equal((await session.run(shell('echo on'))).stdout, 'on\n');
    });

    test('ends what a command left running', async () => {
      await using session = await open();
      const output = await session.run(shell('sleep 98762 & echo started'));
      assert.deepEqual([output.exitCode, output.stdout, running('98762')], [0, 'started\n', 0]);
    });

    test('keeps the end of very long outputs', async () => {
      await using session = await open();
      const output = await session.run(
        shell('yes 0123456789abcdef | head -c 30000000; echo end; yes error | head -c 5000000 >&2'),
      );
      assert.equal(output.stdout.length, 4 * 1024 * 1024);
      assert.ok(output.stdout.endsWith('end\n'));
      assert.equal(output.stderr.length, 1024 * 1024);
    });

    test('stops when it is told to, and then runs nothing more', async () => {
      const stop = new AbortController();
      await using session = await open({ signal: stop.signal });
      const hanging = assert.rejects(session.run(shell('sleep 98763')), { code: 'images/build-stopped' });
      setTimeout(() => stop.abort(), 500);
      await hanging;
      assert.equal(running('98763'), 0);
      await assert.rejects(session.run(shell('true')), { code: 'images/build-stopped' });
    });

    test('keeps two sessions on one image apart', async () => {
      await using one = await open();
      await using two = await open();
      await Promise.all([one.run(shell('echo 1 > /data/mine')), two.run(shell('echo 2 > /data/mine'))]);
      const [first, second] = await Promise.all([
        one.commit(commitTarget(base)),
        two.commit(commitTarget(base)),
      ]);
      assert.notEqual(first.digest, second.digest);
      assert.equal(await readFile(join(one.root, 'data/mine'), 'utf8'), '1\n');
    });

    test('is over once it is disposed, also while a command runs', async () => {
      let session: BuildSession;
      {
        await using opened = await open();
        session = opened;
        void opened.run(shell('sleep 98764')).catch(() => {});
      }
      await assert.rejects(session.run(shell('true')), { code: 'images/build-closed' });
      assert.equal(running('98764'), 0);
    });

    test('refuses a layer that is too large, and an image that is not there', async () => {
      await using session = await open({ limits: { ...sessionOptions().limits, layerBytes: 100_000 } });
      await session.run(shell('head -c 200000 /dev/zero > /data/large'));
      await assert.rejects(session.commit(commitTarget(base)), { code: 'images/build-layer-too-large' });
      await assert.rejects(engine.open({ ...base, digest: `sha256:${'0'.repeat(64)}` }, sessionOptions()), {
        code: 'images/registry-not-found',
      });
    });

    test('says so when the registry does not take the image, and can try again', async () => {
      await using session = await open();
      const nowhere = { registry: '127.0.0.1:1', repository: base.repository };
      await assert.rejects(session.commit(commitTarget(nowhere)), { code: 'images/registry-unreachable' });
      await session.commit(commitTarget(base));
    });

    for (const [sentence, code, drafts] of HOSTILE) {
      test(`refuses a layer with ${sentence}`, async () => {
        const hostile = await pushImage(registry.client, base, {
          layers: [tarOf(machineRoot().slice(0, 3)), tarOf(drafts)],
        });
        await assert.rejects(engine.open(hostile, sessionOptions()), { code });
      });
    }

    test('refuses images that are larger than they may be', async () => {
      const limits = sessionOptions().limits;
      await assert.rejects(open({ limits: { ...limits, unpackedBytes: 100_000 } }), {
        code: 'images/layer-too-large',
      });
      await assert.rejects(open({ limits: { ...limits, entries: 10 } }), {
        code: 'images/layer-too-many-entries',
      });
    });
  });
}

const HOSTILE: readonly (readonly [string, string, readonly EntryDraft[]])[] = [
  ['an absolute path', 'images/layer-absolute-path', [{ path: '/etc/callboard-hostile' }]],
  ['a path that leads up', 'images/layer-bad-path', [{ path: 'a/../../callboard-hostile' }]],
  ['a link above the root', 'images/layer-link-out', [{ path: 'a/b', kind: 'symlink', link: '../../x' }]],
  [
    'a hard link to the machine',
    'images/layer-link-out',
    [{ path: 'a', kind: 'hardlink', link: '/etc/passwd' }],
  ],
  [
    'an entry behind its own link',
    'images/layer-through-link',
    [{ path: 'a', kind: 'symlink', link: '/tmp' }, { path: 'a/callboard-hostile' }],
  ],
  ['a disk', 'images/layer-device', [{ path: 'dev/disk', kind: 'block', major: 8, minor: 0 }]],
  [
    'the memory of the machine',
    'images/layer-device',
    [{ path: 'dev/mem', kind: 'character', major: 1, minor: 1 }],
  ],
  [
    'attributes of the overlay',
    'images/layer-attribute',
    [{ path: 'a', kind: 'folder', xattrs: new Map([['trusted.overlay.redirect', Buffer.from('/etc')]]) }],
  ],
];

/** Processes of this machine with the word among their arguments. */
function running(word: string): number {
  let count = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      count += argv.includes(word) && readlinkSync(`/proc/${pid}/exe`).endsWith('sleep') ? 1 : 0;
    } catch {
      // It has ended.
    }
  }
  return count;
}

/** What builds left in their folder: files, mounts, and processes that name it. */
export async function traces(folder: string): Promise<readonly string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .filter((line) => line.includes(folder));
  const processes = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
  return [...(await readdir(folder)), ...mounts, ...processes];
}
