/** Suggestions for fields of forms, seen with the user's own token. */
import type { AutocompleteProvider } from '@callboard/plugin';
import { openClient, type GithubDeps } from './client.ts';
import { githubError } from './errors.ts';
import { forgeOf } from './target.ts';

/** Milliseconds that all pages of a list may take together. */
const TIMEOUT = 30_000;

/** `repositoriesWithOwner`, `owners`, and `branches` of the context's owner and repository. */
export function createAutocomplete(deps: GithubDeps): AutocompleteProvider {
  return async ({ resource, token, context }) => {
    const { host = 'github.com', owner = '', repository: repo = '' } = context;
    const forge = forgeOf(host, deps.forges);
    const signal = AbortSignal.timeout(TIMEOUT);
    const { rest, paginate } = await openClient(deps, { forge, token, signal, onWait() {} });
    switch (resource) {
      case 'repositoriesWithOwner': {
        const found = await paginate(rest.repos.listForAuthenticatedUser, { per_page: 100 });
        return { results: found.map(({ full_name: id }) => ({ id })) };
      }
      case 'owners': {
        const found = await paginate(rest.orgs.listForAuthenticatedUser, { per_page: 100 });
        return { results: found.map(({ login: id }) => ({ id })) };
      }
      case 'branches': {
        if (owner === '' || repo === '') {
          const message = 'Branches are those of a repository: give "owner" and "repository" in the context.';
          throw githubError('scaffolder/invalid-input', message);
        }
        const found = await paginate(rest.repos.listBranches, { owner, repo, per_page: 100 });
        return { results: found.map(({ name: id }) => ({ id })) };
      }
      default: {
        const message = `GitHub has no suggestions for "${resource}". There are repositoriesWithOwner, owners and branches.`;
        throw githubError('scaffolder/invalid-input', message);
      }
    }
  };
}
