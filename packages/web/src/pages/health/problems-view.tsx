/** Everything that is wrong in the catalog, by state, of everybody or of the person. The choices are in the address. */
import type { ReactElement } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useOwnership } from '../../api/ownership.ts';
import { PROBLEM_STATES, type ProblemState } from '../../api/problems.ts';
import { count } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { ProblemRows } from '../../parts/problem-rows.tsx';
import { PROBLEM_WORDS } from '../../parts/problem-words.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { messages } from './messages.ts';
import { offsetOf, Pages } from './pages.tsx';
import { PROBLEMS_SHOWN, useProblems } from './queries.ts';

export function ProblemsView(): ReactElement {
  const [params, setParams] = useSearchParams();
  const owners = useOwnership();
  const state = PROBLEM_STATES.find((known) => known === params.get('state')) ?? null;
  const isMine = params.get('whose') === 'mine';
  const offset = offsetOf(params);
  const problems = useProblems({ state, owners: isMine ? owners : null, offset });
  const choose = (change: Readonly<Record<string, string | null>>): void => {
    const next = new URLSearchParams(params);
    next.delete('offset');
    for (const [key, value] of Object.entries(change)) {
      if (value === null) next.delete(key);
      else next.set(key, value);
    }
    setParams(next);
  };
  const counts = problems.data?.counts;
  const all = counts === undefined ? undefined : Object.values(counts).reduce((sum, one) => sum + one, 0);
  return (
    <>
      <div className="health-choices">
        <div className="health-choice" role="group" aria-label={messages.statesLabel}>
          <Choice isOn={state === null} total={all} onPress={() => choose({ state: null })}>
            {messages.allStates}
          </Choice>
          {PROBLEM_STATES.map((known) => (
            <Choice
              key={known}
              isOn={state === known}
              total={counts?.[known]}
              onPress={() => choose({ state: known })}
            >
              {PROBLEM_WORDS[known].title}
            </Choice>
          ))}
        </div>
        <div className="health-choice" role="group" aria-label={messages.scope}>
          <Choice isOn={!isMine} onPress={() => choose({ whose: null })}>
            {messages.everybody}
          </Choice>
          <Choice isOn={isMine} onPress={() => choose({ whose: 'mine' })}>
            {messages.mine}
          </Choice>
        </div>
      </div>
      {state !== null && <p className="health-note">{PROBLEM_WORDS[state].meaning}</p>}
      {problems.isError && (
        <ErrorPanel
          title={messages.failedProblems}
          error={problems.error}
          onRetry={() => void problems.refetch()}
        />
      )}
      {problems.data === undefined && !problems.isError && <Waiting height="12rem" />}
      {problems.data !== undefined && (
        <>
          {problems.data.items.length === 0 && <p role="status">{nothingText(state)}</p>}
          <ProblemRows problems={problems.data.items} />
          <Pages offset={offset} size={PROBLEMS_SHOWN} total={problems.data.total} />
        </>
      )}
    </>
  );
}

function nothingText(state: ProblemState | null): string {
  return state === null ? messages.problemsNoneAtAll : messages.problemsNone;
}

interface ChoiceProps {
  readonly isOn: boolean;
  readonly total?: number | undefined;
  readonly onPress: () => void;
  readonly children: string;
}

function Choice({ isOn, total, onPress, children }: ChoiceProps): ReactElement {
  return (
    <button type="button" aria-pressed={isOn} onClick={onPress}>
      {children}
      {total !== undefined && <span className="choice-count">{count(total)}</span>}
    </button>
  );
}
