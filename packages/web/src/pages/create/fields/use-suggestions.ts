/** Names out of a forge, for somebody whose token is there. Without one nothing is asked, and the field is typed. */
import { useQuery } from '@tanstack/react-query';
import { readSuggestions, type SuggestionQuery } from '../../../api/scaffolder.ts';
import { useServices } from '../../../api/services.ts';
import type { Forge, RepoPlace } from './repo-url.ts';

const FRESH_FOR_MS = 60_000;
const NONE: readonly string[] = [];

/** What is known of the place, and how its names are asked for. */
export interface SuggestionPlace {
  readonly forge: Forge;
  readonly place: Pick<RepoPlace, 'host' | 'owner' | 'repo' | 'workspace' | 'project'>;
  /** Empty for none. */
  readonly token: string;
}

export interface SuggestionPlan {
  readonly query: SuggestionQuery;
  /** The name in an answer; null for one that does not belong here. */
  readonly pick: (id: string, title: string | null) => string | null;
}

/** Null when nobody can be asked. */
export function suggestionsFor(
  what: 'owner' | 'repo' | 'branch',
  { forge, place, token }: SuggestionPlace,
): SuggestionPlan | null {
  const { host, owner, repo, workspace, project } = place;
  if (token === '' || host === '') return null;
  const ask = (
    provider: string,
    resource: string,
    context: Readonly<Record<string, string>>,
  ): SuggestionQuery => ({ provider, resource, token, context });
  const asIs = (id: string, title: string | null): string => title ?? id;
  switch (forge) {
    case 'github':
      if (what === 'branch') {
        if (owner === '' || repo === '') return null;
        return { query: ask('github', 'branches', { host, owner, repository: repo }), pick: asIs };
      }
      return {
        query: ask('github', 'repositoriesWithOwner', { host }),
        pick: (id) => {
          const [name = '', repository = ''] = id.split('/');
          if (what === 'owner') return name;
          return name === owner ? repository : null;
        },
      };
    case 'gitlab':
      if (what === 'branch') return null;
      if (what === 'owner') return { query: ask('gitlab', 'groups', { host }), pick: asIs };
      return owner === '' ? null : { query: ask('gitlab', 'repositories', { host, id: owner }), pick: asIs };
    case 'bitbucketCloud':
      if (what === 'owner') return { query: ask('bitbucket-cloud', 'workspaces', { host }), pick: asIs };
      if (workspace === '') return null;
      if (what === 'repo') {
        return { query: ask('bitbucket-cloud', 'repositories', { host, workspace, project }), pick: asIs };
      }
      if (repo === '') return null;
      return {
        query: ask('bitbucket-cloud', 'branches', { host, workspace, repository: repo }),
        pick: asIs,
      };
    case 'bitbucketServer':
    case 'azure':
    case 'gerrit':
    case 'gitea':
    case 'unknown':
      return null;
    default:
      return forge satisfies never;
  }
}

/** Empty while they are on the way, and when the forge refuses: they only help. */
export function useSuggestions(plan: SuggestionPlan | null): readonly string[] {
  const { client } = useServices();
  const { token: _token, ...key } = plan?.query ?? { token: '' };
  const query = useQuery({
    // The token is in no key: keys are shown by tools.
    queryKey: ['create', 'suggestions', key],
    enabled: plan !== null,
    retry: false,
    staleTime: FRESH_FOR_MS,
    queryFn: async ({ signal }) => (plan === null ? [] : readSuggestions(client, plan.query, signal)),
  });
  if (plan === null || query.data === undefined) return NONE;
  return [...new Set(query.data.flatMap(({ id, title }) => plan.pick(id, title) ?? []))];
}
