/** `roadiehq:utils:fs:*`: parse, write, append and replace files of the workspace. */
import picomatch from 'picomatch';
import { CodedError } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import { parsePath } from '../../workspace/path.ts';
import { walkFolder } from '../../workspace/walk.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';
import { runBounded, type Bounds } from './bounded.ts';
import { parseJsonText, parseYamlDocuments, parseYamlText, valueOf } from './parsing.ts';

const PATH_OUTPUT = {
  type: 'object',
  properties: { path: { type: 'string', title: 'Path of the file' } },
} as const;

export function createParseAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:fs:parse',
    description: 'Reads a file of the workspace, as text or as what it holds.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path'],
        properties: {
          path: { type: 'string', title: 'Path', description: 'Path of the file.' },
          parser: {
            type: 'string',
            title: 'Parser',
            description: 'What the file is. Default: text.',
            enum: ['yaml', 'json', 'multiyaml'],
          },
        },
      },
      output: { type: 'object', properties: { content: { title: 'Content of the file' } } },
    },
    handler: async (context) => {
      const { workspacePath, input } = context;
      const { path, parser } = input;
      const text = await readText(openWorkspace(workspacePath), path);
      switch (parser) {
        case undefined:
          return context.output('content', text);
        case 'json':
          return context.output('content', parseJsonText(text, path));
        case 'yaml':
          return context.output('content', parseYamlText(text, path));
        case 'multiyaml': {
          const documents = parseYamlDocuments(text, path);
          return context.output(
            'content',
            documents.map((document) => valueOf(document, path)),
          );
        }
        default:
          return parser satisfies never;
      }
    },
  });
}

export function createWriteAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:fs:write',
    description: 'Writes a file of the workspace, and makes the folders on the way.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'content'],
        properties: {
          path: { type: 'string', title: 'Path' },
          content: { type: 'string', title: 'Content' },
          preserveFormatting: {
            type: 'boolean',
            title: 'Preserve formatting',
            description: 'Writes JSON indented by two spaces.',
          },
        },
      },
      output: PATH_OUTPUT,
    },
    handler: async (context) => {
      const { workspacePath, input } = context;
      const { path, content, preserveFormatting } = input;
      const workspace = openWorkspace(workspacePath);
      await workspace.writeFile(path, preserveFormatting === true ? indented(content) : content);
      context.output('path', absolutePath(workspace, path));
    },
  });
}

/** Text that is no JSON stays as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function createAppendAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:fs:append',
    description: 'Adds text to the end of a file, which is made when it is not there.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'content'],
        properties: {
          path: { type: 'string', title: 'Path' },
          content: { type: 'string', title: 'Content' },
        },
      },
      output: PATH_OUTPUT,
    },
    handler: async (context) => {
      const { workspacePath, input } = context;
      const { path, content } = input;
      const workspace = openWorkspace(workspacePath);
      const before = workspace.stat(path);
      const text = before === null ? '' : await readText(workspace, path);
      await workspace.writeFile(path, `${text}${content}`, { executable: before?.executable === true });
      context.output('path', absolutePath(workspace, path));
    },
  });
}

export function createReplaceAction({ bounds }: { readonly bounds: Bounds }): Action {
  return defineAction({
    id: 'roadiehq:utils:fs:replace',
    description: 'Replaces text in files of the workspace.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['files'],
        properties: {
          files: {
            type: 'array',
            items: {
              type: 'object',
              required: ['file', 'find', 'replaceWith'],
              properties: {
                file: { type: 'string', description: 'Path, or pattern as src/**/*.ts.' },
                find: { type: 'string', minLength: 1, description: 'What is replaced, wherever it is.' },
                matchRegex: {
                  type: 'boolean',
                  description: '"find" is a regular expression. Default: false.',
                },
                replaceWith: {
                  type: 'string',
                  description: 'What comes in its place; $1, $& as in JavaScript.',
                },
                includeDotFiles: {
                  type: 'boolean',
                  description: 'Patterns match names that begin with a dot, too. Default: false.',
                },
              },
            },
          },
        },
      },
    },
    handler: async ({ workspacePath, input, logger, signal }) => {
      const workspace = openWorkspace(workspacePath);
      for (const { file, find, matchRegex = false, replaceWith, includeDotFiles = false } of input.files) {
        const paths = matching(workspace, { pattern: file, dot: includeDotFiles });
        if (paths.length === 0) logger.warn(`No file of the workspace matches ${file}.`);
        const texts = await Promise.all(paths.map((path) => readText(workspace, path)));
        const replaced = matchRegex
          ? await runBounded({ kind: 'replace', texts, find, by: replaceWith }, { signal, bounds })
          : texts.map((text) => text.replaceAll(find, replaceWith));
        if (!Array.isArray(replaced)) continue;
        for (const [index, path] of paths.entries()) {
          const text = replaced[index];
          if (typeof text !== 'string' || text === texts[index]) continue;
          await workspace.writeFile(path, text, { executable: workspace.stat(path)?.executable === true });
        }
      }
    },
  });
}

interface Pattern {
  readonly pattern: string;
  /** Wild cards match a dot at the beginning of a name. */
  readonly dot: boolean;
}

/** Files only. A path that exists is itself, whatever is in its name. */
function matching(workspace: Workspace, { pattern, dot }: Pattern): readonly string[] {
  const path = parsePath(pattern, workspace.root).join('/');
  if (workspace.stat(path)?.kind === 'file') return [path];
  const matches = picomatch(path, { dot });
  return walkFolder(workspace, '.').flatMap((entry) =>
    entry.kind === 'file' && matches(entry.path) ? [entry.path] : [],
  );
}

/** @throws CodedError of the workspace, and `scaffolder/not-a-file` for what is no text */
export async function readText(workspace: Workspace, path: string): Promise<string> {
  const bytes = await workspace.readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const message = `'${path}' is no text in UTF-8, so it is left as it is.`;
    throw new CodedError(400, 'scaffolder/not-a-file', message, { cause: error });
  }
}

/** As the published actions give it: later steps take such a path. */
export function absolutePath(workspace: Workspace, path: string): string {
  return [workspace.root, ...parsePath(path, workspace.root)].join('/');
}
