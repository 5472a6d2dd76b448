/**
 * What a random form comes to, said once more: by recursion from each field to those it depends on, from what was entered and
 * what the sources hold. It shares nothing with the code that resolves forms.
 */
import type { RandomField, RandomForm, Test } from './random-form.fixture.ts';

/** Null: emptied. */
export type EnteredValues = ReadonlyMap<string, string | null>;
export type EnteredRows = readonly Readonly<Record<string, string>>[];

export type Choices =
  | { readonly kind: 'any' | 'waiting' | 'failed' }
  | { readonly kind: 'list'; readonly list: readonly string[] };

export interface Expected {
  readonly isPresent: boolean;
  readonly isVisible: boolean;
  readonly isDisabled: boolean;
  readonly isRequired: boolean;
  readonly value: string | undefined;
  readonly origin: 'entered' | 'suggested' | 'none';
  readonly isReplaced: boolean;
  readonly choices: Choices;
  readonly isSourceFailed: boolean;
  readonly isSame: boolean;
}

export interface ModelRequest {
  readonly form: RandomForm;
  readonly entered: EnteredValues;
  readonly rows: EnteredRows | null;
}

const GONE: Expected = {
  isPresent: false,
  isVisible: false,
  isDisabled: false,
  isRequired: false,
  value: undefined,
  origin: 'none',
  isReplaced: false,
  choices: { kind: 'any' },
  isSourceFailed: false,
  isSame: false,
};

/** What the source of a field holds for a value of the field that it reads; null: it fails, always. */
export function heldBy(name: string, read: string | undefined): readonly string[] | null {
  let sum = 7;
  for (const letter of `${name}:${read ?? ''}`) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003;
  if (sum % 13 === 0) return null;
  return ['a', 'b', 'c', 'd', 'e'].filter((_, index) => ((sum >> index) & 1) === 1);
}

export function expect({ form, entered }: ModelRequest): ReadonlyMap<string, Expected> {
  const byName = new Map(form.fields.map((field) => [field.name, field]));
  const known = new Map<string, Expected>();
  const valueOf = (name: string): string | undefined => stateOf(name).value;
  const holds = (test: Test | null): boolean | null => {
    if (test === null) return null;
    const value = valueOf(test.of);
    return value !== undefined && test.among.includes(value);
  };
  const sourceOf = ({ name, source }: RandomField): Choices => {
    if (source === null) return { kind: 'any' };
    if (source.kind === 'static') return { kind: 'list', list: source.list };
    const read = source.of === null ? undefined : valueOf(source.of);
    if (source.of !== null && read === undefined && source.whenEmpty === 'wait') return { kind: 'waiting' };
    const list = heldBy(name, read);
    return list === null ? { kind: 'failed' } : { kind: 'list', list };
  };
  const choicesOf = (field: RandomField): Choices => {
    const given = sourceOf(field);
    if (field.options === null) return given;
    if (field.options.kind === 'list') return { kind: 'list', list: field.options.list };
    if (given.kind !== 'list') return given;
    const other = valueOf(field.options.of);
    // Nothing is unlike a value that is not there, as JSONata compares.
    return { kind: 'list', list: other === undefined ? [] : given.list.filter((value) => value !== other) };
  };
  const suggestionOf = ({ suggest, fallback }: RandomField, choices: Choices): string | undefined => {
    const list = choices.kind === 'list' ? choices.list : null;
    let value: string | undefined;
    if (suggest?.kind === 'copy') value = valueOf(suggest.of);
    if (suggest?.kind === 'literal') ({ value } = suggest);
    if (suggest?.kind === 'first') [value] = list ?? [];
    if (suggest?.kind === 'autofill') {
      const other = valueOf(suggest.of);
      if (choices.kind === 'any' || list?.includes(other ?? '') === true) value = other;
    }
    value ??= fallback ?? undefined;
    if (choices.kind === 'any') return value;
    return value !== undefined && list?.includes(value) === true ? value : undefined;
  };
  function stateOf(name: string): Expected {
    const done = known.get(name);
    if (done !== undefined) return done;
    const field = byName.get(name);
    const made = field === undefined ? GONE : make(field);
    known.set(name, made);
    return made;
  }
  function make(field: RandomField): Expected {
    if (holds(field.condition) === false) return GONE;
    if (holds(field.visible) === false) return { ...GONE, isPresent: true };
    const isDisabled = holds(field.disabled) ?? false;
    const choices = choicesOf(field);
    const suggested = suggestionOf(field, choices);
    const given = isDisabled ? undefined : entered.get(field.name);
    const isReplaced = typeof given === 'string' && choices.kind === 'list' && !choices.list.includes(given);
    const counts = typeof given === 'string' && !isReplaced;
    let value = given === null ? undefined : suggested;
    if (counts) value = given;
    let origin: Expected['origin'] = value === undefined ? 'none' : 'suggested';
    if (counts) origin = 'entered';
    return {
      isPresent: true,
      isVisible: true,
      isDisabled,
      isRequired: holds(field.required) ?? false,
      value,
      origin,
      isReplaced,
      choices,
      isSourceFailed: sourceOf(field).kind === 'failed',
      isSame: field.differs !== null && value !== undefined && value === valueOf(field.differs),
    };
  }
  return new Map(form.fields.map(({ name }) => [name, stateOf(name)]));
}

export function expectedValues(request: ModelRequest): Readonly<Record<string, unknown>> {
  const states = expect(request);
  const values: Record<string, unknown> = {};
  for (const [name, { value }] of states) if (value !== undefined) values[name] = value;
  if (request.rows !== null)
    values['rows'] = request.rows.map((row) => expectedRow(row, states.get('f0')?.value));
  return values;
}

function expectedRow(
  row: Readonly<Record<string, string>>,
  first: string | undefined,
): Readonly<Record<string, string>> {
  const a = ['a', 'b', 'c'].find((value) => value === row['a']);
  const b = row['b'] ?? a;
  const c = a === 'a' ? (row['c'] ?? first) : undefined;
  const entries = Object.entries({ a, b, c }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

/** `name kind` of each thing that sent values are refused for. */
export function expectedRefusals(request: ModelRequest): readonly string[] {
  const { form, entered } = request;
  const states = expect(request);
  return form.fields
    .flatMap((field) => {
      const { name } = field;
      const state = states.get(name) ?? GONE;
      const sent = entered.get(name);
      const said: string[] = [];
      if (!state.isVisible) return typeof sent === 'string' ? [`${name} hidden`] : [];
      if (state.isDisabled && typeof sent === 'string' && sent !== state.value) said.push(`${name} fixed`);
      const isUnchecked = state.choices.kind === 'waiting' && typeof sent === 'string' && !state.isDisabled;
      if (state.isReplaced || isUnchecked) said.push(`${name} not-an-option`);
      if (state.isSame) said.push(`${name} check`);
      const isOpen = state.isDisabled || sent === undefined;
      const matters = isOpen ? state.isRequired || field.suggest !== null : typeof sent === 'string';
      if (state.isSourceFailed && matters) said.push(`${name} source-failed`);
      return said;
    })
    .toSorted();
}
