/** What a commit through GitLab's API does to each file: https://docs.gitlab.com/api/commits/ */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { CommitAction } from '@gitbeaker/rest';
import { fieldOf, listOf } from './answers.ts';
import type { Client } from './client.ts';
import { gitlabError, isRefusal } from './errors.ts';
import type { SourceFile } from './source-files.ts';

/** `auto`: what is new is created, what differs updated, and what is the same left alone. */
export type CommitMode = 'create' | 'update' | 'delete' | 'skip' | 'auto';

export interface CommitPlanRequest {
  readonly client: Client;
  readonly project: string;
  /** The branch that it is compared with, for `auto`. */
  readonly ref: string;
  /** Folder of the repository; empty for its root. */
  readonly targetPath: string;
  readonly mode: CommitMode;
  readonly files: readonly SourceFile[];
}

/** @throws CodedError `scaffolder/outside-workspace`, and those of the wire */
export async function planCommit(request: CommitPlanRequest): Promise<CommitAction[]> {
  const { mode, files } = request;
  const targetPath = checkTargetPath(request.targetPath);
  const placed = files.map((file) => ({ file, filePath: posix.join(targetPath, file.path) }));
  if (mode === 'skip') return [];
  if (mode === 'delete') return placed.map(({ filePath }) => ({ action: 'delete', filePath }));
  if (mode !== 'auto') return placed.map((one) => writing(mode, one));
  const there = await readTree(request, targetPath);
  return placed.flatMap((one): CommitAction[] => {
    const before = there.get(one.filePath);
    if (before === undefined) return [writing('create', one)];
    const { file, filePath } = one;
    const isSame = before.hash === blobHash(file.content, before.hash.length);
    const chmod: CommitAction = { action: 'chmod', filePath, execute_filemode: file.executable };
    return [
      ...(isSame ? [] : [writing('update', one)]),
      ...(before.executable === file.executable ? [] : [chmod]),
    ];
  });
}

function writing(
  action: 'create' | 'update',
  { file, filePath }: { readonly file: SourceFile; readonly filePath: string },
): CommitAction {
  const { content, executable } = file;
  return {
    action,
    filePath,
    encoding: 'base64',
    content: content.toString('base64'),
    execute_filemode: executable,
  };
}

interface Blob {
  /** Of git: SHA-1 or SHA-256. */
  readonly hash: string;
  readonly executable: boolean;
}

/** The files of a branch by path; none when the branch or the folder is not there yet. */
async function readTree(
  { client, project, ref }: CommitPlanRequest,
  path: string,
): Promise<ReadonlyMap<string, Blob>> {
  try {
    const options = { ref, recursive: true, perPage: 100, ...(path !== '' && { path }) };
    const entries = listOf(await client.api.Repositories.allRepositoryTrees(project, options));
    return new Map(entries.flatMap(toBlob));
  } catch (error) {
    if (isRefusal(error, 404, /tree not found|invalid reference/i)) return new Map();
    throw error;
  }
}

function toBlob(entry: unknown): readonly (readonly [string, Blob])[] {
  const [path, hash] = [fieldOf(entry, 'path'), fieldOf(entry, 'id')];
  if (fieldOf(entry, 'type') !== 'blob' || typeof path !== 'string' || typeof hash !== 'string') return [];
  return [[path, { hash, executable: fieldOf(entry, 'mode') === '100755' }]];
}

function blobHash(content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

function checkTargetPath(text: string): string {
  const path = posix.join('/', text).slice(1).replace(/\/+$/, '');
  if (text.split('/').includes('..') || text.includes('\0')) {
    const message = `The "targetPath" ${JSON.stringify(text)} leads out of the repository. Write it relative to its root.`;
    throw gitlabError('scaffolder/outside-workspace', message);
  }
  return path;
}
