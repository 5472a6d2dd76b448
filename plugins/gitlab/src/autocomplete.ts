/** Suggestions for the field `RepoUrlPicker`: the groups of a user, and the projects of a group. */
import type { AutocompleteProvider, Forge } from '@callboard/plugin';
import { fieldOf, listOf, numberOf, textOf } from './answers.ts';
import { connect, type Client, type ClientDeps } from './client.ts';
import { gitlabError } from './errors.ts';
import { forgeOf } from './repo-url.ts';

/** Milliseconds: somebody waits for it. */
const TIMEOUT = 30_000;
/** Of 100 each. */
const MAX_PAGES = 50;

type Suggestions = Awaited<ReturnType<AutocompleteProvider>>['results'];

/** Resources `groups` and `repositories`; `context.host` (default: gitlab.com), and for repositories `context.id`. */
export function createAutocomplete(
  deps: ClientDeps & { readonly forges: readonly Forge[] },
): AutocompleteProvider {
  return async ({ resource, token, context }) => {
    const forge = forgeOf(context['host'] ?? 'gitlab.com', deps.forges);
    if (token === '') {
      // With the token of the configuration, everybody would see the names of everything.
      const message = `Suggestions from ${forge.host} need the user's own token. Sign in there.`;
      throw gitlabError('scaffolder/no-token', message);
    }
    const client = await connect(deps, { forge, token, signal: AbortSignal.timeout(TIMEOUT) });
    switch (resource) {
      case 'groups':
        return { results: await groups(client) };
      case 'repositories':
        return { results: await repositories(client, context['id'] ?? '') };
      default:
        throw gitlabError(
          'scaffolder/invalid-input',
          `GitLab has no suggestions for "${resource}". Ask for "groups" or "repositories".`,
        );
    }
  };
}

/** And the user, who can own projects too. */
async function groups({ api }: Client): Promise<Suggestions> {
  const found = listOf(await api.Groups.all({ perPage: 100, maxPages: MAX_PAGES }));
  const user: unknown = await api.Users.showCurrentUser();
  return [
    ...found.map((group) => ({ id: String(numberOf(group, 'id')), title: textOf(group, 'full_path') })),
    { id: String(numberOf(user, 'id')), title: textOf(user, 'username') },
  ];
}

async function repositories({ api }: Client, id: string): Promise<Suggestions> {
  if (id === '') {
    const message = 'Suggestions for repositories need the id of a group or user in "context.id".';
    throw gitlabError('scaffolder/invalid-input', message);
  }
  const isOwn = String(fieldOf(await api.Users.showCurrentUser(), 'id')) === id;
  const options = { perPage: 100, maxPages: MAX_PAGES };
  const found = isOwn ? await api.Users.allProjects(id, options) : await api.Groups.allProjects(id, options);
  return listOf(found).map((project) => ({
    id: textOf(project, 'path'),
    title: textOf(project, 'name').trim(),
  }));
}
