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

/** The label of the option that a value is; null when it is none. */
export function optionLabel({ options }: FieldState, value: unknown): string | null {
  const known = options?.status === 'ready' ? options.options : [];
  return optionsByKey(known).get(keyOfValue(value))?.label ?? null;
}

/** The label of an option, or the value as text; of a list those of its items. */
export function labelOfValue(state: FieldState, value: JsonValue | undefined): string {
  if (value === undefined) return messages.empty;
  const own = optionLabel(state, value);
  if (own !== null) return own;
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
