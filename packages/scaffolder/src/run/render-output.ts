/** The output of a template: rendered when all steps are done, secrets out of sight. */
import type { JsonObject, JsonValue } from '@callboard/model';
import { isTruthy } from '../expression/truthiness.ts';
import { isJsonObject, render, type ActiveRun } from './active-run.ts';

/** Links and texts whose `if` does not hold are left out; `if` itself is not shown. */
const CONDITIONAL = ['links', 'text'];

export function renderOutput(run: ActiveRun): JsonObject {
  const output: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(run.request.spec.output)) {
    if (value === undefined || key === '__proto__') continue;
    const rendered = CONDITIONAL.includes(key)
      ? renderItems(run, key, value)
      : renderPart(run, value, `output.${key}`);
    if (rendered !== undefined) output[key] = rendered;
  }
  const shown = run.mask.json(output);
  return isJsonObject(shown) ? shown : {};
}

function renderItems(run: ActiveRun, key: string, written: JsonValue): JsonValue | undefined {
  if (!Array.isArray(written)) {
    // A whole list may come from an expression; its conditions are values then.
    const list = renderPart(run, written, `output.${key}`);
    return Array.isArray(list) ? list.flatMap((item: JsonValue) => shownItem(item, item)) : list;
  }
  return written.flatMap((item: JsonValue, index) =>
    shownItem(item, renderPart(run, item, `output.${key}[${index}]`)),
  );
}

/** A condition that became undefined does not hold, so it is looked for in the item as it is written. */
function shownItem(written: JsonValue, rendered: JsonValue | undefined): JsonValue[] {
  if (rendered === undefined) return [];
  if (!isJsonObject(rendered) || !isJsonObject(written) || !Object.hasOwn(written, 'if')) return [rendered];
  const { if: condition, ...rest } = rendered;
  return isTruthy(condition) ? [rest] : [];
}

function renderPart(run: ActiveRun, value: JsonValue, at: string): JsonValue | undefined {
  return render(run, value, { scope: run.scope, at });
}
