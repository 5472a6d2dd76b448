/** `debug:log` and `debug:wait`: what authors look at a template with. */
import { setTimeout } from 'node:timers/promises';
import { isUtf8 } from 'node:buffer';
import { CodedError } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import { runError } from '../../run/errors.ts';
import { walkFolder } from '../../workspace/walk.ts';
import type { WorkspaceEntry } from '../../workspace/entry.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';

/** The actions of the family `debug`. */
export function createDebugActions(): readonly Action[] {
  return [log, wait];
}

const log = defineAction({
  id: 'debug:log',
  description: 'Writes a message to the log, or what is in the workspace.',
  examples: [
    {
      description: 'Write a message.',
      example: `steps:
  - id: log
    name: Log
    action: debug:log
    input:
      message: The name is \${{ parameters.name }}
`,
    },
    {
      description: 'List the files of the workspace.',
      example: `steps:
  - id: log
    name: Log
    action: debug:log
    input:
      listWorkspace: true
`,
    },
    {
      description: 'List the files of the workspace with their contents.',
      example: `steps:
  - id: log
    name: Log
    action: debug:log
    input:
      message: After the skeleton
      listWorkspace: with-contents
`,
    },
  ],
  supportsDryRun: true,
  schema: {
    input: {
      type: 'object',
      properties: {
        message: { type: 'string', description: 'What is written to the log.' },
        listWorkspace: {
          description: 'Lists the files of the workspace, with their contents when it is `with-contents`.',
          enum: [true, false, 'with-filenames', 'with-contents'],
        },
      },
    },
  },
  async handler({ input, logger, workspacePath }) {
    logger.info(JSON.stringify(input, null, 2));
    if (input.message !== undefined && input.message !== '') logger.info(input.message);
    if (input.listWorkspace === undefined || input.listWorkspace === false) return;
    const workspace = openWorkspace(workspacePath);
    const files = walkFolder(workspace, '.').filter(({ kind }) => kind !== 'folder');
    const lines = input.listWorkspace === 'with-contents' ? contents(workspace, files) : names(files);
    logger.info(`Workspace:\n${(await lines).join('\n')}`);
  },
});

/** Lines and bytes that a listing may have, so that a log stays one. */
const MAX_FILES = 2000;
const MAX_FILE_BYTES = 64 * 1024;
const MAX_BYTES = 512 * 1024;

function names(files: readonly WorkspaceEntry[]): Promise<readonly string[]> {
  const lines = files.slice(0, MAX_FILES).map(({ path }) => `  - ${path}`);
  return Promise.resolve(files.length <= MAX_FILES ? lines : [...lines, more(files.length)]);
}

async function contents(workspace: Workspace, files: readonly WorkspaceEntry[]): Promise<readonly string[]> {
  const lines: string[] = [];
  let left = MAX_BYTES;
  for (const { path, kind, size } of files.slice(0, MAX_FILES)) {
    const text =
      kind === 'file' && size <= Math.min(left, MAX_FILE_BYTES) ? await textOf(workspace, path) : null;
    left -= text === null ? 0 : size;
    lines.push(text === null ? ` - ${path}: [skipped]` : ` - ${path}:\n\n  ${text}`);
  }
  return files.length <= MAX_FILES ? lines : [...lines, more(files.length)];
}

/** Null for what is no text, and for what cannot be read. */
async function textOf(workspace: Workspace, path: string): Promise<string | null> {
  try {
    const bytes = await workspace.readFile(path);
    return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString() : null;
  } catch (error) {
    // A file that the workspace does not give, as a hard link: the line says that it is left out.
    if (error instanceof CodedError) return null;
    throw error;
  }
}

function more(files: number): string {
  return `  … and ${files - MAX_FILES} more files`;
}

const MAX_WAIT_MS = 10 * 60_000;

const wait = defineAction({
  id: 'debug:wait',
  description: 'Waits, for ten minutes at most.',
  examples: [
    {
      description: 'Wait for half a second.',
      example: `steps:
  - id: wait
    name: Wait
    action: debug:wait
    input:
      milliseconds: 500
`,
    },
    {
      description: 'Wait for two and a half minutes.',
      example: `steps:
  - id: wait
    name: Wait
    action: debug:wait
    input:
      minutes: 2
      seconds: 30
`,
    },
  ],
  schema: {
    input: {
      type: 'object',
      properties: {
        minutes: { type: 'number', minimum: 0, description: 'Minutes to wait.' },
        seconds: { type: 'number', minimum: 0, description: 'Seconds to wait, beside the minutes.' },
        milliseconds: { type: 'number', minimum: 0, description: 'Milliseconds to wait, beside those.' },
      },
    },
  },
  async handler({ input, signal }) {
    const { minutes = 0, seconds = 0, milliseconds = 0 } = input;
    const duration = minutes * 60_000 + seconds * 1000 + milliseconds;
    if (!(duration <= MAX_WAIT_MS)) {
      throw runError(
        'scaffolder/invalid-input',
        `The step is to wait for ${duration / 60_000} minutes. Ten are the most that it can.`,
      );
    }
    signal.throwIfAborted();
    await setTimeout(duration, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  },
});
