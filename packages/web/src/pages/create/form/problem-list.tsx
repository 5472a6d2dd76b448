/** What keeps a page from being left, each with the way to its field. */
import type { ReactElement } from 'react';
import { Alert } from '@backstage/ui';
import { messages } from '../messages.ts';
import type { Problem } from './check-page.ts';

export interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly labelOf: (problem: Problem) => string;
}

const SHOWN = 8;

export function ProblemList({ problems, labelOf }: ProblemListProps): ReactElement | null {
  if (problems.length === 0) return null;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={messages.problems(problems.length)}
      description={
        <ul className="problem-list">
          {problems.slice(0, SHOWN).map((problem, index) => (
            <li key={index}>
              {problem.path.length > 0 && (
                <>
                  <button type="button" className="form-link" onClick={() => focusField(problem.path)}>
                    <bdi>{labelOf(problem)}</bdi>
                  </button>{' '}
                </>
              )}
              {problem.message}
            </li>
          ))}
        </ul>
      }
    />
  );
}

/** Puts the keyboard into the field of a path, or into the nearest one around it that there is. */
export function focusField(path: readonly (string | number)[]): void {
  for (let length = path.length; length > 0; length -= 1) {
    const id = ['root', ...path.slice(0, length)].join('_');
    const field = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(id)}"]`);
    const own = document.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    const found =
      field?.querySelector<HTMLElement>('[aria-invalid="true"]:enabled') ??
      (own?.matches(':enabled') === true ? own : null) ??
      (field ?? own)?.querySelector<HTMLElement>('input:enabled, select:enabled, textarea:enabled') ??
      null;
    if (found === null) continue;
    found.scrollIntoView({ block: 'center' });
    found.focus({ preventScroll: true });
    return;
  }
}
