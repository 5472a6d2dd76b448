/** What was written while a patch was worked on, as it is written. */
import { useLayoutEffect, useMemo, useRef, type ReactElement } from 'react';
import type { Patch } from '../../../api/images-patch.ts';
import { LOCALE } from '../../../messages.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Panel } from '../../health/figures.tsx';
import type { LogLine } from './follow-log.ts';
import { messages } from './messages.ts';
import { useLog } from './use-log.ts';

/** So near to its end a log follows what is written, in pixels. */
const NEAR = 24;

export function LogPanel({ patch }: { readonly patch: Patch }): ReactElement {
  const { lines, state, error, again } = useLog(patch);
  const text = useMemo(() => toText(lines), [lines]);
  const hidden = (lines[0]?.number ?? 1) - 1;
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <Panel title={messages.log}>
      <p className="log-state" role="status" data-state={state}>
        {error === null ? messages.logStates[state] : ''}
      </p>
      {error !== null && <ErrorPanel title={messages.logFailed} error={error} onRetry={again} />}
      {hidden > 0 && <p className="health-note">{messages.logCut(hidden)}</p>}
      {lines.length === 0 && state === 'ended' && <p className="health-note">{messages.logNone}</p>}
      {lines.length > 0 && (
        <div className="cb-example">
          <pre
            className="cb-code patch-text"
            ref={box}
            tabIndex={0}
            role="log"
            aria-live="off"
            aria-label={messages.logText}
            onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
              isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
            }}
          >
            {text}
          </pre>
          <CopyButton text={text} label={messages.copyLog} />
        </div>
      )}
    </Panel>
  );
}

function toText(lines: readonly LogLine[]): string {
  const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium', hourCycle: 'h23' });
  return lines.map(({ at, text }) => (at === null ? text : `${clock.format(at)}  ${text}`)).join('\n');
}
