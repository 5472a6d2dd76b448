/** What narrows the list now, each with a way to take it away. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { CloseIcon } from '../../parts/icons.tsx';
import { choiceLabel } from './filters.tsx';
import { messages } from './messages.ts';
import { CHOICE_IDS, cleared, isNarrowed, narrowed, toggled, type CatalogState } from './url-state.ts';

export interface ActiveFiltersProps {
  readonly state: CatalogState;
  readonly onChange: (next: CatalogState) => void;
}

export function ActiveFilters({ state, onChange }: ActiveFiltersProps): ReactElement | null {
  if (!isNarrowed(state)) return null;
  const filters = CHOICE_IDS.flatMap((id) =>
    state.choices[id].map((value) => ({
      key: `${id} ${value}`,
      label: messages.activeChoice(messages.choiceTitles[id], choiceLabel(id, value)),
      without: () => toggled(state, id, value),
    })),
  );
  const text = {
    key: 'text',
    label: messages.activeText(state.text),
    without: () => narrowed(state, { text: '' }),
  };
  return (
    <ul className="active-filters" aria-label={messages.activeFilters}>
      {(state.text === '' ? filters : [text, ...filters]).map((filter) => (
        <li key={filter.key}>
          <button
            type="button"
            className="active-filter"
            aria-label={messages.removeFilter(filter.label)}
            onClick={() => onChange(filter.without())}
          >
            <bdi>{filter.label}</bdi>
            <CloseIcon />
          </button>
        </li>
      ))}
      <li>
        <Button variant="tertiary" onPress={() => onChange(cleared(state))}>
          {messages.clearFilters}
        </Button>
      </li>
    </ul>
  );
}
