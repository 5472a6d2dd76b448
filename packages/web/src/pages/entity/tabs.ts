/** The tabs that the portal has built in; they are declared like any further one. */
import { isObject, type Entity } from '@callboard/model';
import { listIn, textIn } from '../../api/entity.ts';
import type { EntityTab } from './entity-tab.ts';
import { messages } from './messages.ts';
import { Overview } from './overview/overview.tsx';

const ORGANIZATION = new Set(['group', 'user']);
const DEPENDENT = new Set(['component', 'api', 'resource', 'system', 'domain']);
/** Relations that other tabs are about. */
const OTHER_TABS = new Set(['ownedBy', 'ownerOf', 'partOf', 'memberOf', 'hasMember', 'childOf', 'parentOf']);

export const builtinTabs: readonly EntityTab[] = [
  {
    id: 'overview',
    path: '',
    title: messages.overview,
    order: 0,
    aliases: ['overview', 'definition'],
    appliesTo: () => true,
    load: () => ({ Content: Overview }),
  },
  {
    id: 'dependencies',
    path: 'dependencies',
    title: messages.dependencies,
    order: 30,
    aliases: ['api', 'apis'],
    appliesTo: hasDependencies,
    load: async () => ({ Content: (await import('./dependencies/tab.tsx')).DependenciesTab }),
  },
  {
    id: 'ownership',
    path: 'ownership',
    title: messages.ownership,
    order: 30,
    appliesTo: (entity) => ORGANIZATION.has(kindOf(entity)),
    load: async () => ({ Content: (await import('./org/ownership-tab.tsx')).OwnershipTab }),
  },
  {
    id: 'members',
    path: 'members',
    title: messages.members,
    order: 40,
    appliesTo: (entity) => kindOf(entity) === 'group',
    load: async () => ({ Content: (await import('./org/members-tab.tsx')).MembersTab }),
  },
  {
    id: 'org-chart',
    path: 'org',
    title: messages.orgChart,
    order: 50,
    aliases: ['org-chart'],
    appliesTo: (entity) => ORGANIZATION.has(kindOf(entity)),
    load: async () => ({ Content: (await import('./org/chart-tab.tsx')).OrgChartTab }),
  },
  {
    id: 'graph',
    path: 'graph',
    title: messages.graph,
    order: 60,
    aliases: ['relations', 'diagram', 'catalog-graph'],
    appliesTo: () => true,
    load: async () => ({ Content: (await import('../graph/entity-graph.tsx')).EntityGraph }),
  },
  {
    id: 'yaml',
    path: 'yaml',
    title: messages.yaml,
    order: 70,
    aliases: ['json'],
    appliesTo: () => true,
    load: async () => ({ Content: (await import('./yaml/tab.tsx')).YamlTab }),
  },
  {
    id: 'history',
    path: 'history',
    title: messages.history,
    order: 80,
    appliesTo: () => true,
    load: () => import('./history/tab.tsx'),
  },
  {
    id: 'source',
    path: 'source',
    title: messages.source,
    order: 90,
    aliases: ['why', 'ancestry', 'colocated'],
    appliesTo: () => true,
    load: async () => {
      const { SourceTab } = await import('./source-tab.tsx');
      return { Content: SourceTab };
    },
  },
];

function hasDependencies(entity: Entity): boolean {
  if (DEPENDENT.has(kindOf(entity))) return true;
  if (ORGANIZATION.has(kindOf(entity))) return false;
  return listIn(entity, 'relations').some(
    (relation) => isObject(relation) && !OTHER_TABS.has(textIn(relation, 'type') ?? 'ownedBy'),
  );
}

function kindOf(entity: Entity): string {
  return entity.kind.toLowerCase();
}
