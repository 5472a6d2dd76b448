/** The choices of the catalog with what each would give: kind, type, lifecycle, owner, tag. */
import { useId, useState, type ReactElement } from 'react';
import { Button, Checkbox, SearchField, Skeleton } from '@backstage/ui';
import { parseRef } from '@callboard/model';
import type { FacetValue } from '../../api/catalog.ts';
import { count } from '../../messages.ts';
import { kindName, shortName } from '../../parts/ref-text.ts';
import { messages } from './messages.ts';
import type { FacetCounts } from './queries.ts';
import { toChoices, type Choice } from './requests.ts';
import { ALL_KINDS, narrowed, toggled, type CatalogState, type ChoiceId } from './url-state.ts';

/** Values shown before "All" is pressed, and the most that are drawn at all. */
const SHOWN_FIRST = 7;
const SHOWN_AT_MOST = 200;
/** From this many values on, a field finds one. */
const FINDABLE_FROM = 15;

const ORDER: readonly ChoiceId[] = ['type', 'lifecycle', 'owner', 'tag'];

export interface FiltersProps {
  readonly state: CatalogState;
  readonly kind: string;
  readonly counts: FacetCounts;
  readonly onChange: (next: CatalogState) => void;
}

export function Filters({ state, kind, counts, onChange }: FiltersProps): ReactElement {
  return (
    <>
      {counts.failed && <p className="catalog-counts-failed">{messages.countsFailed}</p>}
      <KindFilter
        kind={kind}
        values={counts.of('kind')}
        onChange={(next) => onChange(narrowed(state, { kind: next }))}
      />
      {ORDER.map((id) => (
        <ChoiceFilter
          key={id}
          id={id}
          values={counts.of(id)}
          selected={state.choices[id]}
          onToggle={(value) => onChange(toggled(state, id, value))}
        />
      ))}
    </>
  );
}

interface KindFilterProps {
  readonly kind: string;
  readonly values: readonly FacetValue[] | undefined;
  readonly onChange: (kind: string) => void;
}

function KindFilter({ kind, values, onChange }: KindFilterProps): ReactElement {
  const name = useId();
  const choices = toChoices(values ?? [], kind === ALL_KINDS ? [] : [kind]);
  const total = choices.reduce((sum, choice) => sum + choice.count, 0);
  const all = { value: ALL_KINDS, count: total, selected: kind === ALL_KINDS };
  return (
    <fieldset className="facet">
      <legend>{messages.kind}</legend>
      {values === undefined ? (
        <FacetSkeleton rows={4} />
      ) : (
        [all, ...choices].map((choice) => (
          <label key={choice.value} className="facet-kind">
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.selected}
              onChange={() => onChange(choice.value.toLowerCase())}
            />
            <span className="facet-label">
              {choice === all ? messages.allKinds : <bdi>{kindName(choice.value)}</bdi>}
            </span>
            <Count value={choice.count} />
          </label>
        ))
      )}
    </fieldset>
  );
}

interface ChoiceFilterProps {
  readonly id: ChoiceId;
  readonly values: readonly FacetValue[] | undefined;
  readonly selected: readonly string[];
  readonly onToggle: (value: string) => void;
}

function ChoiceFilter({ id, values, selected, onToggle }: ChoiceFilterProps): ReactElement | null {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const title = messages.choiceTitles[id];
  const choices = toChoices(values ?? [], selected);
  if (values !== undefined && choices.length === 0) return null;

  const found = choices.filter((choice) => matches(id, choice.value, text));
  const shown = open ? found.slice(0, SHOWN_AT_MOST) : firstChoices(choices);
  const more = open ? found.length - shown.length : 0;
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      {values === undefined && <FacetSkeleton rows={3} />}
      {open && choices.length >= FINDABLE_FROM && (
        <SearchField
          className="facet-find"
          aria-label={messages.narrowChoices(title)}
          placeholder={messages.narrowChoices(title)}
          value={text}
          onChange={setText}
        />
      )}
      <div className="facet-values" data-open={open}>
        {shown.map((choice) => (
          <Checkbox
            key={choice.value}
            className="facet-choice"
            isSelected={choice.selected}
            onChange={() => onToggle(choice.value)}
          >
            <span className="facet-label" title={choice.value}>
              <bdi>{choiceLabel(id, choice.value)}</bdi>
            </span>
            <Count value={choice.count} />
          </Checkbox>
        ))}
        {open && found.length === 0 && <p className="facet-note">{messages.noSuchChoice}</p>}
        {more > 0 && <p className="facet-note">{messages.moreChoices(more)}</p>}
      </div>
      {choices.length > SHOWN_FIRST && (
        <Button
          className="facet-more"
          variant="tertiary"
          aria-expanded={open}
          aria-label={open ? messages.showFewerOf(title) : messages.showAllOf(title, choices.length)}
          onPress={() => setOpen(!open)}
        >
          {open ? messages.showFewer : messages.showAll(choices.length)}
        </Button>
      )}
    </fieldset>
  );
}

function Count({ value }: { readonly value: number }): ReactElement {
  return (
    <span className="facet-count" data-zero={value === 0}>
      <span aria-hidden="true">{count(value)}</span>
      <span className="cb-hidden">{messages.countOf(value)}</span>
    </span>
  );
}

function FacetSkeleton({ rows }: { readonly rows: number }): ReactElement {
  return (
    <div className="facet-skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} width={`${85 - index * 12}%`} height="1rem" />
      ))}
    </div>
  );
}

/** The first values, and those that are selected wherever they stand. */
function firstChoices(choices: readonly Choice[]): readonly Choice[] {
  return choices.filter((choice, index) => index < SHOWN_FIRST || choice.selected);
}

function matches(id: ChoiceId, value: string, text: string): boolean {
  return choiceLabel(id, value).toLowerCase().includes(text.trim().toLowerCase());
}

/** How a value is shown: owners by their short name, everything else as it is. */
export function choiceLabel(id: ChoiceId, value: string): string {
  const ref = id === 'owner' ? parseRef(value) : null;
  return ref === null ? value : shortName(ref, 'group');
}
