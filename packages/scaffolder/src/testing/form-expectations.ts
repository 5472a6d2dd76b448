/** Compares a form with what a test expects of it. */
import type { FieldState, OptionsState } from '@callboard/form';
import { didYouMean, type JsonObject, type JsonValue } from '@callboard/model';
import { partFailures, type TestFailure } from './differences.ts';
import type { ExpectedOptions, FormExpectations } from './form-test-file.ts';

/** How the form is, with the values of a test. */
export interface FormOutcome {
  /** By pointer in the values. */
  readonly fields: ReadonlyMap<string, ShownField>;
  readonly values: JsonObject;
  /** What is said of the values, by pointer; '' for all of them. */
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

export interface ShownField {
  readonly isVisible: boolean;
  readonly isDisabled: boolean;
  readonly isRequired: boolean;
  /** Null for a field without rules. */
  readonly state: FieldState | null;
}

/** Empty when all of it holds. */
export function formFailures(expected: FormExpectations, outcome: FormOutcome): readonly TestFailure[] {
  const lists: readonly [keyof FormExpectations, readonly string[], (field: ShownField) => boolean][] = [
    ['visible', expected.visible, (field) => field.isVisible],
    ['hidden', expected.hidden, (field) => !field.isVisible],
    ['disabled', expected.disabled, (field) => field.isDisabled],
    ['enabled', expected.enabled, (field) => !field.isDisabled],
    ['required', expected.required, (field) => field.isRequired],
    ['optional', expected.optional, (field) => !field.isRequired],
  ];
  return [
    ...lists.flatMap(([what, ids, holds]) =>
      ids.flatMap((id) => fieldFailures({ what, id, outcome, holds, why: whyNot(what) })),
    ),
    ...valueFailures(expected, outcome),
    ...byField(expected.suggested, outcome, {
      what: 'suggested',
      check: (one, { state }, at) => partFailures(one, state?.suggested, at),
    }),
    ...byField(expected.replaced, outcome, {
      what: 'replaced',
      check: (one, { state }, at) => partFailures(one, state?.replaced?.entered, at),
    }),
    ...byField(expected.options, outcome, {
      what: 'options',
      check: (one, { state }, { what }) => optionFailures(one, state?.options ?? null, what),
    }),
    ...errorFailures(expected, outcome),
  ];
}

function whyNot(what: string): FieldState['reasons'][number]['what'] {
  if (what === 'visible' || what === 'hidden') return 'visible';
  return what === 'disabled' || what === 'enabled' ? 'disabled' : 'required';
}

function fieldFailures(of: {
  readonly what: string;
  readonly id: string;
  readonly outcome: FormOutcome;
  readonly holds: (field: ShownField) => boolean;
  readonly why: FieldState['reasons'][number]['what'];
}): readonly TestFailure[] {
  const { what, id, outcome, holds, why } = of;
  const field = outcome.fields.get(id);
  if (field === undefined) return [missing(what, id, outcome)];
  if (holds(field)) return [];
  const reasons = (field.state?.reasons ?? []).filter((reason) => reason.what === why);
  const lines = reasons.map(({ text, result, read, failure }) => {
    const seen = Object.entries(read).map(
      ([place, value]) => `${place} = ${JSON.stringify(value) ?? 'nothing'}`,
    );
    const gave = failure === null ? `gives ${JSON.stringify(result) ?? 'nothing'}` : `fails: ${failure}`;
    return `\n    ${text} ${gave}${seen.length === 0 ? '' : ` with ${seen.join(', ')}`}`;
  });
  return [{ what, message: `${id} is not ${what}${lines.join('')}` }];
}

function missing(what: string, id: string, { fields }: FormOutcome): TestFailure {
  const hint = didYouMean(id, fields.keys());
  return {
    what,
    message: `There is no field ${id}. ${hint ?? `Fields are ${[...fields.keys()].join(', ')}.`}`,
  };
}

function valueFailures({ values }: FormExpectations, outcome: FormOutcome): readonly TestFailure[] {
  if (values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const actual = outcome.values[key];
    // Written as nothing, there is to be nothing.
    if (value === null && actual === undefined) return [];
    return partFailures(value ?? null, actual, { what: `values.${key}`, at: key });
  });
}

function byField<Of>(
  expected: ReadonlyMap<string, Of>,
  outcome: FormOutcome,
  {
    what,
    check,
  }: {
    readonly what: string;
    readonly check: (
      one: Of,
      field: ShownField,
      at: { readonly what: string; readonly at: string },
    ) => readonly TestFailure[];
  },
): readonly TestFailure[] {
  return [...expected].flatMap(([id, one]) => {
    const field = outcome.fields.get(id);
    if (field === undefined) return [missing(what, id, outcome)];
    return check(one, field, { what: `${what}[${id}]`, at: id });
  });
}

function optionFailures(
  expected: ExpectedOptions,
  options: OptionsState | null,
  what: string,
): readonly TestFailure[] {
  if (options === null) return [{ what, message: 'The field has no options: any value will do' }];
  if (options.status !== 'ready') return [{ what, message: `There are no options: ${whyNone(options)}` }];
  const values = options.options.map(({ value }) => value);
  const texts = new Set(values.map((value) => JSON.stringify(value)));
  const has = (value: JsonValue): boolean => texts.has(JSON.stringify(value));
  const failures: TestFailure[] = [];
  if (expected.all !== null) failures.push(...partFailures(expected.all, values, { what, at: 'options' }));
  for (const value of expected.contains) {
    if (!has(value))
      failures.push({ what, message: `${JSON.stringify(value)} is not among ${list(values)}` });
  }
  for (const value of expected.lacks) {
    if (has(value)) failures.push({ what, message: `${JSON.stringify(value)} is one of the options` });
  }
  if (expected.count !== null && expected.count !== options.total) {
    failures.push({ what, message: `There are ${options.total}, and not ${expected.count}` });
  }
  return failures;
}

function whyNone(options: Exclude<OptionsState, { status: 'ready' }>): string {
  if (options.status === 'failed') return options.message;
  return options.status === 'waiting' ? `it waits for ${options.for.join(', ')}` : 'nothing came';
}

const MOST = 20;

function list(values: readonly JsonValue[]): string {
  const shown = values.slice(0, MOST).map((value) => JSON.stringify(value));
  return `${shown.join(', ')}${values.length > MOST ? ', …' : ''}`;
}

function errorFailures({ errors }: FormExpectations, outcome: FormOutcome): readonly TestFailure[] {
  if (errors === null) return [];
  const said = outcome.errors.map(({ field, message }) => `\n    ${field === '' ? 'all' : field} ${message}`);
  if (errors.size === 0) {
    if (outcome.errors.length === 0) return [];
    return [{ what: 'errors', message: `The form does not take the values:${said.join('')}` }];
  }
  return [...errors].flatMap(([field, parts]) =>
    parts
      .filter((part) => !outcome.errors.some((one) => one.field === field && one.message.includes(part)))
      .map((part) => ({
        what: `errors[${field}]`,
        message: `Nothing is said with '${part}':${said.join('') || ' there are no errors'}`,
      })),
  );
}
