/** Reads `form.test.yaml`: what somebody enters, what sources answer, and what the form is to be like then. */
import { pathSegments, type JsonObject, type JsonValue } from '@callboard/model';
import { OUTSIDE_KEYS, readOutside, type Outside } from './outside.ts';
import type { Reading } from './reading.ts';
import { parseTestCases, type ParsedTests } from './test-cases.ts';

export interface FormTestCase extends Outside {
  readonly name: string;
  /** What was entered. */
  readonly values: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly expect: FormExpectations;
}

/** Fields are pointers in the values, as `/aws/account`. */
export interface FormExpectations {
  /** Are asked for. */
  readonly visible: readonly string[];
  readonly hidden: readonly string[];
  readonly disabled: readonly string[];
  readonly enabled: readonly string[];
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What counts, at least this; null in a field: it has no value. */
  readonly values: JsonObject | null;
  readonly suggested: ReadonlyMap<string, JsonValue>;
  readonly options: ReadonlyMap<string, ExpectedOptions>;
  /** What was entered and does not count. */
  readonly replaced: ReadonlyMap<string, JsonValue>;
  /** Part of what is said, by field. Null: errors are not looked at; none in it: there are to be none. */
  readonly errors: ReadonlyMap<string, readonly string[]> | null;
}

export interface ExpectedOptions {
  /** All values, in this order; null: not looked at. */
  readonly all: readonly JsonValue[] | null;
  readonly contains: readonly JsonValue[];
  readonly lacks: readonly JsonValue[];
  readonly count: number | null;
}

const CASE_KEYS = ['name', 'values', 'secrets', ...OUTSIDE_KEYS, 'expect'];
const EXPECT_KEYS = [
  'visible',
  'hidden',
  'disabled',
  'enabled',
  'required',
  'optional',
  'values',
  'suggested',
  'options',
  'replaced',
  'errors',
];

/** Never throws. Diagnostics have the code `template/test-file`. */
export function parseFormTests(text: string, name: string): ParsedTests<FormTestCase> {
  return parseTestCases({ text, name }, toCase);
}

function toCase(reading: Reading, value: JsonValue, at: string): FormTestCase {
  const one = reading.object(value, at, CASE_KEYS);
  return {
    name: reading.text(one['name'], `${at}.name`) ?? at,
    values: reading.object(one['values'], `${at}.values`),
    secrets: reading.texts(one['secrets'], `${at}.secrets`),
    ...readOutside(reading, one, at),
    expect: toExpectations(reading, one['expect'], `${at}.expect`),
  };
}

function toExpectations(reading: Reading, value: JsonValue | undefined, at: string): FormExpectations {
  const expected = reading.object(value, at, EXPECT_KEYS);
  if (Object.keys(expected).length === 0) reading.wrong(at, 'Nothing is expected');
  const fields = (key: string): readonly string[] =>
    reading.textList(expected[key], `${at}.${key}`).map((name) => toFieldId(reading, name, `${at}.${key}`));
  const byField = <Of>(key: string, read: (one: JsonValue, path: string) => Of): ReadonlyMap<string, Of> => {
    const place = `${at}.${key}`;
    const entries = Object.entries(reading.object(expected[key], place));
    return new Map(
      entries.map(([name, one]) => [
        toFieldId(reading, name, reading.below(place, name)),
        read(one ?? null, reading.below(place, name)),
      ]),
    );
  };
  const { values, errors } = expected;
  return {
    visible: fields('visible'),
    hidden: fields('hidden'),
    disabled: fields('disabled'),
    enabled: fields('enabled'),
    required: fields('required'),
    optional: fields('optional'),
    values: values === undefined ? null : reading.object(values, `${at}.values`),
    suggested: byField('suggested', (one) => one),
    options: byField('options', (one, path) => toOptions(reading, one, path)),
    replaced: byField('replaced', (one) => one),
    errors: errors === undefined ? null : byField('errors', (one, path) => reading.textList(one, path)),
  };
}

function toOptions(reading: Reading, value: JsonValue, at: string): ExpectedOptions {
  if (Array.isArray(value)) return { all: value, contains: [], lacks: [], count: null };
  const { contains, lacks, count = null } = reading.object(value, at, ['contains', 'lacks', 'count']);
  if (count !== null && typeof count !== 'number') reading.wrong(`${at}.count`, 'It is no number');
  return {
    all: null,
    contains: reading.list(contains, `${at}.contains`),
    lacks: reading.list(lacks, `${at}.lacks`),
    count: typeof count === 'number' ? count : null,
  };
}

/** `aws.account`, `regions[0].name` or `/aws/account` as a JSON Pointer. */
function toFieldId(reading: Reading, name: string, at: string): string {
  if (name.startsWith('/')) return name;
  const keys = pathSegments(name);
  if (keys === null) reading.wrong(at, `'${name}' is no field`);
  const parts = (keys ?? []).map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'));
  return parts.map((part) => `/${part}`).join('');
}
