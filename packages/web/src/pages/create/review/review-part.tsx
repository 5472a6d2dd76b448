/** The last page of the form: the values that count now. */
import { useMemo, useSyncExternalStore, type ReactElement } from 'react';
import { idOf, type FormSession } from '@callboard/form';
import { useShownPages, type PageView } from '../form/page-view.ts';
import { messages } from '../messages.ts';
import { Review } from './review.tsx';
import { optionLabel } from '../form/option-words.ts';
import { toReview, type LabelOf } from './rows.ts';

export interface ReviewPartProps {
  readonly view: PageView;
  readonly session: FormSession;
  readonly titleOf: (page: number) => string;
  readonly onEdit: (page: number) => void;
}

export function ReviewPart({ view, session, titleOf, onEdit }: ReviewPartProps): ReactElement {
  const { pages } = useShownPages(view);
  const values = useSyncExternalStore(session.subscribe, session.get);
  const review = useMemo(() => toReview(pages, values, labelsOf(session)), [pages, values, session]);
  if (pages.length === 0) return <p className="form-none">{messages.noPages}</p>;
  return <Review pages={review} titleOf={titleOf} onEdit={onEdit} />;
}

function labelsOf(session: FormSession): LabelOf {
  return (path, value) => {
    const state = session.field(idOf(path));
    return state === undefined ? null : optionLabel(state, value);
  };
}
