/** What narrows the list now, each with a way to take it away. */
import { memo, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { CloseIcon } from '../../parts/icons.tsx';
import { useChoiceText } from './choice-label.tsx';
import { messages } from './messages.ts';
import {
  CHOICE_IDS,
  cleared,
  isNarrowed,
  narrowed,
  toggled,
  type CatalogState,
  type ChoiceId,
  type Go,
} from './url-state.ts';

export interface ActiveFiltersProps {
  readonly state: CatalogState;
  readonly onChange: Go;
}

export const ActiveFilters = memo(function ActiveFilters({
  state,
  onChange,
}: ActiveFiltersProps): ReactElement | null {
  if (!isNarrowed(state)) return null;
  return (
    <ul className="active-filters" aria-label={messages.activeFilters}>
      {state.text !== '' && (
        <ActiveFilter
          label={messages.activeText(state.text)}
          onRemove={() => onChange((now) => narrowed(now, { text: '' }))}
        />
      )}
      {state.show !== 'all' && (
        <ActiveFilter
          label={messages.activeChoice(messages.show, messages.showNames[state.show])}
          onRemove={() => onChange((now) => narrowed(now, { show: 'all' }))}
        />
      )}
      {CHOICE_IDS.flatMap((id) =>
        state.choices[id].map((value) => (
          <ActiveChoice
            key={`${id} ${value}`}
            id={id}
            value={value}
            onRemove={() => onChange((now) => toggled(now, id, value))}
          />
        )),
      )}
      <li>
        <Button variant="tertiary" onPress={() => onChange(cleared)}>
          {messages.clearFilters}
        </Button>
      </li>
    </ul>
  );
});

interface ActiveChoiceProps {
  readonly id: ChoiceId;
  readonly value: string;
  readonly onRemove: () => void;
}

function ActiveChoice({ id, value, onRemove }: ActiveChoiceProps): ReactElement {
  const text = useChoiceText(id, value);
  return <ActiveFilter label={messages.activeChoice(messages.choiceTitles[id], text)} onRemove={onRemove} />;
}

interface ActiveFilterProps {
  readonly label: string;
  readonly onRemove: () => void;
}

function ActiveFilter({ label, onRemove }: ActiveFilterProps): ReactElement {
  return (
    <li>
      <button
        type="button"
        className="active-filter"
        aria-label={messages.removeFilter(label)}
        title={label}
        onClick={onRemove}
      >
        <bdi>{label}</bdi>
        <CloseIcon />
      </button>
    </li>
  );
}
