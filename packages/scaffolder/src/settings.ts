/** What the room is told by the configuration, parsed. Durations are milliseconds, paths are absolute. */
import type { JsonObject } from '@callboard/model';
import type { SourceSettings } from './form/sources/source-settings.ts';

export interface ScaffolderSettings {
  /** Of commits that templates make, where a step names nobody. */
  readonly author: { readonly name: string; readonly email: string };
  readonly commitMessage: string;
  /** Tasks at the same time in one process; 0: this one runs none. */
  readonly concurrency: number;
  /** After which a task that still runs has failed. */
  readonly taskTimeout: number;
  /** After which a task whose process says nothing goes on in another; null: the default of the jobs. */
  readonly staleTimeout: number | null;
  /** What every template reads as `environment`. */
  readonly environment: {
    readonly parameters: JsonObject;
    readonly secrets: Readonly<Record<string, string>>;
  };
  /** Files with actions of one's own. */
  readonly actions: readonly string[];
  /** Names of modules, and paths of files. */
  readonly plugins: readonly string[];
  /** 32 bytes that secrets of tasks are encrypted with; null: those of a file beside the database. */
  readonly secretKey: Uint8Array | null;
  /** The folder of workspaces; null: one beside the database. */
  readonly workspaces: string | null;
  /** How long the workspace of a task that failed is kept, so that it can be tried again. */
  readonly keepFailed: number;
  /** What sources of forms may reach over HTTP. */
  readonly forms: SourceSettings;
}
