/** What templates need of the catalog. The catalog's own room is not known here: who wires the portal connects the two. */
import type { Entity } from '@callboard/model';

export interface CatalogPort {
  /** By full reference, in any case; null when there is none. */
  entity(ref: string): Promise<Entity | null>;
  /** References that a user owns things as: their own and those of their groups. */
  ownershipOf(userRef: string): Promise<readonly string[]>;
  /**
   * Registers a location and reads it at once.
   * @returns what it brought; empty when nothing could be read yet
   * @throws CodedError of the catalog when it cannot be registered; one that is registered already is no mistake
   */
  register(location: { readonly type: 'url' | 'file'; readonly target: string }): Promise<readonly Entity[]>;
  /** What a location would bring, with nothing stored. @throws CodedError of the catalog when it cannot be read */
  preview(location: { readonly type: 'url' | 'file'; readonly target: string }): Promise<readonly Entity[]>;
}
