/** What every step of taking entities in works with. */
import type { Database, Log } from '@callboard/kernel';
import type { EntityEnvelope, LocationRef } from '@callboard/model';
import type { Activity } from '../activity.ts';
import type { EntityIndex } from '../index/entity-index.ts';
import type { Pipeline } from '../process/pipeline.ts';
import type { SourceReader } from '../source/reader.ts';

export interface CatalogCore {
  readonly database: Database;
  readonly index: EntityIndex;
  readonly pipeline: Pipeline;
  /** True when a location may bring an entity of this kind. */
  readonly isAllowed: (entity: EntityEnvelope, origin: LocationRef) => boolean;
  /** Counts up when the rules change: what was read under others has to be read anew. */
  readonly rulesVersion: () => number;
  readonly readers: readonly SourceReader[];
  /** Types of locations that documents of any other type may lead to. */
  readonly openLocationTypes: readonly string[];
  /** Makes a URL absolute against the URL of the document that holds it. */
  readonly resolveUrl: (url: string, base: string) => string;
  /** What happens to entities that their location no longer lists. */
  readonly orphanStrategy: 'delete' | 'keep';
  /**
   * True when processing an entity's result gives the same result again, so that inputs without refresh keys
   * need not be stored. False as soon as a plugin adds a processor.
   */
  readonly idempotent: boolean;
  readonly log: Log;
  /** Where the stages and readings are counted. */
  readonly activity: Activity;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new UUID. Later ones sort after earlier ones, which keeps the order by uid cheap. */
  readonly newUid: () => string;
  /** Told after each commit, with what changed. */
  readonly onChange: (change: CommittedChange) => void;
}

export interface CommittedChange {
  /** References that were added or changed. */
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
  /** Location entities whose targets must be read because they are new or changed. */
  readonly toRead?: readonly string[];
  /** Sources that list a reference which just became free, or is theirs alone now: `entity:<ref>` or `provider:<name>`. */
  readonly toReclaim?: readonly string[];
  /** Sources that still list what was deleted by hand; it may come back, but not at once. */
  readonly toReclaimLater?: readonly string[];
  /** Something is made from other files or URLs than before. */
  readonly dependenciesChanged?: boolean;
}
