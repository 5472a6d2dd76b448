/** Who is looking at the catalog, as far as the list depends on it. */
import { useMemo } from 'react';
import { useIsFetching } from '@tanstack/react-query';
import { useOwnership } from '../../api/ownership.ts';
import { useSession } from '../../api/services.ts';
import { useStarred, type Starred } from '../../api/starred.ts';
import type { Person } from './requests.ts';
import type { Show } from './url-state.ts';

export interface PersonState {
  /** The same object until something changes. */
  readonly person: Person;
  readonly starred: Starred;
  /** The stars as a set; null while they are not known. */
  readonly stars: ReadonlySet<string> | null;
  /** The server did not say what is starred. */
  readonly areStarsUnread: boolean;
  /** Whether everything is known that this list depends on. */
  readonly isKnownFor: (show: Show) => boolean;
}

export function usePerson(): PersonState {
  const session = useSession();
  const ownsAs = useOwnership();
  const starred = useStarred();
  const isAsking = useIsFetching({ queryKey: ['setting', 'starredEntities'] }) > 0;
  const refs = starred.refs.join(' ');
  const person = useMemo(() => ({ ownsAs, starred: refs === '' ? [] : refs.split(' ') }), [ownsAs, refs]);
  const stars = useMemo(() => (starred.isKnown ? new Set(person.starred) : null), [starred.isKnown, person]);
  return {
    person,
    starred,
    stars,
    areStarsUnread: session.kind === 'signed-in' && !starred.isKnown && !isAsking,
    isKnownFor: (show) => {
      if (show === 'mine') return session.kind === 'signed-in';
      return show === 'all' || starred.isKnown;
    },
  };
}
