/** What the fake GitLab knows, and what its answers are made with. */
import type { GitServer } from '../../../packages/scaffolder/src/git/http-backend.fixture.ts';

export interface FakeUser {
  readonly id: number;
  readonly username: string;
  readonly token: string;
}

export interface FakeGroup {
  readonly id: number;
  readonly name: string;
  readonly full_path: string;
  readonly parent_id: number | null;
  readonly description: string;
}

export type Row = Record<string, unknown>;

export interface FakeProject {
  readonly id: number;
  readonly full: string;
  readonly creator: number;
  /** What it was made with. */
  readonly made: Row;
  readonly branches: Set<string>;
  readonly protected: Set<string>;
  readonly variables: Row[];
  readonly members: Row[];
  readonly issues: Row[];
  readonly mergeRequests: Row[];
  readonly triggers: Row[];
}

export interface World {
  readonly users: readonly FakeUser[];
  readonly groups: FakeGroup[];
  readonly projects: FakeProject[];
  /** By group: members and shares as `user:7` and `group:12`, with their levels. */
  readonly access: Map<string, number>;
  readonly epics: Row[];
  readonly pipelines: Row[];
  readonly migrations: Row[];
  /** Statuses that merge requests go through, one for each look. */
  readonly statuses: string[];
  nextId(): number;
  addGroup(path: string): FakeGroup;
  /** With an empty repository. */
  addProject(full: string, creator?: number, made?: Row): Promise<FakeProject>;
}

export function emptyWorld(git: GitServer, users: readonly FakeUser[]): World {
  let id = 100;
  const nextId = (): number => {
    id += 1;
    return id;
  };
  const world: World = {
    users,
    groups: [],
    projects: [],
    access: new Map(),
    epics: [],
    pipelines: [],
    migrations: [],
    statuses: [],
    nextId,
    addGroup: (path) => {
      const parent = path.split('/').slice(0, -1).join('/');
      const parentId = world.groups.find((group) => group.full_path === parent)?.id ?? null;
      const name = path.split('/').at(-1) ?? '';
      const group = { id: nextId(), name, full_path: path, parent_id: parentId, description: '' };
      world.groups.push(group);
      return group;
    },
    addProject: async (full, creator = 1, made = {}) => {
      await git.createRepository(full);
      const project: FakeProject = {
        id: nextId(),
        full,
        creator,
        made,
        branches: new Set(),
        protected: new Set(),
        variables: [],
        members: [],
        issues: [],
        mergeRequests: [],
        triggers: [],
      };
      world.projects.push(project);
      return project;
    },
  };
  return world;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Visit {
  readonly git: GitServer;
  readonly world: World;
  readonly method: string;
  /** With its segments encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly user: FakeUser;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const made = (body: unknown): Reply => ({ status: 201, body });
export const refuse = (status: number, message: unknown): Reply => ({ status, body: { message } });

export function found(answer: unknown, what: string): Reply {
  return answer === undefined ? refuse(404, `404 ${what} Not Found`) : ok(answer);
}
