/** A folder on this machine that is gone once the build is over, also when this process is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildError, namedFailure } from './errors.ts';
import { plainEnv } from './program.ts';

export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
}

// Its input ends when this process does, however it ends. Removing is tried again, as a program may still be writing.
const JANITOR = `cat >/dev/null; eval "$2"; n=0
while ! rm -rf -- "$1" 2>/dev/null && [ $n -lt 20 ]; do n=$((n + 1)); sleep 0.5; done`;

/**
 * Made in `parent`, for the own user only. `farewell`: lines for the shell that end what works for the folder elsewhere,
 * as a daemon does; the folder is their `$1`.
 */
export async function makeWorkFolder(parent: string, farewell = ':'): Promise<WorkFolder> {
  let path: string;
  try {
    path = await mkdtemp(join(parent, 'callboard-build-'));
  } catch (error) {
    throw namedFailure(error, `A folder for the build cannot be made in ${parent}`);
  }
  const janitor = spawn('/bin/sh', ['-c', JANITOR, 'janitor', path, farewell], {
    env: plainEnv(),
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  janitor.stdin.on('error', () => {});
  const closed = once(janitor, 'close');
  // Who waits for it learns of its failure; an unused folder must not end this process.
  closed.catch(() => {});
  janitor.unref();
  return {
    path,
    async [Symbol.asyncDispose]() {
      janitor.ref();
      janitor.stdin.end();
      await closed;
      if (await exists(path)) {
        throw buildError('images/build-failed', `The folder ${path} of a build cannot be removed.`);
      }
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
