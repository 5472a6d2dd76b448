/** What a dry-run gave: files, the changes of each step, the log and the output. */
import { useMemo, useState, type ReactElement } from 'react';
import type { DryRun } from '../../../api/scaffolder-authoring.ts';
import { Output } from '../task/output.tsx';
import { toLines, type LogLine } from '../task/log/log-lines.ts';
import { LogView } from '../task/log/log-view.tsx';
import '../task/task.css';
import { FilesView } from './files-view.tsx';
import { messages } from './messages.ts';
import { statusOf, StepsView, type NamedStep } from './steps-view.tsx';

const TABS = ['files', 'steps', 'log', 'output'] as const;
type Tab = (typeof TABS)[number];

export interface ResultsProps {
  readonly run: DryRun;
  /** The dry-run before it; null for the first. */
  readonly before: DryRun | null;
  readonly steps: readonly NamedStep[];
}

export function Results({ run, before, steps }: ResultsProps): ReactElement {
  const hasFailed = steps.some((step) => statusOf(step, run) === 'failed');
  const [chosen, setChosen] = useState<Tab | null>(null);
  // What went wrong is looked at first.
  const tab = chosen ?? (hasFailed ? 'steps' : 'files');
  return (
    <section className="run-results" aria-label={messages.results}>
      <div className="health-choice" role="group" aria-label={messages.results}>
        {TABS.map((known) => (
          <button key={known} type="button" aria-pressed={known === tab} onClick={() => setChosen(known)}>
            {messages.tabs[known]}
          </button>
        ))}
      </div>
      <Shown tab={tab} run={run} before={before} steps={steps} />
    </section>
  );
}

function Shown({ tab, run, before, steps }: ResultsProps & { readonly tab: Tab }): ReactElement {
  switch (tab) {
    case 'files':
      return <FilesView files={run.files} before={before?.files ?? null} />;
    case 'steps':
      return <StepsView run={run} steps={steps} />;
    case 'log':
      return <RunLog run={run} />;
    case 'output':
      return <RunOutput run={run} />;
    default:
      return tab satisfies never;
  }
}

function RunLog({ run }: { readonly run: DryRun }): ReactElement {
  const lines = useMemo(() => linesOf(run), [run]);
  if (lines.length === 0) return <p className="health-note">{messages.logNone}</p>;
  return (
    <LogView
      label={messages.tabs.log}
      lines={lines}
      query=""
      current={null}
      isFollowing={false}
      onFollow={() => undefined}
    />
  );
}

function linesOf(run: DryRun): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const { message, stepId } of run.log) {
    const event = { id: 0, type: 'log', at: null, message, stepId, status: null } as const;
    lines.push(...toLines(event, lines.length));
  }
  return lines;
}

function RunOutput({ run }: { readonly run: DryRun }): ReactElement {
  const { output } = run;
  const isEmpty =
    output === null || output.links.length + output.texts.length + Object.keys(output.others).length === 0;
  if (isEmpty) return <p className="health-note">{messages.outputNone}</p>;
  return <Output output={output} created={[]} />;
}
