/** The steps from the configuration to an entity, with when each was read and when it will be. */
import type { ReactElement, ReactNode } from 'react';
import type { EntityRef } from '@callboard/model';
import type { Provenance, ProvenanceSource } from '../../api/provenance.ts';
import { WarningIcon } from '../../parts/icons.tsx';
import { shortName } from '../../parts/ref-text.ts';
import { Time } from '../../parts/time.tsx';
import { LocationText } from './location-text.tsx';
import { messages } from './messages.ts';
import { SourceName } from './source-name.tsx';

export interface SourceChainProps {
  readonly provenance: Provenance;
  readonly entityRef: EntityRef;
}

export function SourceChain({ provenance, entityRef }: SourceChainProps): ReactElement {
  const { sources, lastProcessedAt } = provenance;
  if (sources.length === 0) return <p className="entity-none">{messages.chainNone}</p>;
  return (
    <ol className="chain">
      {sources.map((source) => (
        <li key={source.ref} className="chain-step" data-failed={source.error !== null}>
          <p className="chain-name">
            <SourceName source={source.ref} />
          </p>
          {source.target !== null && <LocationText location={source.target} />}
          <SourceTimes source={source} />
          {source.error !== null && (
            <p className="chain-error">
              <WarningIcon /> {source.error}
            </p>
          )}
        </li>
      ))}
      <li className="chain-step chain-last">
        <p className="chain-name">
          {messages.chainEntity}: <bdi>{shortName(entityRef)}</bdi>
        </p>
        {lastProcessedAt !== null && (
          <Times>
            <Moment title={messages.lastProcessed} at={lastProcessedAt} />
          </Times>
        )}
      </li>
    </ol>
  );
}

function SourceTimes({ source }: { readonly source: ProvenanceSource }): ReactElement | null {
  const { lastReadAt, lastChangedAt, nextReadAt } = source;
  if (lastReadAt === null && lastChangedAt === null && nextReadAt === null) return null;
  return (
    <Times>
      <Moment title={messages.lastRead} at={lastReadAt} otherwise={messages.never} />
      <Moment title={messages.lastChanged} at={lastChangedAt} />
      <Moment title={messages.nextRead} at={nextReadAt} otherwise={messages.onChange} />
    </Times>
  );
}

function Times({ children }: { readonly children: ReactNode }): ReactElement {
  return <p className="source-times">{children}</p>;
}

interface MomentProps {
  readonly title: string;
  readonly at: Date | null;
  /** Shown without a time; without it, nothing is. */
  readonly otherwise?: string;
}

function Moment({ title, at, otherwise }: MomentProps): ReactElement | null {
  if (at === null && otherwise === undefined) return null;
  return (
    <span>
      {title} {at === null ? otherwise : <Time at={at} />}
    </span>
  );
}
