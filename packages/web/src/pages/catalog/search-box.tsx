/** Where the list is searched. `/` on the keyboard goes there. */
import { memo, type ReactElement, type RefObject } from 'react';
import { SearchField } from '@backstage/ui';
import { messages } from './messages.ts';

export interface SearchBoxProps {
  readonly box: RefObject<HTMLDivElement>;
  readonly text: string;
  readonly onType: (text: string) => void;
}

export const SearchBox = memo(function SearchBox({ box, text, onType }: SearchBoxProps): ReactElement {
  return (
    <div className="catalog-search" ref={box} title={messages.searchKeys}>
      <SearchField
        aria-label={messages.search}
        aria-keyshortcuts="/"
        placeholder={messages.searchHint}
        value={text}
        onChange={onType}
      />
    </div>
  );
});
