/**
 * What a step of a software template does. The shape is that of Backstage's `TemplateAction`, so what its
 * `createTemplateAction` returns is an action here as it is.
 */
import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { FromSchema, JsonSchema } from './schema.ts';

export interface Action {
  /** `family:what`, as `fetch:template`. */
  readonly id: string;
  readonly description?: string;
  readonly examples?: readonly ActionExample[];
  /** Runs in a dry-run too: it changes nothing but the workspace. Default: false. */
  readonly supportsDryRun?: boolean;
  /** JSON Schema of input and output. Input is checked before each run. */
  readonly schema?: { readonly input?: JsonSchema; readonly output?: JsonSchema };
  /** Does it. Throws when it cannot; the message is shown to whoever started the task. */
  handler(context: ActionContext): Promise<void>;
}

export interface ActionExample {
  readonly description?: string;
  /** YAML of a template with the step. */
  readonly example: string;
}

export interface ActionContext<Input extends object = JsonObject, Output extends object = JsonObject> {
  readonly input: Input;
  /** Lines of the task's log. Secrets are taken out of them. */
  readonly logger: ActionLogger;
  /** What was given with the task and must not be shown. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Absolute path of the task's own folder, the only one that an action may write to. */
  readonly workspacePath: string;
  /** Sets an output of the step, a JSON value. */
  readonly output: <Name extends keyof Output>(name: Name, value: Output[Name]) => void;
  /**
   * Runs `fn` once in the life of the task: after a restart or a retry its stored result is given back. For what must not
   * be done twice, as creating a repository. `key` is unique in the step.
   */
  readonly checkpoint: <Value extends JsonValue | void>(request: {
    readonly key: string;
    readonly fn: () => Promise<Value> | Value;
  }) => Promise<Value>;
  /** An empty folder outside the workspace, deleted when the task ends. */
  createTemporaryDirectory(): Promise<string>;
  /** Who started the task, for calls on their behalf. */
  getInitiatorCredentials(): Promise<unknown>;
  readonly task: { readonly id: string };
  readonly templateInfo?: TemplateInfo;
  readonly isDryRun?: boolean;
  readonly user?: { readonly entity?: Entity; readonly ref?: string };
  /** Aborts when the task is cancelled or its process stops. */
  readonly signal: AbortSignal;
  /** The item of `each` that this run is for. */
  readonly each?: JsonObject;
  readonly step: { readonly id: string; readonly name: string };
}

/** Each method writes one line; `fields` are added to it. */
export interface ActionLogger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  child(fields: object): ActionLogger;
}

/** Where a template comes from. */
export interface TemplateInfo {
  readonly entityRef: string;
  /** URL of the template's file or its folder (`https:` or `file:`): relative URLs of steps are resolved against it. */
  readonly baseUrl?: string;
  readonly entity?: { readonly metadata: Entity['metadata'] };
}

/** An action whose input and output types follow from its schemas. */
export interface ActionDefinition<In extends JsonSchema, Out extends JsonSchema> {
  readonly id: string;
  readonly description?: string;
  readonly examples?: readonly ActionExample[];
  readonly supportsDryRun?: boolean;
  readonly schema: { readonly input: In; readonly output?: Out };
  handler(context: ActionContext<ObjectOf<In>, ObjectOf<Out>>): Promise<void>;
}

type ObjectOf<S> = FromSchema<S> extends infer T extends object ? T : JsonObject;

/** Declares an action. Its input was checked against `schema.input`, from which its type follows, when `handler` is called. */
export function defineAction<const In extends JsonSchema, const Out extends JsonSchema = JsonSchema>(
  definition: ActionDefinition<In, Out>,
): Action;
export function defineAction(definition: Action): Action {
  return definition;
}
