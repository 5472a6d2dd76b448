/** The page of the relations graph. Its state is the address; see url-state. */
import type { ReactElement } from 'react';
import { parseRef, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { CloseIcon } from '../../parts/icons.tsx';
import { shortName } from '../../parts/ref-text.ts';
import { useTitle } from '../../parts/use-title.ts';
import { Controls } from './controls.tsx';
import { GraphView } from './graph-view.tsx';
import type { Graph } from './graph.ts';
import { KindIcon } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { useGraph } from './queries.ts';
import { StartView } from './start-view.tsx';
import type { GraphState } from './url-state.ts';
import { useGraphState } from './use-graph-state.ts';
import { useDrawn } from './use-drawn.ts';
import './graph.css';

export function GraphPage(): ReactElement {
  const [state, change] = useGraphState();
  if (state.roots.length === 0) {
    return (
      <div className="graph graph-page-start">
        <StartTitle />
        <StartView />
      </div>
    );
  }
  return <FullGraph state={state} onChange={change} />;
}

function StartTitle(): null {
  useTitle(messages.title);
  return null;
}

interface FullGraphProps {
  readonly state: GraphState;
  readonly onChange: (change: Partial<GraphState>) => void;
}

function FullGraph({ state, onChange }: FullGraphProps): ReactElement {
  const result = useGraph(state);
  const drawn = useDrawn(result.shown, state.orientation);
  const roots = state.roots.map((ref) => rootOf(ref, result.whole));
  const name = roots.map((root) => root.label).join(', ');
  const graph = result.shown;
  useTitle(messages.titleOf(name));
  return (
    <div className="graph graph-page">
      <header className="graph-head">
        <h1 className="graph-title">
          <span className="cb-hidden">{messages.titleOf(name)}</span>
          <span className="graph-title-name" aria-hidden="true">
            <bdi title={state.roots.join(', ')}>{name}</bdi>
          </span>
        </h1>
        <p className="graph-muted">
          {graph === undefined ? '' : messages.summary(graph.nodes.length, graph.edges.length)}
        </p>
        <Link className="cb-link graph-change" to="/catalog-graph">
          {messages.change}
        </Link>
      </header>
      {roots.length > 1 && (
        <Roots
          roots={roots}
          onRemove={(ref) => onChange({ roots: state.roots.filter((root) => root !== ref) })}
        />
      )}
      <Controls
        state={state}
        onChange={onChange}
        whole={result.whole}
        scene={drawn.drawn?.scene ?? null}
        name={name}
      />
      <GraphView state={state} onChange={onChange} result={result} drawn={drawn} name={name} variant="page" />
    </div>
  );
}

interface Root {
  readonly ref: string;
  readonly kind: string;
  readonly label: string;
}

/** With its title, once the graph is there. */
function rootOf(ref: string, graph: Graph | undefined): Root {
  const node = graph?.nodes.find((one) => one.ref === ref);
  const parsed: EntityRef = node?.entityRef ?? parseRef(ref) ?? { kind: '', namespace: '', name: ref };
  return { ref, kind: parsed.kind, label: node?.label ?? shortName(parsed, parsed.kind) };
}

function Roots(props: {
  readonly roots: readonly Root[];
  readonly onRemove: (ref: string) => void;
}): ReactElement {
  const { roots, onRemove } = props;
  return (
    <ul className="graph-roots" aria-label={messages.roots}>
      {roots.map((root) => (
        <li key={root.ref} className="graph-root">
          <KindIcon kind={root.kind} />
          <bdi>{root.label}</bdi>
          <button
            type="button"
            className="graph-icon-button"
            aria-label={messages.removeRoot(root.label)}
            onClick={() => onRemove(root.ref)}
          >
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}
