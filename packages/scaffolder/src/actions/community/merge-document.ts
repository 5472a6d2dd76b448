/** Merges data into a YAML document in place, so that comments, order and anchors of what is not touched stay. */
import type { JsonValue } from '@callboard/model';
import { isMap, isScalar, isSeq, type Document, type Node, type YAMLMap } from 'yaml';
import { isJsonObject, joinLists, type Lists } from './values.ts';

export function mergeIntoDocument(document: Document, more: JsonValue, lists: Lists): void {
  document.contents = mergeNode(document, { node: document.contents, more, lists });
}

interface Merging {
  readonly node: Node | null;
  readonly more: JsonValue;
  readonly lists: Lists;
}

function mergeNode(document: Document, { node, more, lists }: Merging): Node {
  if (isMap(node) && isJsonObject(more)) {
    for (const [key, value] of Object.entries(more)) {
      if (value !== undefined) mergeMember(document, { map: node, key, value, lists });
    }
    return node;
  }
  if (isSeq(node) && lists === 'append') {
    const present: readonly JsonValue[] = node.toJS(document);
    for (const item of joinLists(present, more).slice(new Set(present).size)) {
      node.add(document.createNode(item));
    }
    return node;
  }
  if (isScalar(node) && (more === null || typeof more !== 'object')) {
    node.value = more;
    return node;
  }
  const created = document.createNode(more);
  if (node?.commentBefore != null) created.commentBefore = node.commentBefore;
  return created;
}

interface Member {
  readonly map: YAMLMap;
  readonly key: string;
  readonly value: JsonValue;
  readonly lists: Lists;
}

function mergeMember(document: Document, { map, key, value, lists }: Member): void {
  const before = map.get(key, true);
  const isNode = isMap(before) || isSeq(before) || isScalar(before);
  if (!isNode) map.set(key, document.createNode(value));
  else map.set(key, mergeNode(document, { node: before, more: value, lists }));
}
