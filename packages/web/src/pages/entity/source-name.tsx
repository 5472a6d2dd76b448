/** Who names a source: the configuration, a provider, or a Location, as a link to its page. */
import type { ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import { EntityLink } from '../../parts/entity-link.tsx';
import { messages } from './messages.ts';

/** Locations that the catalog makes for the configuration and for registrations have a hash for a name. */
const GENERATED = /^generated-[0-9a-f]{40}$/;

/** `source`: a reference such as `location:default/x`, or `provider:config`. */
export function SourceName({ source }: { readonly source: string }): ReactElement {
  if (source === 'provider:config') {
    return (
      <>
        {messages.providerConfig} <span className="chain-kind">{messages.providerConfigNote}</span>
      </>
    );
  }
  if (source.startsWith('provider:')) return <>{messages.provider(source.slice('provider:'.length))}</>;
  const ref = parseRef(source);
  if (ref === null) return <bdi>{source}</bdi>;
  return GENERATED.test(ref.name) ? (
    <EntityLink to={ref}>{messages.generatedLocation}</EntityLink>
  ) : (
    <EntityLink to={ref} />
  );
}
