/** Where a repository on disk comes from. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '@callboard/kernel';

const execute = promisify(execFile);

/** The addresses of its remotes; none for what is no repository, or without git. */
export async function readRemotes(folder: string, env: Environment): Promise<readonly string[]> {
  const args = ['-C', folder, 'config', '--get-regexp', String.raw`^remote\..*\.url$`];
  const { PATH, HOME } = env;
  const { stdout } = await execute('git', args, { env: { PATH, HOME } }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const address = line.slice(line.indexOf(' ') + 1).trim();
    return address === '' ? [] : [address];
  });
}
