/** Everything that was entered, by page, with a way back to each; then the button that starts it. */
import type { ReactElement } from 'react';
import { messages } from '../messages.ts';
import type { ReviewPage, ReviewRow } from './rows.ts';

export interface ReviewProps {
  readonly pages: readonly ReviewPage[];
  readonly titleOf: (page: number) => string;
  readonly onEdit: (page: number) => void;
}

export function Review({ pages, titleOf, onEdit }: ReviewProps): ReactElement {
  const shown = pages.filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return <p className="form-none">{messages.nothingEntered}</p>;
  return (
    <div className="review">
      {shown.map(({ page, rows }) => (
        <section key={page ?? 'others'} className="review-page">
          <header className="review-head">
            <h3>
              <bdi>{page === null ? messages.otherValues : titleOf(page)}</bdi>
            </h3>
            {page !== null && (
              <button
                type="button"
                className="form-add-button"
                aria-label={messages.edit(titleOf(page))}
                onClick={() => onEdit(page)}
              >
                {messages.change}
              </button>
            )}
          </header>
          <dl className="review-rows">
            {rows.map((row) => (
              <Row key={row.key} row={row} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Row({ row: { name, texts } }: { readonly row: ReviewRow }): ReactElement {
  return (
    <div className="review-row">
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>
        {texts.length === 0 && <span className="review-none">{messages.empty}</span>}
        {texts.map((text, index) => (
          <span key={index} className={text === messages.empty ? 'review-none' : 'review-text'} dir="auto">
            {text}
          </span>
        ))}
      </dd>
    </div>
  );
}
