/**
 * Which folder of its workspace a template puts into the repository. Steps that publish say it with `sourcePath` and
 * `targetPath`; both are expressions, so the steps are run dry and what the publishing ones are asked for is noted.
 */
import { posix } from 'node:path';
import { CodedError } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import type { ActionRegistry } from '../actions/registry.ts';
import { sampleOutput } from '../run/sample-output.ts';
import type { FileTree } from './file-tree.ts';

export interface PublishedFolder {
  /** Folder of the workspace; empty: all of it. */
  readonly sourcePath: string;
  /** Folder of the repository that it becomes; empty: its root. */
  readonly targetPath: string;
  /** `owner/name` of the repository, in lower case; null when the step says none that can be read. */
  readonly repository: string | null;
}

const WHOLE: PublishedFolder = { sourcePath: '', targetPath: '', repository: null };
const PUBLISHES = /^publish:|:repo:push$|:(?:pull|merge)-?request/i;

/** Wraps actions so that a dry-run tells which folders its steps would publish. Nothing is published. */
export function recordPublishing(actions: ActionRegistry): {
  readonly actions: ActionRegistry;
  /** Grows while the steps run. */
  readonly published: readonly PublishedFolder[];
} {
  const published: PublishedFolder[] = [];
  const wrap = (action: Action): Action => {
    if (!PUBLISHES.test(action.id)) return action;
    const inner = action.supportsDryRun === true ? action : standIn(action);
    return {
      ...inner,
      handler: (context) => {
        const folder = folderOf(action.id, context.input);
        if (folder !== null) published.push(folder);
        return inner.handler(context);
      },
    };
  };
  const find = (id: string): Action | null => {
    const action = actions.find(id);
    return action === null ? null : wrap(action);
  };
  return { actions: { find, list: () => actions.list().map(wrap) }, published };
}

/**
 * Actions for steps of long ago, of which only the inputs count: what is gone or fails by now puts out a sample in place
 * of its output, and nothing is fetched.
 */
export function lenient(actions: ActionRegistry): ActionRegistry {
  const soften = (action: Action): Action => {
    const sample = standIn(action);
    if (action.supportsDryRun !== true || action.id.startsWith('fetch:')) return sample;
    return {
      ...sample,
      handler: async (context) => {
        try {
          await action.handler(context);
        } catch (thrown) {
          if (context.signal.aborted) throw thrown;
          await sample.handler(context);
        }
      },
    };
  };
  return {
    find: (id) => soften(actions.find(id) ?? { id, handler: async () => {} }),
    list: () => actions.list().map(soften),
  };
}

/** Takes any input, does nothing, and puts out what its schema has as a sample. */
function standIn({ schema, ...action }: Action): Action {
  const output = schema?.output;
  return {
    ...action,
    ...(output === undefined ? {} : { schema: { output } }),
    supportsDryRun: true,
    handler: async (context) => {
      for (const [name, value] of Object.entries(sampleOutput(output))) {
        if (value !== undefined) context.output(name, value);
      }
    },
  };
}

/** Null when the step publishes no files. */
function folderOf(id: string, input: JsonObject): PublishedFolder | null {
  const { sourcePath, targetPath, remoteUrl, repoUrl } = input;
  // `publish:gitlab` with false makes an empty project.
  if (sourcePath === false) return null;
  const target = textOf(targetPath);
  const isMergeRequest = id === 'publish:gitlab:merge-request';
  const source = textOf(sourcePath) || (isMergeRequest ? target : '');
  return {
    sourcePath: folderName(source),
    targetPath: folderName(target),
    repository: repositoryOf(textOf(remoteUrl) || textOf(repoUrl)),
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** `./module/` is `module`, and `.` is empty. */
function folderName(path: string): string {
  const normal = posix.normalize(path).replaceAll(/^\/+|\/+$/g, '');
  return normal === '.' ? '' : normal;
}

/** `owner/name` of a remote or of `host?owner=…&repo=…`. Host and folders before are left out: one server has many names. */
function repositoryOf(address: string): string | null {
  const query = URL.parse(`https://${address}`)?.searchParams;
  const repo = query?.get('repo');
  const owner = query?.get('workspace') ?? query?.get('project') ?? query?.get('owner');
  const path = typeof repo === 'string' ? `${owner ?? ''}/${repo}` : address.replace(/^[a-z+]+:\/\//i, '');
  const parts = path
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split(/[/:]/)
    .filter((part) => part !== '' && part !== '_git');
  return parts.length < 2 ? null : parts.slice(-2).join('/');
}

/**
 * The folder that the repository has.
 * @param from.remotes addresses of the repository, which tell when several folders are published
 * @param from.sourcePath what somebody says; null: nobody did
 * @throws CodedError 400 `scaffolder/upgrade-folder` when it is not clear
 */
export function chooseFolder(
  published: readonly PublishedFolder[],
  { remotes, sourcePath }: { readonly remotes: readonly string[]; readonly sourcePath: string | null },
): PublishedFolder {
  if (sourcePath !== null) {
    const wanted = folderName(sourcePath);
    return published.find((one) => one.sourcePath === wanted) ?? { ...WHOLE, sourcePath: wanted };
  }
  const [first, ...others] = distinct(published);
  if (first === undefined) return WHOLE;
  if (others.length === 0) return first;
  const ours = new Set(remotes.map(repositoryOf));
  const fitting = distinct(published.filter(({ repository }) => repository !== null && ours.has(repository)));
  const [only, ...more] = fitting;
  if (only !== undefined && more.length === 0) return only;
  const list = [first, ...others].map(
    ({ sourcePath: folder, repository }) => `${shown(folder)} to ${repository ?? 'an unknown repository'}`,
  );
  const message = `The template publishes several folders: ${list.join('; ')}. Say with --source-path which of them the repository has.`;
  throw new CodedError(400, 'scaffolder/upgrade-folder', message);
}

function distinct(published: readonly PublishedFolder[]): readonly PublishedFolder[] {
  const places = published.map((one) => [JSON.stringify([one.sourcePath, one.targetPath]), one] as const);
  return [...new Map(places).values()];
}

function shown(folder: string): string {
  return folder === '' ? '. (all of it)' : folder;
}

/**
 * The files as they lie in the repository; what is not in the folder was not published.
 * @param what names the tree in the message
 * @throws CodedError 400 `scaffolder/upgrade-folder` when there are files, and none in the folder
 */
export function placeInRepository(
  tree: FileTree,
  { folder, what }: { readonly folder: PublishedFolder; readonly what: string },
): FileTree {
  const { sourcePath, targetPath } = folder;
  const prefix = sourcePath === '' ? '' : `${sourcePath}/`;
  const placed = [...tree].flatMap(([path, file]) => {
    return path.startsWith(prefix)
      ? [[posix.join(targetPath, path.slice(prefix.length)), file] as const]
      : [];
  });
  if (placed.length > 0 || tree.size === 0) return new Map(placed);
  const message = `${what} has nothing in the folder ${sourcePath}, which the template publishes. Say another one with --source-path; . is all of it.`;
  throw new CodedError(400, 'scaffolder/upgrade-folder', message);
}
