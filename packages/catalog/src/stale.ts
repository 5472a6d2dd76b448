/**
 * Which entities are shown although their source cannot be read any more: from the readings that failed downwards, so
 * that the cost is that of what is stale and not of the catalog. `explain` goes the other way, for one entity.
 */
import type { Database } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import picomatch from 'picomatch';
import { isReadFailure, parseDiagnostics } from './explain.ts';
import type { EntityIndex } from './index/entity-index.ts';
import { toLocationKey, writtenTargets } from './process/location.ts';
import { globBase } from './source/read-file.ts';
import { heldBy, heldUnderKeys, type HeldEntity, type TroubledRead } from './store/problem-rows.ts';
import { childrenOf } from './store/references.ts';

/** A target that gave nothing the last time. */
export interface FailedTarget {
  /** `entity:<ref>` of the Location. */
  readonly source: string;
  readonly target: string;
  readonly problem: Diagnostic;
}

/** The targets that could not be read, among the readings that had problems. */
export function failedTargets(reads: readonly TroubledRead[]): FailedTarget[] {
  return reads.flatMap(({ source, target, errors }) => {
    const problem = parseDiagnostics(errors).find(isReadFailure);
    return problem === undefined ? [] : [{ source, target, problem }];
  });
}

/** References below failed targets, at whatever depth, each with the nearest target that failed. */
export async function findStale(
  of: { database: Database; index: EntityIndex },
  failed: readonly FailedTarget[],
): Promise<Map<string, FailedTarget>> {
  const stale = new Map<string, FailedTarget>();
  if (failed.length === 0) return stale;
  let level = await heldDirectly(of, failed);
  while (level.size > 0) {
    for (const [ref, cause] of level) stale.set(ref, cause);
    const below = await heldBy(
      of.database,
      [...level.keys()].map((ref) => `entity:${ref}`),
    );
    const next = new Map<string, FailedTarget>();
    for (const { source, target } of below) {
      const cause = level.get(source.slice('entity:'.length));
      if (cause !== undefined && !stale.has(target)) next.set(target, cause);
    }
    level = next;
  }
  return stale;
}

async function heldDirectly(
  { database, index }: { database: Database; index: EntityIndex },
  failed: readonly FailedTarget[],
): Promise<Map<string, FailedTarget>> {
  const keys = failed.map(({ source, target }) => toLocationKey({ type: typeOf(index, source), target }));
  const held: HeldEntity[] = await heldUnderKeys(database, [...new Set(keys)]);
  const isGlob = ({ target }: FailedTarget): boolean => globBase(target).isGlob;
  const globSources = new Set(failed.filter(isGlob).map(({ source }) => source));
  for (const source of globSources) {
    for (const child of await childrenOf(database, source)) held.push({ ...child, source });
  }
  const causeOf = createCauses(failed, isGlob);
  const found = new Map<string, FailedTarget>();
  for (const { ref, location_key: key, source } of held) {
    const cause = key === null ? undefined : causeOf(source, key.slice(key.indexOf(':') + 1));
    if (cause !== undefined) found.set(ref, cause);
  }
  return found;
}

/** Finds the failed target that something was read from. A glob that failed stands for all files that it matched. */
function createCauses(
  failed: readonly FailedTarget[],
  isGlob: (failed: FailedTarget) => boolean,
): (source: string, target: string) => FailedTarget | undefined {
  const exact = new Map(failed.map((cause) => [`${cause.source}\0${cause.target}`, cause]));
  const globs = Map.groupBy(
    failed.filter(isGlob).map((cause) => ({ cause, matches: picomatch(cause.target, { dot: true }) })),
    ({ cause }) => cause.source,
  );
  return (source, target) =>
    exact.get(`${source}\0${target}`) ?? globs.get(source)?.find(({ matches }) => matches(target))?.cause;
}

/** What a Location's targets are, such as `file`. */
function typeOf(index: EntityIndex, source: string): string {
  const ordinal = index.ordinalOf(source.slice('entity:'.length));
  return ordinal === undefined ? 'url' : writtenTargets(index.entityOf(ordinal, 'head')).type;
}
