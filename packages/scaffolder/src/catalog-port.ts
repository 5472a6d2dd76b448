/** What templates need of the catalog. The catalog's own room is not known here: who wires the portal connects the two. */
import type { Entity } from '@callboard/model';

export interface CatalogPort {
  /** By full reference, in any case; null when there is none. */
  entity(ref: string): Promise<Entity | null>;
  /** References that a user owns things as: their own and those of their groups. */
  ownershipOf(userRef: string): Promise<readonly string[]>;
  /**
   * Entities that somebody may read, by reference. Not there where only single entities can be read, as on the command
   * line.
   */
  query?(asked: EntityQuery): Promise<{
    readonly entities: readonly Entity[];
    /** Of all that fit, where only the first are given. */
    readonly total: number;
  }>;
  /**
   * Registers a location and reads it at once.
   * @returns what it brought; empty when nothing could be read yet
   * @throws CodedError of the catalog when it cannot be registered; one that is registered already is no mistake
   */
  register(location: { readonly type: 'url' | 'file'; readonly target: string }): Promise<readonly Entity[]>;
  /** What a location would bring, with nothing stored. @throws CodedError of the catalog when it cannot be read */
  preview(location: { readonly type: 'url' | 'file'; readonly target: string }): Promise<readonly Entity[]>;
}

export interface EntityQuery {
  /**
   * As `catalogFilter` of the pickers: an object says what all has to hold, a list what of it may hold. Values: one, several
   * of which one has to be there, or `{exists: true}`. Empty: everything.
   */
  readonly filter: unknown;
  /** Has to be in the name, the title or the display name, in any case. Default: anything. */
  readonly text?: string;
  /** Only these, full references in any case. Default: all. */
  readonly refs?: readonly string[];
  readonly limit: number;
  /** Who asks: only what they may read is given. */
  readonly who: { readonly ref: string | null; readonly ownership: readonly string[] };
}
