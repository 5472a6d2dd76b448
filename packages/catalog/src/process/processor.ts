/**
 * The hook into processing. The catalog's own steps (substitution, kinds, annotations) are processors like any
 * that a plugin adds; one entity goes through all of them, in order of priority.
 */
import type { Diagnostic, EmittedRelation, Entity, EntityEnvelope, LocationRef } from '@callboard/model';

export interface Processor {
  /** Names it in `catalog.processorOptions.<name>` and in diagnostics. */
  readonly name: string;
  /** Smaller runs first; equal ones in order of registration. Default: 20. */
  readonly priority?: number;
  /** Completes or changes an entity before it is checked. Must not change its argument. */
  preProcess?(entity: EntityEnvelope, context: ProcessContext): EntityEnvelope | Promise<EntityEnvelope>;
  /**
   * For kinds that the model does not have: true when the kind is this processor's, false when it is somebody
   * else's. What is wrong with an entity of its kind is reported through the context.
   */
  validateKind?(entity: Entity, context: ProcessContext): boolean | Promise<boolean>;
  /** Emits relations, refresh keys and further entities of an entity that was found good. */
  postProcess?(entity: Entity, context: ProcessContext): Entity | Promise<Entity>;
}

export interface ProcessContext {
  /** Where the entity was read. */
  readonly location: LocationRef;
  /** The configured or registered location that led there. */
  readonly origin: LocationRef;
  /** Relates two entities; references are full and lower-case. */
  emitRelation(relation: EmittedRelation): void;
  /** The entity is made again when something under this key changes, such as `url:https://…`. */
  emitRefreshKey(key: string): void;
  /** Puts a further entity into the catalog, as a child of this one. */
  emitEntity(child: EmittedEntity): void;
  /** A problem with severity `error` fails the entity; its last good state stays. */
  report(problem: Diagnostic): void;
}

export interface EmittedEntity {
  readonly entity: unknown;
  /** Default: where its parent was read. */
  readonly location?: LocationRef;
}

const DEFAULT_PRIORITY = 20;

/** Processors in the order they run; those that the configuration disables are left out. */
export function inOrder(
  processors: readonly Processor[],
  options: Readonly<Record<string, ProcessorOptions>> = {},
): Processor[] {
  const priority = (processor: Processor): number =>
    options[processor.name]?.priority ?? processor.priority ?? DEFAULT_PRIORITY;
  return processors
    .filter((processor) => options[processor.name]?.disabled !== true)
    .toSorted((a, b) => priority(a) - priority(b));
}

/** `catalog.processorOptions.<name>`. */
export interface ProcessorOptions {
  readonly disabled?: boolean;
  readonly priority?: number;
}
