/** GitLab users by their names, for what can go on without them. */
import type { ActionLogger } from '@callboard/plugin';
import { listOf, numberOf } from '../answers.ts';
import type { Client } from '../client.ts';

/** Ids of those that GitLab knows, each once; the log names the others. */
export async function findUsers(
  client: Client,
  names: readonly string[],
  logger: ActionLogger,
): Promise<number[]> {
  const ids = new Set<number>();
  for (const username of new Set(names)) {
    const [user = null] = listOf(await client.api.Users.all({ username }));
    if (user === null) logger.warn(`GitLab has no user "${username}": the merge request goes without.`);
    else ids.add(numberOf(user, 'id'));
  }
  return [...ids];
}
