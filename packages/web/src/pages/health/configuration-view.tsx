/** The configuration that the portal runs with, as the server gives it: without secrets. */
import type { ReactElement } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { messages } from './messages.ts';
import { useConfiguration } from './queries.ts';

export function ConfigurationView(): ReactElement {
  const config = useConfiguration();
  if (config.data === undefined) {
    if (!config.isError) return <Waiting height="20rem" />;
    return (
      <ErrorPanel
        title={messages.failedConfiguration}
        error={config.error}
        onRetry={() => void config.refetch()}
      />
    );
  }
  return (
    <>
      <div className="health-config-head">
        <p className="health-note">{messages.configurationNote}</p>
        <CopyButton text={config.data} label={messages.copyConfiguration} variant="labelled" />
      </div>
      <pre className="cb-code" tabIndex={0} role="region" aria-label={messages.configurationText}>
        {config.data}
      </pre>
    </>
  );
}
