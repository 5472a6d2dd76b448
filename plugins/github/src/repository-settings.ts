/** What a repository gets after it was made. Each call may be repeated, so a try that ended half-way is finished by the next. */
import { messageOf } from '@callboard/kernel';
import type { ActionLogger } from '@callboard/plugin';
import type { Repository } from './client.ts';
import { githubError, isRefusal } from './errors.ts';
import { toName } from './repository.ts';
import { seal } from './seal.ts';
import type { Settings } from './settings-inputs.ts';
import { toWire } from './wire.ts';

/**
 * Access that cannot be given and topics that are refused are warnings; the rest has to succeed.
 * @throws CodedError `scaffolder/forge-refused`, `scaffolder/forge-unreachable`
 */
export async function applySettings(
  repository: Repository,
  { settings, logger }: { readonly settings: Settings; readonly logger: ActionLogger },
): Promise<void> {
  const { client, at } = repository;
  await grantAdmin(repository, settings.access);
  await addCollaborators(repository, settings.collaborators ?? [], logger);
  await setTopics(repository, settings.topics ?? [], logger);
  await setVariables(repository, settings.repoVariables ?? {});
  await setSecrets(repository, settings.secrets ?? {});
  const { oidcCustomization: oidc, workflowAccess } = settings;
  if (oidc !== undefined) {
    const { useDefault = true, includeClaimKeys } = oidc;
    await client.rest.actions.setCustomOidcSubClaimForRepo(
      toWire({ ...at, use_default: useDefault, include_claim_keys: includeClaimKeys }),
    );
  }
  if (settings.subscribe === true) {
    await client.rest.activity.setRepoSubscription({ ...at, subscribed: true, ignored: false });
  }
  if (workflowAccess !== undefined) {
    await client.rest.actions.setWorkflowAccessToRepository({ ...at, access_level: workflowAccess });
  }
}

/**
 * Before anything is made: the team that is to get admin rights.
 * @throws CodedError `scaffolder/invalid-input` when there is none
 */
export async function checkAccess({ client, at }: Repository, access: string | undefined): Promise<void> {
  const team = teamOf(at.owner, access);
  if (team === null) return;
  try {
    await client.rest.teams.getByName({ org: at.owner, team_slug: team });
  } catch (error) {
    if (!isRefusal(error, 404)) throw error;
    const message = `There is no team "${team}" in the organization ${at.owner} that the token may see. Correct "access".`;
    throw githubError('scaffolder/invalid-input', message);
  }
}

function teamOf(owner: string, access: string | undefined): string | null {
  return access?.startsWith(`${owner}/`) === true ? access.slice(owner.length + 1) : null;
}

async function grantAdmin(repository: Repository, access: string | undefined): Promise<void> {
  const team = teamOf(repository.at.owner, access);
  if (team !== null) return grantTeam(repository, team, 'admin');
  if (access === undefined || access === '' || access === repository.at.owner) return;
  await grantUser(repository, access, 'admin');
}

async function grantTeam({ client, at }: Repository, team: string, permission: string): Promise<void> {
  await client.rest.teams.addOrUpdateRepoPermissionsInOrg({
    ...at,
    org: at.owner,
    team_slug: team,
    permission,
  });
}

async function grantUser({ client, at }: Repository, username: string, permission: string): Promise<void> {
  await client.rest.repos.addCollaborator({ ...at, username, permission });
}

async function addCollaborators(
  repository: Repository,
  collaborators: NonNullable<Settings['collaborators']>,
  logger: ActionLogger,
): Promise<void> {
  for (const collaborator of collaborators) {
    const { access } = collaborator;
    const who = 'user' in collaborator ? collaborator.user : collaborator.team;
    try {
      if ('user' in collaborator) await grantUser(repository, toName(who), access);
      else await grantTeam(repository, toName(who), access);
    } catch (error) {
      if (!isRefused(error)) throw error;
      logger.warn(`${who} has no ${access} access: ${messageOf(error)}`);
    }
  }
}

async function setTopics(
  { client, at }: Repository,
  topics: readonly string[],
  logger: ActionLogger,
): Promise<void> {
  if (topics.length === 0) return;
  try {
    await client.rest.repos.replaceAllTopics({ ...at, names: topics.map((topic) => topic.toLowerCase()) });
  } catch (error) {
    if (!isRefused(error)) throw error;
    logger.warn(`The repository has no topics: ${messageOf(error)}`);
  }
}

/** A limit and a failure of the forge are no verdict: a retry of the step can mend them. */
function isRefused(error: unknown): boolean {
  return [403, 404, 422].some((status) => isRefusal(error, status));
}

async function setVariables(
  { client, at }: Repository,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    try {
      await client.rest.actions.createRepoVariable({ ...at, name, value });
    } catch (error) {
      if (!isRefusal(error, 409)) throw error;
      await client.rest.actions.updateRepoVariable({ ...at, name, value });
    }
  }
}

/** Sealed for the repository's key. @throws CodedError `scaffolder/forge-refused`, `scaffolder/forge-unreachable` */
export async function setSecrets(
  { client, at }: Repository,
  secrets: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const given = Object.entries(secrets);
  if (given.length === 0) return;
  const { data: key } = await client.rest.actions.getRepoPublicKey(at);
  for (const [name, value = ''] of given) {
    await client.rest.actions.createOrUpdateRepoSecret({
      ...at,
      secret_name: name,
      encrypted_value: await seal(value, key),
      key_id: key.key_id,
    });
  }
}
