/** The form of the template as people will see it, and dry-runs with its values. */
import { useRef, useState, type ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import type { FormPage, FormValues, ValueProblem } from '../../../api/scaffolder.ts';
import type { DryRun } from '../../../api/scaffolder-authoring.ts';
import { listIn, objectIn, textIn } from '../../../api/entity.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { refusal } from '../../images/refusal.ts';
import { FieldsPane, type LiveForm } from './fields/fields-pane.tsx';
import { messages as fieldMessages } from './fields/messages.ts';
import { FormPreview } from './form-preview.tsx';
import { messages } from './messages.ts';
import { toDryRunFiles, type Project } from './project.ts';
import { useDryRun } from './queries.ts';
import type { ReadTemplate } from './read-template.ts';
import { Results } from './results.tsx';
import type { NamedStep } from './steps-view.tsx';
import { ValuesEditor } from './values-editor.tsx';

export interface TryPaneProps {
  readonly project: Project;
  readonly read: ReadTemplate;
  readonly values: FormValues;
  readonly onValues: (values: FormValues) => void;
  /** Of the template, as it is written now. */
  readonly text: string;
  /** Goes to a line of the template. */
  readonly onGoTo: (line: number) => void;
}

const PANES = ['form', 'fields', 'result'] as const;

const NONE: readonly ValueProblem[] = [];

interface Done {
  readonly run: DryRun;
  readonly before: DryRun | null;
  readonly steps: readonly NamedStep[];
  /** What it was run with, to tell whether it still holds. */
  readonly project: Project;
  readonly values: FormValues;
}

export function TryPane({ project, read, values, onValues, text, onGoTo }: TryPaneProps): ReactElement {
  const [shown, setShown] = useState<(typeof PANES)[number]>('form');
  const [live, setLive] = useState<LiveForm | null>(null);
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [done, setDone] = useState<Done | null>(null);
  const dry = useDryRun();
  const pages = useLastPages(read);
  const problems = dry.data?.kind === 'invalid' ? dry.data.problems : NONE;
  const start = (): void => {
    if (read.kind !== 'read' || dry.isPending) return;
    const { entity } = read;
    setShown('result');
    dry.mutate(
      { template: entity, values, secrets, files: toDryRunFiles(project) },
      {
        onSuccess: (result) => {
          if (result.kind === 'invalid') {
            setShown('form');
            return;
          }
          setDone({ run: result.run, before: done?.run ?? null, steps: stepsOf(entity), project, values });
        },
      },
    );
  };
  return (
    <section className="editor-try" aria-label={messages.panes}>
      <div className="editor-try-head">
        <div className="health-choice" role="group" aria-label={messages.panes}>
          {PANES.map((known) => (
            <button key={known} type="button" aria-pressed={known === shown} onClick={() => setShown(known)}>
              {messages[known]}
            </button>
          ))}
        </div>
        <Button variant="primary" isPending={dry.isPending} isDisabled={read.kind !== 'read'} onPress={start}>
          {messages.run}
        </Button>
      </div>
      {read.kind === 'broken' && (
        <Alert
          role="status"
          status="warning"
          icon
          title={messages.broken}
          description={messages.brokenAt(read.line, read.message)}
        />
      )}
      {problems.length > 0 && <Invalid problems={problems} />}
      {/* Kept while the other one is seen, with what somebody typed. */}
      <div className="editor-form" hidden={shown !== 'form'}>
        {pages !== null && pages.length === 0 && <p className="health-note">{messages.noForm}</p>}
        {pages !== null && pages.length > 0 && (
          <FormPreview
            pages={pages}
            values={values}
            onValues={onValues}
            onSecrets={setSecrets}
            problems={problems}
            onLive={setLive}
          />
        )}
      </div>
      {shown === 'fields' && live !== null && (
        <FieldsPane
          live={live}
          text={text}
          onGoTo={onGoTo}
          onOpen={(id) => {
            setShown('form');
            live.openField(id);
          }}
        />
      )}
      {shown === 'fields' && live === null && (
        <p className="health-note">{pages?.length === 0 ? messages.noForm : fieldMessages.loading}</p>
      )}
      <div hidden={shown === 'result'}>
        <ValuesEditor values={values} onChange={onValues} />
      </div>
      {shown === 'result' && (
        <Outcome
          dry={dry}
          done={done}
          isStale={done !== null && (done.project !== project || done.values !== values)}
          onRetry={start}
        />
      )}
    </section>
  );
}

interface OutcomeProps {
  readonly dry: ReturnType<typeof useDryRun>;
  readonly done: Done | null;
  readonly isStale: boolean;
  readonly onRetry: () => void;
}

function Outcome({ dry, done, isStale, onRetry }: OutcomeProps): ReactElement {
  const refused = refusal(dry.error);
  return (
    <div className="editor-outcome" aria-busy={dry.isPending}>
      <p className="health-note" role="status">
        {statusText({ isPending: dry.isPending, isStale, isFirst: done === null && dry.isIdle })}
      </p>
      {dry.isError && refused !== null && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={messages.runFailed}
          description={
            <pre className="task-error" tabIndex={0}>
              {refused}
            </pre>
          }
        />
      )}
      {dry.isError && refused === null && (
        <ErrorPanel title={messages.runFailed} error={dry.error} onRetry={onRetry} />
      )}
      {done !== null && (
        <Results key={String(done.before === null)} run={done.run} before={done.before} steps={done.steps} />
      )}
    </div>
  );
}

interface StatusOf {
  readonly isPending: boolean;
  readonly isStale: boolean;
  readonly isFirst: boolean;
}

function statusText({ isPending, isStale, isFirst }: StatusOf): string {
  if (isPending) return messages.running;
  if (isFirst) return messages.runHint;
  return isStale ? messages.stale : '';
}

function Invalid({ problems }: { readonly problems: readonly ValueProblem[] }): ReactElement {
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={messages.invalid}
      description={
        <ul className="plain">
          {problems.map(({ path, message }, index) => (
            <li key={index}>
              {path.length > 0 && <code>{path.join('.')}</code>} {message}
            </li>
          ))}
        </ul>
      }
    />
  );
}

/** While the YAML is broken, the form of before stays; so it does when something else has changed. */
function useLastPages(read: ReadTemplate): readonly FormPage[] | null {
  const last = useRef<readonly FormPage[] | null>(null);
  if (read.kind === 'read' && JSON.stringify(last.current) !== JSON.stringify(read.pages)) {
    last.current = read.pages;
  }
  return last.current;
}

/** As the server names them: a step without an id is `step-<n>`. */
function stepsOf(entity: Readonly<Record<string, unknown>>): readonly NamedStep[] {
  return listIn(objectIn(entity, 'spec'), 'steps').map((step, index) => {
    const id = textIn(step, 'id') ?? `step-${index + 1}`;
    return { id, name: textIn(step, 'name') ?? textIn(step, 'action') ?? id };
  });
}
