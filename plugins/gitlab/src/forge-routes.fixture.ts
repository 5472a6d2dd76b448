/** The fake GitLab's answers outside of projects: users, namespaces, groups, transfers. */
import { projectJson, projectRoute } from './forge-projects.fixture.ts';
import {
  found,
  made,
  ok,
  refuse,
  type FakeGroup,
  type FakeUser,
  type Reply,
  type Row,
  type Visit,
} from './forge-world.fixture.ts';

export async function routeOf(visit: Visit): Promise<Reply> {
  const { method, path, world, query, user } = visit;
  const [, root = '', id = '', ...rest] = path.split('/').map(decodeURIComponent);
  switch (root) {
    case 'user':
      return ok(userJson(user));
    case 'users':
      if (rest[0] === 'projects') return userProjects(visit, id);
      if (id !== '')
        return found(world.users.filter((one) => String(one.id) === id).map(userJson)[0], 'User');
      return ok(world.users.filter((one) => one.username === query.get('username')).map(userJson));
    case 'namespaces':
      return namespaceRoute(visit, id);
    case 'groups':
      return groupRoute(visit, id, rest);
    case 'projects':
      return method === 'POST' && id === '' ? createProject(visit) : projectRoute(visit, id, rest);
    case 'bulk_imports':
      world.migrations.push(visit.body);
      return made({ id: world.nextId(), status: 'created' });
    default:
      return refuse(404, '404 Not Found');
  }
}

function userJson({ id, username }: FakeUser): Row {
  return {
    id,
    username,
    name: username.toUpperCase(),
    state: 'active',
    web_url: `https://git.harbourline.example/${username}`,
    email: `${username}@harbourline.example`,
    created_at: '2025-01-02T03:04:05.000Z',
    public_email: '',
  };
}

async function userProjects(visit: Visit, id: string): Promise<Reply> {
  const owner = visit.world.users.find((one) => one.username === id || String(one.id) === id);
  return projectsBelow(visit, owner?.username ?? '');
}

async function projectsBelow(visit: Visit, owner: string): Promise<Reply> {
  const search = visit.query.get('search') ?? '';
  const all = visit.world.projects.filter(
    ({ full }) => full.slice(0, full.lastIndexOf('/')) === owner && full.includes(search),
  );
  return ok(await Promise.all(all.map((project) => projectJson(visit, project))));
}

function namespaceRoute({ world }: Visit, id: string): Reply {
  const group = world.groups.find((one) => one.full_path === id);
  if (group !== undefined) return ok({ id: group.id, kind: 'group', full_path: id });
  const user = world.users.find((one) => one.username === id);
  return found(user && { id: user.id + 1_000, kind: 'user', full_path: id }, 'Namespace');
}

async function createProject(visit: Visit): Promise<Reply> {
  const { world, body, user } = visit;
  const group = world.groups.find((one) => one.id === body['namespace_id']);
  const owner = group?.full_path ?? user.username;
  const full = `${owner}/${String(body['path'])}`;
  if (world.projects.some((project) => project.full === full)) {
    return refuse(400, { name: ['has already been taken'], path: ['has already been taken'] });
  }
  return made(await projectJson(visit, await world.addProject(full, user.id, body)));
}

function groupJson(group: FakeGroup): Row {
  return { ...group, path: group.full_path.split('/').at(-1) };
}

async function groupRoute(visit: Visit, id: string, rest: readonly string[]): Promise<Reply> {
  const { method, world, body } = visit;
  if (id === '') return method === 'POST' ? createGroup(visit) : ok(world.groups.map(groupJson));
  const group = world.groups.find((one) => one.full_path === id || String(one.id) === id);
  if (group === undefined) return refuse(404, '404 Group Not Found');
  const [what = '', member = ''] = rest;
  switch (what) {
    case '':
      return ok(groupJson(group));
    case 'projects':
      return projectsBelow(visit, group.full_path);
    case 'epics':
      return ok(world.epics);
    case 'members':
      return access(
        visit,
        `${group.full_path} user:${member === '' ? String(body['user_id']) : member}`,
        'access_level',
      );
    case 'share':
      return access(
        visit,
        `${group.full_path} group:${member === '' ? String(body['group_id']) : member}`,
        'group_access',
      );
    default:
      return refuse(404, '404 Not Found');
  }
}

function createGroup({ world, body }: Visit): Reply {
  const parent = world.groups.find((one) => one.id === body['parent_id']);
  const path = `${parent === undefined ? '' : `${parent.full_path}/`}${String(body['path'])}`;
  if (world.groups.some((one) => one.full_path === path)) {
    return refuse(400, 'Failed to save group {:path=>["has already been taken"]}');
  }
  const group = {
    ...world.addGroup(path),
    name: String(body['name']),
    description: typeof body['description'] === 'string' ? body['description'] : '',
  };
  world.groups[world.groups.length - 1] = group;
  return made(groupJson(group));
}

function access({ method, world, body }: Visit, key: string, field: string): Reply {
  const isThere = world.access.has(key);
  if (method === 'DELETE') {
    world.access.delete(key);
    return isThere ? { status: 204 } : refuse(404, '404 Not Found');
  }
  if (method === 'POST' && isThere) return refuse(409, 'Member already exists');
  world.access.set(key, Number(body[field]));
  return made({ id: 1 });
}
