/** What the routes need of the rest of the room, and of the portal. Nothing here knows how it is done. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Diagnostic, JsonValue } from '@callboard/model';
import type { AutocompleteProvider, FieldDeclaration } from '@callboard/plugin';
import type { ActionRegistry } from '../actions/registry.ts';
import type { Approval, ApprovalState } from '../approvals/approval.ts';
import type { CatalogPort } from '../catalog-port.ts';
import type { FormChecks } from '../form/check-form.ts';
import type { Sources } from '../form/sources/sources.ts';
import type { DryRunRequest, DryRunResult } from '../run/dry-run.ts';
import type { TaskMemory } from '../tasks/task-memory.ts';
import type { Task, Tasks } from '../tasks/task.ts';
import type { Template } from '../template/template.ts';

/** Who sent a request. */
export interface Who {
  readonly kind: 'user' | 'service' | 'nobody';
  /** Full lower-case reference of a user, or the subject of a service; null for nobody. */
  readonly ref: string | null;
  /** What a user owns things as: their own reference and those of their groups. */
  readonly ownership: readonly string[];
  /** Opaque; handed to actions as the credentials of who asked. Secret. */
  readonly credentials: JsonValue;
  /** The token of the request, which templates read as `secrets.backstageToken`. Secret. Default: none. */
  readonly token?: string;
}

/** Rejects with a CodedError 401 when nobody can be told from the headers, though somebody has to be. */
export type WhoOf = (request: { readonly headers: IncomingHttpHeaders }) => Promise<Who>;

/** Questions to people, open ones and old ones. */
export interface ApprovalDesk {
  /** Newest first. */
  list(filter: {
    /** Only those that one of these users and groups may decide. */
    readonly awaiting?: readonly string[];
    /** With `awaiting`: without those that this person has decided, or may not because they asked for them. */
    readonly for?: string;
    readonly taskId?: string;
    readonly state?: readonly ApprovalState[];
    readonly limit?: number;
  }): Promise<readonly Approval[]>;
  /**
   * Writes down what somebody says, and goes on with the task when enough did.
   * @throws CodedError 404, 409 when it has ended, 403 when it is not theirs to decide
   */
  decide(
    id: string,
    decision: {
      readonly verdict: 'approve' | 'reject';
      readonly by: { readonly ref: string; readonly ownership: readonly string[] };
      /** Empty when nothing was said. */
      readonly reason: string;
    },
  ): Promise<Approval>;
}

/** Tasks that can be tried again for somebody, and say when their steps ran. */
export interface TaskDesk extends Omit<Tasks, 'retry' | 'start' | typeof Symbol.asyncDispose> {
  /** As in `Tasks`, with new credentials for actions. */
  retry(
    id: string,
    options: { readonly secrets: Readonly<Record<string, string>>; readonly credentials?: JsonValue },
  ): Promise<Task>;
  /** By the id of the step. @throws CodedError 404 */
  stepTimes(id: string): Promise<ReadonlyMap<string, StepTime>>;
}

/** When a step began and ended last; null: it did not yet. Milliseconds since 1970. */
export interface StepTime {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface ScaffolderRoutesDeps {
  readonly tasks: TaskDesk;
  readonly approvals: ApprovalDesk;
  /** Loaded when a request first needs it. */
  readonly engine: () => Promise<RoutesEngine>;
  readonly catalog: Pick<CatalogPort, 'entity'>;
  readonly parseTemplate: (entity: unknown) => {
    readonly template: Template | null;
    readonly diagnostics: readonly Diagnostic[];
  };
  /** What is remembered of tasks after they ended. */
  readonly memory: Pick<TaskMemory, 'createdFrom' | 'createdBy' | 'base'>;
  readonly whoOf: WhoOf;
  /** Names of form fields that run in the browser, of plugins and of the portal's own files. Default: none. */
  readonly customFields?: () => readonly string[] | Promise<readonly string[]>;
  readonly pace?: EventPace;
}

export interface RoutesEngine {
  readonly actions: ActionRegistry;
  readonly templating: { listExtensions(): object };
  readonly forms: FormChecks;
  readonly sources: Sources;
  /** Fields of forms that plugins declare, by name. */
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  /** Which plugin declares each of them. Default: not known. */
  readonly fieldPlugins?: Readonly<Record<string, string>>;
  dryRun(request: Omit<DryRunRequest, 'environment' | 'baseUrl'>): Promise<DryRunResult>;
  /** YAML of templates. `fields`: names of form fields that run in the browser. */
  lint(request: {
    readonly text: string;
    readonly fields?: readonly string[];
  }): Promise<readonly Diagnostic[]>;
  /** By the name of the provider. */
  readonly autocomplete: Readonly<Record<string, AutocompleteProvider>>;
}

/** Milliseconds. */
export interface EventPace {
  /** Of silence in a stream, before a comment that keeps the connection. Default: 15 s. */
  readonly heartbeat: number;
  /** That a long poll waits for an event. Default: 30 s. */
  readonly poll: number;
}
