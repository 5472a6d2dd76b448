/** Reads `template.test.yaml`: cases of values, what the outside answers, and what is expected. */
import type { JsonObject, JsonValue } from '@callboard/model';
import { OUTSIDE_KEYS, readOutside, type Outside } from './outside.ts';
import type { Reading } from './reading.ts';
import { parseTestCases, type ParsedTests } from './test-cases.ts';

export interface TemplateTestCase extends Outside {
  readonly name: string;
  readonly values: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  /** By id of the action: it is not run, and does this in its place. */
  readonly actions: Readonly<Record<string, FakeAction>>;
  /** Of `scaffolder.defaultEnvironment`. */
  readonly environment: {
    readonly parameters: JsonObject;
    readonly secrets: Readonly<Record<string, string>>;
  };
  readonly expect: Expectations;
}

export interface FakeAction {
  readonly output: JsonObject;
  /** It fails with this message. */
  readonly fails: string | null;
}

export interface Expectations {
  /** Default: `completed`; with `errors`, the task is not to begin at all. */
  readonly status: 'completed' | 'failed';
  /** Part of the message it fails with. */
  readonly error: string | null;
  readonly steps: Readonly<Record<string, ExpectedStep>>;
  readonly files: Readonly<Record<string, ExpectedFile>>;
  /** Folder beside the tests with all files that are to be there, and no others. */
  readonly snapshot: string | null;
  /** At least this. */
  readonly output: JsonObject | null;
  /** Texts that the log has. */
  readonly log: readonly string[];
  /** Mistakes in the values, each part of what is said: `name: must match pattern`. Null: none are expected. */
  readonly errors: readonly string[] | null;
}

export interface ExpectedStep {
  readonly status: 'completed' | 'skipped' | 'failed' | null;
  /** At least this, of the last run when there was more than one. */
  readonly input: JsonObject | null;
  /** How often it ran: once for each item of `each`. */
  readonly runs: number | null;
}

export interface ExpectedFile {
  readonly absent: boolean;
  readonly contains: readonly string[];
  /** The whole file. */
  readonly equals: string | null;
  /** Regular expressions; `^` and `$` are those of lines. */
  readonly matches: readonly string[];
}

const CASE_KEYS = ['name', 'values', 'secrets', ...OUTSIDE_KEYS, 'actions', 'environment', 'expect'];

/** Never throws. Diagnostics have the code `template/test-file`. */
export function parseTestFile(text: string, name: string): ParsedTests<TemplateTestCase> {
  return parseTestCases({ text, name }, toCase);
}

function toCase(reading: Reading, value: JsonValue, at: string): TemplateTestCase {
  const one = reading.object(value, at, CASE_KEYS);
  const environment = reading.object(one['environment'], `${at}.environment`, ['parameters', 'secrets']);
  return {
    name: reading.text(one['name'], `${at}.name`) ?? at,
    values: reading.object(one['values'], `${at}.values`),
    secrets: reading.texts(one['secrets'], `${at}.secrets`),
    ...readOutside(reading, one, at),
    actions: Object.fromEntries(
      Object.entries(reading.object(one['actions'], `${at}.actions`)).map(([id, fake]) => [
        id,
        toFake(reading, fake, reading.below(`${at}.actions`, id)),
      ]),
    ),
    environment: {
      parameters: reading.object(environment['parameters'], `${at}.environment.parameters`),
      secrets: reading.texts(environment['secrets'], `${at}.environment.secrets`),
    },
    expect: toExpectations(reading, one['expect'], `${at}.expect`),
  };
}

function toFake(reading: Reading, value: JsonValue | undefined, at: string): FakeAction {
  const { output, fails } = reading.object(value, at, ['output', 'fails']);
  return { output: reading.object(output, `${at}.output`), fails: reading.text(fails, `${at}.fails`) };
}

const EXPECT_KEYS = ['status', 'error', 'steps', 'files', 'snapshot', 'output', 'log', 'errors'];

function toExpectations(reading: Reading, value: JsonValue | undefined, at: string): Expectations {
  const expected = reading.object(value, at, EXPECT_KEYS);
  const { status = 'completed', errors, output } = expected;
  if (status !== 'completed' && status !== 'failed')
    reading.wrong(`${at}.status`, 'A task is completed or failed');
  const named = <Of>(
    key: string,
    parse: (one: JsonValue | undefined, path: string) => Of,
  ): Record<string, Of> =>
    Object.fromEntries(
      Object.entries(reading.object(expected[key], `${at}.${key}`)).map(([name, one]) => [
        name,
        parse(one, reading.below(`${at}.${key}`, name)),
      ]),
    );
  return {
    status: status === 'failed' || expected['error'] !== undefined ? 'failed' : 'completed',
    error: reading.text(expected['error'], `${at}.error`),
    steps: named('steps', (one, path) => toStep(reading, one, path)),
    files: named('files', (one, path) => toExpectedFile(reading, one, path)),
    snapshot: reading.text(expected['snapshot'], `${at}.snapshot`),
    output: output === undefined ? null : reading.object(output, `${at}.output`),
    log: reading.textList(expected['log'], `${at}.log`),
    errors: errors === undefined ? null : reading.textList(errors, `${at}.errors`),
  };
}

function toStep(reading: Reading, value: JsonValue | undefined, at: string): ExpectedStep {
  const step =
    typeof value === 'string' ? { status: value } : reading.object(value, at, ['status', 'input', 'runs']);
  const { status = null, input, runs = null } = step;
  const isStatus = status === 'completed' || status === 'skipped' || status === 'failed';
  if (status !== null && !isStatus) reading.wrong(at, 'A step is completed, skipped or failed');
  if (runs !== null && typeof runs !== 'number') reading.wrong(`${at}.runs`, 'It is no number');
  return {
    status: isStatus ? status : null,
    input: input === undefined ? null : reading.object(input, `${at}.input`),
    runs: typeof runs === 'number' ? runs : null,
  };
}

function toExpectedFile(reading: Reading, value: JsonValue | undefined, at: string): ExpectedFile {
  const { absent = false, ...rest } = reading.object(value, at, ['absent', 'contains', 'equals', 'matches']);
  if (typeof absent !== 'boolean') reading.wrong(`${at}.absent`, 'It is true or false');
  const matches = reading.textList(rest['matches'], `${at}.matches`);
  for (const pattern of matches) {
    if (!isPattern(pattern)) reading.wrong(`${at}.matches`, `'${pattern}' is no regular expression`);
  }
  return {
    absent: absent === true,
    contains: reading.textList(rest['contains'], `${at}.contains`),
    equals: reading.text(rest['equals'], `${at}.equals`),
    matches,
  };
}

function isPattern(text: string): boolean {
  try {
    void new RegExp(text, 'm');
    return true;
  } catch {
    return false;
  }
}
