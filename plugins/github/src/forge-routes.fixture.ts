/** The routes of the fake GitHub: method and path, and what they answer. */
import type { Answer, Body, Repo, World } from './forge.fixture.ts';
import { pullRoutes } from './forge-pulls.fixture.ts';

export interface Asked {
  readonly world: World;
  readonly body: Body;
  readonly url: URL;
  /** Of the path. */
  readonly params: readonly string[];
}

export type Route = readonly [pattern: RegExp, handler: (asked: Asked) => Answer | Promise<Answer>];

export const NOT_FOUND: Answer = [404, { message: 'Not Found', status: '404' }];

/** `errors` of a 422. */
export function invalid(message: string, field: string, resource = 'Repository'): Answer {
  const errors = [{ resource, code: 'custom', field, message }];
  return [422, { message: 'Validation Failed', errors, status: '422' }];
}

export function toWireRepo({ git }: World, repo: Repo): Body {
  const { owner, name, createdAt } = repo;
  return {
    id: 42,
    name,
    full_name: `${owner}/${name}`,
    owner: { login: owner },
    clone_url: `${git.url}/${owner}/${name}.git`,
    html_url: `${git.url}/${owner}/${name}`,
    default_branch: 'main',
    created_at: createdAt,
    permissions: { push: repo.push },
  };
}

/** A route below `/repos/{owner}/{repo}`. */
export function ofRepo(
  [method, path]: readonly [method: string, path: string],
  handler: (asked: Asked & { readonly repo: Repo; readonly name: string }) => Answer | Promise<Answer>,
): Route {
  const pattern = new RegExp(`^${method} /repos/([^/]+/[^/]+)${path}$`);
  return [
    pattern,
    (asked) => {
      const [name = '', ...params] = asked.params;
      const repo = asked.world.repos.get(name);
      return repo === undefined ? NOT_FOUND : handler({ ...asked, params, repo, name });
    },
  ];
}

/** Keeps the body under a name, and answers with a status. */
function keeps(route: readonly [string, string], key: string, status: number): Route {
  return ofRepo(route, ({ repo, params, body }) => {
    repo.state.set([key, ...params].join(' '), body);
    return [status, status === 204 ? undefined : {}];
  });
}

/** Variables are made once: 409. */
function variable(path: string): Route {
  return ofRepo(['POST', path], ({ repo, params, body }) => {
    const key = ['variable', ...params, body['name']].join(' ');
    if (repo.state.has(key)) return [409, { message: 'Already exists', status: '409' }];
    repo.state.set(key, body['value']);
    return [201, {}];
  });
}

const changedVariable = (path: string): Route =>
  ofRepo(['PATCH', `${path}/([^/]+)`], ({ repo, params, body }) => {
    repo.state.set(['variable', ...params].join(' '), body['value']);
    return [204];
  });

const publicKey = (path: string): Route =>
  ofRepo(['GET', path], ({ world }) => [200, { key_id: 'key-1', key: world.publicKey }]);

const secret = (path: string): Route =>
  ofRepo(['PUT', path], ({ world, repo, params, body }) => {
    if (body['key_id'] !== 'key-1') return invalid('wrong key', 'key_id');
    repo.state.set(['secret', ...params].join(' '), world.open(String(body['encrypted_value'])));
    return [201, {}];
  });

const create =
  (ownerOf: (asked: Asked) => string) =>
  async (asked: Asked): Promise<Answer> => {
    const { world, body } = asked;
    const fullName = `${ownerOf(asked)}/${String(body['name'])}`;
    if (world.repos.has(fullName)) return invalid('name already exists on this account', 'name');
    return [201, toWireRepo(world, await world.addRepo(fullName, { settings: body }))];
  };

export const ROUTES: readonly Route[] = [
  [/^GET \/user$/, () => [200, { login: 'anna', id: 2, name: 'Anna', email: null }]],
  [
    /^GET \/users\/(.+)$/,
    ({ world, params: [login = ''] }) => {
      const user = world.users.get(login);
      return user === undefined ? NOT_FOUND : [200, { login, ...user }];
    },
  ],
  [
    /^GET \/orgs\/([^/]+)\/teams\/(.+)$/,
    ({ world, params }) => {
      const id = world.teams.get(params.join('/'));
      return id === undefined ? NOT_FOUND : [200, { id }];
    },
  ],
  [/^GET \/user\/repos$/, ({ world }) => [200, [...world.repos.keys()].map((name) => ({ full_name: name }))]],
  [/^GET \/user\/orgs$/, () => [200, [{ login: 'harbourline' }]]],
  [/^POST \/user\/repos$/, create(() => 'anna')],
  [/^POST \/orgs\/([^/]+)\/repos$/, create(({ params: [org = ''] }) => org)],
  [
    /^PUT \/orgs\/harbourline\/teams\/([^/]+)\/repos\/(.+)$/,
    ({ world, params: [team = '', name = ''], body }) => {
      if (!world.teams.has(`harbourline/${team}`)) return NOT_FOUND;
      world.repos.get(name)?.state.set(`team ${team}`, body['permission']);
      return [204];
    },
  ],
  ofRepo(['GET', ''], ({ world, repo }) => [200, toWireRepo(world, repo)]),
  ofRepo(['PUT', '/collaborators/([^/]+)'], ({ world, repo, params: [login = ''], body }) => {
    if (!world.users.has(login)) return NOT_FOUND;
    repo.state.set(`user ${login}`, body['permission']);
    return [201, {}];
  }),
  keeps(['PUT', '/topics'], 'topics', 200),
  keeps(['PUT', '/actions/oidc/customization/sub'], 'oidc', 201),
  keeps(['PUT', '/subscription'], 'subscription', 200),
  keeps(['PUT', '/actions/permissions/access'], 'workflow access', 204),
  variable('/actions/variables'),
  changedVariable('/actions/variables'),
  publicKey('/actions/secrets/public-key'),
  secret('/actions/secrets/([^/]+)'),
  ofRepo(
    ['PUT', '/branches/([^/]+)/protection'],
    async ({ world, repo, name, params: [branch = ''], body }) => {
      const tip = await world.git.git(name, 'for-each-ref', `refs/heads/${branch}`);
      if (tip === '') return [404, { message: 'Branch not found', status: '404' }];
      repo.state.set(`protection ${branch}`, body);
      return [200, {}];
    },
  ),
  keeps(['POST', '/branches/([^/]+)/protection/required_signatures'], 'signatures', 200),
  ofRepo(['POST', '/actions/workflows/([^/]+)/dispatches'], ({ repo, params: [workflow = ''], body }) => {
    if (workflow !== 'deploy.yaml') return NOT_FOUND;
    repo.state.set('dispatched', [...toList(repo.state.get('dispatched')), body]);
    if (body['return_run_details'] !== true) return [204];
    const address = `/repos/${repo.owner}/${repo.name}/actions/runs/9`;
    return [
      200,
      { workflow_run_id: 9, run_url: `https://api.test${address}`, html_url: `https://test${address}` },
    ];
  }),
  ofRepo(['POST', '/autolinks'], ({ repo, body }) => {
    const key = `autolink ${String(body['key_prefix'])}`;
    if (repo.state.has(key)) return invalid('key_prefix has already been taken', 'key_prefix', 'KeyLink');
    repo.state.set(key, body);
    return [201, {}];
  }),
  ofRepo(['GET', '/autolinks'], ({ repo }) => [
    200,
    [...repo.state].flatMap(([key, value]) => (key.startsWith('autolink ') ? [value] : [])),
  ]),
  ofRepo(['POST', '/keys'], ({ repo, body }) => {
    if (repo.state.has('deploy key')) return invalid('key is already in use', 'key', 'PublicKey');
    repo.state.set('deploy key', body);
    return [201, {}];
  }),
  ofRepo(['GET', '/keys'], ({ repo }) => [200, [repo.state.get('deploy key')]]),
  keeps(['PUT', '/environments/([^/]+)'], 'environment', 200),
  ofRepo(
    ['POST', '/environments/([^/]+)/deployment-branch-policies'],
    ({ repo, params: [name = ''], body }) => {
      const key = `policies ${name}`;
      repo.state.set(key, [...toList(repo.state.get(key)), body]);
      return [200, {}];
    },
  ),
  variable('/environments/([^/]+)/variables'),
  changedVariable('/environments/([^/]+)/variables'),
  publicKey('/environments/(?:[^/]+)/secrets/public-key'),
  secret('/environments/([^/]+)/secrets/([^/]+)'),
  ofRepo(['POST', '/hooks'], ({ repo, body }) => {
    if (repo.state.has('hook')) return invalid('Hook already exists on this repository', 'base', 'Hook');
    repo.state.set('hook', body);
    return [201, {}];
  }),
  ofRepo(['POST', '/pages'], ({ repo, body }) => {
    if (repo.state.has('pages')) return [409, { message: 'GitHub Pages is already enabled.', status: '409' }];
    repo.state.set('pages', body);
    return [201, {}];
  }),
  keeps(['PUT', '/pages'], 'pages', 204),
  ofRepo(['POST', '/issues'], ({ world, repo, name, body }) => {
    repo.state.set('issue', body);
    return [201, { number: 5, html_url: `${world.git.url}/${name}/issues/5` }];
  }),
  keeps(['POST', '/issues/([^/]+)/labels'], 'labels', 200),
  ...pullRoutes(ofRepo),
];

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
