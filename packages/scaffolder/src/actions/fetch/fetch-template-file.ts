/** `fetch:template:file` and `workspace:template:file`: one file with expressions becomes a plain one. */
import { defineAction, type Action, type ActionContext } from '@callboard/plugin';
import { openWorkspace } from '../../workspace/workspace.ts';
import type { FetchDeps } from './fetch-template.ts';
import { COOKIECUTTER, LSTRIP_BLOCKS, REPLACE, TOKEN, TRIM_BLOCKS, VALUES } from './skeleton-schema.ts';
import { contextOf, renderContent, type SkeletonInput } from './skeleton.ts';
import { readSourceFile, sourceOf, type Source } from './source.ts';

export function fetchTemplateFile(deps: FetchDeps): Action {
  return defineAction({
    id: 'fetch:template:file',
    description: 'Downloads one file, replaces the expressions in it, and puts it into the workspace.',
    examples: [
      {
        description: 'Fill in a file that lies beside the template.',
        example: `steps:
  - id: fetch
    name: Fetch the file
    action: fetch:template:file
    input:
      url: ./skeleton/catalog-info.yaml
      targetPath: catalog-info.yaml
      values:
        name: \${{ parameters.name }}
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
          values: VALUES,
          cookiecutterCompat: COOKIECUTTER,
          replace: REPLACE,
          trimBlocks: TRIM_BLOCKS,
          lstripBlocks: LSTRIP_BLOCKS,
          token: TOKEN,
        },
      },
    },
    async handler(context) {
      const { input } = context;
      await fill(deps, {
        context,
        input,
        targetPath: input.targetPath,
        name: input.url,
        source: () => sourceOf(deps.urls, input, context),
      });
    },
  });
}

export function workspaceTemplateFile(deps: FetchDeps): Action {
  return defineAction({
    id: 'workspace:template:file',
    description:
      'Replaces the expressions in one file of the workspace, and writes the result to another path.',
    examples: [
      {
        description: 'Fill in a file that an earlier step fetched.',
        example: `steps:
  - id: render
    name: Fill in the file
    action: workspace:template:file
    input:
      sourcePath: skeletons/README.md
      targetPath: README.md
      values:
        name: \${{ parameters.name }}
`,
      },
    ],
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['sourcePath', 'targetPath'],
        properties: {
          sourcePath: { type: 'string', description: 'Path in the workspace of the file to fill in.' },
          targetPath: { type: 'string', description: 'Path in the workspace that the result gets.' },
          values: VALUES,
          cookiecutterCompat: COOKIECUTTER,
          replace: REPLACE,
        },
      },
    },
    async handler(context) {
      const { input, workspacePath } = context;
      await fill(deps, {
        context,
        input,
        targetPath: input.targetPath,
        name: input.sourcePath,
        source: () => ({ kind: 'folder', workspace: openWorkspace(workspacePath), path: input.sourcePath }),
      });
    },
  });
}

interface Filling {
  readonly context: Pick<ActionContext, 'workspacePath' | 'logger' | 'signal'>;
  readonly input: SkeletonInput;
  readonly targetPath: string;
  /** Of the file, for messages. */
  readonly name: string;
  readonly source: () => Source;
}

async function fill(
  { urls, templating }: FetchDeps,
  { context, input, targetPath, name, source }: Filling,
): Promise<void> {
  const { workspacePath, logger, signal } = context;
  const workspace = openWorkspace(workspacePath);
  if (input.replace !== true && workspace.stat(targetPath) !== null) {
    logger.info(`${targetPath} is there already and stays as it is`);
    return;
  }
  const { content, executable } = await readSourceFile({ urls, source: source(), signal });
  const renderer = templating.createFileRenderer(input);
  const result = renderContent({ path: name, content }, { renderer, context: contextOf(input) });
  await workspace.writeFile(targetPath, result, { executable });
  logger.info(`Wrote ${targetPath}`);
}
