/** The difference of a file, line by line. */
import { useMemo, type ReactElement } from 'react';
import type { FileChange } from '../../../api/scaffolder-authoring.ts';
import { messages } from './messages.ts';
import { readDiff, type DiffLine } from './unified-diff.ts';

/** More lines are for the file itself. */
const MOST_LINES = 2_000;

export function DiffView({ change }: { readonly change: FileChange }): ReactElement {
  const { diff, path } = change;
  const read = useMemo(() => (diff === null ? null : readDiff(diff)), [diff]);
  if (read === null || read.lines.length === 0) return <p className="health-note">{messages.noDiff}</p>;
  return (
    <pre className="cb-code run-diff" tabIndex={0} role="region" aria-label={messages.diffLabel(path)}>
      {read.lines.slice(0, MOST_LINES).map((line, index) => (
        <Line key={index} line={line} />
      ))}
      {read.lines.length > MOST_LINES && <span className="task-quiet">{messages.fileTooLong}</span>}
    </pre>
  );
}

const SIGNS = { same: ' ', added: '+', removed: '−', place: '' } as const;
const SPOKEN = { same: '', added: messages.added, removed: messages.removed, place: '' } as const;

function Line({ line }: { readonly line: DiffLine }): ReactElement {
  const { kind, text } = line;
  return (
    <span className="run-diff-line" data-kind={kind}>
      <span aria-hidden="true">{`${SIGNS[kind]} `}</span>
      {SPOKEN[kind] !== '' && <span className="cb-hidden">{SPOKEN[kind]} </span>}
      {text === '' ? ' ' : text}
    </span>
  );
}
