/** What a value is called: by the options of its field, else by itself. */
import type { FieldState, Option } from '@callboard/form';
import type { JsonValue } from '@callboard/model';
import { messages } from '../messages.ts';

/** Tells values apart as texts: equal values have equal keys. */
export function keyOfValue(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? '');
}

const maps = new WeakMap<readonly Option[], ReadonlyMap<string, Option>>();

/** Made once for a list. */
function optionsByKey(options: readonly Option[]): ReadonlyMap<string, Option> {
  const found = maps.get(options);
  if (found !== undefined) return found;
  const made = new Map(options.map((option) => [keyOfValue(option.value), option]));
  maps.set(options, made);
  return made;
}

/** The label of an option, or the value as text; of a list those of its items. */
export function labelOfValue(state: FieldState, value: JsonValue | undefined): string {
  if (value === undefined) return messages.empty;
  const options = state.options?.status === 'ready' ? state.options.options : [];
  const own = optionsByKey(options).get(keyOfValue(value));
  if (own !== undefined) return own.label;
  if (isList(value)) return value.map((item) => labelOfValue(state, item)).join(', ');
  return textOfValue(value);
}

export function textOfValue(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (value === true) return messages.yes;
  if (value === false) return messages.no;
  return value === null ? messages.empty : JSON.stringify(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
