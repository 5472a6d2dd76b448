/** What the actions on issues have in common. */
import { gitlabError } from '../errors.ts';
import type { JsonSchema } from '@callboard/plugin';

export const ISSUE_PROPERTIES = {
  assignees: {
    type: 'array',
    items: { type: 'integer' },
    title: 'Assignees',
    description: 'Ids of users. Default: nobody.',
  },
  confidential: { type: 'boolean', title: 'Confidential', description: 'Default: false.' },
  description: { type: 'string', maxLength: 1_048_576, title: 'Description' },
  epicId: {
    type: 'integer',
    minimum: 0,
    title: 'Epic',
    description: 'Its id. An epic of another group is left out, which the log says.',
  },
  issueType: { type: 'string', enum: ['issue', 'incident', 'test_case', 'task'], title: 'Type' },
  labels: { type: 'string', title: 'Labels', description: 'With commas.' },
  milestoneId: { type: 'integer', title: 'Milestone', description: 'Its id.' },
} as const satisfies JsonSchema;

/** A time as GitLab takes it. @throws CodedError `scaffolder/invalid-input` */
export function toIsoTime(field: string, text: string): string {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw gitlabError(
    'scaffolder/invalid-input',
    `"${field}" is no time: "${text}". Write it as 2026-11-21T09:30:00Z.`,
  );
}
