/**
 * Takes entities from one source into the catalog: skips what did not change, refuses what belongs to somebody
 * else, processes the rest, and writes it in one transaction a batch. The index follows after the commit.
 */
import { hash } from 'node:crypto';
import { refOf } from '@callboard/model';
import { toStoredJson } from '../index/compose.ts';
import { forgetConflicts } from '../store/reads.ts';
import { childrenOf } from '../store/references.ts';
import { finishEntity } from '../store/store.ts';
import { Batch, logConflict, type Conflict, type TakeInOptions } from './batch.ts';
import type { CatalogCore } from './core.ts';
import type { Candidate, Incoming } from './incoming.ts';
import { release } from './release.ts';

/** Entities that are written in one transaction; between two batches other requests get their turn. */
const BATCH = 500;

export interface TakenIn {
  /** References that the source now holds. */
  readonly held: readonly string[];
  /** What belongs to another location. */
  readonly conflicts: readonly Conflict[];
}

/**
 * References must be unique in `incoming`. Takes nothing in when the source is an entity that does not exist any more.
 */
export async function takeIn(
  core: CatalogCore,
  incoming: readonly Incoming[],
  options: TakeInOptions,
): Promise<TakenIn> {
  const held: string[] = [];
  const conflicts: Conflict[] = [];
  for (let i = 0; i < incoming.length; i += BATCH) {
    const batch = new Batch(core, incoming.slice(i, i + BATCH).map(toCandidate), options);
    await batch.run().finally(() => core.activity.touch());
    for (const parent of batch.parents) await takeEmitted(core, parent, options);
    held.push(...batch.held);
    conflicts.push(...batch.conflicts);
    await nextTurn();
  }
  return { held, conflicts };
}

function toCandidate(item: Incoming): Candidate {
  const inputText = toStoredJson(item.entity);
  const { basis = '' } = item;
  const inputHash = basis === '' ? hash('sha1', inputText, 'hex') : basis;
  return { ...item, ref: refOf(item.entity), inputText, inputHash };
}

/** Takes in what processors emitted as children, and lets go of what they emit no longer. */
async function takeEmitted(
  core: CatalogCore,
  parent: { readonly ref: string; readonly inputHash: string; readonly children: readonly Incoming[] },
  { force = false, trail = [] }: TakeInOptions,
): Promise<void> {
  const source = `entity:${parent.ref}`;
  await forgetConflicts(core.database, source);
  const { held, conflicts } = await takeIn(core, parent.children, {
    source,
    force,
    mayRekey: () => true,
    trail: [...trail, parent.ref],
  });
  for (const conflict of conflicts) logConflict(core, source, conflict);
  const kept = new Set(held);
  const before = await childrenOf(core.database, source);
  const gone = before.map((child) => child.ref).filter((child) => !kept.has(child));
  await release(core, gone, { source });
  await finishEntity(core.database, parent);
}

/** Lets everything that waits have its turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
