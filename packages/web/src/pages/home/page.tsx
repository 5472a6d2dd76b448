/** The first page: what needs me, what I own, what I starred and saw last, and where to start something new. */
import type { ReactElement } from 'react';
import { parseRef } from '@callboard/model';
import { useSession } from '../../api/services.ts';
import { shortName } from '../../parts/ref-text.ts';
import { useTitle } from '../../parts/use-title.ts';
import { AttentionCard } from './attention-card.tsx';
import { CreateCard } from './create-card.tsx';
import './home.css';
import { RecentCard, StarredCard } from './kept-cards.tsx';
import { messages } from './messages.ts';
import { OwnedCard } from './owned-card.tsx';

export function HomePage(): ReactElement {
  useTitle(messages.title);
  const name = useName();
  return (
    <div className="cb-page home">
      <h1>{name === null ? messages.title : <bdi>{messages.greeting(name)}</bdi>}</h1>
      <div className="home-main">
        <AttentionCard />
        <OwnedCard />
      </div>
      <div className="home-side">
        <StarredCard />
        <RecentCard />
        <CreateCard />
      </div>
    </div>
  );
}

/** Null until somebody is signed in. */
function useName(): string | null {
  const state = useSession();
  if (state.kind !== 'signed-in') return null;
  const { displayName, userEntityRef } = state.identity;
  const ref = parseRef(userEntityRef);
  return displayName ?? (ref === null ? userEntityRef : shortName(ref, 'user'));
}
