/** What the rules of a field read and gave, what is wrong with them, and the way to their lines. */
import type { ReactElement } from 'react';
import type { Reason } from '@callboard/form';
import type { Diagnostic } from '@callboard/model';
import type { LineOf } from './line-of.ts';
import { messages } from './messages.ts';
import { SECRET } from './picture.ts';
import type { Words } from './sentences.ts';

interface PlaceProps {
  readonly at: string;
  readonly lineOf: LineOf;
  readonly onGoTo: (line: number) => void;
}

/** Goes to a line of the YAML. */
export function Place({ at, lineOf, onGoTo }: PlaceProps): ReactElement | null {
  const line = lineOf(at);
  if (line === null) return null;
  return (
    <button type="button" className="fields-link" title={messages.toYaml} onClick={() => onGoTo(line)}>
      {messages.toLine(line)}
    </button>
  );
}

interface RuleProps extends Omit<PlaceProps, 'at'> {
  readonly reason: Reason;
  readonly words: Words;
  /** It says what the source did; what went wrong there is said above. */
  readonly isSource: boolean;
}

export function Rule({ reason, words, isSource, lineOf, onGoTo }: RuleProps): ReactElement {
  const { what, text, at, result, read, failure } = reason;
  const reads = Object.entries(read);
  return (
    <li>
      <p className="fields-rule">
        <span className="task-quiet">{messages.rule[what]}</span>
        {isSource ? <span>{text}</span> : <code>{text}</code>}
        <Place at={at} lineOf={lineOf} onGoTo={onGoTo} />
      </p>
      {reads.length > 0 && (
        <p className="fields-read">
          <span className="task-quiet">{messages.read}</span>
          {reads.map(([id, value]) => (
            <span key={id}>
              {words.titleOf(id)} = <code>{readText(value, words.isSecret(id))}</code>
            </span>
          ))}
        </p>
      )}
      {failure !== null && !isSource && (
        <p className="task-bad">
          {messages.failedWith} {failure}
        </p>
      )}
      {failure === null && !isSource && (
        <p className="fields-read">
          <span className="task-quiet">{messages.gave}</span>
          <code>{result === undefined ? messages.gaveNothing : shortJson(result)}</code>
        </p>
      )}
    </li>
  );
}

function readText(value: unknown, isSecret: boolean): string {
  if (value === undefined) return messages.gaveNothing;
  return isSecret ? SECRET : shortJson(value);
}

const LONGEST = 160;

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

interface DiagnosticsProps extends Omit<PlaceProps, 'at'> {
  readonly diagnostics: readonly Diagnostic[];
}

export function Diagnostics({ diagnostics, lineOf, onGoTo }: DiagnosticsProps): ReactElement | null {
  if (diagnostics.length === 0) return null;
  return (
    <ul className="fields-diagnostics">
      {diagnostics.map(({ severity, summary, detail, path }, index) => (
        <li key={index} data-severity={severity}>
          <bdi>{summary}</bdi> {path !== undefined && <Place at={path} lineOf={lineOf} onGoTo={onGoTo} />}
          {detail !== undefined && (
            <p className="task-quiet">
              <bdi>{detail}</bdi>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
