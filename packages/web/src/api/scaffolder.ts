/**
 * Software templates: the form of a template, and the task that its values start. Tasks, approvals and what authors of
 * templates need are read in the files `scaffolder-*.ts`. Shapes are those of `/api/scaffolder`, checked at the edge.
 */
import type { FormUser } from '@callboard/form';
import { isObject, stringifyRef, type Diagnostic, type EntityRef } from '@callboard/model';
import { listFrom, notAnswered } from './answer.ts';
import { createClient, type Client, type ClientDeps } from './client.ts';
import { listIn, objectIn, textIn } from './entity.ts';
import { ApiError, statusOf } from './error.ts';

export const SCAFFOLDER_PATH = '/api/scaffolder/v2';

/** The values of a form, by the name of the field. */
export type FormValues = Readonly<Record<string, unknown>>;

/** JSON Schema with the `ui:` words of rjsf in it. */
export type FormSchema = Readonly<Record<string, unknown>>;

export interface FormPage {
  readonly title: string | null;
  readonly description: string | null;
  readonly schema: FormSchema;
}

export interface ButtonLabels {
  readonly back: string | null;
  readonly create: string | null;
  readonly review: string | null;
}

/** A piece of code that changes the form just before it is sent. */
export interface DecoratorUse {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Who has to agree before anything runs. */
export interface ApprovalAhead {
  readonly message: string | null;
  /** Entity references. */
  readonly by: readonly string[];
}

export interface TemplateForm {
  readonly title: string;
  readonly description: string | null;
  readonly labels: ButtonLabels;
  readonly pages: readonly FormPage[];
  readonly decorators: readonly DecoratorUse[];
  /** Null when the server does not say. */
  readonly version: string | null;
  /** Null when nobody has to. */
  readonly approval: ApprovalAhead | null;
  readonly warnings: readonly Diagnostic[];
  /** Who fills it in, as the expressions of its fields see them. */
  readonly user: FormUser;
}

/** What is wrong with a value, as the server says. */
export interface ValueProblem {
  /** Keys from the root of the values; empty: about them as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The word of the schema that does not hold, as `required`; null when it is not said. */
  readonly word: string | null;
  /** Of `required`: the key that is missing. */
  readonly argument: string | null;
}

export type StartResult =
  | { readonly kind: 'started'; readonly taskId: string }
  | { readonly kind: 'invalid'; readonly problems: readonly ValueProblem[] };

export interface NewTask {
  readonly template: EntityRef;
  readonly values: FormValues;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Suggestion {
  readonly id: string;
  readonly title: string | null;
}

/** What a provider such as `github` is asked for, as `branches`. */
export interface SuggestionQuery {
  readonly provider: string;
  readonly resource: string;
  readonly token: string;
  readonly context: Readonly<Record<string, string>>;
}

/** Rejects with status 404 when there is no such template. */
export async function readTemplateForm(
  client: Client,
  template: EntityRef,
  signal: AbortSignal,
): Promise<TemplateForm> {
  const parts = [template.namespace, template.kind, template.name].map((part) =>
    encodeURIComponent(part.toLowerCase()),
  );
  const path = `${SCAFFOLDER_PATH}/templates/${parts.join('/')}/parameter-schema`;
  return toTemplateForm(await client({ path, signal }));
}

export function toTemplateForm(answer: unknown): TemplateForm {
  const labels = objectIn(objectIn(answer, 'presentation'), 'buttonLabels');
  const stable = listIn(answer, 'formDecorators');
  const decorators = stable.length > 0 ? stable : listIn(answer, 'EXPERIMENTAL_formDecorators');
  return {
    title: textIn(answer, 'title') ?? '',
    description: textIn(answer, 'description'),
    labels: {
      back: textIn(labels, 'backButtonText'),
      create: textIn(labels, 'createButtonText'),
      review: textIn(labels, 'reviewButtonText'),
    },
    pages: listFrom(answer, 'steps').map((page) => ({
      title: textIn(page, 'title'),
      description: textIn(page, 'description'),
      schema: objectIn(page, 'schema'),
    })),
    decorators: decorators.flatMap((use) => {
      const id = textIn(use, 'id');
      return id === null ? [] : [{ id, input: objectIn(use, 'input') }];
    }),
    version: textIn(answer, 'templateVersion'),
    approval: toApprovalAhead(answer),
    warnings: listIn(answer, 'warnings').flatMap(toDiagnostic),
    user: toFormUser(objectIn(answer, 'user')),
  };
}

/** Nobody, where the server does not say. */
function toFormUser(user: unknown): FormUser {
  return {
    ref: textIn(user, 'ref'),
    name: textIn(user, 'name') ?? '',
    displayName: textIn(user, 'displayName'),
    email: textIn(user, 'email'),
    groups: textsIn(user, 'groups'),
  };
}

/** Sends the values. The server looks at each again; what it does not take is an answer, and no failure. */
export async function startTask(deps: ClientDeps, task: NewTask): Promise<StartResult> {
  const { template, values, secrets } = task;
  const body = {
    templateRef: stringifyRef(template),
    values,
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
  };
  const checked = await sendChecked(deps, { path: `${SCAFFOLDER_PATH}/tasks`, body });
  if (checked.kind === 'invalid') return checked;
  const taskId = textIn(checked.answer, 'id');
  if (taskId === null) throw notAnswered('a task');
  return { kind: 'started', taskId };
}

/** Choices out of a forge, for a field. */
export async function readSuggestions(
  client: Client,
  query: SuggestionQuery,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const { provider, resource, token, context } = query;
  const path = `${SCAFFOLDER_PATH}/autocomplete/${encodeURIComponent(provider)}/${encodeURIComponent(resource)}`;
  const answer = await client({ path, body: { token, context }, signal });
  return listFrom(answer, 'results').flatMap((found) => {
    const id = textIn(found, 'id');
    return id === null ? [] : [{ id, title: textIn(found, 'title') }];
  });
}

/** True when the portal has no templates engine, and so no such API. */
export function isWithoutScaffolder(error: unknown): boolean {
  const isOfTemplates = error instanceof ApiError && /^(?:scaffolder|catalog)\//.test(error.code ?? '');
  return statusOf(error) === 404 && !isOfTemplates;
}

export type Checked =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'invalid'; readonly problems: readonly ValueProblem[] };

/** Sends values that the server may refuse with `400 {errors}`, which the client would make a failure without them. */
export async function sendChecked(
  deps: ClientDeps,
  request: { readonly path: string; readonly body: unknown; readonly signal?: AbortSignal },
): Promise<Checked> {
  let problems: readonly ValueProblem[] = [];
  const client = createClient({
    session: deps.session,
    fetch: async (path, init) => {
      const response = await deps.fetch(path, init);
      if (response.status === 400) problems = toProblems(await response.clone().json().catch(nothing));
      return response;
    },
  });
  try {
    return { kind: 'answered', answer: await client(request) };
  } catch (thrown) {
    if (statusOf(thrown) === 400 && problems.length > 0) return { kind: 'invalid', problems };
    throw thrown;
  }
}

function nothing(): null {
  return null;
}

function toProblems(body: unknown): readonly ValueProblem[] {
  return listIn(body, 'errors').flatMap((error) => {
    const message = textIn(error, 'message');
    if (message === null) return [];
    const path = listIn(error, 'path').filter((key) => typeof key === 'string' || typeof key === 'number');
    const argument = textIn(error, 'argument');
    return [{ path, message, word: textIn(error, 'name'), argument }];
  });
}

function toApprovalAhead(answer: unknown): ApprovalAhead | null {
  const approval = isObject(answer) ? answer['approval'] : undefined;
  if (!isObject(approval)) return null;
  return { message: textIn(approval, 'message'), by: textsIn(approval, 'by') };
}

/** A diagnostic, or nothing when there is no summary in it. */
export function toDiagnostic(value: unknown): readonly Diagnostic[] {
  const summary = textIn(value, 'summary');
  if (summary === null || !isObject(value)) return [];
  const severity = textIn(value, 'severity');
  const { detail, file, path, line, column } = value;
  return [
    {
      severity: severity === 'error' || severity === 'info' ? severity : 'warning',
      code: textIn(value, 'code') ?? '',
      summary,
      ...(typeof detail === 'string' ? { detail } : {}),
      ...(typeof file === 'string' ? { file } : {}),
      ...(typeof path === 'string' ? { path } : {}),
      ...(typeof line === 'number' ? { line } : {}),
      ...(typeof column === 'number' ? { column } : {}),
    },
  ];
}

/** The items of a list that are texts. */
export function textsIn(holder: unknown, key: string): readonly string[] {
  return listIn(holder, key).filter((item) => typeof item === 'string');
}
