/** `gitlab:pipeline:trigger`: starts a pipeline with a trigger token that lives no longer than the call. */
import { defineAction, type Action } from '@callboard/plugin';
import { numberOf, textOf } from '../answers.ts';
import { connect, type Client } from '../client.ts';
import { CONNECTION, PROJECT_ID } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: deploy
    name: Start the first deployment
    action: gitlab:pipeline:trigger
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      projectId: \${{ steps.publish.output.projectId }}
      tokenDescription: first deployment
      branch: main
      variables:
        REGION: eu-central-1
`;

export function createPipelineTriggerAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:pipeline:trigger',
    description: 'Starts a pipeline of a GitLab project.',
    examples: [{ description: 'With a variable', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'projectId', 'tokenDescription', 'branch'],
        properties: {
          ...CONNECTION,
          projectId: PROJECT_ID,
          tokenDescription: {
            type: 'string',
            title: 'Description of the token',
            description: 'Of the trigger token that is made for the call and deleted after it.',
          },
          branch: { type: 'string', title: 'Branch' },
          variables: { type: 'object', additionalProperties: { type: 'string' }, title: 'Variables' },
        },
      },
      output: {
        type: 'object',
        properties: { pipelineUrl: { type: 'string', title: 'Address of the pipeline' } },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { projectId, tokenDescription, branch, variables } = input;
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const client = await connect(deps, { forge, token: input.token, signal });
      // A task that is cancelled meanwhile still takes its token away.
      const anyway = { forge, token: input.token, signal: new AbortController().signal };
      const cleaner = await connect(deps, anyway);
      const pipelineUrl = await context.checkpoint({
        key: `trigger.${projectId}.${branch}.${tokenDescription}`,
        fn: async () => {
          const made = await client.api.PipelineTriggerTokens.create(projectId, tokenDescription);
          const [id, token] = [numberOf(made, 'id'), textOf(made, 'token')];
          try {
            return await trigger(client, { projectId, ref: branch, token, variables });
          } finally {
            await remove(cleaner, { projectId, id }).catch((error: unknown) => {
              const why = error instanceof Error ? error.message : String(error);
              logger.error(
                `The trigger token ${id} of the project ${projectId} could not be deleted: ${why}`,
              );
            });
          }
        },
      });
      context.output('pipelineUrl', pipelineUrl);
    },
  });
}

interface TriggerRequest {
  readonly projectId: number | string;
  readonly ref: string;
  /** Secret. */
  readonly token: string;
  readonly variables: Readonly<Record<string, string | undefined>> | undefined;
}

/** The library's own method puts the token into the URL, and takes values with `&` apart. */
async function trigger({ send }: Client, request: TriggerRequest): Promise<string> {
  const { projectId, ref, token, variables } = request;
  const { body } = await send({
    method: 'POST',
    path: `projects/${encodeURIComponent(projectId)}/trigger/pipeline`,
    body: { token, ref, ...(variables !== undefined && { variables }) },
  });
  return textOf(body, 'web_url');
}

async function remove(
  { api }: Client,
  { projectId, id }: { readonly projectId: number | string; readonly id: number },
): Promise<void> {
  await api.PipelineTriggerTokens.remove(projectId, id);
}
