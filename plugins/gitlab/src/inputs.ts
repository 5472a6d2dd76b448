/** What the inputs of the actions have in common. */
import type { JsonSchema } from '@callboard/plugin';

export const CONNECTION = {
  repoUrl: {
    type: 'string',
    title: 'Repository Location',
    description: 'host?owner=group/subgroup&repo=project, with a GitLab host of the configuration.',
  },
  token: {
    type: 'string',
    title: 'Token',
    description:
      "Token of the user, from OAuth or an access token. Default: the configuration's for the host.",
  },
} as const satisfies JsonSchema;

export const PROJECT_ID = {
  type: ['integer', 'string'],
  title: 'Project',
  description: 'Id of the project, or its full path.',
} as const satisfies JsonSchema;

/** The fields that have a value. */
export function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
export function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** `2026-11-21T09:30:00Z`, with milliseconds if one likes. */
export const TIME_PATTERN = String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$`;
