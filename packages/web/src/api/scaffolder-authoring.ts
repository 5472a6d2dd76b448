/** What authors of templates need: actions, filters and globals of expressions, trying a template, and the linter. */
import { isObject, type Diagnostic } from '@callboard/model';
import { listFrom, notAnswered, objectFrom } from './answer.ts';
import type { Client, ClientDeps } from './client.ts';
import { listIn, objectIn, textIn } from './entity.ts';
import {
  SCAFFOLDER_PATH,
  sendChecked,
  toDiagnostic,
  type FormSchema,
  type FormValues,
  type ValueProblem,
} from './scaffolder.ts';
import { toOutput, type TaskOutput } from './scaffolder-tasks.ts';

export interface Example {
  readonly description: string | null;
  /** YAML. */
  readonly text: string;
}

export interface Action {
  readonly id: string;
  readonly description: string | null;
  readonly examples: readonly Example[];
  /** JSON Schemas; null when the action has none. */
  readonly input: FormSchema | null;
  readonly output: FormSchema | null;
}

export interface Extension {
  readonly name: string;
  readonly kind: 'filter' | 'function' | 'value';
  readonly description: string | null;
  readonly schema: FormSchema | null;
  readonly examples: readonly Example[];
  /** Of a value: what it is. */
  readonly value: unknown;
}

export interface DryRunFile {
  readonly path: string;
  readonly base64: string;
  readonly isExecutable: boolean;
}

export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'deleted';
  /** A unified diff; null of a file that is binary or long. */
  readonly diff: string | null;
}

export interface DryRunLine {
  readonly message: string;
  readonly stepId: string | null;
  readonly status: string | null;
}

export interface DryRun {
  readonly log: readonly DryRunLine[];
  readonly output: TaskOutput | null;
  readonly files: readonly DryRunFile[];
  readonly changes: readonly { readonly stepId: string; readonly files: readonly FileChange[] }[];
}

export type DryRunResult =
  | { readonly kind: 'ran'; readonly run: DryRun }
  | { readonly kind: 'invalid'; readonly problems: readonly ValueProblem[] };

export interface DryRunRequest {
  /** The template entity. */
  readonly template: unknown;
  readonly values: FormValues;
  readonly secrets: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly base64: string }[];
}

export async function readActions(client: Client, signal: AbortSignal): Promise<readonly Action[]> {
  const answer = await client({ path: `${SCAFFOLDER_PATH}/actions`, signal });
  if (!Array.isArray(answer)) throw notAnswered('a list of actions');
  return answer.flatMap((action) => {
    const id = textIn(action, 'id');
    if (id === null) return [];
    const schema = objectIn(action, 'schema');
    return [
      {
        id,
        description: textIn(action, 'description'),
        examples: examplesIn(action),
        input: schemaIn(schema, 'input'),
        output: schemaIn(schema, 'output'),
      },
    ];
  });
}

export async function readExtensions(client: Client, signal: AbortSignal): Promise<readonly Extension[]> {
  const answer = await client({ path: `${SCAFFOLDER_PATH}/templating-extensions`, signal });
  const globals = objectIn(answer, 'globals');
  return [
    ...extensionsIn(objectFrom(answer, 'filters'), 'filter'),
    ...extensionsIn(objectIn(globals, 'functions'), 'function'),
    ...extensionsIn(objectIn(globals, 'values'), 'value'),
  ];
}

/** Runs a template with actions that change nothing outside. */
export async function dryRun(
  deps: ClientDeps,
  request: DryRunRequest,
  signal: AbortSignal,
): Promise<DryRunResult> {
  const { template, values, secrets, files } = request;
  const directoryContents = files.map(({ path, base64 }) => ({ path, base64Content: base64 }));
  const body = { template, values, secrets, directoryContents };
  const checked = await sendChecked(deps, { path: `${SCAFFOLDER_PATH}/dry-run`, body, signal });
  return checked.kind === 'invalid' ? checked : { kind: 'ran', run: toDryRun(checked.answer) };
}

/** `text`: YAML of a template. */
export async function lintTemplate(
  client: Client,
  text: string,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const answer = await client({ path: `${SCAFFOLDER_PATH}/lint`, body: { template: text }, signal });
  return listFrom(answer, 'diagnostics').flatMap(toDiagnostic);
}

function toDryRun(answer: unknown): DryRun {
  return {
    log: listFrom(answer, 'log').map((line) => {
      const body = objectIn(line, 'body');
      return {
        message: textIn(body, 'message') ?? '',
        stepId: textIn(body, 'stepId'),
        status: textIn(body, 'status'),
      };
    }),
    output: toOutput(isObject(answer) ? answer['output'] : undefined),
    files: listFrom(answer, 'directoryContents').flatMap((file) => {
      const path = textIn(file, 'path');
      if (path === null || !isObject(file)) return [];
      return [
        { path, base64: textIn(file, 'base64Content') ?? '', isExecutable: file['executable'] === true },
      ];
    }),
    changes: listIn(answer, 'changes').map((step) => ({
      stepId: textIn(step, 'stepId') ?? '',
      files: listIn(step, 'files').flatMap(toFileChange),
    })),
  };
}

function toFileChange(value: unknown): readonly FileChange[] {
  const path = textIn(value, 'path');
  const change = textIn(value, 'change');
  if (path === null || (change !== 'added' && change !== 'changed' && change !== 'deleted')) return [];
  return [{ path, change, diff: textIn(value, 'diff') }];
}

function extensionsIn(
  holder: Readonly<Record<string, unknown>>,
  kind: Extension['kind'],
): readonly Extension[] {
  return Object.entries(holder).map(([name, given]) => ({
    name,
    kind,
    description: textIn(given, 'description'),
    schema: schemaIn(given, 'schema'),
    examples: examplesIn(given),
    value: isObject(given) && 'value' in given ? given['value'] : undefined,
  }));
}

function examplesIn(holder: unknown): readonly Example[] {
  return listIn(holder, 'examples').flatMap((example) => {
    const text = textIn(example, 'example');
    return text === null ? [] : [{ description: textIn(example, 'description'), text }];
  });
}

function schemaIn(holder: unknown, key: string): FormSchema | null {
  const value = isObject(holder) ? holder[key] : undefined;
  return isObject(value) ? value : null;
}
