/** Has graphs laid out by the worker. What was drawn stays until the next one is ready. */
import { useEffect, useRef, useState } from 'react';
import { toPairs, type Graph, type Pair } from './graph.ts';
import type { LayoutAnswer, LayoutRequest } from './layout-worker.ts';
import type { Orientation } from './layout/layout.ts';
import { createScene, toLayoutInput, type Scene } from './scene.ts';

export interface Drawn {
  readonly graph: Graph;
  readonly scene: Scene;
}

export interface DrawnResult {
  /** The last graph that was laid out; it stays until the next one is. */
  readonly drawn: Drawn | null;
  readonly isWorking: boolean;
  readonly hasFailed: boolean;
}

interface Pending {
  readonly id: number;
  readonly graph: Graph;
  readonly pairs: readonly Pair[];
  readonly orientation: Orientation;
}

/** The graph with its layout, from a worker. */
export function useDrawn(graph: Graph | undefined, orientation: Orientation): DrawnResult {
  const worker = useRef<Worker | null>(null);
  const pending = useRef<Pending | null>(null);
  const lastId = useRef(0);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [isWorking, setWorking] = useState(false);
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    const created = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    worker.current = created;
    created.addEventListener('message', (event: MessageEvent<LayoutAnswer>) => {
      const asked = pending.current;
      if (asked === null || asked.id !== event.data.id) return;
      const { layout } = event.data;
      pending.current = null;
      setDrawn({
        graph: asked.graph,
        scene: createScene(asked.graph, asked.pairs, { layout, orientation: asked.orientation }),
      });
      setWorking(false);
    });
    created.addEventListener('error', () => {
      setWorking(false);
      setFailed(true);
    });
    return () => {
      created.terminate();
      worker.current = null;
    };
  }, []);

  useEffect(() => {
    if (graph === undefined || worker.current === null) return;
    const pairs = toPairs(graph.edges);
    lastId.current += 1;
    const id = lastId.current;
    pending.current = { id, graph, pairs, orientation };
    const request: LayoutRequest = { id, input: toLayoutInput(graph, pairs, orientation) };
    setWorking(true);
    setFailed(false);
    worker.current.postMessage(request, []);
  }, [graph, orientation]);

  return { drawn, isWorking, hasFailed };
}
