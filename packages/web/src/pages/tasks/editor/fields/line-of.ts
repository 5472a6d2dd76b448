/** Where in the YAML of a template something stands that is named by its path, as `spec.parameters[0].properties.a`. */
import { pathSegments } from '@callboard/model';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
} from 'yaml';

/** Answers lines from 1; of the nearest thing around it, where a plugin or an alias has put it in. Null without a template. */
export type LineOf = (path: string) => number | null;

/** `places`: where in the template each page of the form stands, when some are left out. Default: each at its own place. */
export function createLineOf(text: string, places: readonly number[] = []): LineOf {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const document = documents.find((one) => String(one.get('kind')).toLowerCase() === 'template');
  if (document === undefined) return () => null;
  return (path) => {
    const segments = (pathSegments(path) ?? []).map((segment, depth) =>
      depth === PAGE_DEPTH && typeof segment === 'number' ? (places[segment] ?? segment) : segment,
    );
    const offset = offsetOf(document, segments);
    return offset === null ? null : lines.linePos(offset).line;
  };
}

/** In `spec.parameters[0]`. */
const PAGE_DEPTH = 2;

function offsetOf(document: Document, segments: readonly (string | number)[]): number | null {
  let offset: number | null = null;
  let node: unknown = document.contents;
  for (const segment of segments) {
    const holder = followed(node, document);
    // One page that is no list.
    if (typeof segment === 'number' && isMap(holder)) continue;
    // What an alias stands for is somewhere else; the alias is here.
    if (holder !== node) break;
    const next = stepInto(holder, segment);
    if (next === null) break;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

function followed(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

interface Step {
  readonly node: unknown;
  readonly offset: number | null;
}

function stepInto(holder: unknown, segment: string | number): Step | null {
  if (isSeq(holder)) {
    const item = typeof segment === 'number' ? holder.items[segment] : undefined;
    return item === undefined ? null : { node: item, offset: startOf(item) };
  }
  if (!isMap(holder)) return null;
  const pair = holder.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(segment));
  return pair === undefined ? null : { node: pair.value, offset: startOf(pair.key) };
}

function startOf(node: unknown): number | null {
  const range = isNode(node) ? node.range : null;
  return range?.[0] ?? null;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}
