/** Strongly connected components, by Tarjan's algorithm (1972), without recursion: forms come from anybody. */

/** The number of the component of each node. Nodes that lead to each other have the same number. */
export function componentsOf<Node>(
  nodes: readonly Node[],
  edgesOf: (node: Node) => Iterable<Node>,
): ReadonlyMap<Node, number> {
  const order = new Map<Node, number>();
  const lowest = new Map<Node, number>();
  const component = new Map<Node, number>();
  const open: Node[] = [];
  const path: { readonly node: Node; readonly edges: Iterator<Node> }[] = [];
  const enter = (node: Node): void => {
    order.set(node, order.size);
    lowest.set(node, order.size - 1);
    open.push(node);
    path.push({ node, edges: edgesOf(node)[Symbol.iterator]() });
  };
  const lower = (node: Node, value: number): void => {
    lowest.set(node, Math.min(lowest.get(node) ?? value, value));
  };
  for (const start of nodes) {
    if (!order.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      const next = top.edges.next();
      if (next.done !== true) {
        const seen = order.get(next.value);
        if (seen === undefined) enter(next.value);
        else if (!component.has(next.value)) lower(node, seen);
        continue;
      }
      path.pop();
      const own = lowest.get(node) ?? 0;
      const before = path.at(-1);
      if (before !== undefined) lower(before.node, own);
      if (own === order.get(node)) closeComponent(node, own);
    }
  }
  return component;

  function closeComponent(root: Node, number: number): void {
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      component.set(node, number);
      if (node === root) return;
    }
  }
}
