/** An open form: what was entered, what counts, and what is on the way. Framework-free; the browser draws it. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { AskSource, FieldId, FieldState, FormGraph, FormUser, Option, Resolution } from '../graph.ts';

export interface FormSession {
  /** What counts now, over all pages; the same object until something changes. */
  readonly get: () => JsonObject;
  /** What people and fields entered; what drafts keep. */
  readonly entered: () => JsonObject;
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * Takes over what a field changed: the difference between the values it was shown and the new ones it hands in is put
   * into the newest, so that fields that write in the same tick all count. What it changed counts as entered.
   * @returns the values of the field's own view after it
   */
  readonly change: (shown: unknown, next: unknown) => unknown;
  /** Enters a value at a path; undefined takes it away. */
  readonly enter: (path: readonly (string | number)[], value: JsonValue | undefined) => void;
  /** Adds defaults of the schema where there is nothing yet; they do not count as entered. Tells nobody. */
  readonly addMissing: (defaults: unknown) => void;
  /** Forgets what was entered in a field, so that the suggestion counts again. */
  readonly restore: (id: FieldId) => void;
  /** Takes what counts now instead of what was entered and does not count, so that nothing has to be said about it. */
  readonly accept: (id: FieldId) => void;
  /** Of a field with rules; undefined for others. By its id in the values (`/regions/0/name`). */
  readonly field: (id: FieldId) => FieldState | undefined;
  /** The newest resolution; the same object until something changes. */
  readonly resolution: () => Resolution;
  /** Once nothing is on the way any more. */
  readonly settled: () => Promise<Resolution>;
  /** Options with a text, for a field that has more than were sent. */
  readonly search: (
    id: FieldId,
    text: string,
    signal: AbortSignal,
  ) => Promise<{ readonly options: readonly Option[]; readonly total: number }>;
  /** Asks a source that failed again. */
  readonly retry: (id: FieldId) => void;
  /** Goes on with another graph, as after the template was edited; what was entered stays. */
  readonly replaceGraph: (graph: FormGraph) => void;
  readonly close: () => void;
}

export interface FormSessionOptions {
  readonly graph: FormGraph;
  readonly user: FormUser;
  /** Default: nothing. */
  readonly entered?: JsonObject;
  readonly ask: AskSource;
  /** Milliseconds that a need which follows typing waits before it is asked. Default: 150. */
  readonly pause?: number;
  readonly clock?: {
    /** Calls back once; answers how to take it back. */
    readonly after: (milliseconds: number, then: () => void) => () => void;
  };
}
