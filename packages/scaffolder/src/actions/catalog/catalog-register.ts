/** `catalog:register`: what a template made gets into the catalog. */
import { refOf, type Entity } from '@callboard/model';
import { messageOf } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import type { CatalogPort } from '../../catalog-port.ts';
import { runError } from '../../run/errors.ts';

export interface RegisterDeps {
  readonly catalog: CatalogPort;
  readonly urls: { resolveUrl(url: string, base: string): string };
  /** Called when an entity was registered. */
  readonly onRegistered?: (made: { readonly taskId: string; readonly entityRef: string }) => Promise<void>;
}

export function catalogRegister({ catalog, urls, onRegistered }: RegisterDeps): Action {
  return defineAction({
    id: 'catalog:register',
    description: 'Registers a catalog file, so that its entities get into the catalog.',
    examples: [
      {
        description: 'Register the catalog file of a new repository.',
        example: `steps:
  - id: register
    name: Register
    action: catalog:register
    input:
      repoContentsUrl: \${{ steps.publish.output.repoContentsUrl }}
      catalogInfoPath: /catalog-info.yaml
`,
      },
      {
        description: 'Register a catalog file by its URL.',
        example: `steps:
  - id: register
    name: Register
    action: catalog:register
    input:
      catalogInfoUrl: https://github.com/harbourline/shipping/blob/main/catalog-info.yaml
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        anyOf: [{ required: ['catalogInfoUrl'] }, { required: ['repoContentsUrl'] }],
        properties: {
          catalogInfoUrl: { type: 'string', description: 'Absolute URL of the catalog file.' },
          repoContentsUrl: {
            type: 'string',
            description: 'URL of the root of a repository on a branch, as actions that publish give it.',
          },
          catalogInfoPath: {
            type: 'string',
            description: 'Path of the catalog file from the root. Default: /catalog-info.yaml.',
          },
          optional: {
            type: 'boolean',
            description: 'The file may be missing; then nothing is registered. Default: false.',
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          entityRef: { type: 'string', description: 'The component of the file, or another entity of it.' },
          catalogInfoUrl: { type: 'string', description: 'URL of the catalog file.' },
        },
      },
    },
    async handler(context) {
      const { input, logger } = context;
      const target = targetOf(urls, input);
      logger.info(`Registering ${target} in the catalog`);
      try {
        const entities = await register(catalog, target);
        const entity = mainEntity(entities);
        if (entity !== null) {
          context.output('entityRef', refOf(entity));
          await onRegistered?.({ taskId: context.task.id, entityRef: refOf(entity) });
        }
      } catch (error) {
        if (input.optional !== true) throw error;
        logger.warn(`It could not be registered: ${messageOf(error)}`);
      }
      context.output('catalogInfoUrl', target);
    },
  });
}

/** What it brought; what it would bring when it could not be read yet. */
async function register(catalog: CatalogPort, target: string): Promise<readonly Entity[]> {
  const location = { type: 'url', target } as const;
  const entities = await catalog.register(location);
  return entities.length > 0 ? entities : catalog.preview(location);
}

interface Where {
  readonly catalogInfoUrl?: string | undefined;
  readonly repoContentsUrl?: string | undefined;
  readonly catalogInfoPath?: string | undefined;
}

function targetOf(urls: RegisterDeps['urls'], input: Where): string {
  if (input.catalogInfoUrl !== undefined) return input.catalogInfoUrl;
  const { repoContentsUrl = '', catalogInfoPath = '/catalog-info.yaml' } = input;
  if (!URL.canParse(repoContentsUrl)) {
    throw runError(
      'scaffolder/invalid-input',
      `repoContentsUrl is '${repoContentsUrl}', which is no URL. Take it from the step that published.`,
    );
  }
  return urls.resolveUrl(`/${catalogInfoPath.replace(/^(?:\.?\/)+/, '')}`, repoContentsUrl);
}

/** Backstage's choice: a component, else another, and only at last one that stands for a location. */
function mainEntity(entities: readonly Entity[]): Entity | null {
  const written = entities.filter(({ metadata }) => !metadata.name.startsWith('generated-'));
  return written.find(({ kind }) => kind === 'Component') ?? written[0] ?? entities[0] ?? null;
}
