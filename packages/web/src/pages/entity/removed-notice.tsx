/** Over the page of an entity that went away while the page was open. What it was stays to be read. */
import type { ReactElement } from 'react';
import { Alert, ButtonLink } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { messages as shellMessages } from '../../messages.ts';
import { messages } from './messages.ts';

export function RemovedNotice({ entityRef }: { readonly entityRef: EntityRef }): ReactElement {
  return (
    <Alert
      role="alert"
      status="warning"
      icon
      title={messages.removed(stringifyRef(entityRef))}
      description={messages.removedWhy}
      customActions={
        <ButtonLink
          variant="secondary"
          href={`/catalog?kind=${encodeURIComponent(entityRef.kind.toLowerCase())}`}
        >
          {shellMessages.toCatalog}
        </ButtonLink>
      }
    />
  );
}
