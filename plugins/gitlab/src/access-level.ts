/** What a member may do: https://docs.gitlab.com/api/access_requests/ */
import type { Gitlab } from '@gitbeaker/rest';
import { gitlabError } from './errors.ts';

/** Of the library, which exports no name for it: all but that of administrators, who are made elsewhere. */
export type MemberLevel = Parameters<InstanceType<typeof Gitlab>['GroupMembers']['add']>[1];

const LEVELS: Readonly<Record<string, number>> = {
  no_access: 0,
  minimal_access: 5,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
};

/** By its name, or its number; GitLab says so when it does not know a number. @throws CodedError `scaffolder/invalid-input` */
export function toAccessLevel(level: number | string): MemberLevel {
  const found = typeof level === 'number' ? level : LEVELS[level.toLowerCase()];
  if (found !== undefined && isLevel(found)) return found;
  const message = `GitLab has no access level "${level}". Write one of ${Object.keys(LEVELS).join(', ')}, or its number.`;
  throw gitlabError('scaffolder/invalid-input', message);
}

function isLevel(level: number): level is MemberLevel {
  return Number.isInteger(level) && level >= 0;
}
