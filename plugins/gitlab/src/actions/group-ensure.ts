/** `gitlab:group:ensureExists`: makes the groups of a path that are missing. */
import { defineAction, type Action } from '@callboard/plugin';
import { numberOf } from '../answers.ts';
import { connect, type Client } from '../client.ts';
import { isRefusal } from '../errors.ts';
import { CONNECTION } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: group
    name: Make the group of the team
    action: gitlab:group:ensureExists
    input:
      repoUrl: gitlab.com
      path:
        - harbourline
        - name: Payments Team
          slug: payments
      description: What the payments team builds
`;

/** What a dry-run gives, where nothing is made. */
const DRY_RUN_ID = 42;

export function createGroupEnsureAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:group:ensureExists',
    description: 'Makes the groups of a path that GitLab does not have yet.',
    supportsDryRun: true,
    examples: [{ description: 'A group inside of another', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'path'],
        properties: {
          ...CONNECTION,
          description: {
            type: 'string',
            title: 'Description',
            description: 'Of the innermost group, when it is made.',
          },
          path: {
            type: 'array',
            title: 'Path',
            description: 'Groups from the outermost on: "a/b", or a name and a slug.',
            minItems: 1,
            items: {
              anyOf: [
                { type: 'string' },
                {
                  type: 'object',
                  required: ['name', 'slug'],
                  properties: { name: { type: 'string' }, slug: { type: 'string' } },
                },
              ],
            },
          },
        },
      },
      output: {
        type: 'object',
        properties: { groupId: { type: 'number', title: 'Id of the innermost group' } },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      if (context.isDryRun === true) {
        context.output('groupId', DRY_RUN_ID);
        return;
      }
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const client = await connect(deps, { forge, token: input.token, signal });
      const groups = input.path.flatMap(toGroups);
      let parentId: number | null = null;
      for (const [index, { name, slug }] of groups.entries()) {
        const path = groups.slice(0, index + 1).map((group) => group.slug);
        const fullPath = path.join('/');
        const parent: number | null = parentId;
        const isLast = index === groups.length - 1;
        parentId =
          (await findGroup(client, fullPath)) ??
          (await context.checkpoint({
            key: `group.${fullPath}`,
            fn: () => {
              logger.info(`Creating the group ${fullPath}`);
              const description = isLast ? input.description : undefined;
              return makeGroup(client, { name, slug, parent, description, fullPath });
            },
          }));
      }
      if (parentId !== null) context.output('groupId', parentId);
    },
  });
}

interface Group {
  readonly name: string;
  readonly slug: string;
}

function toGroups(part: string | Group): readonly Group[] {
  if (typeof part !== 'string') return [part];
  return part.split('/').flatMap((slug) => (slug === '' ? [] : [{ name: slug, slug }]));
}

async function findGroup({ api }: Client, fullPath: string): Promise<number | null> {
  try {
    return numberOf(await api.Groups.show(fullPath, { withProjects: false }), 'id');
  } catch (error) {
    if (isRefusal(error, 404)) return null;
    throw error;
  }
}

interface NewGroup extends Group {
  readonly parent: number | null;
  readonly description: string | undefined;
  readonly fullPath: string;
}

async function makeGroup(client: Client, group: NewGroup): Promise<number> {
  const { name, slug, parent, description, fullPath } = group;
  try {
    const options = {
      ...(parent !== null && { parentId: parent }),
      ...(description !== undefined && { description }),
    };
    return numberOf(await client.api.Groups.create(name, slug, options), 'id');
  } catch (error) {
    if (!isRefusal(error, 400, /already been taken/)) throw error;
    // Another task made it a moment ago.
    const id = await findGroup(client, fullPath);
    if (id === null) throw error;
    return id;
  }
}
