/** A provider's mutation: what it gives is taken in, what it no longer gives is let go of. */
import { CodedError } from '@callboard/kernel';
import type { EntityEnvelope } from '@callboard/model';
import { checkInput } from '../process/input.ts';
import { forgetConflicts } from '../store/reads.ts';
import { childrenOf, heldAmong } from '../store/references.ts';
import { logConflict } from './batch.ts';
import type { CatalogCore } from './core.ts';
import { withoutTwins, type Incoming } from './incoming.ts';
import { release } from './release.ts';
import { takeIn } from './take-in.ts';

export type Mutation =
  | { readonly type: 'full'; readonly entities: readonly DeferredEntity[] }
  | {
      readonly type: 'delta';
      readonly added: readonly DeferredEntity[];
      /** References of what the provider takes back. What it does not hold, or adds too, stays. */
      readonly removed: readonly string[];
    };

export interface DeferredEntity {
  readonly entity: EntityEnvelope;
  readonly locationKey?: string | null;
}

/** @throws CodedError 400 `catalog/invalid-entity` before anything is changed. */
export async function applyMutation(core: CatalogCore, provider: string, mutation: Mutation): Promise<void> {
  const { database } = core;
  const source = `provider:${provider}`;
  const given = mutation.type === 'full' ? mutation.entities : mutation.added;
  const incoming = withoutTwins(given.map((item) => toIncoming(item, provider)));
  await forgetConflicts(database, source, mutation.type === 'full' ? {} : { refs: mutation.removed });
  const { held, conflicts } = await takeIn(core, incoming, { source, mayRekey: () => true });
  for (const conflict of conflicts) logConflict(core, source, conflict);
  if (mutation.type === 'delta') await forgetConflicts(database, source, { refs: held });

  const kept = new Set(held);
  const before =
    mutation.type === 'full'
      ? (await childrenOf(database, source)).map((child) => child.ref)
      : await heldAmong(database, source, mutation.removed);
  const gone = before.filter((ref) => !kept.has(ref));
  await release(core, gone, { source, eager: true });
}

function toIncoming({ entity, locationKey = null }: DeferredEntity, provider: string): Incoming {
  const checked = checkInput(entity);
  if (checked.ok) return { entity: checked.entity, locationKey };
  const reasons = checked.problems.map((problem) => problem.message).join(' ');
  throw new CodedError(
    400,
    'catalog/invalid-entity',
    `The provider ${provider} gave something that is no entity, so its mutation is refused: ${reasons}`,
  );
}
