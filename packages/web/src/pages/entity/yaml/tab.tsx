/** The entity as YAML, to read, to copy and to keep. What is huge is cut here, and whole in the file. */
import { useState, type ReactElement } from 'react';
import { Alert, Button, Skeleton } from '@backstage/ui';
import { isObject, type Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { textIn } from '../../../api/entity.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { DownloadIcon } from '../../../parts/icons.tsx';
import { downloadText } from '../download.ts';
import type { EntityTabProps } from '../entity-tab.ts';
import { messages } from '../messages.ts';
import { cutValue, type CutValue } from './cut.ts';
import { toYaml, wholeYaml } from './to-yaml.ts';

export function YamlTab({ entity, entityRef }: EntityTabProps): ReactElement {
  const yaml = useQuery({
    queryKey: ['yaml', entityRef, textIn(entity.metadata, 'etag')],
    queryFn: async () => {
      const { value, cuts } = cutValue(entity);
      return { text: await toYaml(isObject(value) ? value : {}), cuts };
    },
    retry: false,
  });
  if (yaml.data === undefined) {
    if (!yaml.isError) return <Skeleton width="100%" height="20rem" />;
    return <ErrorPanel title={messages.yamlFailed} error={yaml.error} onRetry={() => void yaml.refetch()} />;
  }
  const { text, cuts } = yaml.data;
  return (
    <section aria-label={messages.yaml}>
      <div className="yaml-head">
        <p className="entity-none">{messages.yamlNote}</p>
        <span className="entity-actions">
          {cuts.length === 0 && <CopyButton text={text} label={messages.copyYaml} variant="labelled" />}
          <DownloadYaml entity={entity} name={`${entityRef.kind.toLowerCase()}-${entityRef.name}.yaml`} />
        </span>
      </div>
      {cuts.length > 0 && <CutNote cuts={cuts} />}
      <pre className="cb-code yaml" tabIndex={0} role="region" aria-label={messages.yamlText}>
        {text}
      </pre>
    </section>
  );
}

function DownloadYaml({ entity, name }: { readonly entity: Entity; readonly name: string }): ReactElement {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  async function download(): Promise<void> {
    setState('busy');
    try {
      downloadText({ name, type: 'application/yaml', text: await wholeYaml(entity) });
      setState('idle');
    } catch {
      // The words of the failure stand beside the button.
      setState('failed');
    }
  }
  return (
    <>
      <Button
        variant="secondary"
        iconStart={<DownloadIcon />}
        isPending={state === 'busy'}
        onPress={() => void download()}
      >
        {messages.download}
      </Button>
      {state === 'failed' && <span role="alert">{messages.yamlFailed}</span>}
    </>
  );
}

function CutNote({ cuts }: { readonly cuts: readonly CutValue[] }): ReactElement {
  return (
    <Alert
      className="yaml-cut"
      status="info"
      icon
      title={messages.yamlCut}
      description={
        <ul className="plain">
          {cuts.slice(0, 20).map((cut) => (
            <li key={cut.path}>
              <code>{cut.path}</code> {messages.cutSize(cut)}
            </li>
          ))}
        </ul>
      }
    />
  );
}
