/** The state of a task in a word; its title says what the word means. */
import type { ReactElement } from 'react';
import type { Task } from '../../api/scaffolder-tasks.ts';
import { stateWords } from './state-words.ts';

export function StateBadge({ task }: { readonly task: Pick<Task, 'status' | 'waiting'> }): ReactElement {
  const { title, meaning, tone } = stateWords(task);
  return (
    <span className="task-state" data-tone={tone} title={meaning}>
      {title}
    </span>
  );
}
