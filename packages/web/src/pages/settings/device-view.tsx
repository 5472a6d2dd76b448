/** What this browser remembers. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { useServices } from '../../api/services.ts';
import { Time } from '../../parts/time.tsx';
import { KnownEntity } from './known-entity.tsx';
import { messages } from './messages.ts';
import { useKnown } from './queries.ts';

export function DeviceView(): ReactElement {
  const { visits } = useServices();
  const [list, setList] = useState(visits.list);
  const [isCleared, setIsCleared] = useState(false);
  const known = useKnown(list.map(({ ref }) => ref));

  function clear(): void {
    visits.clear();
    setList(visits.list());
    setIsCleared(true);
  }

  return (
    <>
      <h3>{messages.visits}</h3>
      <p className="settings-lead">{messages.visitsWhy}</p>
      {list.length === 0 ? (
        <p className="settings-note">{messages.noVisits}</p>
      ) : (
        <Button className="cb-notice-action" variant="secondary" onPress={clear}>
          {messages.clearVisits}
        </Button>
      )}
      <span className="cb-hidden" role="status">
        {isCleared ? messages.cleared : ''}
      </span>
      <ul className="settings-list">
        {list.map(({ ref, at }) => (
          <li key={ref}>
            <KnownEntity entityRef={ref} row={known.data?.get(ref)} missing={messages.missing} />
            <span className="settings-note">
              <Time at={at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
