/** The texts of the first page. */
import { count, plural } from '../../messages.ts';

export const messages = {
  title: 'Home',
  greeting: (name: string) => `Hello, ${name}`,

  attention: 'Needs attention',
  attentionScope: 'Whose problems',
  mine: 'Mine',
  everybody: 'Everything',
  attentionNoneMine: 'Nothing of yours is failing, stale or in conflict.',
  attentionNone: 'Nothing is failing, stale or in conflict, and everything has an owner.',
  attentionFailed: 'The problems could not be read',
  attentionAll: (total: number) => `All ${plural(total, 'problem', 'problems')}`,
  awaiting: (total: number) => plural(total, 'task waits for your approval', 'tasks wait for your approval'),
  unowned: (total: number) => plural(total, 'entity has no owner', 'entities have no owner'),

  owned: 'What I own',
  ownedFailed: 'What you own could not be read',
  ownedNone: 'You own nothing yet.',
  ownedNoneWhy:
    'An entity is yours when spec.owner names you or a group that you are a member of. These count for you:',
  ownedAll: (total: number, kind: string) => `All ${count(total)}: ${kind}`,
  browse: 'Look at the whole catalog',

  starred: 'Starred',
  starredNone: 'The star beside the name of an entity keeps it here.',
  starredGone: 'is no longer in the catalog',
  recent: 'Recent',
  recentNone: 'What you look at appears here.',
  listFailed: 'These could not be read',

  create: 'Create',
  register: 'Register what exists',
  registerWhy: 'Bring a catalog-info.yaml into the catalog by its URL.',
  templates: 'Templates',
  templatesAll: (total: number) => `All ${plural(total, 'template', 'templates')}`,
} as const;
