/** Looking at a repository, and the addresses that follow from it. */
import type { Forge } from '@callboard/plugin';
import type { GithubDeps, Repository } from './client.ts';
import { isRefusal } from './errors.ts';
import { waitFor } from './patient-fetch.ts';

/** Milliseconds between two looks at what GitHub may show a moment late. */
const MOMENT = 600;

type Found = Awaited<ReturnType<Repository['client']['rest']['repos']['get']>>['data'];

/** Null when there is none that the token may see. */
export async function readOrNull({ client, at }: Repository): Promise<Found | null> {
  try {
    return (await client.rest.repos.get(at)).data;
  } catch (error) {
    if (isRefusal(error, 404)) return null;
    throw error;
  }
}

/**
 * Does it again a moment later while `isEarly` says that it came too early: GitHub shows what was just made a little late.
 */
export async function whenShown<Value>(
  work: () => Promise<Value>,
  {
    deps,
    signal,
    isEarly = (error) => isRefusal(error, 404),
  }: {
    readonly deps: Pick<GithubDeps, 'wait'>;
    readonly signal: AbortSignal;
    readonly isEarly?: (error: unknown) => boolean;
  },
): Promise<Value> {
  const wait = deps.wait ?? waitFor;
  for (let look = 1; look < 4; look += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isEarly(error)) throw error;
    }
    await wait(MOMENT * look, signal);
  }
  return work();
}

/** For git. A login goes to the forge that it is for, whatever address the API names. */
export function remoteUrlOf({ baseUrl }: Forge, cloneUrl: string, name: string): string {
  return cloneUrl.startsWith(`${baseUrl}/`) ? cloneUrl : `${baseUrl}/${name}.git`;
}

export function contentsUrlOf(htmlUrl: string, branch: string): string {
  return `${htmlUrl}/blob/${branch}`;
}

/** The last part of an entity reference or of a name with its owner. */
export function toName(reference: string): string {
  return reference.replace(/^.*[:/]/, '');
}
