/** The parts of a deployment environment. Each call may be repeated. */
import type { Repository } from './client.ts';
import { githubError, isRefusal } from './errors.ts';
import { seal } from './seal.ts';

/** An environment of a repository, for the library's calls. */
type EnvironmentAt = Repository['at'] & { readonly environment_name: string };

export interface Reviewer {
  readonly type: 'User' | 'Team';
  readonly id: number;
}

/**
 * The user or the team of the owner that an entity reference names.
 * @throws CodedError `scaffolder/invalid-input` when it is no reference, or GitHub has none of that name
 */
export async function findReviewer({ client, at }: Repository, reference: string): Promise<Reviewer> {
  const [, kind = '', name = ''] = /^(user|group):(?:[^/\s]+\/)?([^/\s]+)$/i.exec(reference) ?? [];
  if (name === '') {
    const message = `"${reference}" is no reference of a user or group. Write it as "group:default/payments".`;
    throw githubError('scaffolder/invalid-input', message);
  }
  try {
    if (kind.toLowerCase() === 'user') {
      const { data: user } = await client.rest.users.getByUsername({ username: name });
      return { type: 'User', id: Number(user.id) };
    }
    const { data } = await client.rest.teams.getByName({ org: at.owner, team_slug: name });
    return { type: 'Team', id: data.id };
  } catch (error) {
    if (!isRefusal(error, 404)) throw error;
    const message = `GitHub has no ${kind.toLowerCase() === 'user' ? 'user' : `team of ${at.owner}`} "${name}" for the reviewer ${reference}. Correct "reviewers".`;
    throw githubError('scaffolder/invalid-input', message);
  }
}

/** Lets branches or tags deploy. */
export async function addPolicies(
  { client }: Repository,
  environment: EnvironmentAt,
  { type, names }: { readonly type: 'branch' | 'tag'; readonly names: readonly string[] },
): Promise<void> {
  for (const name of names) {
    try {
      // GitHub answers 303 for one that is there already, and the library follows to it.
      await client.rest.repos.createDeploymentBranchPolicy({ ...environment, type, name });
    } catch (error) {
      if (!isRefusal(error, 303)) throw error;
    }
  }
}

export async function setEnvironmentVariables(
  { client }: Repository,
  environment: EnvironmentAt,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    try {
      await client.rest.actions.createEnvironmentVariable({ ...environment, name, value });
    } catch (error) {
      if (!isRefusal(error, 409)) throw error;
      await client.rest.actions.updateEnvironmentVariable({ ...environment, name, value });
    }
  }
}

/** Sealed for the environment's key. */
export async function setEnvironmentSecrets(
  { client }: Repository,
  environment: EnvironmentAt,
  secrets: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const given = Object.entries(secrets);
  if (given.length === 0) return;
  const { data: key } = await client.rest.actions.getEnvironmentPublicKey(environment);
  for (const [name, value = ''] of given) {
    await client.rest.actions.createOrUpdateEnvironmentSecret({
      ...environment,
      secret_name: name,
      encrypted_value: await seal(value, key),
      key_id: key.key_id,
    });
  }
}
