/** Runs commands in a root folder, in a mount namespace of its own; for tests that need root and Linux. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command, CommandOutput } from './command.ts';

/** Null when all are there and we are root on Linux; else why a test cannot run. */
export async function tools(...names: readonly string[]): Promise<string | false> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  for (const name of names) {
    const isThere = await promisify(execFile)('sh', ['-c', 'command -v "$1"', 'sh', name]).then(
      () => true,
      () => false,
    );
    if (!isThere) return `needs ${name}`;
  }
  return false;
}

/** The mounts are gone with the namespace, whatever happens to the command. */
const ENTER = `set -e
mount -t proc proc "$1/proc"
mount --bind /dev/null "$1/dev/null"
root=$1
shift
exec chroot "$root" "$@"`;

export function runIn(root: string): (command: Command) => Promise<CommandOutput> {
  return async ({ argv, env, input, timeout }) => {
    const began = performance.now();
    const child = spawn(
      'unshare',
      ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh', root, ...argv],
      { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...env }, timeout },
    );
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return {
      exitCode,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
      took: performance.now() - began,
    };
  };
}
