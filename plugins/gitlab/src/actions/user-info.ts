/** `gitlab:user:info`: who a user is, or whose token it is. */
import { defineAction, type Action } from '@callboard/plugin';
import { numberOf, optionalText, textOf } from '../answers.ts';
import { connect } from '../client.ts';
import { CONNECTION } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: user
    name: Find out who asks
    action: gitlab:user:info
    input:
      repoUrl: gitlab.com
      token: \${{ secrets.USER_OAUTH_TOKEN }}
`;

export function createUserInfoAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:user:info',
    description: 'Reads who a GitLab user is.',
    examples: [{ description: 'The user of the token', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: {
          ...CONNECTION,
          userId: { type: 'integer', title: 'User', description: 'Id. Default: whose token it is.' },
        },
      },
      output: {
        type: 'object',
        properties: {
          id: { type: 'number', title: 'Id' },
          username: { type: 'string', title: 'User name' },
          name: { type: 'string', title: 'Name that is shown' },
          state: { type: 'string', title: 'As active or blocked' },
          webUrl: { type: 'string', title: 'Address of the profile' },
          email: { type: 'string', title: 'Address; for oneself and administrators' },
          createdAt: { type: 'string', title: 'Since when the user exists' },
          publicEmail: { type: 'string', title: 'Public address' },
        },
      },
    },
    handler: async (context) => {
      const { input, signal } = context;
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const { api } = await connect(deps, { forge, token: input.token, signal });
      const user: unknown =
        input.userId === undefined ? await api.Users.showCurrentUser() : await api.Users.show(input.userId);
      context.output('id', numberOf(user, 'id'));
      context.output('username', textOf(user, 'username'));
      context.output('name', textOf(user, 'name'));
      context.output('state', textOf(user, 'state'));
      context.output('webUrl', textOf(user, 'web_url'));
      const [email, createdAt, publicEmail] = ['email', 'created_at', 'public_email'].map((field) =>
        optionalText(user, field),
      );
      if (typeof email === 'string') context.output('email', email);
      if (typeof createdAt === 'string') context.output('createdAt', createdAt);
      if (typeof publicEmail === 'string') context.output('publicEmail', publicEmail);
    },
  });
}
