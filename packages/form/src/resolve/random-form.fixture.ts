/** Random forms whose rules are few and simple, so that a model can say in plain TypeScript what they mean. */
import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '@callboard/model';

/** Another field has one of these values. */
export interface Test {
  readonly of: string;
  readonly among: readonly string[];
}

export type RandomSource =
  | { readonly kind: 'static'; readonly list: readonly string[] }
  | { readonly kind: 'provider'; readonly of: string | null; readonly whenEmpty: 'wait' | 'ask' };

export type RandomSuggestion =
  | { readonly kind: 'copy' | 'autofill'; readonly of: string }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'first' };

export type RandomOptions =
  | { readonly kind: 'list'; readonly list: readonly string[] }
  | { readonly kind: 'not'; readonly of: string };

export interface RandomField {
  readonly name: string;
  readonly page: number;
  readonly condition: Test | null;
  readonly visible: Test | null;
  readonly disabled: Test | null;
  readonly required: Test | null;
  readonly source: RandomSource | null;
  readonly options: RandomOptions | null;
  readonly suggest: RandomSuggestion | null;
  readonly fallback: string | null;
  /** Its value must differ from that field's. */
  readonly differs: string | null;
}

export interface RandomForm {
  readonly fields: readonly RandomField[];
  readonly pageCount: number;
  /** Positions of the fields in the pages, so that dependents stand before what they depend on. */
  readonly shuffle: number;
}

export const WORDS = ['a', 'b', 'c', 'd', 'e'] as const;
export const word = fc.constantFrom(...WORDS);
const words = fc.uniqueArray(word, { minLength: 0, maxLength: 4 });

export function randomForm(most: number): fc.Arbitrary<RandomForm> {
  return fc.integer({ min: 1, max: 6 }).chain((pageCount) =>
    fc
      .integer({ min: 1, max: most })
      .chain((count) =>
        fc.tuple(...Array.from({ length: count }, (_, index) => randomField(index, pageCount))),
      )
      .chain((fields) => fc.nat(1000).map((shuffle) => ({ fields, pageCount, shuffle }))),
  );
}

function randomField(index: number, pageCount: number): fc.Arbitrary<RandomField> {
  const before: fc.Arbitrary<string> | null =
    index === 0 ? null : fc.nat(index - 1).map((other) => `f${other}`);
  const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
    fc.option(arbitrary, { freq: 2 });
  const never = fc.constant(null);
  const test =
    before === null
      ? never
      : sometimes(fc.record({ of: before, among: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }) }));
  const list = words.map((all) => ({ kind: 'list' as const, list: all }));
  const choices = words.map((all) => ({ kind: 'static' as const, list: all }));
  const provider = fc.record({
    kind: fc.constant('provider' as const),
    of: before ?? never,
    whenEmpty: fc.constantFrom('wait' as const, 'ask' as const),
  });
  const literal = word.map((value) => ({ kind: 'literal' as const, value }));
  const first = fc.constant({ kind: 'first' as const });
  const other = before?.chain((of) =>
    fc.constantFrom('copy' as const, 'autofill' as const).map((kind) => ({ kind, of })),
  );
  return fc
    .record({
      name: fc.constant(`f${index}`),
      page: fc.nat(pageCount - 1),
      condition: fc.nat(3).chain((some) => (some === 0 ? test : never)),
      visible: test,
      disabled: test,
      required: test,
      source: fc.option(fc.oneof(choices, provider)),
      options: fc.nat(2).chain((some): fc.Arbitrary<RandomOptions | null> => {
        if (some === 0) return list;
        return some === 1 && before !== null ? before.map((of) => ({ kind: 'not' as const, of })) : never;
      }),
      suggest: fc.option(
        other === undefined ? fc.oneof(literal, first) : fc.oneof(literal, first, other, other),
      ),
      fallback: fc.option(word, { freq: 2 }),
      differs: before === null ? never : sometimes(before),
    })
    .map((field) => {
      // A rule that filters options has no meaning without any.
      const options = field.options?.kind === 'not' && field.source === null ? null : field.options;
      const hasOptions = options !== null || field.source !== null;
      const suggest = field.suggest?.kind === 'first' && !hasOptions ? null : field.suggest;
      return { ...field, options, suggest };
    });
}

/** The pages as an author writes them. */
export function pagesOf({ fields, pageCount, shuffle }: RandomForm): readonly JsonObject[] {
  const ranked = fields
    .map((field, index) => ({ field, rank: (index * 7919 + shuffle * 104_729) % 1009 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ field }) => field);
  return Array.from({ length: pageCount }, (_, page) => {
    const own = ranked.filter((field) => field.page === page);
    const plain = own.filter(({ condition }) => condition === null);
    const branches = own.flatMap(({ condition, ...field }) =>
      condition === null ? [] : [branchOf(condition, field)],
    );
    const rows = page === 0 ? { rows: ROWS } : {};
    return {
      type: 'object',
      properties: { ...Object.fromEntries(plain.map((field) => [field.name, propertyOf(field)])), ...rows },
      ...(branches.length === 0 ? {} : { allOf: branches }),
    };
  });
}

/** A list whose items depend on themselves, and on the first field of the form. */
const ROWS: JsonObject = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      c: { type: 'string', 'ui:visible': "item.a = 'a'", 'ui:default': 'form.f0' },
      b: { type: 'string', 'ui:default': 'item.a' },
      a: { type: 'string', 'ui:enum': ['a', 'b', 'c'] },
    },
  },
};

function branchOf({ of, among }: Test, field: Omit<RandomField, 'condition'>): JsonObject {
  return {
    if: { not: { properties: { [of]: { enum: among } }, required: [of] } },
    else: { properties: { [field.name]: propertyOf(field) } },
  };
}

function propertyOf(field: Omit<RandomField, 'condition'>): JsonObject {
  const { source, options, suggest, fallback, differs } = field;
  const entries: (readonly [string, JsonValue | undefined])[] = [
    ['type', 'string'],
    ['ui:visible', testText(field.visible)],
    ['ui:disabled', testText(field.disabled)],
    ['ui:required', testText(field.required)],
    ['ui:source', source === null ? undefined : sourceOf(field.name, source)],
    ['ui:enum', options === null ? undefined : optionsOf(options)],
    ['default', fallback ?? undefined],
    ['ui:validate', differs === null ? undefined : `value = form.${differs} ? 'is the same' : true`],
    ...suggestionOf(suggest),
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function testText(test: Test | null): string | undefined {
  return test === null ? undefined : `form.${test.of} in ${JSON.stringify(test.among)}`;
}

function sourceOf(name: string, source: RandomSource): JsonObject {
  if (source.kind === 'static')
    return { static: source.list.map((value) => ({ value, label: value.toUpperCase() })) };
  const { of, whenEmpty } = source;
  return {
    provider: `test:${name}`,
    whenEmpty,
    ...(of === null ? {} : { with: { of: `\${{ form.${of} }}` } }),
  };
}

function optionsOf(options: RandomOptions): JsonValue {
  return options.kind === 'list' ? options.list : `options[value != $$.form.${options.of}]`;
}

function suggestionOf(suggest: RandomSuggestion | null): (readonly [string, JsonValue])[] {
  switch (suggest?.kind) {
    case undefined:
      return [];
    case 'copy':
      return [['ui:default', `form.${suggest.of}`]];
    case 'autofill':
      return [['ui:options', { autofillFrom: suggest.of }]];
    case 'literal':
      return [['ui:default', `'${suggest.value}'`]];
    case 'first':
      return [['ui:default', 'options[0].value']];
    default:
      return suggest satisfies never;
  }
}
