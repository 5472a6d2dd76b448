/** Reads `template.test.yaml`: cases of values, what the outside answers, and what is expected. */
import {
  isObject,
  pathSegments,
  type Diagnostic,
  type Entity,
  type JsonObject,
  type JsonValue,
} from '@callboard/model';
import { didYouMean } from '../lint/near-name.ts';
import { parseSource, type SourceDocument } from '../lint/source-document.ts';
import { createReading, type Reading } from './reading.ts';

export interface TemplateTestFile {
  /** Path of the template, relative to the file. */
  readonly template: string;
  readonly cases: readonly TemplateTestCase[];
}

export interface TemplateTestCase {
  readonly name: string;
  readonly values: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  /** Who asks. */
  readonly user: { readonly ref: string; readonly entity?: Entity } | null;
  /** What the catalog has; nothing else is in it. */
  readonly catalog: readonly JsonObject[];
  readonly http: readonly RecordedExchange[];
  /** By id of the action: it is not run, and does this in its place. */
  readonly actions: Readonly<Record<string, FakeAction>>;
  /** Of `scaffolder.defaultEnvironment`. */
  readonly environment: {
    readonly parameters: JsonObject;
    readonly secrets: Readonly<Record<string, string>>;
  };
  readonly expect: Expectations;
}

export interface RecordedExchange {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A text, a value that is sent as JSON, or a file beside the tests. */
  readonly body:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'json'; readonly value: JsonValue }
    | { readonly kind: 'file'; readonly path: string };
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

export interface ParsedTestFile {
  /** Null when there is an error. */
  readonly file: TemplateTestFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws. Diagnostics have the code `template/test-file`. */
export function parseTestFile(text: string, name: string): ParsedTestFile {
  const source = parseSource(text);
  const diagnostics: Diagnostic[] = source.problems.map(({ summary, line, column }) => {
    return {
      severity: 'error',
      code: 'template/test-file',
      summary: `It is no YAML: ${summary}`,
      file: name,
      line,
      column,
    };
  });
  const [document] = source.documents;
  if (diagnostics.length > 0 || document === undefined) {
    const empty = problem({ document: null, name, path: '', summary: 'There are no tests in it' });
    return { file: null, diagnostics: diagnostics.length > 0 ? diagnostics : [empty] };
  }
  const reading = createReading((path, summary, detail) => {
    diagnostics.push(problem({ document, name, path, summary, detail }));
  }, didYouMean);
  const file = toFile(reading, document.value);
  return { file: diagnostics.length > 0 ? null : file, diagnostics };
}

function problem(of: {
  readonly document: SourceDocument | null;
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly detail?: string | undefined;
}): Diagnostic {
  const { document, name, path, summary, detail } = of;
  const place = document?.positionOf({ path: pathSegments(path) ?? [], isKey: true }) ?? {
    line: 1,
    column: 1,
  };
  const more = detail === undefined ? {} : { detail };
  return { severity: 'error', code: 'template/test-file', summary, ...more, file: name, ...place };
}

function toFile(reading: Reading, value: JsonValue): TemplateTestFile {
  const root = Array.isArray(value) ? { cases: value } : value;
  const file = reading.object(root, '', ['template', 'cases']);
  const template = reading.text(file['template'], 'template') ?? './template.yaml';
  // A list alone is the cases.
  const at = Array.isArray(value) ? '' : 'cases';
  const cases = reading.list(file['cases'], at).map((one, index) => toCase(reading, one, `${at}[${index}]`));
  if (cases.length === 0) reading.wrong(at, 'There are no cases');
  const names = cases.map((one) => one.name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index)
      reading.wrong(`${at}[${index}].name`, `Two cases are called '${name}'`);
  }
  return { template, cases };
}

const CASE_KEYS = [
  'name',
  'values',
  'secrets',
  'user',
  'catalog',
  'http',
  'actions',
  'environment',
  'expect',
];

function toCase(reading: Reading, value: JsonValue, at: string): TemplateTestCase {
  const one = reading.object(value, at, CASE_KEYS);
  const environment = reading.object(one['environment'], `${at}.environment`, ['parameters', 'secrets']);
  return {
    name: reading.text(one['name'], `${at}.name`) ?? at,
    values: reading.object(one['values'], `${at}.values`),
    secrets: reading.texts(one['secrets'], `${at}.secrets`),
    user: toUser(reading, one['user'], `${at}.user`),
    catalog: reading.list(one['catalog'], `${at}.catalog`).map((entity, index) => {
      return reading.object(entity, `${at}.catalog[${index}]`);
    }),
    http: reading.list(one['http'], `${at}.http`).map((exchange, index) => {
      return toExchange(reading, exchange, `${at}.http[${index}]`);
    }),
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

function toUser(reading: Reading, value: JsonValue | undefined, at: string): TemplateTestCase['user'] {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return { ref: value };
  const { ref, entity } = reading.object(value, at, ['ref', 'entity']);
  const name = reading.text(ref, `${at}.ref`) ?? 'user:default/guest';
  if (entity === undefined) return { ref: name };
  const read = toEntity(reading.object(entity, `${at}.entity`));
  if (read === null)
    reading.wrong(`${at}.entity`, 'It is no entity: it needs apiVersion, kind and metadata.name');
  return read === null ? { ref: name } : { ref: name, entity: read };
}

/** As much of an entity as has to be there. */
export function toEntity(value: JsonObject): Entity | null {
  const { apiVersion, kind, metadata, spec, relations: _, ...rest } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isObject(metadata)) return null;
  const { name, ...others } = metadata;
  if (typeof name !== 'string') return null;
  return {
    ...rest,
    apiVersion,
    kind,
    metadata: { namespace: 'default', ...others, name },
    ...(isObject(spec) ? { spec } : {}),
  };
}

function toExchange(reading: Reading, value: JsonValue, at: string): RecordedExchange {
  const { request, response } = reading.object(value, at, ['request', 'response']);
  const asked = reading.object(request, `${at}.request`, ['method', 'url']);
  const answer = reading.object(response, `${at}.response`, ['status', 'headers', 'body', 'json', 'file']);
  const url = reading.text(asked['url'], `${at}.request.url`) ?? '';
  if (!URL.canParse(url)) reading.wrong(`${at}.request.url`, `'${url}' is no URL`);
  const { status = 200, json, file, body } = answer;
  if (typeof status !== 'number' || status < 200 || status > 599) {
    reading.wrong(`${at}.response.status`, 'The status of an answer is a number from 200 to 599');
  }
  return {
    method: (reading.text(asked['method'], `${at}.request.method`) ?? 'GET').toUpperCase(),
    url,
    status: typeof status === 'number' ? status : 200,
    headers: reading.texts(answer['headers'], `${at}.response.headers`),
    body: toBody(reading, { json, file, body, at: `${at}.response` }),
  };
}

function toBody(
  reading: Reading,
  of: { json: JsonValue | undefined; file: JsonValue | undefined; body: JsonValue | undefined; at: string },
): RecordedExchange['body'] {
  const { json, file, body, at } = of;
  if ([json, file, body].filter((one) => one !== undefined).length > 1) {
    reading.wrong(at, 'An answer has one of body, json and file');
  }
  if (json !== undefined) return { kind: 'json', value: json };
  if (file !== undefined) return { kind: 'file', path: reading.text(file, `${at}.file`) ?? '' };
  return { kind: 'text', text: reading.text(body, `${at}.body`) ?? '' };
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
