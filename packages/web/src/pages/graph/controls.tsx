/** The controls of the graph: graph or list, depth, direction, layout, filters, export. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { kindName } from '../../parts/ref-text.ts';
import { DropDown } from './drop-down.tsx';
import { ExportMenu } from './export-menu.tsx';
import { countKinds, countRelations, type Counted, type Graph } from './graph.ts';
import { messages } from './messages.ts';
import type { Scene } from './scene.ts';
import { DIRECTIONS, MOST_DEPTH, toggled, type GraphState } from './url-state.ts';

export interface ControlsProps {
  readonly state: GraphState;
  readonly onChange: (change: Partial<GraphState>) => void;
  /** Without the filters; undefined until it is there. */
  readonly whole: Graph | undefined;
  /** Null until there is something to export. */
  readonly scene: Scene | null;
  /** For the names of files. */
  readonly name: string;
}

export function Controls({ state, onChange, whole, scene, name }: ControlsProps): ReactElement {
  return (
    <div className="graph-controls">
      <ViewSwitch view={state.view} onChange={(view) => onChange({ view })} />
      <DepthStepper depth={state.depth} onChange={(depth) => onChange({ depth })} />
      <label className="graph-field">
        <span className="cb-hidden">{messages.direction}</span>
        <select
          className="cb-select"
          value={state.direction}
          onChange={(event) => {
            const direction = DIRECTIONS.find((known) => known === event.target.value);
            if (direction !== undefined) onChange({ direction });
          }}
        >
          {DIRECTIONS.map((direction) => (
            <option key={direction} value={direction}>
              {messages.directions[direction]}
            </option>
          ))}
        </select>
      </label>
      {state.view === 'graph' && (
        <label className="graph-field">
          <span className="cb-hidden">{messages.orientation}</span>
          <select
            className="cb-select"
            value={state.orientation}
            onChange={(event) => onChange({ orientation: event.target.value === 'TB' ? 'TB' : 'LR' })}
          >
            <option value="LR">{messages.orientations.LR}</option>
            <option value="TB">{messages.orientations.TB}</option>
          </select>
        </label>
      )}
      <FilterMenu state={state} onChange={onChange} whole={whole} />
      <ExportMenu scene={scene} name={name} />
    </div>
  );
}

function ViewSwitch(props: {
  readonly view: GraphState['view'];
  readonly onChange: (view: GraphState['view']) => void;
}): ReactElement {
  const { view, onChange } = props;
  return (
    <div className="graph-switch" role="group" aria-label={messages.view}>
      {(['graph', 'list'] as const).map((known) => (
        <button key={known} type="button" aria-pressed={view === known} onClick={() => onChange(known)}>
          {known === 'graph' ? messages.viewGraph : messages.viewList}
        </button>
      ))}
    </div>
  );
}

function DepthStepper(props: {
  readonly depth: number;
  readonly onChange: (depth: number) => void;
}): ReactElement {
  const { depth, onChange } = props;
  return (
    <div className="graph-stepper" role="group" aria-label={messages.depth}>
      <button
        type="button"
        aria-label={messages.depthLess}
        disabled={depth <= 1}
        onClick={() => onChange(depth - 1)}
      >
        −
      </button>
      <output>{messages.depthSteps(depth)}</output>
      <button
        type="button"
        aria-label={messages.depthMore}
        disabled={depth >= MOST_DEPTH}
        onClick={() => onChange(depth + 1)}
      >
        +
      </button>
    </div>
  );
}

function FilterMenu({
  state,
  onChange,
  whole,
}: Pick<ControlsProps, 'state' | 'onChange' | 'whole'>): ReactElement {
  const { kinds, relations } = state;
  const set = kinds.length + relations.length;
  return (
    <DropDown label={set === 0 ? messages.filters : messages.filtersSet(set)} isMarked={set > 0}>
      <div className="graph-filters">
        <Choices
          title={messages.kinds}
          counted={withChosen(whole === undefined ? [] : countKinds(whole), kinds)}
          chosen={kinds}
          toName={kindName}
          onToggle={(kind) => onChange({ kinds: toggled(kinds, kind) })}
        />
        <Choices
          title={messages.relations}
          counted={withChosen(whole === undefined ? [] : countRelations(whole), relations)}
          chosen={relations}
          toName={messages.relation}
          onToggle={(relation) => onChange({ relations: toggled(relations, relation) })}
        />
        {set > 0 && (
          <Button variant="secondary" onPress={() => onChange({ kinds: [], relations: [] })}>
            {messages.clearFilters}
          </Button>
        )}
      </div>
    </DropDown>
  );
}

/** What is chosen can be taken back, even when there is none of it. */
function withChosen(counted: readonly Counted[], chosen: readonly string[]): readonly Counted[] {
  const absent = chosen.filter((value) => !counted.some((one) => one.value === value));
  return [...counted, ...absent.map((value) => ({ value, count: 0 }))];
}

interface ChoicesProps {
  readonly title: string;
  readonly counted: readonly Counted[];
  readonly chosen: readonly string[];
  readonly toName: (value: string) => string;
  readonly onToggle: (value: string) => void;
}

function Choices({ title, counted, chosen, toName, onToggle }: ChoicesProps): ReactElement {
  return (
    <fieldset className="graph-choices">
      <legend>{title}</legend>
      {counted.length === 0 && <span className="graph-muted">{messages.unknownRelations}</span>}
      {counted.map(({ value, count }) => (
        <label key={value} className="graph-choice">
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          <bdi>{toName(value)}</bdi>
          <span className="graph-muted">{count}</span>
        </label>
      ))}
    </fieldset>
  );
}
