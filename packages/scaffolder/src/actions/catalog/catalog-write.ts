/** `catalog:write`: an entity becomes a catalog file that says which template it is from. */
import { isObject, type JsonObject } from '@callboard/model';
import { defineAction } from '@callboard/plugin';
import { stringify } from 'yaml';
import { openWorkspace } from '../../workspace/workspace.ts';

const SOURCE_TEMPLATE = 'backstage.io/source-template';

export const catalogWrite = defineAction({
  id: 'catalog:write',
  description: 'Writes an entity as a catalog file into the workspace.',
  examples: [
    {
      description: 'Write a catalog file.',
      example: `steps:
  - id: write
    name: Write the catalog file
    action: catalog:write
    input:
      entity:
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: \${{ parameters.name }}
          annotations: {}
        spec:
          type: service
          lifecycle: production
          owner: group:default/platform
`,
    },
  ],
  supportsDryRun: true,
  schema: {
    input: {
      type: 'object',
      required: ['entity'],
      properties: {
        filePath: {
          type: 'string',
          description: 'Path in the workspace of the file. Default: catalog-info.yaml.',
        },
        entity: { type: 'object', description: 'The entity, as a catalog file has it.' },
      },
    },
  },
  async handler({ input, logger, workspacePath, templateInfo }) {
    const path = input.filePath ?? 'catalog-info.yaml';
    logger.info(`Writing ${path}`);
    const entity =
      templateInfo === undefined ? input.entity : withSource(input.entity, templateInfo.entityRef);
    await openWorkspace(workspacePath).writeFile(path, stringify(entity));
  },
});

function withSource(entity: JsonObject, templateRef: string): JsonObject {
  const metadata = isObject(entity['metadata']) ? entity['metadata'] : {};
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  return {
    ...entity,
    metadata: { ...metadata, annotations: { ...annotations, [SOURCE_TEMPLATE]: templateRef } },
  };
}
