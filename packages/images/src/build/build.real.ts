/** Every engine that this machine has, over a real registry; that they make the same files; and what only ours has to do. */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createBuildahEngine } from './buildah-engine.ts';
import { CHANGES, pushBase } from './changes.fixture.ts';
import { createDockerEngine } from './docker-engine.ts';
import type { BuildEngine } from './engine.ts';
import { commitTarget, engineContract, sessionOptions, shell, traces } from './engine.contract.ts';
import { fileList } from './file-list.fixture.ts';
import { pushImage, tarOf } from './image.fixture.ts';
import { machineRoot } from './machine-root.fixture.ts';
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

  it('node needs at most 300 MB to change an image of 300 MB', async (t) => {
    const why = await createNodeEngine(registry.client, { workFolder: folder }).unavailable();
    if (why !== null) return t.skip(why);
    const content = randomBytes(10_000_000);
    const files = Array.from({ length: 30 }, (_, at) => ({ path: `data/file-${at}`, content }));
    const large = await pushImage(registry.client, base, { layers: [tarOf(machineRoot()), tarOf(files)] });
    const { stdout } = await promisify(execFile)(process.execPath, [...SCRIPT, MEASURED], {
      cwd: import.meta.dirname,
      env: { ...process.env, BASE: JSON.stringify(large), FOLDER: folder },
    });
    const [kilobytes, layerBytes] = stdout.trim().split(' ').map(Number);
    assert.ok((layerBytes ?? 0) > 100_000_000, stdout);
    assert.ok((kilobytes ?? Infinity) < 300 * 1024, stdout);
    t.diagnostic(`${Math.round((kilobytes ?? 0) / 1024)} MB resident at most`);
  });

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

const SCRIPT = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e'];

/** A process that has a session with a command running in it, and says so. */
const KILLED = `
import { createBuildahEngine } from './buildah-engine.ts';
import { sessionOptions, shell } from './engine.contract.ts';
import { createNodeEngine } from './node-engine.ts';
import { createRegistryClient } from '../image/registry.ts';
const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
const create = process.env.ENGINE === 'node' ? createNodeEngine : createBuildahEngine;
const engine = create(client, { workFolder: process.env.FOLDER });
const options = { ...sessionOptions(), log: (line) => line === 'running' && console.log(line) };
const session = await engine.open(JSON.parse(process.env.BASE), options);
await session.run(shell('echo running; sleep 98765'));
`;

/** A process that changes a third of a large image, and says how much memory it had at most, and how large the layer is. */
const MEASURED = `
import { readFileSync } from 'node:fs';
import { commitTarget, sessionOptions, shell } from './engine.contract.ts';
import { createNodeEngine } from './node-engine.ts';
import { createRegistryClient } from '../image/registry.ts';
const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
const base = JSON.parse(process.env.BASE);
await using session = await createNodeEngine(client, { workFolder: process.env.FOLDER }).open(base, sessionOptions());
await session.run(shell('cd /data; for n in 0 1 2 3 4 5 6 7 8 9 10 11; do echo x >> file-$n; done'));
const made = await session.commit(commitTarget(base));
console.log(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1], made.layerBytes);
`;
