/** `catalog:fetch`: entities of the catalog become output of a step. */
import { parseRef, stringifyRef, type JsonValue } from '@callboard/model';
import { defineAction, type Action } from '@callboard/plugin';
import type { CatalogPort } from '../../catalog-port.ts';
import { runError } from '../../run/errors.ts';
import { toPlainJson } from '../../run/plain-json.ts';
import { catalogActionError } from './errors.ts';

export function catalogFetch(catalog: Pick<CatalogPort, 'entity'>): Action {
  return defineAction({
    id: 'catalog:fetch',
    description: 'Gives entities of the catalog by their references.',
    examples: [
      {
        description: 'Fetch one entity.',
        example: `steps:
  - id: fetch
    name: Fetch the owner
    action: catalog:fetch
    input:
      entityRef: group:default/platform
`,
      },
      {
        description: 'Fetch several entities, some of which may be missing.',
        example: `steps:
  - id: fetch
    name: Fetch the dependencies
    action: catalog:fetch
    input:
      entityRefs: [shipping, billing]
      defaultKind: component
      optional: true
`,
      },
    ],
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        properties: {
          entityRef: { type: 'string', description: 'Reference of one entity.' },
          entityRefs: {
            type: 'array',
            items: { type: 'string' },
            description: 'References of several entities.',
          },
          optional: { type: 'boolean', description: 'Gives null for what is missing. Default: false.' },
          defaultKind: { type: 'string', description: 'Kind of references that name none.' },
          defaultNamespace: { type: 'string', description: 'Namespace of references that name none.' },
        },
      },
      output: {
        type: 'object',
        properties: {
          entity: { description: 'The entity, when `entityRef` is given.' },
          entities: { description: 'The entities in the order of `entityRefs`, when that is given.' },
        },
      },
    },
    async handler(context) {
      const { entityRef = '', entityRefs, optional = false, defaultKind, defaultNamespace } = context.input;
      const find = async (text: string): Promise<JsonValue> => {
        const ref = parseRef(text, {
          ...(defaultKind !== undefined && { kind: defaultKind }),
          ...(defaultNamespace !== undefined && { namespace: defaultNamespace }),
        });
        if (ref === null) {
          throw runError(
            'scaffolder/invalid-input',
            `'${text}' is no reference to an entity. Write kind:namespace/name, or set defaultKind.`,
          );
        }
        const entity = await catalog.entity(stringifyRef(ref));
        if (entity !== null) return toPlainJson(entity);
        if (optional) return null;
        throw catalogActionError(
          'scaffolder/entity-not-found',
          `The catalog has no '${stringifyRef(ref)}'. Set optional when it may be missing.`,
        );
      };
      if (entityRef === '' && entityRefs === undefined && !optional) {
        throw runError('scaffolder/invalid-input', 'Neither entityRef nor entityRefs is given.');
      }
      if (entityRef !== '') context.output('entity', await find(entityRef));
      if (entityRefs !== undefined) context.output('entities', await Promise.all(entityRefs.map(find)));
    },
  });
}
