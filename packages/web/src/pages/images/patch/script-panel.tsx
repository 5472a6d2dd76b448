/** The script as people read it; what is run are the argument vectors behind it. */
import type { ReactElement } from 'react';
import type { Patch } from '../../../api/images-patch.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { Panel } from '../../health/figures.tsx';
import { messages } from './messages.ts';
import { useRecordText } from './queries.ts';

/** Characters; more is downloaded and not shown. */
const MOST_SHOWN = 60_000;

export function ScriptPanel({ patch }: { readonly patch: Patch }): ReactElement | null {
  const hash = patch.records.script ?? null;
  const script = useRecordText(hash);
  if (hash === null) return null;
  return (
    <Panel title={messages.script}>
      <p className="health-note">{messages.scriptWhy}</p>
      {script.isError && (
        <ErrorPanel
          title={messages.scriptFailed}
          error={script.error}
          onRetry={() => void script.refetch()}
        />
      )}
      {script.isPending && <Waiting height="8rem" />}
      {script.data !== undefined && (
        <>
          <div className="cb-example">
            <pre className="cb-code patch-text" tabIndex={0} role="region" aria-label={messages.script}>
              {script.data.slice(0, MOST_SHOWN)}
            </pre>
            <CopyButton text={script.data} label={messages.copyScript} />
          </div>
          {script.data.length > MOST_SHOWN && (
            <p className="health-note">{messages.cut(MOST_SHOWN, script.data.length)}</p>
          )}
        </>
      )}
    </Panel>
  );
}
