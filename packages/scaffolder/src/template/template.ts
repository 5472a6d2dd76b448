/**
 * A software template as the engine uses it. The wire form is Backstage's `scaffolder.backstage.io/v1beta3`; unknown keys
 * are kept where they are shown, and ignored where things are done.
 */
import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { TemplateInfo } from '@callboard/plugin';

export const TEMPLATE_API_VERSION = 'scaffolder.backstage.io/v1beta3';

/** One step. In a task its id and name are always there. */
export interface TaskStep {
  /** Default: `step-<n>`, from 1. */
  readonly id: string;
  /** Default: the id of the action. */
  readonly name: string;
  readonly action: string;
  readonly input?: JsonObject;
  /** A step whose condition does not hold is skipped. */
  readonly if?: string | boolean;
  /** A list, an object, or an expression of one: the step runs once for each item. */
  readonly each?: string | JsonValue;
  /** Who has to agree before it runs. Our own addition; Backstage ignores it. */
  readonly 'callboard:approval'?: JsonObject;
  readonly [key: string]: JsonValue | undefined;
}

/** What a task does, stored with it: the template and the values it was started with, never a secret. */
export interface TaskSpec {
  readonly apiVersion: typeof TEMPLATE_API_VERSION;
  /** The values of the form. */
  readonly parameters: JsonObject;
  readonly steps: readonly TaskStep[];
  readonly output: JsonObject;
  readonly templateInfo?: TemplateInfo;
  readonly user?: { readonly entity?: Entity; readonly ref?: string };
  /** Who has to agree before anything runs. */
  readonly 'callboard:approval'?: JsonObject;
  readonly EXPERIMENTAL_recovery?: JsonObject;
}

/** A page of the form: a JSON Schema with `ui:` keywords, as rjsf reads it. */
export type ParameterPage = JsonObject;

/** A template that was looked at: it can be shown and started. */
export interface Template {
  /** Full reference, `template:default/new-service`. */
  readonly ref: string;
  readonly entity: Entity;
  /**
   * What people call its version: the annotation `backstage.io/template-version`, else the first 12 hexadecimal digits of
   * the SHA-256 of the JSON of its spec.
   */
  readonly version: string;
  readonly baseUrl: string | null;
  readonly pages: readonly ParameterPage[];
  readonly steps: readonly TaskStep[];
  readonly output: JsonObject;
  /** JSON Schema of the secrets of a task; null when any are taken. */
  readonly secretsSchema: JsonObject | null;
  readonly approval: JsonObject | null;
}
