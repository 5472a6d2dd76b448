/** The outline that files of tests have in common: a template, and cases with names. */
import { didYouMean, pathSegments, type Diagnostic, type JsonValue } from '@callboard/model';
import { parseSource, type SourceDocument } from '../lint/source-document.ts';
import { createReading, type Reading } from './reading.ts';

export interface TestCases<Case> {
  /** Path of the template, relative to the file. */
  readonly template: string;
  readonly cases: readonly Case[];
}

export interface ParsedTests<Case> {
  /** Null when there is an error. */
  readonly file: TestCases<Case> | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Never throws. Diagnostics have the code `template/test-file`.
 * @param source.name path of the file, for messages
 */
export function parseTestCases<Case extends { readonly name: string }>(
  { text, name }: { readonly text: string; readonly name: string },
  toCase: (reading: Reading, value: JsonValue, at: string) => Case,
): ParsedTests<Case> {
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
  const file = toCases(reading, document.value, toCase);
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

function toCases<Case extends { readonly name: string }>(
  reading: Reading,
  value: JsonValue,
  toCase: (reading: Reading, value: JsonValue, at: string) => Case,
): TestCases<Case> {
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
