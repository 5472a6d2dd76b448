/** The routes of the fake GitHub for branches, forks and pull requests: they look at the real repositories. */
import { isObject } from '@callboard/model';
import type { Answer, Body, World } from './forge.fixture.ts';
import type { ofRepo as OfRepo, Route } from './forge-routes.fixture.ts';

export function pullRoutes(ofRepo: typeof OfRepo): readonly Route[] {
  return [
    ofRepo(['GET', '/branches'], async ({ world, name }) => {
      const branches = await world.git.git(name, 'for-each-ref', '--format=%(refname:short)', 'refs/heads');
      return [200, branches.split('\n').map((branch) => ({ name: branch }))];
    }),
    ofRepo(['GET', '/branches/(.+)'], async ({ world, name, params: [branch = ''] }) =>
      (await tipOf(world, name, branch)) === ''
        ? [404, { message: 'Branch not found' }]
        : [200, { name: branch }],
    ),
    ofRepo(['POST', '/forks'], async ({ world, repo, name }) => {
      const forked = `anna/${repo.name}`;
      const fork = world.repos.get(forked) ?? (await world.addRepo(forked));
      await world.git.git(name, 'push', '--quiet', `${world.git.folder}/${forked}.git`, 'main');
      const clone_url = `${world.git.url}/${forked}.git`;
      return [202, { name: fork.name, full_name: forked, owner: { login: 'anna' }, clone_url }];
    }),
    ofRepo(['POST', '/merge-upstream'], () => [200, {}]),
    ofRepo(['GET', '/git/ref/heads/(.+)'], async ({ world, name, params: [branch = ''] }) => {
      const sha = await tipOf(world, name, branch);
      return sha === '' ? [404, { message: 'Not Found' }] : [200, { object: { sha } }];
    }),
    ofRepo(['GET', '/git/commits/(.+)'], async ({ world, name, params: [sha = ''] }) => {
      const shown = await world.git.git(name, 'log', '-1', '--format=%T%n%P%n%B', sha);
      const [tree = '', parents = '', ...message] = shown.split('\n');
      const ancestors = parents.split(' ').filter((parent) => parent !== '');
      return [
        200,
        {
          sha,
          tree: { sha: tree },
          parents: ancestors.map((parent) => ({ sha: parent })),
          message: message.join('\n'),
        },
      ];
    }),
    ofRepo(['POST', '/git/commits'], async ({ world, name, body }) => {
      const parents = Array.isArray(body['parents']) ? body['parents'].map(String) : [];
      const args = [
        String(body['tree']),
        '-m',
        String(body['message']),
        ...parents.flatMap((sha) => ['-p', sha]),
      ];
      return [201, { sha: await world.git.git(name, 'commit-tree', ...args) }];
    }),
    ofRepo(['POST', '/git/refs'], async ({ world, name, body }) => {
      const ref = String(body['ref']);
      if ((await world.git.git(name, 'for-each-ref', ref)) !== '') {
        return [422, { message: 'Reference already exists' }];
      }
      await world.git.git(name, 'update-ref', ref, String(body['sha']));
      return [201, {}];
    }),
    ofRepo(['PATCH', '/git/refs/heads/(.+)'], async ({ world, name, params: [branch = ''], body }) => {
      await world.git.git(name, 'update-ref', `refs/heads/${branch}`, String(body['sha']));
      return [200, {}];
    }),
    ofRepo(['POST', '/pulls'], (asked) => openPull(asked)),
    ofRepo(['GET', '/pulls'], ({ repo }) => [200, [repo.state.get('pull')].filter(isObject)]),
    ofRepo(['PATCH', '/pulls/7'], ({ repo, body }) => {
      const before = repo.state.get('pull');
      const pull = { ...(isObject(before) ? before : {}), title: body['title'], body: body['body'] };
      repo.state.set('pull', pull);
      return [200, pull];
    }),
    ofRepo(['POST', '/pulls/7/requested_reviewers'], ({ repo, body }) => {
      repo.state.set('reviewers', body);
      return [201, {}];
    }),
    ofRepo(['POST', '/issues/7/assignees'], ({ repo, body }) => {
      repo.state.set('assignees', body);
      return [201, {}];
    }),
  ];
}

async function openPull({
  world,
  name,
  repo,
  body,
}: {
  readonly world: World;
  readonly name: string;
  readonly repo: { readonly name: string; readonly state: Map<string, unknown> };
  readonly body: Body;
}): Promise<Answer> {
  const [owner = '', branch = ''] = String(body['head']).split(':');
  const base = String(body['base']);
  const refused = (message: string): Answer => {
    const errors = [{ resource: 'PullRequest', code: 'custom', message }];
    return [422, { message: 'Validation Failed', errors, status: '422' }];
  };
  if (repo.state.has('pull')) return refused(`A pull request already exists for ${owner}:${branch}.`);
  const tip = await tipOf(world, `${owner}/${repo.name}`, branch);
  const onto = await tipOf(world, name, base);
  if (tip === '' || onto === '') return refused('head or base is invalid');
  if (tip === onto) return refused(`No commits between ${base} and ${branch}`);
  const pull = { ...body, number: 7, html_url: `${world.git.url}/${name}/pull/7`, base: { ref: base } };
  repo.state.set('pull', pull);
  return [201, pull];
}

function tipOf({ git }: World, name: string, branch: string): Promise<string> {
  return git.git(name, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`);
}
