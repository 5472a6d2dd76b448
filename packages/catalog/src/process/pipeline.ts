/**
 * One entity through processing: pre-process, check, relate, post-process. Nothing is stored here; the result says
 * what to store.
 */
import { messageOf } from '@callboard/kernel';
import {
  ANNOTATION,
  caseConflicts,
  isObject,
  parseLocationRef,
  refOf,
  toDiagnostic,
  type Diagnostic,
  type EmittedRelation,
  type Entity,
  type EntityEnvelope,
  type LocationRef,
  type Model,
} from '@callboard/model';
import { UNKNOWN_LOCATION } from './location.ts';
import type { EmittedEntity, ProcessContext, Processor } from './processor.ts';

export interface Processed {
  /** Null when there was an error; see `problems`. */
  readonly entity: Entity | null;
  readonly relations: readonly EmittedRelation[];
  readonly refreshKeys: readonly string[];
  readonly children: readonly EmittedEntity[];
  readonly problems: readonly Diagnostic[];
}

export type Pipeline = (input: EntityEnvelope) => Promise<Processed>;

/**
 * `processors` in the order they run. The returned function never rejects: whatever a processor throws becomes a
 * problem of the entity.
 */
export function createPipeline(model: Model, processors: readonly Processor[]): Pipeline {
  const before = processors.filter((processor) => processor.preProcess !== undefined);
  const checks = processors.filter((processor) => processor.validateKind !== undefined);
  const after = processors.filter((processor) => processor.postProcess !== undefined);

  return async (input) => {
    const run = new Run(input);
    try {
      const prepared = await preProcess(before, input, run);
      if (refOf(prepared) !== refOf(input)) run.report(refChanged(input));
      // What could not be completed would only be found incomplete again.
      if (run.failed) return run.result(null);
      const checked = await check(model, checks, { value: prepared, run });
      if (checked === null || run.failed) return run.result(null);
      const entity = await postProcess(after, model.normalize(checked), run);
      for (const relation of model.relationsOf(entity)) run.emitRelation(relation);
      return run.result(run.failed ? null : entity);
    } catch (error) {
      run.report({ severity: 'error', code: 'catalog/processor-failed', summary: messageOf(error) });
      return run.result(null);
    }
  };
}

async function preProcess(
  processors: readonly Processor[],
  input: EntityEnvelope,
  run: Run,
): Promise<EntityEnvelope> {
  let entity = input;
  for (const processor of processors) {
    const result = guarded(processor, () => processor.preProcess?.(entity, run) ?? entity);
    entity = result instanceof Promise ? await result : result;
  }
  return entity;
}

async function postProcess(processors: readonly Processor[], input: Entity, run: Run): Promise<Entity> {
  let entity = input;
  for (const processor of processors) {
    const result = guarded(processor, () => processor.postProcess?.(entity, run) ?? entity);
    entity = result instanceof Promise ? await result : result;
  }
  return entity;
}

/** The entity when the model, or a processor that knows its kind, finds it good. */
async function check(
  model: Model,
  processors: readonly Processor[],
  { value, run }: { value: EntityEnvelope; run: Run },
): Promise<Entity | null> {
  const parsed = model.parse(value);
  const entity = parsed.ok ? parsed.entity : await checkForeignKind(processors, { value, run });
  if (!parsed.ok && entity === null) {
    for (const problem of parsed.problems) run.report(toDiagnostic(problem));
  }
  if (entity === null) return null;
  for (const key of caseConflicts(entity)) {
    run.report({
      severity: 'error',
      code: 'catalog/case-conflict',
      summary: `Entity has duplicate keys that vary only in casing, '${key}'`,
      detail: 'Searches do not tell them apart; keep one of the two spellings.',
      path: key,
    });
  }
  return entity;
}

/** Kinds that the model does not have may be known to a processor, which then checks them itself. */
async function checkForeignKind(
  processors: readonly Processor[],
  { value, run }: { value: EntityEnvelope; run: Run },
): Promise<Entity | null> {
  if (!isEntity(value)) return null;
  for (const processor of processors) {
    const result = guarded(processor, () => processor.validateKind?.(value, run) ?? false);
    if (result instanceof Promise ? await result : result) return value;
  }
  return null;
}

function isEntity(value: EntityEnvelope): value is Entity {
  return value.spec === undefined || isObject(value.spec);
}

function guarded<T>(processor: Processor, step: () => T | Promise<T>): T | Promise<T> {
  const explain = (error: unknown): Error =>
    new Error(`Processor ${processor.name} threw an error: ${messageOf(error)}`, { cause: error });
  try {
    const result = step();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw explain(error);
    });
  } catch (error) {
    throw explain(error);
  }
}

function refChanged(input: EntityEnvelope): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/ref-changed',
    summary: `The kind, namespace or name of ${refOf(input)} changed during processing`,
    detail: 'A processor may complete an entity, but not rename it.',
  };
}

class Run implements ProcessContext {
  readonly location: LocationRef;
  readonly origin: LocationRef;
  readonly #relations: EmittedRelation[] = [];
  readonly #refreshKeys: string[] = [];
  readonly #children: EmittedEntity[] = [];
  readonly #problems: Diagnostic[] = [];
  failed = false;

  constructor(input: EntityEnvelope) {
    this.location = this.#annotated(input, ANNOTATION.managedByLocation);
    this.origin = this.#annotated(input, ANNOTATION.managedByOriginLocation);
  }

  emitRelation(relation: EmittedRelation): void {
    this.#relations.push(relation);
  }

  emitRefreshKey(key: string): void {
    this.#refreshKeys.push(key);
  }

  emitEntity(child: EmittedEntity): void {
    this.#children.push(child);
  }

  report(problem: Diagnostic): void {
    this.#problems.push(problem);
    if (problem.severity === 'error') this.failed = true;
  }

  result(entity: Entity | null): Processed {
    return {
      entity,
      relations: this.#relations,
      refreshKeys: this.#refreshKeys,
      children: this.#children,
      problems: this.#problems,
    };
  }

  #annotated(input: EntityEnvelope, annotation: string): LocationRef {
    const { annotations } = input.metadata;
    const text = isObject(annotations) ? annotations[annotation] : undefined;
    const location = typeof text === 'string' ? parseLocationRef(text) : null;
    if (location !== null) return location;
    this.report({
      severity: 'error',
      code: 'catalog/no-location',
      summary: `Entity '${refOf(input)}' does not have the annotation ${annotation}`,
      detail: 'Whoever gives entities to the catalog says where they come from, as type:target.',
    });
    return UNKNOWN_LOCATION;
  }
}
