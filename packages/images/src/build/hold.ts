/**
 * Namespaces that live as long as a session: a shell that mounts, says that it is ready, and waits for the end of its
 * input. It is the first process of its PID namespace, so the kernel ends all that runs in it, and drops all mounts,
 * when it ends: by disposal, or because this process was killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildError, namedFailure } from './errors.ts';
import { mustRun, plainEnv, runProgram } from './program.ts';

export interface Holder extends AsyncDisposable {
  /** Of the shell, as this process sees it. */
  readonly pid: number;
  /** Lines of the set-up script that began with `note `. */
  readonly notes: readonly string[];
  /** Ends all that runs in the namespaces but the shell. */
  killAll(): Promise<void>;
}

// `/proc` is still that of this process here, so the number is the one that `nsenter` needs.
const SAY_PID = 'read -r pid rest < /proc/self/stat; echo "pid $pid"';
// Processes without a parent become children of the shell: at each line it starts one more, and waits for them all.
const WAIT = 'while read -r line; do ( : ); done';
// From inside the namespace, -1 is everything but its first process and the one that asks. Fails when there is nothing.
const KILL_ALL = 'kill -9 -1 2>/dev/null';
/** How often, and how many milliseconds apart, it is looked whether all has ended. */
const KILL_TRIES = 200;
const KILL_PAUSE = 15;

/**
 * Lines for a set-up script: a `/dev` with what programs need to run, and no way to the hardware. Those of this machine
 * are never shown: who is root could read its disks through them.
 */
export function devicesScript(folder: string): string {
  return `mount -n -t tmpfs -o mode=755,size=64m,nosuid,noexec callboard ${folder}
mknod -m 666 ${folder}/null c 1 3; mknod -m 666 ${folder}/zero c 1 5; mknod -m 666 ${folder}/full c 1 7
mknod -m 666 ${folder}/random c 1 8; mknod -m 666 ${folder}/urandom c 1 9
mkdir -m 1777 ${folder}/shm
ln -s /proc/self/fd ${folder}/fd; ln -s fd/0 ${folder}/stdin; ln -s fd/1 ${folder}/stdout; ln -s fd/2 ${folder}/stderr`;
}

/**
 * Runs the script with own mount, PID, IPC and UTS namespaces and its arguments as `$1`…; rejects with
 * `images/build-failed` when it fails. It may end with `pivot_root`: nothing but built-in commands follow it.
 */
export async function hold(options: {
  readonly script: string;
  readonly args: readonly string[];
}): Promise<Holder> {
  const script = `set -eu\n${SAY_PID}\n${options.script}\necho ready\n${WAIT}\n`;
  const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  const child = spawn('unshare', [...namespaces, '--', '/bin/sh', '-c', script, 'hold', ...options.args], {
    env: plainEnv(),
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => {});
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2000);
  });
  const closed = once(child, 'close');
  closed.catch(() => {});
  const notes: string[] = [];
  let pid: number | null = null;
  let ready = false;
  child.once('error', (error) => {
    said = error.message;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('pid ')) {
      pid = Number(line.slice(4));
    }
    if (line.startsWith('note ')) {
      notes.push(line.slice(5));
    }
    if (line === 'ready') {
      ready = true;
      break;
    }
  }
  const end = async () => {
    child.stdin.end();
    child.kill('SIGKILL');
    await closed;
  };
  if (!ready || pid === null) {
    await end();
    throw namedFailure(new Error(said.trim()), 'The namespaces of a build cannot be set up');
  }
  const target = pid;
  child.unref();
  return {
    pid: target,
    notes,
    async killAll() {
      const argv = ['nsenter', '--target', String(target), '--pid', '--', '/bin/sh', '-c', KILL_ALL];
      for (let tried = 0; tried < KILL_TRIES; tried += 1) {
        const { exitCode } = await runProgram({ argv });
        if (exitCode !== 0) {
          return;
        }
        child.stdin.write('\n');
        await sleep(KILL_PAUSE);
      }
      throw buildError('images/build-failed', 'What a build started cannot be ended.');
    },
    async [Symbol.asyncDispose]() {
      child.ref();
      await end();
    },
  };
}

/** Lets go of the file system of this machine that `pivot_root` left at a path of the held root. */
export async function dropOldRoot(holder: Holder, path: string): Promise<void> {
  const old = `/proc/${holder.pid}/root${path}`;
  // The new root has no program for this, perhaps; so this one keeps the root of the machine in the other namespace.
  await mustRun({
    argv: [
      'nsenter',
      '--target',
      String(holder.pid),
      '--mount',
      '--root=/',
      '--',
      'umount',
      '-n',
      '-c',
      '-l',
      old,
    ],
  }).catch((error: unknown) => {
    throw buildError('images/build-failed', 'The files of this machine cannot be taken out of a build.', {
      cause: error,
    });
  });
}
