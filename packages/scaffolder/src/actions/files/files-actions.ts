/** `fs:delete`, `fs:rename` and `fs:readdir`: what actions do with files of the workspace. */
import { join } from 'node:path';
import { defineAction, type Action } from '@callboard/plugin';
import picomatch from 'picomatch';
import { parsePath } from '../../workspace/path.ts';
import { workspaceError } from '../../workspace/errors.ts';
import { walkFolder } from '../../workspace/walk.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';
import type { WorkspaceEntry } from '../../workspace/entry.ts';

/** The actions of the family `fs`. */
export function createFilesActions(): readonly Action[] {
  return [deleteFiles, renameFiles, readFolders];
}

const deleteFiles = defineAction({
  id: 'fs:delete',
  description: 'Deletes files and folders of the workspace.',
  examples: [
    {
      description: 'Delete files.',
      example: `steps:
  - id: clean
    name: Delete files
    action: fs:delete
    input:
      files: [notes.txt, drafts]
`,
    },
    {
      description: 'Delete the files that match a glob.',
      example: `steps:
  - id: clean
    name: Delete files
    action: fs:delete
    input:
      files: ['**/*.tmp']
`,
    },
  ],
  supportsDryRun: true,
  schema: {
    input: {
      type: 'object',
      required: ['files'],
      properties: {
        files: {
          type: 'array',
          items: { type: 'string' },
          description: 'Paths of files and folders, and globs of files.',
        },
      },
    },
  },
  async handler({ input, logger, workspacePath }) {
    const workspace = openWorkspace(workspacePath);
    for (const pattern of input.files) {
      const paths = await Promise.resolve(deletionsOf(workspace, pattern));
      for (const path of paths) {
        workspace.remove(path);
        logger.info(`Deleted ${path === '' ? 'everything' : path}`);
      }
      if (paths.length === 0) logger.info(`There is nothing to delete at ${pattern}`);
    }
  },
});

/** A path that exists is that one, whatever characters it has; any other text is a glob of files. */
function deletionsOf(workspace: Workspace, pattern: string): readonly string[] {
  // Templates written on Windows have the other slash.
  const names = parsePath(pattern.replaceAll('\\', '/'), workspace.root);
  const path = names.join('/');
  if (workspace.stat(path) !== null) return [path];
  const { isGlob, base } = picomatch.scan(path);
  // Also checks that the part before the glob stays inside.
  if (!isGlob || (base !== '' && workspace.stat(base) === null)) return [];
  const matches = picomatch(path, { dot: true, nonegate: true });
  return walkFolder(workspace, '.')
    .filter(({ kind, path: found }) => kind !== 'folder' && matches(found))
    .map(({ path: found }) => found);
}

const renameFiles = defineAction({
  id: 'fs:rename',
  description: 'Renames or moves files and folders of the workspace.',
  examples: [
    {
      description: 'Rename files.',
      example: `steps:
  - id: rename
    name: Rename files
    action: fs:rename
    input:
      files:
        - from: README.template.md
          to: README.md
        - from: config
          to: settings
          overwrite: true
`,
    },
  ],
  supportsDryRun: true,
  schema: {
    input: {
      type: 'object',
      required: ['files'],
      properties: {
        files: {
          type: 'array',
          description: 'What is renamed, in this order.',
          items: {
            type: 'object',
            required: ['from', 'to'],
            properties: {
              from: { type: 'string', minLength: 1, description: 'Path of the file or folder.' },
              to: { type: 'string', minLength: 1, description: 'Path that it gets.' },
              overwrite: {
                type: 'boolean',
                description: 'Replaces what is there already. Default: false.',
              },
            },
          },
        },
      },
    },
  },
  async handler({ input, logger, workspacePath }) {
    const workspace = openWorkspace(workspacePath);
    for (const { from, to, overwrite } of input.files) {
      workspace.rename(from, to, { overwrite: overwrite ?? false });
      logger.info(`Renamed ${from} to ${to}`);
    }
    await Promise.resolve();
  },
});

const FOUND = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'path', 'fullPath'],
    properties: {
      name: { type: 'string', description: 'Last part of the path.' },
      path: { type: 'string', description: 'Path in the workspace.' },
      fullPath: { type: 'string', description: 'Path on the machine.' },
    },
  },
} as const;

const readFolders = defineAction({
  id: 'fs:readdir',
  description: 'Lists files and folders of the workspace.',
  examples: [
    {
      description: 'List the whole workspace.',
      example: `steps:
  - id: list
    name: List files
    action: fs:readdir
    input:
      paths: ['.']
      recursive: true
`,
    },
    {
      description: 'List two folders.',
      example: `steps:
  - id: list
    name: List files
    action: fs:readdir
    input:
      paths: [docs, src]
      recursive: false
`,
    },
  ],
  supportsDryRun: true,
  schema: {
    input: {
      type: 'object',
      required: ['paths'],
      properties: {
        paths: { type: 'array', items: { type: 'string', minLength: 1 }, description: 'Folders to list.' },
        recursive: { type: 'boolean', description: 'Also what is in folders of them. Default: false.' },
      },
    },
    output: { type: 'object', properties: { files: FOUND, folders: FOUND } },
  },
  async handler(context) {
    const { input, workspacePath } = context;
    const workspace = openWorkspace(workspacePath);
    const found = input.paths.flatMap((path) => listFolder(workspace, path, input.recursive ?? false));
    const shown = ({ name, path }: WorkspaceEntry): Found => ({
      name,
      path,
      fullPath: join(workspace.root, path),
    });
    context.output('files', found.filter(({ kind }) => kind !== 'folder').map(shown));
    context.output('folders', found.filter(({ kind }) => kind === 'folder').map(shown));
    await Promise.resolve();
  },
});

interface Found {
  readonly name: string;
  readonly path: string;
  readonly fullPath: string;
}

/** What a step may put out at most. */
const MAX_FOUND = 20_000;

function listFolder(workspace: Workspace, path: string, isDeep: boolean): readonly WorkspaceEntry[] {
  const found = isDeep ? walkFolder(workspace, path, { entries: MAX_FOUND }) : workspace.list(path);
  if (found.length <= MAX_FOUND) return found;
  throw workspaceError('scaffolder/too-large', `'${path}' has more than ${MAX_FOUND} files and folders.`);
}
