/** What the values that somebody sent are refused for: what the form, filled in honestly, could not have held. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { FieldProblem, FieldState, FormGraph, Resolution } from '../graph.ts';
import { isDeepEqual } from '../resolve/deep-equal.ts';
import { placesIn } from '../resolve/evaluation.ts';
import { labelOf } from '../resolve/options.ts';
import { hasAt, isWithin, jsonAt, keysOf, type Keys } from '../resolve/pointer.ts';

export interface Refusal {
  /** Keys from the root of the values. */
  readonly path: Keys;
  /** Goes on from the name of the field: `is not one of the options`. */
  readonly message: string;
  readonly kind: FieldProblem['kind'];
}

export interface Sent {
  readonly graph: FormGraph;
  /** Settled, of the values that were sent. */
  readonly resolution: Resolution;
  readonly sent: JsonObject;
}

/** In the order of the fields of the graph. Empty for values that an open form would hold. */
export function refusals({ graph, resolution, sent }: Sent): readonly Refusal[] {
  if (!graph.isDynamic) return [];
  const hidden = hiddenOf(graph, resolution, sent);
  const others = [...resolution.fields.values()].flatMap((state) => {
    const path = keysOf(state.id);
    const seen = new Set<string>();
    return refusedFor(state, sent, path).filter(({ message }) => !seen.has(message) && seen.add(message));
  });
  return [...hidden, ...others];
}

const HIDDEN = 'is not asked for with these values, and may not be sent';

/** Values of fields that are hidden, or in a branch that does not hold. Of what stands within each other, the outermost. */
function hiddenOf(graph: FormGraph, resolution: Resolution, sent: JsonObject): readonly Refusal[] {
  const ids = new Set(graph.fields.map(({ id }) => id));
  const gone = [...ids].flatMap((id) =>
    placesIn(sent, keysOf(id)).filter((place) => {
      const state = resolution.fields.get(place.id);
      const isGone = state === undefined ? !hasAt(resolution.values, place.keys) : !isThere(state);
      return isGone && holdsSomething(jsonAt(sent, place.keys));
    }),
  );
  const outermost = gone.filter(({ id }) => !gone.some((other) => other.id !== id && isWithin(id, other.id)));
  return (
    outermost
      // What a field that counts differently takes away with it is told at that field.
      .filter(
        ({ id }) =>
          !resolution.fields
            .values()
            .some((state) => isThere(state) && id !== state.id && isWithin(id, state.id)),
      )
      .map(({ keys }) => ({ path: keys, kind: 'hidden', message: HIDDEN }))
  );
}

function isThere({ isPresent, isVisible }: FieldState): boolean {
  return isPresent && isVisible;
}

/** Drawn forms leave empty objects where nothing is asked for. */
function holdsSomething(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  return (
    !isObject(value) ||
    Object.values(value).some((part) => part !== undefined && part !== null && holdsAny(part))
  );
}

function holdsAny(value: unknown): boolean {
  return !isObject(value) || Object.values(value).some(holdsAny);
}

function refusedFor(state: FieldState, sent: JsonObject, path: Keys): readonly Refusal[] {
  const found: Refusal[] = [];
  const refuse = (kind: Refusal['kind'], message: string): void => void found.push({ path, kind, message });
  const value = jsonAt(sent, path);
  const isSent = value !== undefined && value !== null;
  const failed = state.problems.filter(({ kind }) => kind !== 'source-failed');
  if (!isThere(state)) {
    for (const { kind, message } of failed) refuse(kind, message);
    return found;
  }
  if (state.isDisabled && isSent && !isDeepEqual(value, state.value)) refuse('fixed', fixedMessage(state));
  if (state.replaced !== null) refuse('not-an-option', optionMessage(state, state.replaced.entered));
  for (const { kind, message } of failed) refuse(kind, message);
  for (const { kind, message } of state.problems) {
    if (kind === 'source-failed' && dependsOnSource(state, sent, path)) refuse(kind, message);
  }
  return found;
}

/** Without the answer of its source, the value is not known, or not whether it may be. */
function dependsOnSource(
  { field, isRequired, isDisabled }: FieldState,
  sent: JsonObject,
  path: Keys,
): boolean {
  const isSent = hasAt(sent, path);
  if (isSent && !isDisabled) return holdsSomething(jsonAt(sent, path));
  return isRequired || field.rules?.suggest != null || field.rules?.source?.gives === 'value';
}

function fixedMessage({ value }: FieldState): string {
  return value === undefined ? 'cannot be set now' : `cannot be changed now: it is ${labelOf(value)}`;
}

function optionMessage({ value, origin }: FieldState, entered: JsonValue): string {
  if (!isJsonList(entered) || origin !== 'entered' || !isJsonList(value ?? null))
    return 'is not one of the options';
  const kept: readonly unknown[] = Array.isArray(value) ? value : [];
  const others = entered.filter((item) => !kept.some((one) => isDeepEqual(one, item)));
  return `has items that are not among the options: ${others.map(labelOf).join(', ')}`;
}

function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
