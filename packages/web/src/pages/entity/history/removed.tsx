/** For an entity that is not there any more: that it was, and how its last versions read. Nothing for any other. */
import type { ReactElement } from 'react';
import type { EntityRef } from '@callboard/model';
import { Time } from '../../../parts/time.tsx';
import { messages } from './messages.ts';
import { useHistory } from './queries.ts';
import { Versions } from './versions.tsx';

export function RemovedHistory({ entityRef }: { readonly entityRef: EntityRef }): ReactElement | null {
  const [newest] = useHistory(entityRef).data?.pages.flatMap((page) => page.versions) ?? [];
  if (newest?.change !== 'removed') return null;
  return (
    <section className="history">
      <h2>
        {messages.removedNotice} {newest.at !== null && <Time at={newest.at} />}
      </h2>
      <Versions entityRef={entityRef} />
    </section>
  );
}
