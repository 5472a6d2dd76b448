/** Scenes as the page makes them, without a browser. */
import { parseGraph, toPairs } from './graph.ts';
import { layoutGraph, type Orientation } from './layout/layout.ts';
import { createScene, toLayoutInput, type Scene } from './scene.ts';

export interface SceneNodeText {
  /** `kind:name`. */
  readonly ref: string;
  readonly title?: string;
  readonly exists?: boolean;
}

/** The first node is the root; edges are `'kind:name type kind:name'`. */
export function sceneOf(
  nodes: readonly SceneNodeText[],
  edges: readonly string[],
  orientation: Orientation = 'LR',
): Scene {
  const full = (ref: string): string => ref.replace(':', ':default/');
  const graph = parseGraph({
    roots: nodes.slice(0, 1).map(({ ref }) => full(ref)),
    nodes: nodes.map(({ ref, title = null, exists = true }, index) => {
      const [kind, name] = ref.split(':');
      return { ref: full(ref), kind, namespace: 'default', name, title, exists, depth: index === 0 ? 0 : 1 };
    }),
    edges: edges.map((edge) => {
      const [from = '', type = '', to = ''] = edge.split(' ');
      return { from: full(from), to: full(to), type };
    }),
  });
  const pairs = toPairs(graph.edges);
  const layout = layoutGraph(toLayoutInput(graph, pairs, orientation));
  return createScene(graph, pairs, { layout, orientation });
}
