/** `roadiehq:utils:zip`: a file or folder of the workspace as a zip archive. */
import { buffer } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { basename } from 'node:path';
import { CodedError } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import yazl from 'yazl';
import { parsePath } from '../../workspace/path.ts';
import { walkFolder } from '../../workspace/walk.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';

/** Bytes of all files; the archive is made in memory. */
const MOST = 200 * 1024 * 1024;
/** The first that a zip can name, so that the same files make the same archive. */
const DATE = new Date(1980, 0, 1);

export function createZipAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:zip',
    description: 'Packs a file or a folder of the workspace into a zip archive. Links are left out.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'outputPath'],
        properties: {
          path: { type: 'string', title: 'Path', description: 'What is packed.' },
          outputPath: { type: 'string', title: 'Archive', description: 'Path of the archive.' },
        },
      },
      output: {
        type: 'object',
        properties: { outputPath: { type: 'string', title: 'Path of the archive' } },
      },
    },
    handler: async (context) => {
      const { workspacePath, input } = context;
      const { path, outputPath } = input;
      const workspace = openWorkspace(workspacePath);
      const archive = parsePath(outputPath, workspace.root).join('/');
      const files = filesOf(workspace, path).filter((file) => file.path !== archive);
      await workspace.writeFile(outputPath, await pack(workspace, files));
      context.output('outputPath', outputPath);
    },
  });
}

interface Packed {
  readonly path: string;
  /** In the archive. */
  readonly name: string;
  readonly executable: boolean;
}

function filesOf(workspace: Workspace, path: string): readonly Packed[] {
  const entry = workspace.stat(path);
  if (entry === null) {
    const message = `There is no '${path}' in the workspace to pack.`;
    throw new CodedError(404, 'scaffolder/no-such-file', message);
  }
  if (entry.kind === 'file') return [{ ...entry, name: basename(entry.path) }];
  const prefix = entry.path === '' ? 0 : entry.path.length + 1;
  return walkFolder(workspace, path, { bytes: MOST }).flatMap((found) =>
    found.kind === 'file' ? [{ ...found, name: found.path.slice(prefix) }] : [],
  );
}

async function pack(workspace: Workspace, files: readonly Packed[]): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  const bytes = buffer(archive.outputStream.pipe(new PassThrough()));
  for (const { path, name, executable } of files) {
    const mode = executable ? 0o100755 : 0o100644;
    archive.addBuffer(await workspace.readFile(path), name, { mode, mtime: DATE });
  }
  archive.end();
  return bytes;
}
