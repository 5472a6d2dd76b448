/** The order of the list on a narrow screen, where the table has no header to press. */
import type { ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { SortDownIcon, SortUpIcon } from '../../parts/icons.tsx';
import { SORT_FIELDS } from './columns.ts';
import { messages } from './messages.ts';
import { narrowed, sortedBy, type CatalogState, type Go } from './url-state.ts';

export interface SortSelectProps {
  readonly state: CatalogState;
  readonly onChange: Go;
}

export function SortSelect({ state, onChange }: SortSelectProps): ReactElement {
  return (
    <span className="sort-select">
      <select
        className="cb-select"
        aria-label={messages.sortLabel}
        value={state.sort}
        onChange={(event) => {
          const sort = SORT_FIELDS.find((field) => field === event.target.value);
          if (sort !== undefined) onChange((now) => narrowed(now, { sort, dir: 'asc' }));
        }}
      >
        {SORT_FIELDS.map((field) => (
          <option key={field} value={field}>
            {messages.columnTitles[field]}
          </option>
        ))}
      </select>
      <ButtonIcon
        variant="secondary"
        aria-label={state.dir === 'asc' ? messages.ascending : messages.descending}
        icon={state.dir === 'asc' ? <SortUpIcon /> : <SortDownIcon />}
        onPress={() => onChange((now) => sortedBy(now, now.sort))}
      />
    </span>
  );
}
