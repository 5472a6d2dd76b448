/** The relations of one entity within a graph, in words and in groups: for the panel and for the list. */
import type { Graph, GraphNode } from './graph.ts';
import { messages } from './messages.ts';

export interface RelatedGroup {
  /** How it reads from the entity: "depends on", "owner of". */
  readonly title: string;
  readonly nodes: readonly GraphNode[];
}

/** A function that tells the groups of any node, the relations it has itself first. */
export function createRelated(graph: Graph): (ref: string) => readonly RelatedGroup[] {
  const nodes = new Map(graph.nodes.map((node) => [node.ref, node]));
  const groups = new Map<string, Map<string, GraphNode[]>>();
  const add = (ref: string, title: string, other: string): void => {
    const node = nodes.get(other);
    if (node === undefined) return;
    const own = groups.get(ref) ?? new Map<string, GraphNode[]>();
    groups.set(ref, own);
    const list = own.get(title) ?? [];
    own.set(title, list);
    list.push(node);
  };
  for (const { from, to, type } of graph.edges) add(from, messages.relation(type), to);
  for (const { from, to, type } of graph.edges) add(to, messages.answer(type), from);
  return (ref) => [...(groups.get(ref) ?? [])].map(([title, list]) => ({ title, nodes: list }));
}
