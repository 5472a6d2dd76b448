/** Lists of options: from what expressions and sources give, and quick to look values up in. */
import { isObject, type JsonValue } from '@callboard/model';
import type { Option, OptionsState } from '../graph.ts';
import { equalityKey } from './deep-equal.ts';

/** What a rule gave for `ui:enum`: values, or objects with `value` and more. Nothing is an empty list. */
export function toOptions(given: JsonValue | undefined): readonly Option[] {
  if (given === undefined || given === null) return [];
  const items = Array.isArray(given) ? given : [given];
  const options = new Map<string, Option>();
  for (const item of items) {
    const option = toOption(item);
    if (option === null) continue;
    const key = equalityKey(option.value);
    if (!options.has(key)) options.set(key, option);
  }
  return [...options.values()];
}

function toOption(item: JsonValue): Option | null {
  if (item === null) return null;
  if (!isObject(item) || !Object.hasOwn(item, 'value')) return { value: item, label: labelOf(item) };
  const { value, label, description, group } = item;
  if (value === undefined || value === null) return null;
  return {
    value,
    label: label === undefined || label === null ? labelOf(value) : labelOf(label),
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof group === 'string' ? { group } : {}),
  };
}

/** How a value is written where nothing else names it. */
export function labelOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export interface OptionIndex {
  readonly has: (value: JsonValue) => boolean;
  readonly state: Extract<OptionsState, { status: 'ready' }>;
}

const indexes = new WeakMap<readonly Option[], OptionIndex>();

/** Built once for each list. `total` is of the first call for a list: a list has one. */
export function indexOptions(options: readonly Option[], total: number = options.length): OptionIndex {
  const known = indexes.get(options);
  if (known !== undefined) return known;
  const keys = new Set(options.map(({ value }) => equalityKey(value)));
  const index: OptionIndex = {
    has: (value) => keys.has(equalityKey(value)),
    state: { status: 'ready', options, total, isTruncated: total > options.length },
  };
  indexes.set(options, index);
  return index;
}

/** Options with a text in what is shown of them. */
export function searchOptions(options: readonly Option[], text: string): readonly Option[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return options;
  return options.filter(({ value, label, group }) =>
    [label, labelOf(value), group ?? ''].some((part) => part.toLowerCase().includes(wanted)),
  );
}
