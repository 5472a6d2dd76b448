/** A graph in any of its states, as drawing or as list: what the page and the tab have in common. */
import { useEffect, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useNavigate } from 'react-router-dom';
import { usePrefetchEntity } from '../../api/entity-query.ts';
import { statusOf } from '../../api/error.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { entityPath } from '../../parts/ref-text.ts';
import { useLong } from '../../parts/use-long.ts';
import { GraphCanvas } from './graph-canvas.tsx';
import type { Graph, GraphNode } from './graph.ts';
import { ListView } from './list-view.tsx';
import { messages } from './messages.ts';
import { NodePanel, spokenNode } from './node-panel.tsx';
import type { GraphResult } from './queries.ts';
import { createRelated } from './related.ts';
import type { DrawnResult } from './use-drawn.ts';
import type { GraphState } from './url-state.ts';

export interface GraphViewProps {
  readonly state: GraphState;
  readonly onChange: (change: Partial<GraphState>) => void;
  readonly result: GraphResult;
  readonly drawn: DrawnResult;
  /** The name of what is in the middle. */
  readonly name: string;
  readonly variant: 'page' | 'tab';
}

export function GraphView(props: GraphViewProps): ReactElement {
  const { state, result, drawn } = props;
  const isWaiting = result.isFetching || drawn.isWorking;
  const isLong = useLong(isWaiting);
  const { shown } = result;
  if (result.error !== null) {
    if (statusOf(result.error) === 404) return <NotFound roots={state.roots} error={result.error} />;
    if (shown === undefined) return <Failed result={result} />;
  }
  if (shown === undefined) return <Blank text={isLong ? messages.slow : messages.working} isBusy />;
  return (
    <div className="graph-view" aria-busy={isWaiting}>
      {/* What was drawn stays when reading it again fails. */}
      <Failed result={result} />
      <Notes graph={shown} state={state} />
      {state.view === 'list' ? (
        <ListView graph={shown} label={messages.titleOf(props.name)} />
      ) : (
        <DrawingView {...props} />
      )}
      <span className="graph-progress" data-on={isWaiting || undefined} aria-hidden="true" />
    </div>
  );
}

function Failed({ result }: { readonly result: GraphResult }): ReactElement | null {
  if (result.error === null) return null;
  return <ErrorPanel title={messages.failed} error={result.error} onRetry={result.retry} />;
}

/** What is to be said above a graph: that there is more, or nothing. */
function Notes({ graph, state }: { readonly graph: Graph; readonly state: GraphState }): ReactElement | null {
  if (graph.truncated) {
    return <p className="graph-note">{messages.truncated(graph.nodes.length, graph.total)}</p>;
  }
  if (graph.edges.length > 0 || graph.nodes.length > 1) return null;
  const isFiltered = state.kinds.length > 0 || state.relations.length > 0 || state.direction !== 'both';
  return (
    <p className="graph-note">
      <strong>{messages.alone}.</strong> {isFiltered ? messages.aloneFiltered : messages.aloneWhy}
    </p>
  );
}

function DrawingView({ state, onChange, drawn, name, variant }: GraphViewProps): ReactElement {
  const navigate = useNavigate();
  const stage = useRef<HTMLDivElement>(null);
  const prefetch = usePrefetchEntity();
  const [selected, select] = useSelection(state.selected, (ref) => onChange({ selected: ref }));
  const current = drawn.drawn;
  const graph = current?.graph;
  const related = useMemo(() => (graph === undefined ? null : createRelated(graph)), [graph]);
  const node = graph?.nodes.find((one) => one.ref === selected) ?? null;
  const groups = node === null || related === null ? [] : related(node.ref);
  useEffect(() => {
    if (node?.exists === true) prefetch(node.entityRef);
    // Once for each selection: the function is another one every time.
  }, [node?.ref]);

  if (drawn.hasFailed) {
    return (
      <Blank text={messages.layoutFailed}>
        <p className="graph-muted">{messages.layoutFailedWhy}</p>
      </Blank>
    );
  }
  if (current === null) return <Blank text={messages.working} isBusy />;
  const { scene } = current;
  const selectAndStay = (ref: string | null): void => {
    // The panel goes away with the selection; the keyboard goes back to the drawing.
    if (ref === null) stage.current?.querySelector<HTMLElement>('[role=application]')?.focus();
    select(ref);
  };
  const open = (opened: GraphNode): void => navigate(entityPath(opened.entityRef));
  return (
    <div
      className="graph-stage"
      ref={stage}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && node !== null) selectAndStay(null);
      }}
    >
      <GraphCanvas
        scene={scene}
        label={messages.drawing(name, scene.nodes.length, current.graph.edges.length)}
        selected={selected}
        onSelect={select}
        onOpen={(item) => open(item.node)}
        variant={variant}
      />
      {node !== null && (
        <NodePanel
          node={node}
          groups={groups}
          onSelect={selectAndStay}
          onExpand={
            variant === 'tab' || state.roots.includes(node.ref)
              ? null
              : () => onChange({ roots: [...state.roots, node.ref], selected: node.ref })
          }
          onMakeRoot={
            variant === 'tab' || (state.roots.length === 1 && state.roots[0] === node.ref)
              ? null
              : () => onChange({ roots: [node.ref], selected: node.ref })
          }
        />
      )}
      <span className="cb-hidden" role="status">
        {node === null ? '' : spokenNode(node, groups)}
      </span>
    </div>
  );
}

/** The address follows the selection after so many milliseconds: arrow keys are faster than an address may change. */
const ADDRESS_AFTER_MS = 250;

/** The selection, shown at once; the address gets it when it rests, and gives it when it changes otherwise. */
function useSelection(
  inAddress: string | null,
  commit: (ref: string | null) => void,
): readonly [string | null, (ref: string | null) => void] {
  const [selected, setSelected] = useState(inAddress);
  const [known, setKnown] = useState(inAddress);
  if (known !== inAddress) {
    setKnown(inAddress);
    setSelected(inAddress);
  }
  useEffect(() => {
    if (selected === inAddress) return undefined;
    const timer = setTimeout(() => commit(selected), ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
    // `commit` is another function every time, and does the same.
  }, [selected, inAddress]);
  return [selected, setSelected];
}

function NotFound(props: { readonly roots: readonly string[]; readonly error: unknown }): ReactElement {
  const { roots, error } = props;
  const [root = '', ...others] = roots;
  // Of several, the server says which one.
  const said = error instanceof Error ? error.message : String(error);
  return (
    <Blank text={others.length === 0 ? messages.notFound(root) : said}>
      <p className="graph-muted">{messages.notFoundWhy}</p>
    </Blank>
  );
}

interface BlankProps {
  readonly text: string;
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
}

function Blank({ text, isBusy = false, children }: BlankProps): ReactElement {
  return (
    <div className="graph-blank" role="status" aria-busy={isBusy}>
      <p>{text}</p>
      {children}
    </div>
  );
}
