/** What is wrong with an entity: each problem with its place and what to do. */
import type { ReactElement } from 'react';
import type { Diagnostic } from '@callboard/model';
import { safeUrl } from '../../parts/safe-url.ts';
import { messages } from './messages.ts';
import { placeOf } from './place.ts';

export function ProblemList({ problems }: { readonly problems: readonly Diagnostic[] }): ReactElement {
  return (
    <ul className="plain">
      {problems.map((problem, index) => (
        <li key={`${index} ${problem.code}`} className="problem" data-severity={problem.severity}>
          <p className="problem-summary">
            <span className="problem-severity">{messages.severity[problem.severity]}</span>
            <bdi>{problem.summary}</bdi>
          </p>
          {problem.detail !== undefined && (
            <p className="problem-detail" dir="auto">
              {problem.detail}
            </p>
          )}
          <p className="problem-place">
            <Place problem={problem} />
            {problem.path !== undefined && <code>{problem.path}</code>}
            {problem.code !== '' && <code>{problem.code}</code>}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** As a link when the file is on the web. */
function Place({ problem }: { readonly problem: Diagnostic }): ReactElement | null {
  const { file, line } = problem;
  const text = placeOf(problem);
  if (file === undefined || text === null) return null;
  const href = safeUrl(file);
  if (href === null) return <code>{text}</code>;
  const anchor = line === undefined ? href : `${href}#L${line}`;
  return (
    <a className="cb-link" href={anchor} target="_blank" rel="noopener noreferrer">
      <code>{text}</code>
    </a>
  );
}
