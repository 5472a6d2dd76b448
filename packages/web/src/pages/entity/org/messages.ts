/** The texts of the views about groups and users. */
import { plural } from '../../../messages.ts';

export const messages = {
  owns: 'Owns',
  ownsAll: 'See all',
  ownsNothing: 'Nothing in the catalog names it as the owner.',
  ownsFailed: 'What it owns could not be read',
  withSubGroups: 'With sub-groups',
  withGroups: 'With what their groups own',
  owners: (owners: number) => `${plural(owners, 'owner', 'owners')} counted together`,
  inCatalog: 'Open in the catalog',
  inCatalogOf: (kind: string) => `Open in the catalog: ${kind}`,

  noMembers: 'Nobody is a member of it.',
  allMembers: (members: number) => `All ${plural(members, 'member', 'members')}`,
  unknownMembers: (unknown: number) =>
    `${plural(unknown, 'member is', 'members are')} named by the group, and not in the catalog.`,
  membersFailed: 'The members could not be read',
  filterMembers: 'Filter by name or e-mail',

  chart: 'Organization',
  chartNote:
    'From the top of the company. The arrow keys move and open, Enter goes to the page of a group or a person.',
  chartNone: 'It is not in the organization, or you are not allowed to see it.',
  chartFailed: 'The organization could not be read',
  chartLoading: 'Loading…',
  chartMore: (more: number) => `Show more (${plural(more, 'entry', 'entries')} left)`,
  chartBranchFailed: 'This part could not be read. Try again',
  groups: (groups: number) => plural(groups, 'group', 'groups'),
  people: (people: number) => plural(people, 'person', 'people'),
} as const;
