/** Owners of a new project, added with the token of the configuration: that of the user may not be enough. */
import type { ActionContext } from '@callboard/plugin';
import { toAccessLevel } from '../access-level.ts';
import { listOf, numberOf } from '../answers.ts';
import { connect, type Client } from '../client.ts';
import { isRefusal } from '../errors.ts';
import type { GitlabDeps } from './deps.ts';

const OWNER = toAccessLevel('owner');

export interface OwnersRequest {
  readonly deps: GitlabDeps;
  readonly context: Pick<ActionContext, 'logger' | 'signal'>;
  /** Of the step. */
  readonly client: Client;
  readonly projectId: number;
  readonly setUserAsOwner: boolean;
  readonly ownerUsername: string | undefined;
}

export async function addOwners(request: OwnersRequest): Promise<void> {
  const { deps, context, client, projectId, setUserAsOwner, ownerUsername } = request;
  const { forge } = client;
  if (!setUserAsOwner && ownerUsername === undefined) return;
  if (forge.token === null) {
    context.logger.warn(`No owner is added: "integrations.gitlab" has no token for ${forge.host}.`);
    return;
  }
  const admin = await connect(deps, { forge, token: undefined, signal: context.signal });
  if (setUserAsOwner) {
    const user = await client.api.Users.showCurrentUser();
    await addOwner(admin, { projectId, userId: numberOf(user, 'id') });
  }
  if (ownerUsername === undefined) return;
  const [user = null] = listOf(await admin.api.Users.all({ username: ownerUsername }));
  if (user === null) {
    context.logger.warn(`No owner is added: GitLab has no user "${ownerUsername}".`);
    return;
  }
  try {
    await addOwner(admin, { projectId, userId: numberOf(user, 'id') });
  } catch (error) {
    context.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    context.logger.warn(`"${ownerUsername}" does not become an owner: ${why}`);
  }
}

async function addOwner(
  { api }: Client,
  { projectId, userId }: { readonly projectId: number; readonly userId: number },
): Promise<void> {
  try {
    await api.ProjectMembers.add(projectId, OWNER, { userId });
  } catch (error) {
    // A member already: whoever makes a project in a namespace of their own is.
    if (!isRefusal(error, 409)) throw error;
  }
}
