/**
 * A `docker` program for tests that answers as one recorded with Docker 20.10 did, or as a test says, and notes how it
 * was called. It is a script in a folder of its own, so that the engine runs it as it runs the real one.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DockerAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** Is killed once it has written, as by a machine without memory. */
  readonly dies?: boolean;
  /** Never ends by itself. */
  readonly hangs?: boolean;
}

/** By the first word of a call; the last answer serves for all calls after it. */
export type DockerAnswers = Readonly<Record<string, readonly DockerAnswer[]>>;

export interface FakeDocker extends AsyncDisposable {
  readonly program: string;
  /** The argument vectors so far, without the program. */
  calls(): Promise<readonly (readonly string[])[]>;
  /** What `docker load` was given. */
  loaded(): Promise<Buffer>;
  /** What `docker save` writes; a part of it when it says so. */
  saves(archive: Buffer): Promise<void>;
}

const PID = 4242;
const RECORDED: DockerAnswers = {
  version: [{ stdout: 'linux\n' }],
  load: [{ stdout: 'Loaded image: callboard-build:one\n' }],
  create: [{ stdout: `${'7'.repeat(64)}\n` }],
  inspect: [{ stdout: `${PID}\n` }],
  top: [{ stdout: `PID\n${PID}\n` }],
  commit: [{ stdout: `sha256:${'4'.repeat(64)}\n` }],
};

const SCRIPT = `
const fs = require('node:fs');
const path = (name) => require('node:path').join(__dirname, name);
const argv = process.argv.slice(2);
const [verb] = argv[0] === '--host' ? argv.slice(2) : argv;
const before = fs.existsSync(path('calls')) ? fs.readFileSync(path('calls'), 'utf8').trim().split('\\n') : [];
const nth = before.filter((line) => JSON.parse(line).includes(verb)).length;
fs.appendFileSync(path('calls'), JSON.stringify(argv) + '\\n');
const answers = JSON.parse(fs.readFileSync(path('answers'), 'utf8'))[verb] ?? [{}];
const { stdout = '', stderr = '', exitCode = 0, dies = false, hangs = false } = answers[nth] ?? answers.at(-1);
if (verb === 'load' && exitCode === 0) fs.writeFileSync(path('loaded'), fs.readFileSync(0));
fs.writeSync(2, stderr);
if (verb === 'save' && exitCode === 0) fs.writeSync(1, fs.readFileSync(path('saved')));
fs.writeSync(1, stdout);
if (dies) process.kill(process.pid, 'SIGKILL');
if (hangs) setInterval(() => {}, 1000);
else process.exitCode = exitCode;
`;

export async function fakeDocker(answers: DockerAnswers = {}): Promise<FakeDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-docker-'));
  const program = join(folder, 'docker');
  await writeFile(join(folder, 'answers'), JSON.stringify({ ...RECORDED, ...answers }));
  await writeFile(join(folder, 'script.cjs'), SCRIPT);
  await writeFile(join(folder, 'saved'), '');
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'script.cjs')}" "$@"\n`);
  await chmod(program, 0o755);
  return {
    program,
    async calls() {
      const lines = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
      return lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line): string[] => JSON.parse(line));
    },
    loaded: () => readFile(join(folder, 'loaded')),
    saves: (archive) => writeFile(join(folder, 'saved'), archive),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
