/** Entities on their way into the catalog. */
import { refOf, type EntityEnvelope } from '@callboard/model';

export interface Incoming {
  /** With a good envelope and its location annotations. */
  readonly entity: EntityEnvelope;
  /** Who may change it later; null: anybody. */
  readonly locationKey: string | null;
  /** Finds the place of a path such as `spec.owner` in the document it came from. */
  readonly locate?: (path: string | undefined) => Place;
  /** For what is made again from the database: the input hash that the row must still have. */
  readonly basis?: string;
}

export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What is compared with the row that may be there. */
export interface Candidate extends Incoming {
  readonly ref: string;
  readonly inputText: string;
  readonly inputHash: string;
}

/** One of each reference: the last one, as far as it has the location key of the first. */
export function withoutTwins(incoming: readonly Incoming[]): Incoming[] {
  const known = new Map<string, Incoming>();
  for (const item of incoming) {
    const ref = refOf(item.entity);
    const first = known.get(ref);
    if (first === undefined || first.locationKey === item.locationKey) known.set(ref, item);
  }
  return [...known.values()];
}
