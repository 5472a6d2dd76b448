/** What the fake forge does with its real repositories: branches, trees and commits, by git itself. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitServer } from '../../../packages/scaffolder/src/git/http-backend.fixture.ts';

export interface FileAction {
  readonly action: string;
  readonly file_path: string;
  readonly content?: string;
  readonly execute_filemode?: boolean;
}

export interface Refused {
  readonly refused: string;
}

export interface BranchInfo {
  readonly name: string;
  readonly commit: { readonly id: string; readonly message: string; readonly parent_ids: readonly string[] };
}

export async function branchInfo(git: GitServer, name: string, branch: string): Promise<BranchInfo | null> {
  const id = await git.git(name, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).catch(() => '');
  if (id === '') return null;
  const shown = await git.git(name, 'show', '--no-patch', '--format=%P%x00%B', id);
  const [parents = '', message = ''] = shown.split('\0');
  return {
    name: branch,
    commit: { id, message, parent_ids: parents.split(' ').filter((hash) => hash !== '') },
  };
}

export async function tree(
  git: GitServer,
  name: string,
  ref: string,
  path: string,
): Promise<object[] | null> {
  const listed = await git
    .git(name, 'ls-tree', '-r', '-t', ref, ...(path === '' ? [] : ['--', `${path}/`]))
    .catch(() => null);
  if (listed === null || listed === '') return null;
  return listed.split('\n').flatMap((line) => {
    const [, mode, type, id, file] = /^(\d+) (\w+) (\w+)\t(.*)$/.exec(line) ?? [];
    return [{ id, name: file?.split('/').at(-1), type, path: file, mode }];
  });
}

/** As the commits API: all actions or none. */
export async function commit(
  git: GitServer,
  name: string,
  change: { readonly branch: string; readonly message: string; readonly actions: readonly FileAction[] },
): Promise<string | Refused> {
  const { branch, message, actions } = change;
  const head = (await branchInfo(git, name, branch))?.commit.id ?? null;
  await git.git(name, 'read-tree', head ?? '--empty');
  for (const { action, file_path: path, content = '', execute_filemode: executable } of actions) {
    const staged = await git.git(name, 'ls-files', '--stage', '--', path).catch(() => '');
    const [, hash] = staged.split(/\s/);
    if (action === 'create' && staged !== '') return { refused: 'A file with this name already exists' };
    if (action !== 'create' && staged === '') return { refused: "A file with this name doesn't exist" };
    if (action === 'delete') {
      await git.git(name, '--work-tree=.', 'update-index', '--force-remove', path);
      continue;
    }
    const mode = executable === true ? '100755' : '100644';
    const blob = action === 'chmod' ? (hash ?? '') : await store(git, name, content);
    const kept = action === 'update' ? staged.slice(0, 6) : mode;
    await git.git(name, 'update-index', '--add', '--cacheinfo', `${kept},${blob},${path}`);
  }
  const root = await git.git(name, 'write-tree');
  const id = await git.git(name, 'commit-tree', root, ...(head === null ? [] : ['-p', head]), '-m', message);
  await git.git(name, 'update-ref', `refs/heads/${branch}`, id);
  return id;
}

async function store(git: GitServer, name: string, base64: string): Promise<string> {
  const file = join(git.folder, `blob-${randomUUID()}`);
  await writeFile(file, Buffer.from(base64, 'base64'));
  return git.git(name, 'hash-object', '-w', '--no-filters', file);
}
