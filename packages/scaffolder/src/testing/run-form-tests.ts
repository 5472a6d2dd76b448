/** Runs `form.test.yaml`: the form of a template with the values of a case, without browser, server and network. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { idOf, isPresent, type FormGraph, type Resolution } from '@callboard/form';
import { messageOf } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { FormChecks } from '../form/check-form.ts';
import type { Template } from '../template/template.ts';
import type { TestFailure } from './differences.ts';
import { formFailures, type FormOutcome, type ShownField } from './form-expectations.ts';
import { parseFormTests, type FormTestCase } from './form-test-file.ts';
import { catalogOf, formUserOf } from './outside.ts';
import { createRecordedHttp } from './recorded-http.ts';
import {
  readTemplate,
  unreadable,
  type CaseReport,
  type TemplateTestReport,
  type TestOutside,
} from './run-template-tests.ts';

export interface FormTestRequest {
  /** Absolute path of the tests. */
  readonly file: string;
  readonly openForms: (outside: TestOutside) => Promise<FormChecks> | FormChecks;
  /** Only cases whose name has this. Default: all. */
  readonly only?: string;
  /** Milliseconds that a case may take. Default: 20,000. */
  readonly timeout?: number;
}

const TIMEOUT = 20_000;

/** Never rejects for what is wrong with a test or a template. */
export async function runFormTests(request: FormTestRequest): Promise<TemplateTestReport> {
  const { file, only } = request;
  const none = { file, cases: [], updated: [] };
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return { ...none, diagnostics: [unreadable(file, file)] };
  const parsed = parseFormTests(text, file);
  if (parsed.file === null) return { ...none, diagnostics: parsed.diagnostics };
  const { template, diagnostics } = await readTemplate(resolve(dirname(file), parsed.file.template));
  if (template === null) return { ...none, diagnostics };
  const cases: CaseReport[] = [];
  for (const one of parsed.file.cases) {
    if (only !== undefined && !one.name.includes(only)) continue;
    const started = performance.now();
    const failures = await failuresOf(one, { template, request });
    cases.push({ name: one.name, failures, duration: Math.round(performance.now() - started) });
  }
  return { file, diagnostics, cases, updated: [] };
}

async function failuresOf(
  one: FormTestCase,
  of: { readonly template: Template; readonly request: FormTestRequest },
): Promise<readonly TestFailure[]> {
  try {
    return formFailures(one.expect, await outcomeOf(one, of));
  } catch (error) {
    return [{ what: 'case', message: messageOf(error) }];
  }
}

async function outcomeOf(
  one: FormTestCase,
  { template, request }: { readonly template: Template; readonly request: FormTestRequest },
): Promise<FormOutcome> {
  const folder = dirname(request.file);
  const { fetch, urls } = createRecordedHttp(one.http, { fileOf: (path) => resolve(folder, path) });
  const forms = await request.openForms({ fetch, urls, catalog: catalogOf(one), options: one.options });
  const checked = await forms.check({
    template,
    values: one.values,
    secrets: one.secrets,
    user: formUserOf(one),
    signal: AbortSignal.timeout(request.timeout ?? TIMEOUT),
  });
  const values = checked.resolution?.values ?? checked.values;
  return {
    fields: fieldsOf({ graph: await forms.graph(template), resolution: checked.resolution, values }),
    values,
    errors: checked.errors.map(({ path, name, message, argument }) => {
      // What is missing is said of the object that it is missing from.
      const of = name === 'required' && typeof argument === 'string' ? [...path, argument] : path;
      return { field: idOf(of), message };
    }),
  };
}

function fieldsOf(of: {
  readonly graph: FormGraph;
  readonly resolution: Resolution | null;
  readonly values: JsonObject;
}): ReadonlyMap<string, ShownField> {
  const { graph, resolution, values } = of;
  const fields = new Map<string, ShownField>();
  for (const field of graph.fields) {
    // The items of lists are there when there are values.
    if (field.id.split('/').includes('*')) continue;
    const isVisible = isPresent(field, values);
    const before = fields.get(field.id);
    if (before?.isVisible === true) continue;
    fields.set(field.id, {
      isVisible,
      isDisabled: false,
      isRequired: isRequired(field.id, graph),
      state: null,
    });
  }
  for (const [id, state] of resolution?.fields ?? []) {
    fields.set(id, {
      isVisible: state.isPresent && state.isVisible,
      isDisabled: state.isDisabled,
      isRequired: state.isRequired,
      state,
    });
  }
  return fields;
}

/** Of a field without rules: what its page says. */
function isRequired(id: string, { pages }: FormGraph): boolean {
  return pages.some(
    ({ required }) =>
      isList(required) && required.some((name) => typeof name === 'string' && idOf([name]) === id),
  );
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
