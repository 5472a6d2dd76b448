/** The log of a task, or of one of its steps, with search, copy and download. */
import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { Button, ButtonIcon, SearchField } from '@backstage/ui';
import type { StepState, Task } from '../../../../api/scaffolder-tasks.ts';
import { writeClipboard } from '../../../../parts/clipboard.ts';
import { ErrorPanel } from '../../../../parts/error-panel.tsx';
import { CheckIcon, CopyIcon, DownloadIcon, NextIcon, PreviousIcon } from '../../../../parts/icons.tsx';
import { downloadText } from '../../../entity/download.ts';
import { Panel } from '../../../health/figures.tsx';
import { messages } from '../messages.ts';
import { findLines, toPlainText, type LogLine } from './log-lines.ts';
import { LogView } from './log-view.tsx';
import { useLog, type Log } from './use-log.ts';

export interface LogPanelProps {
  readonly task: Task;
  /** Null: of all of them. */
  readonly step: StepState | null;
}

export function LogPanel({ task, step }: LogPanelProps): ReactElement {
  const log = useLog(task);
  const stepId = step?.id ?? null;
  const lines = useMemo(
    () => (stepId === null ? log.lines : log.lines.filter((line) => line.stepId === stepId)),
    [log.lines, stepId],
  );
  const hidden = (log.lines[0]?.number ?? 1) - 1;
  const name = step === null ? messages.logText : messages.stepLog(step.name);
  return (
    <Panel title={step === null ? messages.log : `${messages.log}: ${step.name}`} className="task-log-panel">
      {log.error !== null && <ErrorPanel title={messages.logFailed} error={log.error} onRetry={log.again} />}
      {hidden > 0 && <p className="health-note">{messages.logCut(hidden)}</p>}
      <LogBox
        key={stepId ?? ''}
        lines={lines}
        log={log}
        name={name}
        file={stepId === null ? `task-${task.id}.log` : `task-${task.id}-${stepId}.log`}
        noneText={noneText(log, step)}
      />
    </Panel>
  );
}

function noneText(log: Log, step: StepState | null): string {
  if (log.state !== 'ended') return messages.logNone;
  return step === null ? messages.logNoneEver : messages.logNoneStep;
}

interface LogBoxProps {
  readonly lines: readonly LogLine[];
  readonly log: Log;
  /** For screen readers. */
  readonly name: string;
  /** What a download is called. */
  readonly file: string;
  readonly noneText: string;
}

function LogBox({ lines, log, name, file, noneText: none }: LogBoxProps): ReactElement {
  const [query, setQuery] = useState('');
  const [foundAt, setFoundAt] = useState(0);
  const [isFollowing, setIsFollowing] = useState(true);
  const [seen, setSeen] = useState(0);
  const found = useMemo(() => findLines(lines, query), [lines, query]);
  const at = Math.min(foundAt, Math.max(0, found.length - 1));
  const follow = (next: boolean): void => {
    setIsFollowing(next);
    setSeen(lines.length);
  };
  const go = (step: number): void => {
    if (found.length === 0) return;
    setIsFollowing(false);
    setSeen(lines.length);
    setFoundAt((at + step + found.length) % found.length);
  };
  const isLive = log.state !== 'ended' && log.error === null;
  return (
    <>
      <div className="task-log-head">
        <p className="log-state" role="status" data-state={log.state}>
          {log.error === null ? messages.logStates[log.state] : ''}
        </p>
        <span className="task-quiet">{messages.logLines(lines.length)}</span>
        <div
          className="task-log-search"
          role="search"
          onKeyDownCapture={({ key, shiftKey, target }) => {
            if (key === 'Enter' && target instanceof HTMLInputElement) go(shiftKey ? -1 : 1);
          }}
        >
          <SearchField
            size="small"
            aria-label={messages.search}
            placeholder={messages.search}
            value={query}
            onChange={(next) => {
              setQuery(next);
              setFoundAt(0);
              if (next !== '') setIsFollowing(false);
            }}
          />
          {query !== '' && (
            <>
              <span className="task-quiet" role="status">
                {found.length === 0 ? messages.foundNone : messages.found(at + 1, found.length)}
              </span>
              <ButtonIcon
                className="cb-copy"
                variant="tertiary"
                aria-label={messages.previousFound}
                icon={<PreviousIcon />}
                isDisabled={found.length === 0}
                onPress={() => go(-1)}
              />
              <ButtonIcon
                className="cb-copy"
                variant="tertiary"
                aria-label={messages.nextFound}
                icon={<NextIcon />}
                isDisabled={found.length === 0}
                onPress={() => go(1)}
              />
            </>
          )}
        </div>
        <span className="task-log-acts">
          <CopyLog lines={lines} />
          <ButtonIcon
            className="cb-copy"
            variant="tertiary"
            aria-label={messages.downloadLog}
            icon={<DownloadIcon />}
            onPress={() => downloadText({ name: file, type: 'text/plain', text: `${toPlainText(lines)}\n` })}
          />
        </span>
      </div>
      {lines.length === 0 && <p className="health-note">{none}</p>}
      {lines.length > 0 && (
        <div className="task-log-frame">
          <LogView
            label={name}
            lines={lines}
            query={query}
            current={query === '' ? null : (found[at] ?? null)}
            isFollowing={isFollowing}
            onFollow={follow}
          />
          {isLive && !isFollowing && (
            <Button className="task-log-follow" variant="secondary" onPress={() => follow(true)}>
              {lines.length > seen ? messages.newLines(lines.length - seen) : messages.follow}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

const COPIED_FOR_MS = 2_000;

/** The text is made when it is wanted: it may be megabytes. */
function CopyLog({ lines }: { readonly lines: readonly LogLine[] }): ReactElement {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), COPIED_FOR_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => setIsCopied(await writeClipboard(toPlainText(lines)));
  return (
    <>
      <ButtonIcon
        className="cb-copy"
        variant="tertiary"
        aria-label={messages.copyLog}
        icon={isCopied ? <CheckIcon /> : <CopyIcon />}
        isDisabled={lines.length === 0}
        onPress={() => void copy()}
      />
      <span className="cb-hidden" role="status">
        {isCopied ? messages.copied : ''}
      </span>
    </>
  );
}
