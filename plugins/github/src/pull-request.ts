/** Opening a pull request once, and asking people to look at it. */
import { messageOf } from '@callboard/kernel';
import type { ActionLogger } from '@callboard/plugin';
import type { Repository } from './client.ts';
import { ForgeRefusal, githubError, isRefusal } from './errors.ts';
import type { Head } from './pull-request-branch.ts';

export type PullRequest = { readonly url: string; readonly number: number; readonly base: string };

export interface OpenRequest {
  readonly head: Head;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  /** Gives the words to a pull request of the branch that is open already. */
  readonly update: boolean;
}

/**
 * One with the same title is taken as that of an earlier try: its branch holds what this step pushed.
 * @throws CodedError `scaffolder/pull-request-exists`, `scaffolder/forge-refused`, `scaffolder/forge-unreachable`
 */
export async function openPullRequest(repository: Repository, request: OpenRequest): Promise<PullRequest> {
  const { client, at, name } = repository;
  const { head, branch, base, title, body, draft, update } = request;
  const from = `${head.owner}:${branch}`;
  try {
    const { data } = await client.rest.pulls.create({ ...at, head: from, base, title, body, draft });
    return toPullRequest(data);
  } catch (error) {
    if (!isRefusal(error, 422, /already exists/i)) throw error;
    const { data } = await client.rest.pulls.list({ ...at, head: from, state: 'open', per_page: 1 });
    const [found] = data;
    if (found === undefined) throw error;
    if (update) {
      const { data: updated } = await client.rest.pulls.update({
        ...at,
        pull_number: found.number,
        title,
        body,
        base,
      });
      return toPullRequest(updated);
    }
    if (found.title === title) return toPullRequest(found);
    const message = `There is a pull request of ${from} in ${name} already: ${found.html_url}. Use another "branchName", or "update: true".`;
    throw githubError('scaffolder/pull-request-exists', message);
  }
}

function toPullRequest(data: {
  readonly html_url: string;
  readonly number: number;
  readonly base: { readonly ref: string };
}): PullRequest {
  return { url: data.html_url, number: data.number, base: data.base.ref };
}

export interface People {
  readonly reviewers?: readonly string[] | undefined;
  readonly teamReviewers?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
}

/** Who may be an assignee at once. */
const MOST_ASSIGNEES = 10;

/** The pull request is there: whom GitHub does not take is a warning. */
export async function askPeople(
  { client, at }: Repository,
  {
    people,
    number,
    logger,
  }: { readonly people: People; readonly number: number; readonly logger: ActionLogger },
): Promise<void> {
  const reviewers = [...new Set(people.reviewers)];
  const teams = [...new Set(people.teamReviewers)];
  const assignees = [...new Set(people.assignees)];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ForgeRefusal) || error.answered >= 500) throw error;
      logger.warn(`Pull request ${number} has no ${what}: ${messageOf(error)}`);
    }
  };
  if (reviewers.length + teams.length > 0) {
    const pull = { ...at, pull_number: number };
    await attempt('reviewers', () =>
      client.rest.pulls.requestReviewers({ ...pull, reviewers, team_reviewers: teams }),
    );
  }
  if (assignees.length > MOST_ASSIGNEES) {
    logger.warn(`GitHub takes ${MOST_ASSIGNEES} assignees; the others are left out.`);
  }
  if (assignees.length > 0) {
    await attempt('assignees', () =>
      client.rest.issues.addAssignees({
        ...at,
        issue_number: number,
        assignees: assignees.slice(0, MOST_ASSIGNEES),
      }),
    );
  }
}
