/** The choices of a field as a list of rows: found by what is typed, those of a group together under its name. */

export interface Option {
  /** Tells it from the others. */
  readonly value: string;
  readonly title: string;
  /** A second, quieter text. */
  readonly detail?: string;
  /** The heading that it stands under. */
  readonly group?: string;
}

export type OptionRow =
  | { readonly kind: 'group'; readonly title: string }
  /** `index`: among the options. */
  | { readonly kind: 'option'; readonly option: Option; readonly index: number };

/** Those with every word of the text somewhere in them; first those whose title begins with it. In order otherwise. */
export function findOptions(options: readonly Option[], text: string): readonly Option[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return options;
  const found = options.filter(({ value, title, detail = '', group = '' }) => {
    const all = `${title}\n${detail}\n${group}\n${value}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const start = words.join(' ');
  const [first, rest] = split(found, ({ title }) => title.toLowerCase().startsWith(start));
  return [...first, ...rest];
}

/** The options of a group follow each other, groups in the order in which they come first; those of none are the first. */
export function inGroups(options: readonly Option[]): readonly Option[] {
  if (options.every(({ group }) => group === undefined)) return options;
  const groups = new Map<string | undefined, Option[]>([[undefined, []]]);
  for (const option of options) {
    const members = groups.get(option.group);
    if (members === undefined) groups.set(option.group, [option]);
    else members.push(option);
  }
  return [...groups.values()].flat();
}

/** With a heading wherever a group begins. */
export function toRows(options: readonly Option[]): readonly OptionRow[] {
  const rows: OptionRow[] = [];
  let group: string | undefined;
  for (const [index, option] of options.entries()) {
    if (option.group !== group && option.group !== undefined)
      rows.push({ kind: 'group', title: option.group });
    group = option.group;
    rows.push({ kind: 'option', option, index });
  }
  return rows;
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
