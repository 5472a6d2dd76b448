/** What the person starred, also what has left the catalog since. */
import type { ReactElement } from 'react';
import { parseRef, type EntityRef } from '@callboard/model';
import { Button, ButtonIcon } from '@backstage/ui';
import { useStarred } from '../../api/starred.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { CloseIcon } from '../../parts/icons.tsx';
import { LoadingPart } from '../../parts/loading-page.tsx';
import { KnownEntity } from './known-entity.tsx';
import { messages } from './messages.ts';
import { useKnown } from './queries.ts';

export function StarredView(): ReactElement {
  const starred = useStarred();
  const known = useKnown(starred.refs);
  if (!starred.isKnown) return <LoadingPart />;
  const missing = starred.refs.flatMap((text) => {
    const ref = parseRef(text);
    return ref !== null && known.data?.get(text) === null ? [ref] : [];
  });
  return (
    <>
      <p className="settings-lead">{starred.refs.length === 0 ? messages.noStars : messages.starredWhy}</p>
      {known.isError && (
        <ErrorPanel title={messages.starredFailed} error={known.error} onRetry={() => void known.refetch()} />
      )}
      {missing.length > 1 && (
        <Button className="cb-notice-action" variant="secondary" onPress={() => starred.set(missing, false)}>
          {messages.unstarMissing}
        </Button>
      )}
      <ul className="settings-list">
        {starred.refs.map((text) => (
          <li key={text}>
            <KnownEntity entityRef={text} row={known.data?.get(text)} missing={messages.missing} />
            <ButtonIcon
              variant="tertiary"
              aria-label={messages.unstar(known.data?.get(text)?.title ?? text)}
              icon={<CloseIcon />}
              onPress={() => starred.set(toRefs(text), false)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function toRefs(text: string): readonly EntityRef[] {
  const ref = parseRef(text);
  return ref === null ? [] : [ref];
}
