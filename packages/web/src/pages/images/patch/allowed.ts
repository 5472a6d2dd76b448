/** What a person may do with a patch, by its state. The server has the last word. */
import type { PatchAction } from '../../../api/images.ts';
import type { Patch, PatchState } from '../../../api/images-patch.ts';

const ACTIONS: Readonly<Record<PatchState, readonly PatchAction[]>> = {
  waiting: ['cancel'],
  running: ['cancel'],
  'awaiting-approval': ['approve', 'reject', 'cancel'],
  parked: ['retry', 'cancel'],
  clean: [],
  deferred: ['retry'],
  refused: ['retry'],
  unproved: ['retry'],
  proved: ['promote'],
  promoted: ['rollback'],
  'rolled-back': [],
  cancelled: ['retry'],
};

/** The usual one first. */
export function actionsOf({ state }: Patch): readonly PatchAction[] {
  return state === null ? [] : ACTIONS[state];
}

const DESTRUCTIVE: ReadonlySet<PatchAction> = new Set(['reject', 'cancel', 'rollback'] as const);

/** Whether it ends something, or takes it back. */
export function isDestructive(action: PatchAction): boolean {
  return DESTRUCTIVE.has(action);
}
