/** Whether an epic may have issues of a project: it lies in a group above the project. */
import type { ActionContext } from '@callboard/plugin';
import { fieldOf, listOf, numberOf, textOf } from '../answers.ts';
import type { Client } from '../client.ts';
import { gitlabError } from '../errors.ts';

/** Levels of groups; GitLab allows 20. */
const MAX_LEVELS = 25;

export interface EpicRequest {
  readonly client: Client;
  readonly project: string | number;
  readonly epicId: number | undefined;
}

/** The epic when it fits, else undefined. @throws CodedError `scaffolder/invalid-input` when there is no such epic */
export async function fittingEpic(
  context: Pick<ActionContext, 'checkpoint' | 'logger'>,
  request: EpicRequest,
): Promise<number | undefined> {
  const { project, epicId } = request;
  if (epicId === undefined || epicId === 0) return undefined;
  const fits = await context.checkpoint({
    key: `epic.${project}.${epicId}`,
    fn: () => isInScope({ ...request, epicId }),
  });
  if (fits) return epicId;
  context.logger.warn(`The epic ${epicId} is not of a group of the project: the issue goes without it.`);
  return undefined;
}

async function isInScope({
  client,
  project,
  epicId,
}: EpicRequest & { readonly epicId: number }): Promise<boolean> {
  const { api } = client;
  const shown: unknown = await api.Projects.show(project);
  const top = await topGroup(client, numberOf(fieldOf(shown, 'namespace'), 'id'));
  const epics = listOf(await api.Epics.all(top, { perPage: 100 }));
  const epic = epics.find((candidate) => fieldOf(candidate, 'id') === epicId);
  if (epic === undefined) {
    const message = `There is no epic with the id ${epicId} in the groups of the project ${project}. Correct "epicId", or leave it out.`;
    throw gitlabError('scaffolder/invalid-input', message);
  }
  const group: unknown = await api.Groups.show(numberOf(epic, 'group_id'), { withProjects: false });
  return textOf(shown, 'path_with_namespace').startsWith(`${textOf(group, 'full_path')}/`);
}

async function topGroup({ api }: Client, id: number): Promise<number> {
  let current = id;
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const parent = fieldOf(await api.Groups.show(current, { withProjects: false }), 'parent_id');
    if (typeof parent !== 'number') return current;
    current = parent;
  }
  throw gitlabError(
    'scaffolder/forge-answer',
    `GitLab has more than ${MAX_LEVELS} groups above the group ${id}.`,
  );
}
