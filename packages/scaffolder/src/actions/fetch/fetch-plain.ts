/** `fetch:plain` and `fetch:plain:file`: what is somewhere else comes into the workspace as it is. */
import { defineAction, type Action } from '@callboard/plugin';
import { openWorkspace } from '../../workspace/workspace.ts';
import { readFolder, readSourceFile, sourceOf, writeEntry } from './source.ts';
import { TOKEN } from './skeleton-schema.ts';
import type { UrlTrees } from './url-trees.ts';

export function fetchPlain(urls: UrlTrees): Action {
  return defineAction({
    id: 'fetch:plain',
    description: 'Downloads a folder into the workspace, or into a folder of it.',
    examples: [
      {
        description: 'Download a folder into the workspace.',
        example: `steps:
  - id: fetch
    name: Fetch
    action: fetch:plain
    input:
      url: https://github.com/harbourline/templates/tree/main/service
`,
      },
      {
        description: 'Download what lies beside the template into a folder of the workspace.',
        example: `steps:
  - id: fetch
    name: Fetch
    action: fetch:plain
    input:
      url: ./content
      targetPath: docs
`,
      },
    ],
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['url'],
        properties: {
          url: { type: 'string', description: 'URL of a folder, absolute or relative to the template.' },
          targetPath: {
            type: 'string',
            description: 'Folder of the workspace that gets the content. Default: the workspace itself.',
          },
          token: TOKEN,
        },
      },
    },
    async handler(context) {
      const { input, signal, logger, workspacePath } = context;
      logger.info(`Fetching ${input.url}`);
      const workspace = openWorkspace(workspacePath);
      const targetPath = input.targetPath ?? '.';
      workspace.makeFolder(targetPath);
      const source = sourceOf(urls, input, context);
      await readFolder({ urls, source, signal }, (entry) => writeEntry(workspace, targetPath, entry));
    },
  });
}

export function fetchPlainFile(urls: UrlTrees): Action {
  return defineAction({
    id: 'fetch:plain:file',
    description: 'Downloads one file into the workspace.',
    examples: [
      {
        description: 'Download a file.',
        example: `steps:
  - id: fetch
    name: Fetch
    action: fetch:plain:file
    input:
      url: https://github.com/harbourline/templates/blob/main/.editorconfig
      targetPath: .editorconfig
`,
      },
    ],
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['url', 'targetPath'],
        properties: {
          url: { type: 'string', description: 'URL of a file, absolute or relative to the template.' },
          targetPath: { type: 'string', description: 'Path in the workspace that the file gets.' },
          token: TOKEN,
        },
      },
    },
    async handler(context) {
      const { input, signal, logger, workspacePath } = context;
      logger.info(`Fetching ${input.url}`);
      const source = sourceOf(urls, input, context);
      const { content, executable } = await readSourceFile({ urls, source, signal });
      await openWorkspace(workspacePath).writeFile(input.targetPath, content, { executable });
    },
  });
}
