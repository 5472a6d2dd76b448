/**
 * The linter of templates: what would go wrong when a template is used, or means something else than it says, with the
 * place where it is written. It runs nothing and reads nothing but what it is given.
 */
import {
  childPath,
  isObject,
  itemPath,
  pathSegments,
  type Diagnostic,
  type JsonObject,
} from '@callboard/model';
import type { ActionRegistry } from '../actions/registry.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { TEMPLATE_API_VERSION } from '../template/template.ts';
import { hasPlaceholder } from './declared.ts';
import { checkApprovals } from './approval-rules.ts';
import type { FieldDeclarations } from '../form/expand-fields.ts';
import { checkFormGraph } from './form-graph-rules.ts';
import { checkForm } from './form-rules.ts';
import type { Finding, Looking } from './looking.ts';
import { checkReferences } from './reference-rules.ts';
import { checkSkeletons } from './skeleton-rules.ts';
import { parseSource, type SourceDocument } from './source-document.ts';
import { checkSteps } from './step-rules.ts';
import { createSyntax } from './syntax.ts';
import type { TemplateFiles } from './template-files.ts';

export interface LintRequest {
  /** YAML, one or more documents. Only templates in it are looked at. */
  readonly text: string;
  /** Path or URL for the diagnostics. */
  readonly file?: string;
  readonly actions: ActionRegistry;
  /** Form fields that plugins add. Default: none. */
  readonly fields?: readonly string[];
  /** Fields of plugins that are nothing but rules, by name. Default: none. */
  readonly declarations?: FieldDeclarations;
  /** Names of filters that plugins add. Default: none. */
  readonly filters?: readonly string[];
  /** Names of functions and values that plugins add. Default: none. */
  readonly globals?: readonly string[];
  /** Of `readTemplateFiles`: the folder that the file is in. Without it skeletons are not looked at. */
  readonly files?: TemplateFiles;
}

/** In the order of the text. Never rejects; a text that is no template has a diagnostic that says so. */
export async function lintTemplate(request: LintRequest): Promise<readonly Diagnostic[]> {
  const { text, file } = request;
  const named = file === undefined ? {} : { file };
  const source = parseSource(text);
  if (source.problems.length > 0) {
    return source.problems.map(({ summary, line, column }) => {
      return {
        severity: 'error',
        code: 'template/yaml',
        summary: `It is no YAML: ${summary}`,
        ...named,
        line,
        column,
      };
    });
  }
  const templates = source.documents.filter(({ value }) => isObject(value) && value['kind'] === 'Template');
  if (templates.length === 0) {
    const summary = 'There is no template in it';
    const detail = `A template has the kind Template and the apiVersion ${TEMPLATE_API_VERSION}.`;
    return [{ severity: 'error', code: 'template/none', summary, detail, ...named, line: 1, column: 1 }];
  }
  const found = await Promise.all(templates.map((document) => lintDocument(document, request)));
  return found.flat().toSorted((a, b) => Number(a.file !== file) - Number(b.file !== file) || byPlace(a, b));
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

async function lintDocument(document: SourceDocument, request: LintRequest): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const report = (finding: Finding): void => {
    diagnostics.push(toDiagnostic(finding, { document, request }));
  };
  const { value } = document;
  if (!isObject(value)) return [];
  if (value['apiVersion'] !== TEMPLATE_API_VERSION) {
    report({
      severity: 'error',
      code: 'template/api-version',
      summary: `The apiVersion is ${JSON.stringify(value['apiVersion'] ?? null)}, which cannot be run`,
      detail: `Write ${TEMPLATE_API_VERSION}.`,
      path: ['apiVersion'],
    });
    return diagnostics;
  }
  checkShape(value, report);
  const spec = value['spec'];
  if (!isObject(spec)) return diagnostics;
  const looking: Looking = {
    spec,
    actions: request.actions,
    syntax: createSyntax({ filters: request.filters ?? [] }),
    fields: request.fields ?? null,
    globals: request.globals ?? [],
    files: request.files ?? null,
    report,
  };
  checkForm(looking);
  await checkFormGraph(looking, request.declarations ?? {});
  checkSteps(looking);
  checkReferences(looking);
  checkApprovals(looking);
  checkSkeletons(looking);
  return diagnostics;
}

/** What the engine says of it. What comes from other files is not there yet, so nothing is said then. */
function checkShape(entity: JsonObject, report: (finding: Finding) => void): void {
  if (hasPlaceholder(entity)) return;
  for (const { severity, code, summary, detail, path = '' } of parseTemplate(entity).diagnostics) {
    if (code === 'scaffolder/repeated-step-id') continue;
    report({ severity, code, summary, detail, path: pathSegments(path) ?? [] });
  }
}

function toDiagnostic(
  finding: Finding,
  { document, request }: { readonly document: SourceDocument; readonly request: LintRequest },
): Diagnostic {
  const { severity, code, summary, detail, path, otherFile, line, index, isKey } = finding;
  const head = { severity, code, summary, ...(detail === undefined ? {} : { detail }) };
  if (otherFile !== undefined) {
    return { ...head, file: besides(request.file, otherFile), ...(line === undefined ? {} : { line }) };
  }
  const place = {
    path,
    ...(index === undefined ? {} : { index }),
    ...(isKey === undefined ? {} : { isKey }),
  };
  const shown = path.reduce<string>(
    (parent, key) => (typeof key === 'number' ? itemPath(parent, key) : childPath(parent, key)),
    '',
  );
  return {
    ...head,
    ...(request.file === undefined ? {} : { file: request.file }),
    ...document.positionOf(place),
    path: shown,
  };
}

/** A file beside the template, named as the template is. */
function besides(file: string | undefined, other: string): string {
  const folder = file === undefined ? '' : file.slice(0, file.lastIndexOf('/') + 1);
  return `${folder}${other}`;
}
