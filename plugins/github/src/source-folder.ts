/** The folder of the workspace that a step publishes: never one outside of it, by name or by link. */
import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { githubError } from './errors.ts';

/** @throws CodedError `scaffolder/outside-workspace`, `scaffolder/no-such-file` */
export async function sourceFolder(workspacePath: string, sourcePath: string | undefined): Promise<string> {
  const root = await realpath(workspacePath);
  const shown = sourcePath ?? '.';
  const folder = await realpath(join(root, shown)).catch(() => null);
  const isOutside = (path: string): boolean => path !== root && !path.startsWith(`${root}${sep}`);
  if (isOutside(join(root, shown, '.')) || (folder !== null && isOutside(folder))) {
    const message = `The path "${shown}" leads out of the workspace. Name a folder inside it.`;
    throw githubError('scaffolder/outside-workspace', message);
  }
  if (folder !== null) return folder;
  const message = `There is no "${shown}" in the workspace. Name a folder that an earlier step made.`;
  throw githubError('scaffolder/no-such-file', message);
}
