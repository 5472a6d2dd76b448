/** The entity as YAML, to read and to copy. */
import type { ReactElement } from 'react';
import { Skeleton } from '@backstage/ui';
import type { Entity } from '@callboard/model';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { messages } from './messages.ts';
import { useYaml } from './queries.ts';

export function YamlTab({ entity }: { readonly entity: Entity }): ReactElement {
  const yaml = useYaml(entity);
  if (yaml.data === undefined) {
    if (!yaml.isError) return <Skeleton width="100%" height="20rem" />;
    return <ErrorPanel title={messages.yamlFailed} error={yaml.error} onRetry={() => void yaml.refetch()} />;
  }
  return (
    <section aria-label={messages.yaml}>
      <div className="yaml-head">
        <p className="entity-none">{messages.yamlNote}</p>
        <CopyButton text={yaml.data} label={messages.copyYaml} variant="labelled" />
      </div>
      <pre className="cb-code yaml" tabIndex={0} role="region" aria-label={messages.yamlText}>
        {yaml.data}
      </pre>
    </section>
  );
}
