/** One commit on a branch, not two when the task is killed after GitLab made it and before that was kept. */
import type { CommitAction } from '@gitbeaker/rest';
import { fieldOf, textOf } from './answers.ts';
import type { Client } from './client.ts';
import { isRefusal } from './errors.ts';

export interface CommitRequest {
  readonly client: Client;
  readonly project: string;
  readonly branch: string;
  readonly message: string;
  /** Where the branch was before; null when it was not there. */
  readonly before: string | null;
  /** Asked for when the commit has to be made. */
  plan(): Promise<CommitAction[]>;
  /** Makes one that changes nothing. */
  readonly allowEmpty: boolean | undefined;
}

/** The hash of the commit; null when there was nothing to do. */
export async function commitOnce(request: CommitRequest): Promise<string | null> {
  const { client, project, branch, message, before, allowEmpty } = request;
  const head = await readHead(client, project, branch);
  if (head !== null && head.hash !== before && isOurs(head, request)) return head.hash;
  const actions = await request.plan();
  if (actions.length === 0 && allowEmpty !== true) return null;
  // The library's own method does not know `allow_empty`.
  const { body } = await client.send({
    method: 'POST',
    path: `projects/${encodeURIComponent(project)}/repository/commits`,
    body: { branch, commitMessage: message, actions, ...(allowEmpty !== undefined && { allowEmpty }) },
  });
  return textOf(body, 'id');
}

interface Head {
  readonly hash: string;
  readonly message: string;
  readonly parents: readonly unknown[];
}

function isOurs(head: Head, { message, before }: CommitRequest): boolean {
  const [parent = null] = head.parents;
  return head.message.trim() === message.trim() && parent === before;
}

/** The last commit of a branch; null when there is no such branch. */
export async function readHead(client: Client, project: string, branch: string): Promise<Head | null> {
  try {
    const commit = fieldOf(await client.api.Branches.show(project, branch), 'commit');
    const [message, parents] = [fieldOf(commit, 'message'), fieldOf(commit, 'parent_ids')];
    return {
      hash: textOf(commit, 'id'),
      message: typeof message === 'string' ? message : '',
      parents: Array.isArray(parents) ? parents : [],
    };
  } catch (error) {
    if (isRefusal(error, 404, /branch not found/i)) return null;
    throw error;
  }
}
