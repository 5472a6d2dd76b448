/** What the reader takes a value for, in the terms of Backstage's ConfigReader. */
import type { ConfigNode, MapNode } from './tree.ts';

/** What a reader accepts, in the word its message uses; returns undefined for what it refuses. */
export interface Wanted<T> {
  readonly expected: string;
  readonly accept: (node: ConfigNode) => T | undefined;
  /** For lists: the first item that is refused. */
  readonly blame?: (node: ConfigNode) => number | null;
}

export function acceptScalar(node: ConfigNode): string | number | boolean | undefined {
  return node.kind === 'scalar' ? (node.value ?? undefined) : undefined;
}

export function acceptNumeric(node: ConfigNode): string | number | undefined {
  const value = acceptScalar(node);
  return typeof value === 'boolean' ? undefined : value;
}

export function acceptString(node: ConfigNode): string | undefined {
  const value = acceptScalar(node);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function acceptMap(node: ConfigNode): MapNode | undefined {
  return node.kind === 'map' ? node : undefined;
}

export function wantedList<T>(expected: string, accept: (node: ConfigNode) => T | undefined): Wanted<T[]> {
  return {
    expected,
    accept(node) {
      if (node.kind !== 'list') return undefined;
      const values = node.items.map(accept).filter((value) => value !== undefined);
      return values.length === node.items.length ? values : undefined;
    },
    blame: (node) =>
      node.kind === 'list' ? node.items.findIndex((item) => accept(item) === undefined) : null,
  };
}

/** The words of Backstage's messages for what a value is. */
export function typeName(node: ConfigNode): string {
  if (node.kind === 'map') return 'object';
  if (node.kind === 'list') return 'array';
  if (node.value === null) return 'null';
  if (node.value === '') return 'empty-string';
  return Number.isNaN(node.value) ? 'nan' : typeof node.value;
}
