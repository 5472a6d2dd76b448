/** Defaults of the drawn form, without those of fields that have rules: these are suggested, or not, by their rules. */
import type { JsonObject } from '@callboard/model';
import type { FormGraph } from '../graph.ts';
import { createDraft, type Draft } from '../resolve/draft.ts';
import { isList, keysOf, type Keys } from '../resolve/pointer.ts';

export function withoutRuled(defaults: JsonObject, graph: FormGraph): JsonObject {
  if (!graph.isDynamic || Object.keys(defaults).length === 0) return defaults;
  const draft = createDraft(defaults);
  for (const { id, rules } of graph.fields) if (rules !== null) removeAll(keysOf(id), [], draft);
  return draft.values();
}

function removeAll(left: Keys, above: Keys, draft: Draft): void {
  const star = left.indexOf('*');
  if (star === -1) {
    draft.remove([...above, ...left]);
    return;
  }
  const at = [...above, ...left.slice(0, star)];
  const list = draft.get(at);
  if (!isList(list)) return;
  for (const index of list.keys()) removeAll(left.slice(star + 1), [...at, String(index)], draft);
}
