/**
 * Runs `template.test.yaml` by the engine that tasks are run with, in a temporary workspace, without server, database and
 * network. What would go outside is recorded, and answers as the test says.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { messageOf } from '@callboard/kernel';
import { ANNOTATION, hasErrors, isObject, type Diagnostic, type JsonValue } from '@callboard/model';
import type { UrlTrees } from '../actions/fetch/url-trees.ts';
import type { ActionRegistry } from '../actions/registry.ts';
import type { CatalogPort } from '../catalog-port.ts';
import type { FormChecks } from '../form/check-form.ts';
import { parseSource } from '../lint/source-document.ts';
import { NOT_STARTED, type Runner } from '../run/run.ts';
import { parseTemplate } from '../template/parse-template.ts';
import type { Template } from '../template/template.ts';
import { toTaskSpec } from '../template/to-task-spec.ts';
import { readFileTree, writeFiles, type FileTree } from '../upgrade/file-tree.ts';
import type { TestFailure } from './differences.ts';
import { failuresOf, treeFailures, type TestOutcome } from './expectations.ts';
import { catalogOf, formUserOf } from './outside.ts';
import { createRecordedHttp } from './recorded-http.ts';
import { createTestActions, type StepRun } from './test-actions.ts';
import { parseTestFile, type TemplateTestCase } from './test-file.ts';

/** The engine and its actions, put together for one test. */
export interface TestEngine {
  readonly actions: ActionRegistry;
  readonly forms: FormChecks;
  createRunner(actions: ActionRegistry): Runner;
}

export interface TestOutside {
  /** Answers what the test has recorded, and nothing else. */
  readonly fetch: typeof fetch;
  /** The same, for `fetch:` actions. */
  readonly urls: UrlTrees;
  /** Has the entities of the test. */
  readonly catalog: CatalogPort;
  /** What plugins list for forms, by the name of the list. */
  readonly options: Readonly<Record<string, readonly JsonValue[]>>;
}

export interface TemplateTestRequest {
  /** Absolute path of the tests. */
  readonly file: string;
  readonly openEngine: (outside: TestOutside) => Promise<TestEngine> | TestEngine;
  /** Writes snapshots that are missing or differ. Default: `compare`. */
  readonly snapshots?: 'compare' | 'update';
  /** Only cases whose name has this. Default: all. */
  readonly only?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds that a case may take. Default: 60,000. */
  readonly timeout?: number;
}

export interface TemplateTestReport {
  readonly file: string;
  /** What is wrong with the tests or the template themselves; no case ran then. */
  readonly diagnostics: readonly Diagnostic[];
  readonly cases: readonly CaseReport[];
  /** Folders of snapshots that were written. */
  readonly updated: readonly string[];
}

export interface CaseReport {
  readonly name: string;
  readonly failures: readonly TestFailure[];
  /** Milliseconds. */
  readonly duration: number;
}

const TIMEOUT = 60_000;

/** Never rejects for what is wrong with a test or a template. */
export async function runTemplateTests(request: TemplateTestRequest): Promise<TemplateTestReport> {
  const { file, only } = request;
  const none = { file, cases: [], updated: [] };
  const text = await readText(file);
  if (text === null) return { ...none, diagnostics: [unreadable(file, file)] };
  const parsed = parseTestFile(text, file);
  if (parsed.file === null) return { ...none, diagnostics: parsed.diagnostics };
  const path = resolve(dirname(file), parsed.file.template);
  const { template, diagnostics } = await readTemplate(path);
  if (template === null) return { ...none, diagnostics };
  const cases: CaseReport[] = [];
  const updated: string[] = [];
  for (const one of parsed.file.cases) {
    if (only !== undefined && !one.name.includes(only)) continue;
    const started = performance.now();
    const { failures, snapshot } = await runCase(one, { template, request });
    if (snapshot !== null) updated.push(snapshot);
    cases.push({ name: one.name, failures, duration: Math.round(performance.now() - started) });
  }
  return { file, diagnostics, cases, updated };
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

/** @param path what could not be read; `file` is blamed */
export function unreadable(path: string, file: string): Diagnostic {
  return { severity: 'error', code: 'template/test-file', summary: `${path} cannot be read`, file };
}

/**
 * The first template of a file, as if it came from there: relative URLs of its steps start at its folder.
 * @param path absolute
 */
export async function readTemplate(
  path: string,
): Promise<{ readonly template: Template | null; readonly diagnostics: readonly Diagnostic[] }> {
  const text = await readText(path);
  if (text === null) return { template: null, diagnostics: [unreadable(path, path)] };
  const { documents, problems } = parseSource(text);
  if (problems.length > 0) {
    const diagnostics = problems.map(({ summary, line, column }): Diagnostic => ({
      severity: 'error',
      code: 'template/yaml',
      summary: `It is no YAML: ${summary}`,
      file: path,
      line,
      column,
    }));
    return { template: null, diagnostics };
  }
  const document = documents.find(({ value }) => isObject(value) && value['kind'] === 'Template');
  if (document === undefined || !isObject(document.value)) {
    const summary = 'There is no template in it';
    return {
      template: null,
      diagnostics: [{ severity: 'error', code: 'template/none', summary, file: path }],
    };
  }
  const { template, diagnostics } = parseTemplate(located(document.value, path));
  return { template, diagnostics: diagnostics.map((found) => ({ ...found, file: path })) };
}

function located(value: Record<string, unknown>, path: string): Record<string, unknown> {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  const location = { [ANNOTATION.managedByLocation]: `file:${path}` };
  return { ...value, metadata: { ...metadata, annotations: { ...annotations, ...location } } };
}

interface Context {
  readonly template: Template;
  readonly request: TemplateTestRequest;
}

interface CaseResult {
  readonly failures: readonly TestFailure[];
  /** The snapshot that was written; null: none. */
  readonly snapshot: string | null;
}

async function runCase(one: TemplateTestCase, { template, request }: Context): Promise<CaseResult> {
  const workspacePath = await mkdtemp(join(tmpdir(), 'callboard-template-test-'));
  try {
    const outcome = await outcomeOf(one, { template, request, workspacePath });
    const failures = [...failuresOf(one.expect, outcome)];
    const snapshot = outcome.status === 'not-started' ? null : one.expect.snapshot;
    if (snapshot === null) return { failures, snapshot: null };
    const compared = await compareSnapshot(snapshot, { actual: outcome.files, request });
    return { failures: [...failures, ...compared.failures], snapshot: compared.written };
  } catch (error) {
    return { failures: [{ what: 'case', message: messageOf(error) }], snapshot: null };
  } finally {
    await rm(workspacePath, { recursive: true, force: true });
  }
}

async function outcomeOf(
  one: TemplateTestCase,
  { template, request, workspacePath }: Context & { readonly workspacePath: string },
): Promise<TestOutcome> {
  const { values, secrets } = one;
  const folder = dirname(request.file);
  const http = createRecordedHttp(one.http, { fileOf: (path) => resolve(folder, path) });
  const engine = await request.openEngine({
    fetch: http.fetch,
    urls: http.urls,
    catalog: catalogOf(one),
    options: one.options,
  });
  const timeout = AbortSignal.timeout(request.timeout ?? TIMEOUT);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
  const checked = await engine.forms.check({ template, values, secrets, user: formUserOf(one), signal });
  const idle = { runs: [], files: new Map(), output: {}, log: [], steps: new Map(), error: null };
  if (checked.errors.length > 0) {
    const valueErrors = checked.errors.map(({ stack }) => stack.replace(/^instance\.?/, ''));
    return { ...idle, status: 'not-started', valueErrors };
  }
  const runs: StepRun[] = [];
  const runner = engine.createRunner(createTestActions(engine.actions, { fakes: one.actions, runs }));
  const log: string[] = [];
  const steps = new Map<string, string>(template.steps.map(({ id }) => [id, 'skipped']));
  const outcome = await runner.run({
    taskId: 'test',
    spec: toTaskSpec({ template, values: checked.values, ...(one.user === null ? {} : { user: one.user }) }),
    secrets: { ...secrets, ...checked.passwords },
    environment: one.environment,
    workspacePath,
    // To the engine, a dry-run has no secrets of the environment. Those of a test are its own; actions are told that it is one.
    isDryRun: false,
    state: NOT_STARTED,
    signal,
    hooks: {
      log: ({ message, stepId, status }) => {
        log.push(message);
        if (stepId !== undefined && status !== undefined) steps.set(stepId, status);
      },
      afterStep: async (stepId, { status }) => {
        steps.set(stepId, status);
      },
    },
    credentials: async () => null,
  });
  const failed = outcome.status === 'failed' ? outcome.error.message : null;
  const stopped = outcome.status === 'cancelled' ? 'It took too long, or was stopped' : null;
  return {
    status: outcome.status === 'completed' ? 'completed' : 'failed',
    error: failed ?? stopped,
    valueErrors: [],
    steps,
    runs,
    files: await readFileTree(workspacePath),
    output: outcome.status === 'completed' || outcome.status === 'failed' ? outcome.output : {},
    log,
  };
}

async function compareSnapshot(
  snapshot: string,
  { actual, request }: { readonly actual: FileTree; readonly request: TemplateTestRequest },
): Promise<{ readonly failures: readonly TestFailure[]; readonly written: string | null }> {
  const root = dirname(request.file);
  const folder = resolve(root, snapshot);
  const below = relative(root, folder);
  // Updating deletes what is in it.
  if (below === '' || below.startsWith('..') || isAbsolute(below)) {
    const message = `The folder ${snapshot} is not below that of the tests`;
    return { failures: [{ what: 'snapshot', message }], written: null };
  }
  const expected = await readFileTree(folder).catch(() => null);
  const failures = expected === null ? [] : treeFailures(expected, actual);
  if (expected !== null && failures.length === 0) return { failures, written: null };
  if (request.snapshots === 'update') {
    await mkdir(folder, { recursive: true });
    const remove = [...(expected?.keys() ?? [])].filter((path) => !actual.has(path));
    await writeFiles(folder, { tree: actual, write: [...actual.keys()], remove });
    return { failures: [], written: folder };
  }
  if (expected !== null) return { failures, written: null };
  const message = `There is no snapshot ${snapshot}. Run the tests with --update to write it.`;
  return { failures: [{ what: 'snapshot', message }], written: null };
}

/** Nothing is wrong with the tests and the template, and every case holds. */
export function isPassed({ diagnostics, cases }: TemplateTestReport): boolean {
  return !hasErrors(diagnostics) && cases.every(({ failures }) => failures.length === 0);
}
