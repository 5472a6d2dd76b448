/** The project that a step publishes to: made, or taken when an earlier try of the step made it. */
import type { JsonObject } from '@callboard/model';
import { fieldOf, listOf, numberOf, optionalText, textOf } from '../answers.ts';
import type { Client } from '../client.ts';
import { gitlabError, isRefusal } from '../errors.ts';

export interface NewProject {
  readonly client: Client;
  /** Path of a group, or name of a user. */
  readonly owner: string;
  readonly repo: string;
  readonly settings: JsonObject;
  /** Takes a project that is there, whatever is in it. */
  readonly skipExisting: boolean;
  /** Takes an empty one that this user made. */
  readonly takesEmpty: boolean;
}

/** A type alias: it is kept as a checkpoint. */
export type Project = {
  readonly id: number;
  /** For git, with `.git`. */
  readonly gitUrl: string;
  readonly defaultBranch: string | null;
  readonly created: boolean;
};

/** @throws CodedError `scaffolder/invalid-input`, `scaffolder/repository-exists`, and those of the wire */
export async function ensureProject(request: NewProject): Promise<Project> {
  const { client, owner, repo, settings, skipExisting } = request;
  const namespace = await readNamespace(client, owner);
  if (skipExisting) {
    const existing = await findProject(request, namespace.kind);
    if (existing !== null) return toProject(client, existing, { created: false });
  }
  try {
    const made = await client.api.Projects.create({
      namespaceId: namespace.id,
      name: repo,
      path: repo,
      ...settings,
    });
    return toProject(client, made, { created: true });
  } catch (error) {
    if (!isRefusal(error, 400, /already been taken/)) throw error;
    const mine = await findLeftover(request);
    if (mine !== null) return toProject(client, mine, { created: true });
    const message = `The project ${owner}/${repo} exists at ${client.forge.host}. Choose another name, or set "skipExisting".`;
    throw gitlabError('scaffolder/repository-exists', message, { cause: error });
  }
}

async function readNamespace(
  client: Client,
  owner: string,
): Promise<{ readonly id: number; readonly kind: string }> {
  try {
    const namespace = await client.api.Namespaces.show(owner);
    return { id: numberOf(namespace, 'id'), kind: optionalText(namespace, 'kind') ?? 'group' };
  } catch (error) {
    if (!isRefusal(error, 404)) throw error;
    const message = `There is no namespace ${owner} at ${client.forge.host}, or the token may not see it. Correct "owner", or make the group with gitlab:group:ensureExists.`;
    throw gitlabError('scaffolder/invalid-input', message, { cause: error });
  }
}

async function findProject({ client, owner, repo }: NewProject, kind: string): Promise<unknown> {
  const options = { search: repo, perPage: 100 };
  const all =
    kind === 'user'
      ? await client.api.Users.allProjects(owner, options)
      : await client.api.Groups.allProjects(owner, options);
  return listOf(all).find((project) => fieldOf(project, 'path') === repo) ?? null;
}

/** What a task leaves that was killed before its push. */
async function findLeftover({ client, owner, repo, takesEmpty }: NewProject): Promise<unknown> {
  if (!takesEmpty) return null;
  const user = await client.api.Users.showCurrentUser();
  const project: unknown = await client.api.Projects.show(`${owner}/${repo}`);
  const isMine = fieldOf(project, 'creator_id') === numberOf(user, 'id');
  return isMine && fieldOf(project, 'empty_repo') === true ? project : null;
}

function toProject({ forge }: Client, answer: unknown, { created }: { readonly created: boolean }): Project {
  const url = URL.parse(textOf(answer, 'http_url_to_repo'));
  // The token goes there, so it is the host of the configuration whatever GitLab takes for its own.
  const isThere = url !== null && url.origin === new URL(forge.baseUrl).origin;
  return {
    id: numberOf(answer, 'id'),
    gitUrl: isThere ? url.href : `${forge.baseUrl}/${textOf(answer, 'path_with_namespace')}.git`,
    defaultBranch: optionalText(answer, 'default_branch'),
    created,
  };
}
