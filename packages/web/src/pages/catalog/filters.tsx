/** The choices of the catalog with what each would give: whose, kind, type, lifecycle, owner, tag, namespace. */
import { memo, useId, useState, type ReactElement, type ReactNode } from 'react';
import { Button, Checkbox, SearchField, Skeleton } from '@backstage/ui';
import type { FacetValue } from '../../api/catalog.ts';
import { count } from '../../messages.ts';
import { kindName } from '../../parts/ref-text.ts';
import { ChoiceLabel, choiceText } from './choice-label.tsx';
import { messages } from './messages.ts';
import { useCounts } from './queries.ts';
import { toChoices, type Choice, type Person } from './requests.ts';
import {
  ALL_KINDS,
  narrowed,
  SHOWS,
  toggled,
  type CatalogState,
  type ChoiceId,
  type Go,
  type Show,
} from './url-state.ts';

/** Values shown before "All" is pressed, and the most that are drawn at all. */
const SHOWN_FIRST = 7;
const SHOWN_AT_MOST = 200;
/** From this many values on, a field finds one. */
const FINDABLE_FROM = 15;

const ORDER: readonly ChoiceId[] = ['type', 'lifecycle', 'owner', 'tag', 'namespace'];
/** Choices that are offered only when there is more than one value. */
const NEEDS_SEVERAL: readonly ChoiceId[] = ['namespace'];

export interface FiltersProps {
  readonly state: CatalogState;
  readonly kind: string;
  /** Null while it is not known what the person starred. */
  readonly person: Person | null;
  readonly onChange: Go;
}

/** Rendered again only when the address changes, not for every key that is typed. */
export const Filters = memo(function Filters({ state, kind, person, onChange }: FiltersProps): ReactElement {
  const counts = useCounts({ state, kind }, person);
  return (
    <>
      {counts.failed && <p className="catalog-counts-failed">{messages.countsFailed}</p>}
      <ShowFilter
        show={state.show}
        countOf={counts.ofShow}
        onChange={(next) => onChange((now) => narrowed(now, { show: next }))}
      />
      <KindFilter
        kind={kind}
        values={counts.of('kind')}
        onChange={(next) => onChange((now) => narrowed(now, { kind: next }))}
      />
      {ORDER.map((id) => (
        <ChoiceFilter
          key={id}
          id={id}
          values={counts.of(id)}
          selected={state.choices[id]}
          onToggle={(value) => onChange((now) => toggled(now, id, value))}
        />
      ))}
    </>
  );
});

interface ShowFilterProps {
  readonly show: Show;
  readonly countOf: (show: Show) => number | undefined;
  readonly onChange: (show: Show) => void;
}

function ShowFilter({ show, countOf, onChange }: ShowFilterProps): ReactElement {
  const name = useId();
  return (
    <fieldset className="facet facet-show">
      <legend>{messages.show}</legend>
      <div className="facet-segments">
        {SHOWS.map((each) => (
          <RadioChoice
            key={each}
            name={name}
            value={each}
            isChecked={each === show}
            total={countOf(each)}
            onChoose={() => onChange(each)}
          >
            {messages.showNames[each]}
          </RadioChoice>
        ))}
      </div>
    </fieldset>
  );
}

interface RadioChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly isChecked: boolean;
  /** Undefined: not known, and not shown. */
  readonly total: number | undefined;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function RadioChoice({ name, value, isChecked, total, onChoose, children }: RadioChoiceProps): ReactElement {
  return (
    <label className="facet-kind">
      <input type="radio" name={name} value={value} checked={isChecked} onChange={onChoose} />
      <span className="facet-label">{children}</span>
      {total !== undefined && <Count value={total} />}
    </label>
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
          <RadioChoice
            key={choice.value}
            name={name}
            value={choice.value}
            isChecked={choice.selected}
            total={choice.count}
            onChoose={() => onChange(choice.value.toLowerCase())}
          >
            {choice === all ? messages.allKinds : <bdi>{kindName(choice.value)}</bdi>}
          </RadioChoice>
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
  const fewest = NEEDS_SEVERAL.includes(id) && selected.length === 0 ? 2 : 1;
  if (values !== undefined && choices.length < fewest) return null;

  const found = choices.filter((choice) => matches(id, choice.value, text));
  const shown = open ? found.slice(0, SHOWN_AT_MOST) : firstChoices(choices);
  const more = open ? found.length - shown.length : 0;
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      {values === undefined && <FacetSkeleton rows={fewest === 2 ? 0 : 3} />}
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
              <ChoiceLabel id={id} value={choice.value} />
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
  return choiceText(id, value).toLowerCase().includes(text.trim().toLowerCase());
}
