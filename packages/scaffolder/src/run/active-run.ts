/** What one run holds while it goes on, shared by the parts of the engine. */
import type { Log } from '@callboard/kernel';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { ActionRegistry } from '../actions/registry.ts';
import { hasPasswords, withPasswords } from '../form/passwords.ts';
import type { RenderProblem, Scope, Templating } from '../expression/templating.ts';
import type { TaskSpec, TaskStep } from '../template/template.ts';
import type { InputCheck } from './check-input.ts';
import type { Journal } from './journal.ts';
import type { Mask } from './mask.ts';
import type { RunRequest } from './run.ts';

export interface RunnerDeps {
  readonly actions: ActionRegistry;
  readonly templating: Templating;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The portal's own log, for those who run it. */
  readonly log: Log;
}

export interface ActiveRun {
  readonly deps: RunnerDeps;
  readonly inputs: InputCheck;
  readonly request: RunRequest;
  readonly mask: Mask;
  readonly journal: Journal;
  /** What all expressions see; grows with the outputs of steps. No secret is in it. */
  scope: Scope;
  /** Whether a step failed, for `failure()` and what may run. */
  readonly status: { failed: boolean; asked: boolean };
  readonly checkpoints: Map<string, Promise<JsonValue>>;
  /** Temporary folders, deleted at the end. */
  readonly folders: string[];
}

/** The scope of inputs: secrets can be seen. A dry-run has none of the environment. */
export function withSecrets(run: ActiveRun): Scope {
  const { request, scope } = run;
  const { parameters, secrets } = request.environment;
  const open = hasPasswords(request.secrets)
    ? scope.with(['parameters'], withPasswords(request.spec.parameters, request.secrets))
    : scope;
  return open
    .with(['environment'], { parameters, secrets: request.isDryRun ? {} : secrets })
    .with(['secrets'], request.secrets);
}

/** Renders for a step, or for the output when there is none. What cannot be rendered is told in the log. */
export function render(
  run: ActiveRun,
  value: JsonValue,
  options: { readonly scope: Scope; readonly at: string; readonly stepId?: string; readonly quiet?: true },
): JsonValue | undefined {
  const { scope, at, stepId, quiet = false } = options;
  return run.deps.templating.render(value, {
    scope,
    at,
    status: run.status,
    onProblem(problem) {
      if (quiet) return;
      run.journal.note({ message: describeProblem(problem), ...(stepId === undefined ? {} : { stepId }) });
    },
  });
}

function describeProblem({ path, position, reason }: RenderProblem): string {
  return `Warning: the expression in ${path} (line ${position.line}, column ${position.column}) was used as text: ${reason}`;
}

/** Where a step is in its template, as `steps[2]`. */
export function placeOf(run: ActiveRun, step: TaskStep): string {
  return `steps[${run.request.spec.steps.indexOf(step)}]`;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The user of a task as expressions see them. Their entity is JSON, but its type says less. */
export function userContext(user: TaskSpec['user']): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(user ?? {}));
  return isPlainObject(json) ? json : {};
}

function isPlainObject(value: unknown): value is JsonObject {
  return isObject(value);
}
