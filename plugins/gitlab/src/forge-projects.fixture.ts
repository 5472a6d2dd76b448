/** The fake GitLab's answers on a project. */
import { commit, branchInfo, tree, type FileAction } from './repository.fixture.ts';
import {
  found,
  made,
  ok,
  refuse,
  type FakeProject,
  type Reply,
  type Row,
  type Visit,
} from './forge-world.fixture.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export async function projectJson({ git, world }: Visit, project: FakeProject): Promise<Row> {
  const branches = await git.git(project.full, 'for-each-ref', '--format=%(refname:short)', 'refs/heads');
  const [first = ''] = branches.split('\n');
  const owner = project.full.slice(0, project.full.lastIndexOf('/'));
  const name = project.full.split('/').at(-1) ?? '';
  return {
    id: project.id,
    name,
    path: name,
    path_with_namespace: project.full,
    namespace: { id: world.groups.find((group) => group.full_path === owner)?.id ?? 1 },
    creator_id: project.creator,
    empty_repo: first === '',
    default_branch: branches.split('\n').includes('main') ? 'main' : first || null,
    http_url_to_repo: `${git.url}/${project.full}.git`,
    web_url: `${git.url}/${project.full}`,
  };
}

export async function projectRoute(visit: Visit, id: string, rest: readonly string[]): Promise<Reply> {
  const project = visit.world.projects.find((one) => one.full === id || String(one.id) === id);
  if (project === undefined) return refuse(404, '404 Project Not Found');
  const { method, body, world } = visit;
  switch (rest[0] ?? '') {
    case '':
      return ok(await projectJson(visit, project));
    case 'repository':
      return repositoryRoute(visit, project, rest.slice(1));
    case 'protected_branches':
      return protect(project, visit.query.get('name') ?? '');
    case 'variables':
      return variableRoute(visit, project, rest[1] ?? '');
    case 'members':
      project.members.push(body);
      return made(body);
    case 'merge_requests':
      return mergeRequestRoute(visit, project, rest.slice(1));
    case 'issues':
      return issueRoute(visit, project, rest[1] ?? '');
    case 'triggers':
      return triggerRoute(visit, project, rest[1] ?? '');
    case 'trigger':
      if (!project.triggers.some((one) => one['token'] === body['token']))
        return refuse(404, '404 Not Found');
      world.pipelines.push(body);
      return made({ id: 5, web_url: `https://git.harbourline.example/${project.full}/-/pipelines/5` });
    case 'access_tokens':
      return made({ ...body, id: 1, token: 'glpat-made' });
    case 'deploy_tokens':
      return made({
        id: 1,
        token: 'gldt-made',
        ...body,
        username: body['username'] ?? 'gitlab+deploy-token-1',
      });
    default:
      return refuse(404, `404 Not Found: ${method}`);
  }
}

async function repositoryRoute(visit: Visit, project: FakeProject, rest: readonly string[]): Promise<Reply> {
  const { git, method, query, body } = visit;
  const [what = '', name = ''] = rest;
  if (what === 'tree') {
    const entries = await tree(git, project.full, query.get('ref') ?? 'HEAD', query.get('path') ?? '');
    return entries === null ? refuse(404, '404 Tree Not Found') : ok(entries);
  }
  if (what === 'commits') return createCommit(visit, project);
  if (method === 'GET') {
    const info = await branchInfo(git, project.full, name);
    return found(
      info === null ? undefined : { ...info, web_url: `${git.url}/${project.full}/-/tree/${name}` },
      'Branch',
    );
  }
  const branch = text(body['branch']);
  if ((await branchInfo(git, project.full, branch)) !== null) return refuse(400, 'Branch already exists');
  const from = await branchInfo(git, project.full, text(body['ref']));
  if (from === null) return refuse(400, `Invalid reference name: ${text(body['ref'])}`);
  await git.git(project.full, 'update-ref', `refs/heads/${branch}`, from.commit.id);
  return made(await branchInfo(git, project.full, branch));
}

async function createCommit({ git, body }: Visit, project: FakeProject): Promise<Reply> {
  const actions = Array.isArray(body['actions']) ? body['actions'].filter(isFileAction) : [];
  if (actions.length === 0 && body['allow_empty'] !== true) return refuse(400, 'actions are missing');
  const change = { branch: text(body['branch']), message: text(body['commit_message']), actions };
  const done = await commit(git, project.full, change);
  return typeof done === 'string' ? made({ id: done }) : refuse(400, done.refused);
}

function isFileAction(action: unknown): action is FileAction {
  return typeof action === 'object' && action !== null && 'file_path' in action && 'action' in action;
}

function protect(project: FakeProject, name: string): Reply {
  if (project.protected.has(name)) return refuse(409, `Protected branch '${name}' already exists`);
  project.protected.add(name);
  return made({ name });
}

function variableRoute({ method, body, query }: Visit, project: FakeProject, key: string): Reply {
  const scope = method === 'GET' ? query.get('filter[environment_scope]') : body['environment_scope'];
  const name = method === 'GET' ? key : body['key'];
  const there = project.variables.find((one) => one['key'] === name && one['environment_scope'] === scope);
  if (method === 'GET') return found(there, 'Variable');
  if (there !== undefined) return refuse(400, { key: [`(${String(name)}) has already been taken`] });
  project.variables.push(body);
  return made(body);
}

function mergeRequestRoute(visit: Visit, project: FakeProject, rest: readonly string[]): Reply {
  const { method, world, git, body, query } = visit;
  const [iid = '', what = ''] = rest;
  if (iid === '' && method === 'GET') {
    const branch = query.get('source_branch');
    return ok(project.mergeRequests.filter((one) => one['source_branch'] === branch));
  }
  if (iid === '') {
    const open = project.mergeRequests.find((one) => one['source_branch'] === body['source_branch']);
    if (open !== undefined) {
      return refuse(409, ['Another open merge request already exists for this source branch: !1']);
    }
    const number = project.mergeRequests.length + 1;
    const request = {
      ...body,
      iid: number,
      web_url: `${git.url}/${project.full}/-/merge_requests/${number}`,
    };
    project.mergeRequests.push(request);
    return made(request);
  }
  const request = project.mergeRequests.find((one) => String(one['iid']) === iid);
  if (request === undefined) return refuse(404, '404 Not Found');
  if (what === 'approval_rules') return ok([{ id: 1, eligible_approvers: [{ id: 7 }, { id: 1 }] }]);
  if (method === 'PUT') Object.assign(request, body);
  return ok({ ...request, detailed_merge_status: world.statuses.shift() ?? 'mergeable' });
}

function issueRoute({ method, world, git, body }: Visit, project: FakeProject, iid: string): Reply {
  if (method === 'POST') {
    const number = project.issues.length + 1;
    const issue = {
      ...body,
      id: world.nextId(),
      iid: number,
      project_id: project.id,
      state: 'opened',
      updated_at: body['created_at'],
      web_url: `${git.url}/${project.full}/-/issues/${number}`,
    };
    project.issues.push(issue);
    return made(issue);
  }
  const issue = project.issues.find((one) => String(one['iid']) === iid);
  if (issue === undefined) return refuse(404, '404 Issue Not Found');
  const state = body['state_event'] === 'close' ? 'closed' : issue['state'];
  return ok(Object.assign(issue, body, { state }));
}

function triggerRoute({ method, body }: Visit, project: FakeProject, id: string): Reply {
  if (method === 'DELETE') {
    const at = project.triggers.findIndex((one) => String(one['id']) === id);
    project.triggers.splice(at, at === -1 ? 0 : 1);
    return { status: 204 };
  }
  const trigger = { ...body, id: project.triggers.length + 1, token: 'glptt-made' };
  project.triggers.push(trigger);
  return made(trigger);
}
