/** Every engine that this machine has, over a real registry; that they make the same files; and what only ours has to do. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareBase } from '../../real/base.fixture.ts';
import { installPrograms, runProgram, temporaryFolder } from '../../real/machine.fixture.ts';
import { pushRoot, startRegistry as startRegistryIn } from '../../real/registry.fixture.ts';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createRegistryClient } from '../image/registry.ts';
import { createBuildahEngine } from './buildah-engine.ts';
import { CHANGES, pushBase } from './changes.fixture.ts';
import { createDockerEngine } from './docker-engine.ts';
import type { BuildEngine } from './engine.ts';
import { commitTarget, engineContract, sessionOptions, shell, traces } from './engine.contract.ts';
import { fileList } from './file-list.fixture.ts';
import { HERE } from './image.fixture.ts';
import type { Measured } from './memory.fixture.ts';
import { createNodeEngine } from './node-engine.ts';
import { startRegistry, type TestRegistry } from './registry.fixture.ts';

const host = process.env['DOCKER_HOST'];
const ENGINES: readonly (readonly [string, (client: RegistryClient, workFolder: string) => BuildEngine])[] = [
  ['node', (client, workFolder) => createNodeEngine(client, { workFolder })],
  ['buildah', (client, workFolder) => createBuildahEngine(client, { workFolder })],
  [
    'docker',
    (client, workFolder) =>
      createDockerEngine(client, host === undefined ? { workFolder } : { workFolder, host }),
  ],
];

for (const [name, create] of ENGINES) {
  engineContract({ name, create });
}

describe('the engines together', () => {
  let registry: TestRegistry;
  let folder: string;
  let base: ImageAt;
  before(async () => {
    registry = await startRegistry();
    folder = await mkdtemp(join(tmpdir(), 'callboard-engines-'));
    base = await pushBase(registry);
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function patched(engine: BuildEngine): Promise<ImageAt> {
    await using session = await engine.open(base, sessionOptions());
    assert.equal((await session.run(shell(CHANGES))).exitCode, 0);
    return await session.commit(commitTarget(base));
  }

  it('make the same files of the same commands', async (t) => {
    const lists = new Map<string, ReadonlyMap<string, string>>();
    for (const [name, create] of ENGINES) {
      const engine = create(registry.client, folder);
      const why = await engine.unavailable();
      if (why === null) {
        lists.set(name, await fileList(registry.client, await patched(engine)));
      } else {
        t.diagnostic(`${name} is passed over: ${why}`);
      }
    }
    const [first] = lists.values();
    for (const [name, list] of lists) {
      assert.deepEqual(list, first, name);
    }
    t.diagnostic(`${[...lists.keys()].join(', ')}: ${first?.size ?? 0} files`);
  });

  it('node makes the same layer, byte for byte, of the same changes', async (t) => {
    const engine = createNodeEngine(registry.client, { workFolder: folder });
    const why = await engine.unavailable();
    if (why !== null) return t.skip(why);
    const at = '-d 2001-01-01';
    const script = `cd /data; echo x > b; echo y > a; rm kept; touch ${at} a b .`;
    const made: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await using session = await engine.open(base, sessionOptions());
      await session.run(shell(script));
      made.push((await session.commit(commitTarget(base))).digest);
    }
    assert.equal(made[0], made[1]);
  });

  it('node unpacks a base once for all that are open on it, and lets none see what another one does', async (t) => {
    const engine = createNodeEngine(registry.client, { workFolder: folder });
    const why = await engine.unavailable();
    if (why !== null) return t.skip(why);
    const lines: string[] = [];
    const options = sessionOptions({ log: (line) => lines.push(line) });
    const unpacked = (): number => lines.filter((line) => line.startsWith('unpacked')).length;
    const held = await engine.hold?.(base, options);
    for (let round = 0; round < 2; round += 1) {
      await using session = await engine.open(base, options);
      assert.equal((await session.run(shell('test ! -e /data/mine && echo 1 > /data/mine'))).exitCode, 0);
    }
    assert.equal(unpacked(), 1);
    const one = await engine.open(base, options);
    await held?.[Symbol.asyncDispose]();
    const two = await engine.open(base, options);
    await one[Symbol.asyncDispose]();
    assert.equal((await two.run(shell('test ! -e /data/mine && ls /data/kept'))).exitCode, 0);
    assert.equal(unpacked(), 1);
    // Other limits look at it anew.
    const limits = { ...options.limits, entries: 10 };
    await assert.rejects(engine.open(base, { ...options, limits }), {
      code: 'images/layer-too-many-entries',
    });
    await two[Symbol.asyncDispose]();
    assert.deepEqual(await traces(folder), []);
    await using three = await engine.open(base, options);
    assert.equal((await three.run(shell('true'))).exitCode, 0);
    assert.equal(unpacked(), 2);
  });

  for (const [name] of ENGINES.slice(0, 2)) {
    it(`${name} leaves nothing behind when its process is killed`, async (t) => {
      const engine = ENGINES.find(([other]) => other === name)?.[1](registry.client, folder);
      const why = (await engine?.unavailable()) ?? null;
      if (why !== null) return t.skip(why);
      const child = spawn(process.execPath, [...SCRIPT, KILLED], {
        cwd: import.meta.dirname,
        env: { ...process.env, BASE: JSON.stringify(base), FOLDER: folder, ENGINE: name },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      assert.notDeepEqual(await traces(folder), []);
      child.kill('SIGKILL');
      for (let tried = 0; tried < 200 && (await traces(folder)).length > 0; tried += 1) {
        await sleep(50);
      }
      assert.deepEqual(await traces(folder), []);
      assert.equal(execFileSync('ps', ['-eo', 'args']).toString().includes('sleep 98765'), false);
    });
  }

  it('node names a full disk, and cleans up on it', async (t) => {
    const engine = createNodeEngine(registry.client, { workFolder: folder });
    const why = await engine.unavailable();
    if (why !== null) return t.skip(why);
    const small = await mkdtemp(join(tmpdir(), 'callboard-small-'));
    for (const size of ['1m', '6m']) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'callboard-small', small]);
      try {
        await mkdir(join(small, 'work'));
        const cramped = createNodeEngine(registry.client, { workFolder: join(small, 'work') });
        await assert.rejects(cramped.open(base, sessionOptions()), { code: 'images/build-disk-full' });
        assert.deepEqual(await readdir(join(small, 'work')), []);
      } finally {
        execFileSync('umount', [small]);
      }
    }
    await rm(small, { recursive: true });
  });
});

const MB = 1024 * 1024;
const FILES = 26;
const FILE_BYTES = 10 * MB;

describe('patching and proving a large image', () => {
  it('needs at most 300 MB of memory for 300 MB of packed layers', { timeout: 300_000 }, async (test) => {
    const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
    const why =
      (await installPrograms(['mmdebstrap', 'docker-registry', 'tar'])) ??
      (await createNodeEngine(client).unavailable());
    if (why !== null) return test.skip(why);
    await using folder = await temporaryFolder('memory');
    await using registry = await startRegistryIn(join(folder.path, 'registry'));
    const root = await prepareBase({ folder: folder.path });
    // What does not pack, so that the image is as large on the way as it is in the end.
    await mkdir(join(folder.path, 'files/data'), { recursive: true });
    for (let at = 0; at < FILES; at += 1) {
      await writeFile(join(folder.path, `files/data/file-${at}`), randomBytes(FILE_BYTES));
    }
    const files = join(folder.path, 'files.tar');
    await runProgram(['tar', '-cf', files, '-C', join(folder.path, 'files'), 'data']);
    const where = { host: registry.host, repository: 'golden/large', tag: '1' };
    const base = await pushRoot({ ...where, tars: [root.tar, files], folder: folder.path });
    const { manifest } = await client.image({ ...base, reference: base.digest }, HERE);
    const packed = manifest.layers.reduce((sum, { size }) => sum + size, 0);
    assert.ok(packed >= 300 * MB, `${packed}`);
    const script = join(import.meta.dirname, 'memory.fixture.ts');
    // As the command runs: see its first line.
    const flags = ['--max-semi-space-size=4', '--disable-warning=ExperimentalWarning'];
    const output = await runProgram([process.execPath, ...flags, script], {
      env: { ...process.env, BASE: JSON.stringify(base), FOLDER: folder.path },
    });
    const measured: Measured = JSON.parse(output);
    test.diagnostic(
      `${Math.round(packed / MB)} MB packed, new layer ${Math.round(measured.layerBytes / MB)} MB; resident at most: ` +
        `${Math.round(measured.patched / 1024)} MB patching, ${Math.round(measured.proved / 1024)} MB with proving`,
    );
    assert.ok(measured.files > 5_000, output);
    assert.ok(measured.layerBytes > 100 * MB, output);
    assert.ok(measured.patched <= 300 * 1024, output);
    assert.ok(measured.proved <= 300 * 1024, output);
  });
});

const SCRIPT = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e'];

/** A process that has a session with a command running in it, and says so. */
const KILLED = `
import { createBuildahEngine } from './buildah-engine.ts';
import { sessionOptions, shell } from './engine.contract.ts';
import { HERE } from './image.fixture.ts';
import type { Measured } from './memory.fixture.ts';
import { createNodeEngine } from './node-engine.ts';
import { createRegistryClient } from '../image/registry.ts';
const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
const create = process.env.ENGINE === 'node' ? createNodeEngine : createBuildahEngine;
const engine = create(client, { workFolder: process.env.FOLDER });
const options = { ...sessionOptions(), log: (line) => line === 'running' && console.log(line) };
const session = await engine.open(JSON.parse(process.env.BASE), options);
await session.run(shell('echo running; sleep 98765'));
`;
