/** `github:actions:dispatch`: starts a workflow. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { TARGET } from '../inputs.ts';
import { toWire } from '../wire.ts';

const EXAMPLE = `steps:
  - id: deploy
    action: github:actions:dispatch
    name: Deploy
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      workflowId: deploy.yaml
      branchOrTagName: main
      workflowInputs:
        environment: staging
`;

export function createActionsDispatchAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:actions:dispatch',
    description: 'Starts a workflow of GitHub Actions for a branch or tag.',
    examples: [{ description: 'With an input', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'workflowId', 'branchOrTagName'],
        properties: {
          ...TARGET,
          workflowId: { type: 'string', title: 'Workflow', description: 'Name of its file, or its id.' },
          branchOrTagName: { type: 'string', title: 'Branch or Tag name' },
          workflowInputs: {
            type: 'object',
            title: 'Inputs of the workflow',
            description: '25 at most.',
            additionalProperties: { type: 'string' },
          },
          returnWorkflowRunDetails: {
            type: 'boolean',
            title: 'Return the run',
            description: 'Puts out the run that was started. Default: false.',
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          workflowRunId: { type: 'number', title: 'Id of the run' },
          workflowRunUrl: { type: 'string', title: 'Address of the run in the API' },
          workflowRunHtmlUrl: { type: 'string', title: 'Address of the run in a browser' },
        },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { workflowId, branchOrTagName: ref } = input;
      const { client, at, name } = await openRepository(deps, context);
      const isWanted = input.returnWorkflowRunDetails === true;
      const run = await context.checkpoint({
        key: `create.workflow.dispatch.${name}.${workflowId}`,
        fn: async () => {
          logger.info(`Starting the workflow ${workflowId} of ${name} on ${ref}`);
          const parameters = { ...at, workflow_id: workflowId, ref, inputs: input.workflowInputs };
          const more = isWanted ? { return_run_details: true } : {};
          const { data } = await client.rest.actions.createWorkflowDispatch(
            toWire({ ...parameters, ...more }),
          );
          return isWanted ? toRun(data) : null;
        },
      });
      if (!isWanted) return;
      if (run === null) {
        logger.warn('The workflow was started, but this GitHub does not say which run it is.');
        return;
      }
      context.output('workflowRunId', run.id);
      context.output('workflowRunUrl', run.url);
      context.output('workflowRunHtmlUrl', run.htmlUrl);
      logger.info(`Run of the workflow: ${run.htmlUrl}`);
    },
  });
}

/** Null for servers that answer without a body. */
function toRun(
  data: unknown,
): { readonly id: number; readonly url: string; readonly htmlUrl: string } | null {
  if (typeof data !== 'object' || data === null || !('workflow_run_id' in data)) return null;
  const url = 'run_url' in data ? String(data.run_url) : '';
  const htmlUrl = 'html_url' in data ? String(data.html_url) : '';
  return { id: Number(data.workflow_run_id), url, htmlUrl };
}
