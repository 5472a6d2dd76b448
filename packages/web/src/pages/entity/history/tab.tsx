/** The history of an entity: every change, when, and from which source. */
import type { ReactElement } from 'react';
import type { EntityRef } from '@callboard/model';
import { messages } from './messages.ts';
import { Versions } from './versions.tsx';

export function Content({ entityRef }: { readonly entityRef: EntityRef }): ReactElement {
  return (
    <section className="history">
      <p className="entity-none">{messages.note}</p>
      <Versions entityRef={entityRef} />
    </section>
  );
}
