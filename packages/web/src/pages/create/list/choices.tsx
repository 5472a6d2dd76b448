/** Whose templates, of which category, tag and owner. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { parseRef } from '@callboard/model';
import type { FacetValue } from '../../../api/catalog.ts';
import { compareText, count } from '../../../messages.ts';
import { shortName } from '../../../parts/ref-text.ts';
import { messages } from '../messages.ts';
import { isNarrowed, NOTHING_CHOSEN, SHOWS, type ListState } from './list-state.ts';
import { useFacet } from './queries.ts';
import type { FacetName } from './requests.ts';

export interface ChoicesProps {
  readonly state: ListState;
  readonly onChoose: (change: Partial<ListState>) => void;
}

const TITLES: Readonly<Record<FacetName, string>> = {
  type: messages.type,
  tag: messages.tag,
  owner: messages.owner,
};

export function Choices({ state, onChoose }: ChoicesProps): ReactElement {
  return (
    <>
      <div className="create-shows" role="group" aria-label={messages.show}>
        {SHOWS.map((show) => (
          <button
            key={show}
            type="button"
            className="create-show"
            aria-pressed={state.show === show}
            onClick={() => onChoose({ show })}
          >
            {messages.showNames[show]}
          </button>
        ))}
      </div>
      {(['type', 'tag', 'owner'] as const).map((facet) => (
        <Choice key={facet} facet={facet} state={state} onChoose={onChoose} />
      ))}
      {isNarrowed(state) && (
        <Button variant="tertiary" onPress={() => onChoose(NOTHING_CHOSEN)}>
          {messages.clear}
        </Button>
      )}
    </>
  );
}

interface ChoiceProps extends ChoicesProps {
  readonly facet: FacetName;
}

function Choice({ facet, state, onChoose }: ChoiceProps): ReactElement | null {
  const found = useFacet(state, facet) ?? [];
  const chosen = state[facet];
  const values = withChosen(found, chosen).toSorted((a, b) => compareText(nameOf(a.value), nameOf(b.value)));
  if (values.length === 0) return null;
  return (
    <label className="create-choice">
      <span>{TITLES[facet]}</span>
      <select
        className="cb-select"
        value={chosen}
        onChange={({ target }) => onChoose({ [facet]: target.value })}
      >
        <option value="">{messages.any}</option>
        {values.map(({ value, count: total }) => (
          <option key={value} value={value}>
            {facet === 'owner' ? nameOf(value) : value} ({count(total)})
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is chosen stays in the list when nothing has it any more. */
function withChosen(values: readonly FacetValue[], chosen: string): readonly FacetValue[] {
  const isThere = chosen === '' || values.some(({ value }) => value === chosen);
  return isThere ? values : [...values, { value: chosen, count: 0 }];
}

function nameOf(value: string): string {
  const ref = parseRef(value);
  return ref === null ? value : shortName(ref, 'group');
}
