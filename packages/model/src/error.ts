/** What this room throws: mistakes of the program that calls it. Bad catalog data is a `Problem`, never thrown. */

export type ModelErrorCode =
  /** A kind definition contradicts itself or the entity format. */
  | 'model/bad-kind'
  /** Two definitions claim the same kind and apiVersion. */
  | 'model/duplicate-kind'
  /** A location without type or target, or with a script as target. */
  | 'model/bad-location';

export class ModelError extends Error {
  /** Stable, `model/<what>`; explained in docs/errors.md. */
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string) {
    super(message);
    this.name = 'ModelError';
    this.code = code;
  }
}
