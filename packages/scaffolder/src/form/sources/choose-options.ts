/** Of all options of a source, what is sent: those with a text, the first thousand, and those that were entered. */
import type { Option, SourceAnswer } from '@callboard/form';
import type { JsonValue } from '@callboard/model';

/** Options of one answer. */
export const MAX_OPTIONS = 1_000;

export function chooseOptions(
  options: readonly Option[],
  asked: { readonly holds: readonly JsonValue[]; readonly search: string },
): SourceAnswer {
  const text = asked.search.trim().toLowerCase();
  const found = text === '' ? options : options.filter((option) => has(option, text));
  const isTruncated = found.length > MAX_OPTIONS;
  return {
    options: isTruncated ? found.slice(0, MAX_OPTIONS) : found,
    total: found.length,
    isTruncated,
    held: heldOf(options, asked.holds),
  };
}

/** Those options whose values these are. */
function heldOf(options: readonly Option[], holds: readonly JsonValue[]): readonly Option[] {
  if (holds.length === 0) return [];
  const wanted = new Set(holds.map((value) => canonical(value)));
  return options.filter(({ value }) => wanted.has(canonical(value)));
}

function has({ label, value, group = '' }: Option, text: string): boolean {
  if (label.toLowerCase().includes(text) || group.toLowerCase().includes(text)) return true;
  return String(typeof value === 'object' ? JSON.stringify(value) : value)
    .toLowerCase()
    .includes(text);
}

/** JSON with the keys of objects in order, so that equal values have equal texts. */
export function canonical(value: JsonValue | undefined): string {
  return (
    JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? ''
  );
}
