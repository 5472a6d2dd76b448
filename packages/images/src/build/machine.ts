/** What this machine can do for a build, said in words for people. */
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '@callboard/kernel';
import { plainEnv, runProgram } from './program.ts';

/** Why programs of this machine cannot be run as root here; null when they can. */
export async function whyNoRoot(programs: readonly string[]): Promise<string | null> {
  if (process.platform !== 'linux') {
    return `It needs Linux; this is ${process.platform}.`;
  }
  if (process.getuid?.() !== 0) {
    return 'It needs to run as root: it mounts file systems, and keeps the owners of files.';
  }
  for (const program of programs) {
    if (!(await isInstalled(program))) {
      return `It needs the program ${program}, which is not installed.`;
    }
  }
  return null;
}

async function isInstalled(program: string): Promise<boolean> {
  for (const folder of (plainEnv()['PATH'] ?? '').split(':')) {
    try {
      await access(resolve(folder, program), constants.X_OK);
      return true;
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return false;
}

/** Null when `tar` is the one that keeps extended attributes and sorts names. */
export async function whyNoGnuTar(): Promise<string | null> {
  try {
    const { stdout } = await runProgram({ argv: ['tar', '--version'], timeout: 10_000 });
    return stdout.includes('GNU tar') ? null : 'It needs GNU tar; the tar here is another one.';
  } catch (error) {
    return `It needs GNU tar: ${messageOf(error)}`;
  }
}
