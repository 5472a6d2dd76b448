/** The syntax tree of JSONata, as its parser makes it, read without trusting its types: the published ones lack half of it. */
import { isObject } from '@callboard/model';

export type Node = Readonly<Record<string, unknown>>;

export function nodeAt(node: Node, key: string): Node | null {
  const value = node[key];
  return isObject(value) ? value : null;
}

export function nodesAt(node: Node, key: string): readonly Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Pairs of key and value of an object that is made, or of a grouping. */
export function pairsAt(node: Node, key: string): readonly (readonly [Node, Node])[] {
  const value = node[key];
  if (!Array.isArray(value)) return [];
  return value.flatMap((pair: unknown) => {
    const [first, second]: unknown[] = Array.isArray(pair) ? pair : [];
    return isObject(first) && isObject(second) ? [[first, second] as const] : [];
  });
}

export function textAt(node: Node, key: string): string | null {
  const value = node[key];
  return typeof value === 'string' ? value : null;
}

/** Every node below one, itself first. Ends at `deepest` levels; null when it is deeper. */
export function allNodes(root: Node, deepest: number): readonly Node[] | null {
  const found: Node[] = [];
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null || value instanceof RegExp) continue;
    if (depth > deepest) return null;
    if (isObject(value) && typeof value['type'] === 'string') found.push(value);
    for (const part of Object.values(value)) waiting.push({ value: part, depth: depth + 1 });
  }
  return found;
}
