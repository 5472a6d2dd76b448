/** Trees and commits of a session's repository, made of folders without a check-out. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodedError } from '@callboard/kernel';
import type { GitAuthor } from '@callboard/plugin';
import { mustRunGit, type GitSession } from './run-git.ts';

const NOTHING = '0'.repeat(40);

/** A file as an index has it: `<mode> <hash> <path>`. */
export interface IndexEntry {
  readonly mode: string;
  readonly hash: string;
  readonly path: string;
}

export interface FolderTree {
  readonly tree: string;
  readonly entries: readonly IndexEntry[];
}

/**
 * Stores a folder's files, but for what its `.gitignore` files name.
 * @throws CodedError `scaffolder/git-nested-repository`, `scaffolder/git-bad-path`
 */
export async function storeFolder(session: GitSession, folder: string): Promise<FolderTree> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw noFolder(folder);
  const index = { GIT_INDEX_FILE: join(session.home, 'folder.index') };
  const env = { ...index, GIT_WORK_TREE: folder };
  await mustRunGit(session, ['add', '--all'], { env, cwd: folder });
  const entries = parseStage(await mustRunGit(session, ['ls-files', '--stage', '-z'], { env, cwd: folder }));
  const nested = entries.find(({ mode }) => mode === '160000');
  if (nested !== undefined) throw nestedError(nested.path);
  const tree = await mustRunGit(session, ['write-tree'], { env: index });
  return { tree: tree.trim(), entries };
}

function parseStage(text: string): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const line of text.split('\0')) {
    const [, mode, hash, path] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? [];
    if (mode !== undefined && hash !== undefined && path !== undefined) entries.push({ mode, hash, path });
  }
  return entries;
}

export interface Overlay {
  /** The commit that it is laid on. */
  readonly onto: string;
  readonly entries: readonly IndexEntry[];
  /** Folder of the repository; empty for its root. */
  readonly targetPath: string;
  /** Files and folders of the repository. */
  readonly deletions: readonly string[];
}

/** The tree of a commit with files put over it and others taken away. */
export async function overlayTree(session: GitSession, overlay: Overlay): Promise<string> {
  const { onto, entries, targetPath, deletions } = overlay;
  const env = { GIT_INDEX_FILE: join(session.home, `${onto}.index`) };
  await mustRunGit(session, ['read-tree', onto], { env });
  const deleted =
    deletions.length === 0
      ? ''
      : await mustRunGit(session, ['ls-files', '-z', '--', ...deletions], {
          env: { ...env, GIT_WORK_TREE: session.home },
        });
  const prefix = targetPath === '' ? '' : `${targetPath}/`;
  const lines = [
    ...deleted.split('\0').flatMap((path) => (path === '' ? [] : [`0 ${NOTHING}\t${path}`])),
    ...entries.map(({ mode, hash, path }) => `${mode} ${hash}\t${prefix}${path}`),
  ];
  const input = lines.map((line) => `${line}\0`).join('');
  await mustRunGit(session, ['update-index', '--add', '--replace', '-z', '--index-info'], { env, input });
  const tree = await mustRunGit(session, ['write-tree'], { env });
  return tree.trim();
}

export interface CommitRequest {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitAuthor;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The same request gives the same hash. */
export async function writeCommit(session: GitSession, commit: CommitRequest): Promise<string> {
  const { tree, parents, author, message, at } = commit;
  const date = `@${Math.floor(at / 1_000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
  return (await mustRunGit(session, args, { env, input: message })).trim();
}

export interface CommitFacts {
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Name <address>`. */
  readonly author: string;
  readonly message: string;
}

/** Of a commit that the repository has. */
export async function readCommit(session: GitSession, hash: string): Promise<CommitFacts> {
  const text = await mustRunGit(session, ['cat-file', 'commit', hash]);
  const end = text.indexOf('\n\n');
  const head = text.slice(0, end).split('\n');
  const values = (key: string): string[] =>
    head.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const [tree = ''] = values('tree');
  const [author = ''] = values('author');
  return {
    tree,
    parents: values('parent'),
    author: author.replace(/ \d+ [+-]\d+$/, ''),
    message: text.slice(end + 2).trim(),
  };
}

function noFolder(folder: string): CodedError {
  const message = `There is no folder '${basename(folder)}' to publish. Name one that an earlier step made.`;
  return new CodedError(400, 'scaffolder/git-bad-path', message);
}

function nestedError(path: string): CodedError {
  const message = `The folder ${path} is a git repository of its own. Delete its .git before it is published, as with fs:delete.`;
  return new CodedError(400, 'scaffolder/git-nested-repository', message);
}
