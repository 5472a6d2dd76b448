/** `fetch:template` and `workspace:template`: a folder with expressions in its names and files becomes plain files. */
import { defineAction, type Action, type ActionContext } from '@callboard/plugin';
import type { Templating } from '../../expression/templating.ts';
import { runError } from '../../run/errors.ts';
import { openWorkspace } from '../../workspace/workspace.ts';
import {
  COOKIECUTTER,
  COPY_WITHOUT_TEMPLATING,
  LSTRIP_BLOCKS,
  REPLACE,
  TEMPLATE_FILE_EXTENSION,
  TOKEN,
  TRIM_BLOCKS,
  VALUES,
} from './skeleton-schema.ts';
import { createSkeleton, type SkeletonInput } from './skeleton.ts';
import { readFolder, sourceOf, type Source } from './source.ts';
import type { UrlTrees } from './url-trees.ts';

export interface FetchDeps {
  readonly urls: UrlTrees;
  readonly templating: Pick<Templating, 'createFileRenderer'>;
}

export function fetchTemplate(deps: FetchDeps): Action {
  return defineAction({
    id: 'fetch:template',
    description:
      'Downloads a skeleton, replaces the expressions in its file names, folder names and contents, and puts the result into the workspace.',
    examples: [
      {
        description: 'Fill in the skeleton that lies beside the template.',
        example: `steps:
  - id: fetch
    name: Fetch the skeleton
    action: fetch:template
    input:
      url: ./skeleton
      targetPath: ./
      values:
        name: \${{ parameters.name }}
        count: 3
        itemList: [shipping, billing]
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
            description: 'Folder of the workspace that gets the result. Default: the workspace itself.',
          },
          values: VALUES,
          copyWithoutRender: {
            type: 'array',
            items: { type: 'string' },
            description: 'As copyWithoutTemplating, and paths stay as they are too. Use the other one.',
          },
          copyWithoutTemplating: COPY_WITHOUT_TEMPLATING,
          cookiecutterCompat: COOKIECUTTER,
          templateFileExtension: TEMPLATE_FILE_EXTENSION,
          replace: REPLACE,
          trimBlocks: TRIM_BLOCKS,
          lstripBlocks: LSTRIP_BLOCKS,
          token: TOKEN,
        },
      },
    },
    async handler(context) {
      const { input } = context;
      context.logger.info(`Fetching ${input.url}`);
      if (input.copyWithoutRender !== undefined) {
        context.logger.warn('copyWithoutRender is deprecated: use copyWithoutTemplating.');
      }
      const source = sourceOf(deps.urls, input, context);
      await fill(deps, source, { context, input, targetPath: input.targetPath ?? '.' });
    },
  });
}

export function workspaceTemplate(deps: FetchDeps): Action {
  return defineAction({
    id: 'workspace:template',
    description:
      'Replaces the expressions in the names and contents of a folder of the workspace, and puts the result into another.',
    examples: [
      {
        description: 'Fill in a skeleton that an earlier step fetched.',
        example: `steps:
  - id: render
    name: Fill in the skeleton
    action: workspace:template
    input:
      sourcePath: skeletons/service
      targetPath: service
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
          sourcePath: { type: 'string', description: 'Folder of the workspace with the skeleton.' },
          targetPath: {
            type: 'string',
            description: 'Folder of the workspace that gets the result; not inside `sourcePath`.',
          },
          values: VALUES,
          copyWithoutTemplating: COPY_WITHOUT_TEMPLATING,
          cookiecutterCompat: COOKIECUTTER,
          templateFileExtension: TEMPLATE_FILE_EXTENSION,
          replace: REPLACE,
        },
      },
    },
    async handler(context) {
      const { sourcePath, targetPath } = context.input;
      const workspace = openWorkspace(context.workspacePath);
      const from = workspace.realPath(sourcePath);
      if (`${workspace.realPath(targetPath)}/`.startsWith(`${from}/`)) {
        throw runError(
          'scaffolder/invalid-input',
          `targetPath '${targetPath}' is inside sourcePath '${sourcePath}', so the result would be a part of its own skeleton.`,
        );
      }
      const source = { kind: 'folder', workspace, path: sourcePath } as const;
      await fill(deps, source, { context, input: context.input, targetPath });
    },
  });
}

interface Filling {
  readonly context: Pick<ActionContext, 'workspacePath' | 'logger' | 'signal'>;
  readonly input: SkeletonInput;
  readonly targetPath: string;
}

async function fill(
  { urls, templating }: FetchDeps,
  source: Source,
  { context, input, targetPath }: Filling,
): Promise<void> {
  const { workspacePath, logger, signal } = context;
  const workspace = openWorkspace(workspacePath);
  workspace.makeFolder(targetPath);
  const skeleton = createSkeleton(templating, input, { workspace, targetPath });
  await readFolder({ urls, source, signal }, (entry) => skeleton.write(entry));
  const kept = skeleton.kept === 0 ? '' : `; ${skeleton.kept} were there already and stay as they are`;
  logger.info(`Wrote ${skeleton.written} files to ${targetPath}${kept}`);
}
