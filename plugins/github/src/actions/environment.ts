/** `github:environment:create`: makes a deployment environment with its rules, variables and secrets. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import {
  addPolicies,
  findReviewer,
  setEnvironmentSecrets,
  setEnvironmentVariables,
  type Reviewer,
} from '../environment.ts';
import { whenShown } from '../repository.ts';
import { toWire } from '../wire.ts';
import { ENVIRONMENT_EXAMPLES, ENVIRONMENT_INPUT } from './environment-schema.ts';

export function createEnvironmentAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:environment:create',
    description: 'Makes a deployment environment of a repository on GitHub.',
    examples: ENVIRONMENT_EXAMPLES,
    schema: { input: ENVIRONMENT_INPUT },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const repository = await openRepository(deps, context);
      const { client, at } = repository;
      const environment = { ...at, environment_name: input.name };
      const reviewers: Reviewer[] = [];
      for (const reference of input.reviewers ?? [])
        reviewers.push(await findReviewer(repository, reference));
      await context.checkpoint({
        key: `create.or.update.environment.${repository.name}.${input.name}`,
        fn: async () => {
          logger.info(`Creating the environment ${input.name} of ${repository.name}`);
          const rules = toWire({
            ...environment,
            deployment_branch_policy: input.deploymentBranchPolicy,
            wait_timer: input.waitTimer,
            prevent_self_review: input.preventSelfReview,
            reviewers: reviewers.length === 0 ? undefined : reviewers,
          });
          // The repository may have been made a moment ago.
          await whenShown(() => client.rest.repos.createOrUpdateEnvironment(rules), { deps, signal });
        },
      });
      const { customBranchPolicyNames: branches = [], customTagPolicyNames: tags = [] } = input;
      await addPolicies(repository, environment, { type: 'branch', names: branches });
      await addPolicies(repository, environment, { type: 'tag', names: tags });
      await setEnvironmentVariables(repository, environment, input.environmentVariables ?? {});
      await setEnvironmentSecrets(repository, environment, input.secrets ?? {});
    },
  });
}
