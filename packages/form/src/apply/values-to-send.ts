/** Values as a server can read them: JSON has no `undefined`, so a field that somebody emptied is sent as null. */
import type { JsonObject } from '@callboard/model';
import type { FormGraph } from '../graph.ts';
import { createDraft } from '../resolve/draft.ts';
import { placesIn } from '../resolve/evaluation.ts';
import { hasAt, keysOf } from '../resolve/pointer.ts';

/**
 * The values of an open form, with null where somebody emptied a field for which something is suggested: without it the
 * suggestion would be filled in again.
 */
export function valuesToSend(graph: FormGraph, values: JsonObject): JsonObject {
  if (!graph.isDynamic) return values;
  const draft = createDraft(values);
  for (const { id, rules, schema } of graph.fields) {
    const isSuggested =
      schema['default'] !== undefined || rules?.suggest != null || rules?.source?.gives === 'value';
    if (!isSuggested) continue;
    for (const { keys } of placesIn(values, keysOf(id))) {
      if (hasAt(values, keys) && draft.get(keys) === undefined) draft.set(keys, null);
    }
  }
  return draft.values();
}
