/** `gitlab:group:access`: users and groups become members of a group, or no longer are. */
import { defineAction, type Action } from '@callboard/plugin';
import { toAccessLevel, type MemberLevel } from '../access-level.ts';
import { connect, type Client } from '../client.ts';
import { gitlabError, isRefusal } from '../errors.ts';
import { CONNECTION } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: access
    name: Give the team access
    action: gitlab:group:access
    input:
      repoUrl: gitlab.com
      path: harbourline/payments
      userIds: [7]
      groupIds: [12]
      accessLevel: maintainer
`;

const IDS = { type: 'array', items: { type: 'integer' } } as const;

export function createGroupAccessAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:group:access',
    description: 'Adds users and groups to a GitLab group, or removes them.',
    supportsDryRun: true,
    examples: [{ description: 'A user and a group become maintainers', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'path'],
        properties: {
          ...CONNECTION,
          path: { type: ['integer', 'string'], title: 'Group', description: 'Id or full path.' },
          userIds: { ...IDS, title: 'Users', description: 'Their ids.' },
          groupIds: { ...IDS, title: 'Groups', description: 'Ids of groups that it is shared with.' },
          action: {
            type: 'string',
            enum: ['add', 'remove'],
            default: 'add',
            title: 'Action',
            description: 'Default: add.',
          },
          accessLevel: {
            type: ['integer', 'string'],
            title: 'Access level',
            default: 30,
            description:
              'A number of GitLab, or one of no_access, minimal_access, guest, planner, reporter, developer, maintainer, owner. Default: developer.',
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          userIds: { type: 'array', items: { type: 'number' }, title: 'Users' },
          groupIds: { type: 'array', items: { type: 'number' }, title: 'Groups' },
          path: { type: ['number', 'string'], title: 'Group' },
          accessLevel: { type: 'number', title: 'Access level, of those who were added' },
        },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { path, userIds = [], groupIds = [], action = 'add' } = input;
      if (userIds.length === 0 && groupIds.length === 0) {
        throw gitlabError(
          'scaffolder/invalid-input',
          'The step names nobody. Give it "userIds" or "groupIds".',
        );
      }
      const level = toAccessLevel(input.accessLevel ?? 30);
      if (context.isDryRun !== true) {
        const { forge } = parseTarget(input.repoUrl, deps.forges);
        const client = await connect(deps, { forge, token: input.token, signal });
        const doing = action === 'add' ? 'Adding to' : 'Removing from';
        for (const userId of userIds) {
          logger.info(`${doing} the group ${path}: user ${userId}`);
          await context.checkpoint({
            key: `user.${action}.${path}.${userId}`,
            fn: () =>
              action === 'add'
                ? addUser(client, { path, id: userId, level })
                : removeUser(client, path, userId),
          });
        }
        for (const groupId of groupIds) {
          logger.info(`${doing} the group ${path}: group ${groupId}`);
          await context.checkpoint({
            key: `group.${action}.${path}.${groupId}`,
            fn: () =>
              action === 'add' ? share(client, { path, id: groupId, level }) : unshare(client, path, groupId),
          });
        }
      }
      context.output('path', path);
      if (userIds.length > 0) context.output('userIds', userIds);
      if (groupIds.length > 0) context.output('groupIds', groupIds);
      if (action === 'add') context.output('accessLevel', level);
    },
  });
}

interface Membership {
  readonly path: string | number;
  readonly id: number;
  readonly level: MemberLevel;
}

async function addUser({ api }: Client, { path, id, level }: Membership): Promise<void> {
  try {
    await api.GroupMembers.add(path, level, { userId: id });
  } catch (error) {
    if (!isRefusal(error, 409)) throw error;
    await api.GroupMembers.edit(path, id, level);
  }
}

async function removeUser({ api }: Client, path: string | number, id: number): Promise<void> {
  await unlessGone(() => api.GroupMembers.remove(path, id));
}

async function share({ api }: Client, { path, id, level }: Membership): Promise<void> {
  try {
    await api.Groups.share(path, id, level, {});
  } catch (error) {
    if (!isRefusal(error, 409)) throw error;
    // A share has no way to change its level.
    await api.Groups.unshare(path, id, {});
    await api.Groups.share(path, id, level, {});
  }
}

async function unshare({ api }: Client, path: string | number, id: number): Promise<void> {
  await unlessGone(() => api.Groups.unshare(path, id, {}));
}

/** Who is no member any more need not be removed; that the group itself is missing is a mistake. */
async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isRefusal(error, 404) || /group not found/i.test(error.said)) throw error;
  }
}
