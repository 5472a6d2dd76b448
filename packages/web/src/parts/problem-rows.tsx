/** Problems as a list: which entity, in which state, why, where in which file, and since when. */
import type { ReactElement } from 'react';
import { problemKey, type Problem } from '../api/problems.ts';
import { EntityLink } from './entity-link.tsx';
import { PROBLEM_WORDS } from './problem-words.ts';
import './problem-rows.css';
import { kindName, shortName } from './ref-text.ts';
import { Time } from './time.tsx';

export function ProblemRows({ problems }: { readonly problems: readonly Problem[] }): ReactElement {
  return (
    <ul className="problem-rows">
      {problems.map((problem) => (
        <li key={problemKey(problem)} className="problem-row">
          <span
            className="problem-state"
            data-state={problem.state}
            title={PROBLEM_WORDS[problem.state].meaning}
          >
            {PROBLEM_WORDS[problem.state].title}
          </span>
          <span className="problem-entity">
            <EntityLink to={problem.ref}>
              <bdi>{problem.title ?? shortName(problem.ref, problem.ref.kind)}</bdi>
            </EntityLink>
            <span className="problem-kind">{kindName(problem.ref.kind)}</span>
          </span>
          <span className="problem-why">
            <bdi>{problem.summary}</bdi>
            {problem.place !== null && <code>{problem.place}</code>}
          </span>
          {problem.since !== null && (
            <span className="problem-since">
              <Time at={problem.since} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
