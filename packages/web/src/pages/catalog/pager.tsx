/** Which part of the list is shown, and the way to the others. */
import type { ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { NextIcon, PreviousIcon } from '../../parts/icons.tsx';
import { messages } from './messages.ts';
import { PAGE_SIZES, type CatalogState } from './url-state.ts';

export interface PagerProps {
  readonly state: CatalogState;
  readonly total: number;
  /** Rows on this page. */
  readonly shown: number;
  readonly onChange: (next: CatalogState) => void;
}

export function Pager({ state, total, shown, onChange }: PagerProps): ReactElement {
  const { offset, pageSize } = state;
  const goTo = (next: number): void => {
    onChange({ ...state, offset: Math.max(0, next) });
    window.scrollTo(0, 0);
  };
  return (
    <nav className="pager" aria-label={messages.pages}>
      <label className="pager-size">
        {messages.pageSize}
        <select
          className="cb-select"
          value={pageSize}
          onChange={(event) => onChange({ ...state, offset: 0, pageSize: Number(event.target.value) })}
        >
          {PAGE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <span className="pager-range">{messages.range(offset + 1, offset + shown, total)}</span>
      <ButtonIcon
        variant="secondary"
        aria-label={messages.previousPage}
        icon={<PreviousIcon />}
        isDisabled={offset === 0}
        onPress={() => goTo(offset - pageSize)}
      />
      <ButtonIcon
        variant="secondary"
        aria-label={messages.nextPage}
        icon={<NextIcon />}
        isDisabled={offset + shown >= total}
        onPress={() => goTo(offset + pageSize)}
      />
    </nav>
  );
}
