/** `gitlab:projectVariable:create`: a variable for the pipelines of a project. */
import { defineAction, type Action } from '@callboard/plugin';
import { connect } from '../client.ts';
import { CONNECTION, PROJECT_ID } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import { createVariable } from '../variables.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: variable
    name: Store the address of the registry
    action: gitlab:projectVariable:create
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      projectId: \${{ steps.publish.output.projectId }}
      key: REGISTRY
      value: registry.harbourline.example
      variableType: env_var
      masked: true
`;

const FLAG = { type: 'boolean', default: false } as const;

export function createProjectVariableAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:projectVariable:create',
    description: 'Makes a variable for the pipelines of a GitLab project.',
    examples: [{ description: 'A masked variable', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'projectId', 'key', 'value', 'variableType'],
        properties: {
          ...CONNECTION,
          projectId: PROJECT_ID,
          key: {
            type: 'string',
            title: 'Key',
            description: 'Letters, digits and _; 255 at most.',
            pattern: '^[A-Za-z0-9_]{1,255}$',
          },
          value: { type: 'string', title: 'Value' },
          variableType: {
            type: 'string',
            title: 'Type',
            description: 'env_var or file.',
            enum: ['env_var', 'file'],
          },
          variableProtected: {
            ...FLAG,
            title: 'Protected',
            description: 'For protected branches and tags only.',
          },
          masked: { ...FLAG, title: 'Masked', description: 'Hidden in the logs of jobs.' },
          maskedAndHidden: {
            ...FLAG,
            title: 'Masked and hidden',
            description: 'Not shown in the settings either.',
          },
          raw: { ...FLAG, title: 'Raw', description: 'What is in it is not expanded.' },
          environmentScope: {
            type: 'string',
            title: 'Environment',
            default: '*',
            description: 'Default: *.',
          },
        },
      },
    },
    handler: async (context) => {
      const { input, signal } = context;
      const { projectId, key, value, environmentScope = '*' } = input;
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const client = await connect(deps, { forge, token: input.token, signal, secrets: [value] });
      await context.checkpoint({
        key: `variable.${projectId}.${key}.${environmentScope}`,
        fn: () =>
          createVariable(client, projectId, {
            key,
            value,
            variableType: input.variableType,
            protected: input.variableProtected ?? false,
            masked: input.masked ?? false,
            maskedAndHidden: input.maskedAndHidden ?? false,
            raw: input.raw ?? false,
            environmentScope,
          }),
      });
    },
  });
}
