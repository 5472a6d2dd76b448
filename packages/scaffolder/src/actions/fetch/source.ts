/**
 * Where a step's `url` leads: to a forge, or, when the template itself is a file of this machine and the URL is relative,
 * to the folder of that template and nowhere else on the machine.
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TreeEntry } from '@callboard/kernel';
import type { ActionContext } from '@callboard/plugin';
import { walkFolder } from '../../workspace/walk.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';
import { workspaceError } from '../../workspace/errors.ts';
import { fetchError } from './errors.ts';
import type { UrlTrees } from './url-trees.ts';

/** A folder to fetch, or a file. */
export type Source =
  | { readonly kind: 'url'; readonly url: string; readonly token: string | null }
  | { readonly kind: 'folder'; readonly workspace: Workspace; readonly path: string };

export interface SourceRequest {
  readonly url: string;
  readonly token?: string | undefined;
}

/**
 * @throws CodedError `scaffolder/no-base-url`, `scaffolder/file-url`
 */
export function sourceOf(
  urls: UrlTrees,
  { url, token }: SourceRequest,
  { templateInfo }: Pick<ActionContext, 'templateInfo'>,
): Source {
  const base = templateInfo?.baseUrl;
  const absolute = URL.parse(url);
  if (absolute?.protocol === 'file:') {
    throw fetchError(
      'scaffolder/file-url',
      `'${url}' is a file of this machine. Write it relative to the template, as './skeleton'.`,
    );
  }
  if (absolute !== null) return { kind: 'url', url, token: token ?? null };
  if (base === undefined) {
    throw fetchError(
      'scaffolder/no-base-url',
      `'${url}' is relative, and it is not known where the template comes from. Write an absolute URL.`,
    );
  }
  if (base.startsWith('file:')) {
    return { kind: 'folder', workspace: openWorkspace(folderOf(base)), path: url };
  }
  return { kind: 'url', url: urls.resolveUrl(url, base), token: token ?? null };
}

/** The folder of a template, of which the URL is its file or its folder. */
function folderOf(base: string): string {
  const path = fileURLToPath(base);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? path.endsWith('/');
  return isFolder ? path : dirname(path);
}

export interface Reading {
  readonly urls: UrlTrees;
  readonly source: Source;
  readonly signal: AbortSignal;
}

/** After so many files of this machine others get their turn. */
const TURN = 50;

/** Visits what is in the folder; each visit ends before the next. */
export async function readFolder(
  { urls, source, signal }: Reading,
  visit: (entry: TreeEntry) => Promise<void>,
): Promise<void> {
  if (source.kind === 'url') {
    const token = source.token === null ? {} : { token: source.token };
    await urls.readTree(source.url, { ...token, signal, visit });
    return;
  }
  const { workspace, path } = source;
  const entries = walkFolder(workspace, path);
  const start = workspace.realPath(path).length - workspace.root.length;
  for (const [index, { kind, path: entryPath, executable }] of entries.entries()) {
    if (index % TURN === 0) await setImmediate();
    signal.throwIfAborted();
    const inside = entryPath.slice(start);
    switch (kind) {
      case 'folder':
        await visit({ kind, path: inside });
        break;
      case 'link':
        await visit({ kind, path: inside, target: workspace.readLink(entryPath) });
        break;
      case 'file':
        await visit({ kind, path: inside, content: await workspace.readFile(entryPath), executable });
        break;
      case 'other':
        throw workspaceError('scaffolder/not-a-file', `'${entryPath}' is a device or a pipe.`);
      default:
        kind satisfies never;
    }
  }
}

/** The content of the file. */
export async function readSourceFile({
  urls,
  source,
  signal,
}: Reading): Promise<{ readonly content: Uint8Array; readonly executable: boolean }> {
  if (source.kind === 'folder') {
    const executable = source.workspace.stat(source.path)?.executable ?? false;
    return { content: await source.workspace.readFile(source.path), executable };
  }
  const token = source.token === null ? {} : { token: source.token };
  return { content: await urls.readFile(source.url, { ...token, signal }), executable: false };
}

/** Puts an entry into a folder of the workspace, over what is there. */
export async function writeEntry(workspace: Workspace, targetPath: string, entry: TreeEntry): Promise<void> {
  const path = `${targetPath}/${entry.path}`;
  switch (entry.kind) {
    case 'folder':
      return workspace.makeFolder(path);
    case 'link':
      return workspace.makeLink(path, entry.target);
    case 'file':
      return workspace.writeFile(path, entry.content, { executable: entry.executable });
    default:
      return entry satisfies never;
  }
}
