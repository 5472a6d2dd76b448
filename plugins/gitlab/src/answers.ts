/** Fields of GitLab's answers, checked where they are used. All throw CodedError `scaffolder/forge-answer`. */
import { isObject } from '@callboard/model';
import { gitlabError } from './errors.ts';

export function numberOf(answer: unknown, field: string): number {
  const value = fieldOf(answer, field);
  if (typeof value === 'number') return value;
  throw missing(field);
}

export function textOf(answer: unknown, field: string): string {
  const value = fieldOf(answer, field);
  if (typeof value === 'string') return value;
  throw missing(field);
}

/** Null when there is none, or an empty one. */
export function optionalText(answer: unknown, field: string): string | null {
  const value = fieldOf(answer, field);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Undefined when there is none. */
export function fieldOf(answer: unknown, field: string): unknown {
  return isObject(answer) ? answer[field] : undefined;
}

export function listOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw gitlabError('scaffolder/forge-answer', 'GitLab answered without a list. Is its API at "apiBaseUrl"?');
}

function missing(field: string): Error {
  return gitlabError(
    'scaffolder/forge-answer',
    `GitLab answered without "${field}". Is its API at "apiBaseUrl", and is it GitLab 16 or newer?`,
  );
}
