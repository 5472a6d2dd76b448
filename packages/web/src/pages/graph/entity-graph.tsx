/** The relations graph as a tab of an entity's page: the same parts with fewer controls. Its state lasts as long as it is shown. */
import { useState, type ReactElement } from 'react';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { ButtonLink } from '@backstage/ui';
import { Controls } from './controls.tsx';
import { GraphView } from './graph-view.tsx';
import { messages } from './messages.ts';
import { useGraph } from './queries.ts';
import { graphPath, START, type GraphState } from './url-state.ts';
import { useDrawn } from './use-drawn.ts';
import './graph.css';

const TAB_START: GraphState = { ...START, depth: 1 };

export function EntityGraph({ entityRef }: { readonly entityRef: EntityRef }): ReactElement {
  const ref = stringifyRef(entityRef);
  // Another entity begins anew.
  return <TabGraph key={ref} reference={ref} />;
}

function TabGraph({ reference }: { readonly reference: string }): ReactElement {
  const [state, setState] = useState<GraphState>({ ...TAB_START, roots: [reference] });
  const result = useGraph(state);
  const drawn = useDrawn(result.shown, state.orientation);
  const name = result.whole?.nodes.find((node) => node.ref === reference)?.label ?? reference;
  return (
    <section className="graph graph-tab" aria-label={messages.titleOf(name)}>
      <div className="graph-tab-head">
        <Controls
          state={state}
          onChange={(change) => setState((before) => ({ ...before, ...change }))}
          whole={result.whole}
          scene={drawn.drawn?.scene ?? null}
          name={name}
        />
        <ButtonLink variant="secondary" href={graphPath(state)}>
          {messages.openFull}
        </ButtonLink>
      </div>
      <GraphView
        state={state}
        onChange={(change) => setState((before) => ({ ...before, ...change }))}
        result={result}
        drawn={drawn}
        name={name}
        variant="tab"
      />
    </section>
  );
}
