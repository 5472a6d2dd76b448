import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { startTestRegistry, type TestRegistry } from '../image/registry.fixture.ts';
import { createRegistryClient } from '../image/registry.ts';
import { readTar } from '../image/read-tar.ts';
import { once, tarOf } from '../image/tar.fixture.ts';
import { whyNoDaemon } from './docker-container.ts';
import { createDockerEngine } from './docker-engine.ts';
import { fakeDocker, type DockerAnswers, type FakeDocker } from './docker.fixture.ts';
import type { BuildEngine, BuildSession } from './engine.ts';
import { commitTarget, sessionOptions, shell } from './engine.contract.ts';
import { fileList } from './file-list.fixture.ts';
import { pushImage } from './image.fixture.ts';

const GONE =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';
const CUT = 'error during connect: Post "http://docker/v1.41/exec": EOF\n';

const LAYER = tarOf([
  { path: 'data', kind: 'folder' },
  { path: 'data/.wh.old' },
  { path: 'data/new', content: 'new' },
  { path: 'etc', kind: 'folder' },
  { path: 'etc/hosts' },
  { path: '.dockerenv' },
]);

/** As Docker saves a container in which `data/new` was made and `data/old` removed. */
function savedWith(layer: Buffer): Buffer {
  return tarOf([
    { path: 'top/layer.tar', content: layer },
    { path: 'manifest.json', content: '[{"Layers":["base/layer.tar","top/layer.tar"]}]' },
  ]);
}
const SAVED = savedWith(LAYER);

let registry: TestRegistry;
let client: RegistryClient;
let base: ImageAt;
let work: string;
before(async () => {
  registry = await startTestRegistry();
  client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
  const layer = tarOf([
    { path: 'data', kind: 'folder' },
    { path: 'data/old', content: 'old' },
  ]);
  base = await pushImage(client, { registry: registry.host, repository: 'golden' }, { layers: [layer] });
});
after(() => registry[Symbol.asyncDispose]());
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'callboard-work-'));
});
afterEach(async () => {
  assert.deepEqual(await readdir(work), [], 'a session left its folder');
  await rm(work, { recursive: true });
});

interface Setup extends AsyncDisposable {
  readonly docker: FakeDocker;
  readonly engine: BuildEngine;
}

async function setup(answers: DockerAnswers = {}): Promise<Setup> {
  const docker = await fakeDocker(answers);
  await docker.saves(SAVED);
  const options = { workFolder: work, program: docker.program, host: 'unix:///d.sock', answerTime: 5_000 };
  const engine = createDockerEngine(client, options);
  return { docker, engine, [Symbol.asyncDispose]: () => docker[Symbol.asyncDispose]() };
}

/** The words after `--host …` of each call, with the name of the session as `NAME`. */
async function asked(docker: FakeDocker, name: string): Promise<readonly string[]> {
  return (await docker.calls()).map((argv) => {
    assert.deepEqual(argv.slice(0, 2), ['--host', 'unix:///d.sock']);
    return argv.slice(2).join(' ').replaceAll(join(work, name), 'WORK').replaceAll(name, 'NAME');
  });
}

async function verbs(docker: FakeDocker): Promise<readonly string[]> {
  return (await docker.calls()).map((argv) => argv[2] ?? '');
}

describe('createDockerEngine', () => {
  it('has the daemon do every step, and takes away what it made', async () => {
    await using fake = await setup({ top: [{ stdout: 'PID\n4242\n4299\n' }, { stdout: 'PID\n4242\n' }] });
    let name: string;
    {
      await using session = await fake.engine.open(base, sessionOptions());
      name = basename((await readdir(work))[0] ?? '');
      assert.equal(session.root, '/proc/4242/root');
      await session.run({ ...shell('echo "$A"'), env: { A: 'b c' }, input: 'in' });
      await session.run(shell('true'));
      const made = await session.commit(commitTarget(base));
      assert.deepEqual([...(await fileList(client, made)).keys()], ['data', 'data/new']);
    }
    const env = '--env PATH=/usr/sbin:/usr/bin:/sbin:/bin --env HOME=/root --env LC_ALL=C';
    const caps =
      'CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT';
    const grants = caps.split(' ').map((cap) => `--cap-add ${cap}`);
    const restarted = ['restart -t 0 NAME', 'inspect --format {{.State.Pid}} NAME'];
    assert.deepEqual(await asked(fake.docker, name), [
      'load --quiet',
      `create --name NAME --network host --user 0:0 --workdir / --cap-drop ALL ${grants.join(' ')} ` +
        '--tmpfs /run:mode=755 --tmpfs /tmp:mode=1777 --volume WORK/files:/run/callboard:ro ' +
        '--entrypoint sleep callboard-build:NAME 2147483647',
      ...restarted,
      `exec --interactive ${env} --env A=b c NAME /bin/sh -c echo "$A"`,
      'top NAME -o pid',
      // Something was left running.
      ...restarted,
      `exec --interactive ${env} NAME /bin/sh -c true`,
      'top NAME -o pid',
      'commit NAME callboard-build:NAME-made',
      'save callboard-build:NAME-made',
      'rmi callboard-build:NAME-made',
      'rm --force NAME',
      'rm --force NAME',
      'rmi --force callboard-build:NAME-made callboard-build:NAME',
    ]);
    const names: string[] = [];
    for await (const { header } of readTar(once(await fake.docker.loaded()))) names.push(header.path);
    assert.match(names.join(' '), /^[0-9a-f]{64}\.json manifest\.json 0-[0-9a-f]{64}\/layer\.tar$/);
  });

  it('reads a packed layer, as Docker saves it from the store of containerd', async () => {
    await using fake = await setup();
    await fake.docker.saves(savedWith(gzipSync(LAYER)));
    await using session = await fake.engine.open(base, sessionOptions());
    const files = await fileList(client, await session.commit(commitTarget(base)));
    assert.deepEqual([...files.keys()], ['data', 'data/new']);
  });

  it('gives a command its exit code and outputs', async () => {
    await using fake = await setup({ exec: [{ stdout: 'out\n', stderr: 'err\n', exitCode: 3 }] });
    await using session = await fake.engine.open(base, sessionOptions());
    const { exitCode, stdout, stderr } = await session.run(shell('exit 3'));
    assert.deepEqual([exitCode, stdout, stderr], [3, 'out\n', 'err\n']);
  });

  const refusals: readonly (readonly [string, DockerAnswers, string, RegExp])[] = [
    ['is gone', { load: [{ stderr: GONE, exitCode: 1 }] }, 'images/build-failed', /Cannot connect/],
    [
      'has no room',
      { load: [{ stderr: 'ApplyLayer exit status 1: write /x: no space left on device\n', exitCode: 1 }] },
      'images/build-disk-full',
      /no space left/,
    ],
    [
      'does not make the container',
      { create: [{ stderr: 'Error response from daemon: authorization denied by plugin\n', exitCode: 1 }] },
      'images/build-failed',
      /authorization denied/,
    ],
    [
      'cannot start `sleep`',
      { restart: [{ stderr: 'exec: "sleep": executable file not found in $PATH: unknown\n', exitCode: 1 }] },
      'images/build-failed',
      /"sleep": executable file not found/,
    ],
    ['dies while it loads', { load: [{ dies: true }] }, 'images/build-failed', /killed/],
  ];
  for (const [what, answers, code, message] of refusals) {
    it(`names it when the daemon ${what}, and leaves nothing`, async () => {
      await using fake = await setup(answers);
      await assert.rejects(fake.engine.open(base, sessionOptions()), { code, message });
      assert.deepEqual((await verbs(fake.docker)).slice(-2), ['rm', 'rmi']);
    });
  }

  it('takes no exit code for that of a command once the daemon or the container is gone', async () => {
    for (const stderr of [GONE, 'Error response from daemon: Container one is not running\n']) {
      const answers = { exec: [{ stderr: CUT, exitCode: 1 }], top: [{ stderr, exitCode: 1 }] };
      await using fake = await setup(answers);
      await using session = await fake.engine.open(base, sessionOptions());
      await assert.rejects(session.run(shell('true')), { code: 'images/build-failed' });
    }
  });

  it('says so when the daemon dies half-way through an image, and can try again', async () => {
    await using fake = await setup({ save: [{ dies: true }, {}] });
    await using session = await fake.engine.open(base, sessionOptions());
    await fake.docker.saves(SAVED.subarray(0, 700));
    await assert.rejects(session.commit(commitTarget(base)), {
      code: 'images/build-failed',
      message: /exit code null/,
    });
    await assert.rejects(session.commit(commitTarget(base)), {
      code: 'images/build-failed',
      message: /cannot be read/,
    });
    await fake.docker.saves(SAVED);
    assert.ok((await fileList(client, await session.commit(commitTarget(base)))).has('data/new'));
  });

  it('starts the container anew when a command takes too long', async () => {
    await using fake = await setup({ exec: [{ hangs: true }, {}] });
    await using session = await fake.engine.open(base, sessionOptions());
    await assert.rejects(session.run({ ...shell('hang'), timeout: 200 }), { code: 'images/build-timeout' });
    assert.equal((await session.run(shell('true'))).exitCode, 0);
    assert.equal((await verbs(fake.docker)).filter((verb) => verb === 'restart').length, 2);
  });

  it('does not wait for a daemon that hangs', async () => {
    await using docker = await fakeDocker({ restart: [{ hangs: true }], rm: [{ hangs: true }] });
    const engine = createDockerEngine(client, { workFolder: work, program: docker.program, answerTime: 300 });
    await assert.rejects(engine.open(base, sessionOptions()), { code: 'images/build-timeout' });
  });

  for (const verb of ['load', 'commit', 'save']) {
    it(`stops in the middle of docker ${verb}`, async () => {
      await using fake = await setup({ [verb]: [{ hangs: true }] });
      const stop = new AbortController();
      const waiting = (async () => {
        while (!(await verbs(fake.docker)).includes(verb)) await new Promise((done) => setTimeout(done, 20));
        stop.abort();
      })();
      const build = async (): Promise<void> => {
        await using session: BuildSession = await fake.engine.open(
          base,
          sessionOptions({ signal: stop.signal }),
        );
        await session.commit(commitTarget(base));
      };
      await assert.rejects(build(), { code: 'images/build-stopped' });
      await waiting;
    });
  }

  it('can be disposed of when the daemon is gone', async () => {
    await using fake = await setup({
      rm: [{ stderr: GONE, exitCode: 1 }],
      rmi: [{ stderr: GONE, exitCode: 1 }],
    });
    const session = await fake.engine.open(base, sessionOptions());
    await session[Symbol.asyncDispose]();
    await assert.rejects(session.run(shell('true')), { code: 'images/build-closed' });
  });
});

describe('whyNoDaemon', () => {
  const why = async (answers: DockerAnswers): Promise<string | null> => {
    await using docker = await fakeDocker(answers);
    return await whyNoDaemon({ call: [docker.program], answerTime: 5_000 });
  };

  it('is null when a daemon answers that has containers of Linux', async () => {
    assert.equal(await why({}), null);
  });

  it('repeats what the command line says, and refuses other containers', async () => {
    assert.match(
      (await why({ version: [{ stderr: GONE, exitCode: 1 }] })) ?? '',
      /Is the docker daemon running/,
    );
    assert.match((await why({ version: [{ stdout: 'windows\n' }] })) ?? '', /"windows", not of Linux/);
  });

  it('rejects when there is no such program', async () => {
    const docker = { call: ['/no/such/docker'], answerTime: 5_000 } as const;
    await assert.rejects(whyNoDaemon(docker), { code: 'images/build-failed' });
  });
});
