/**
 * Stops fields that write for ever: an effect that writes a new value each time its own write is shown, or two that write
 * against each other. People and pickers write a few times a second, and seldom the same few values over and over.
 */
import type { FieldId } from '../graph.ts';
import { equalityKey } from '../resolve/deep-equal.ts';

export type After = (milliseconds: number, then: () => void) => () => void;

export interface WriteGuard {
  /** Counts a write; false when it must not be taken over. */
  readonly allows: (id: FieldId, value: unknown) => boolean;
  /** Somebody did something there that no effect does. */
  readonly forgive: (id: FieldId) => void;
  /** Places that were stopped, and not written since. */
  readonly stopped: () => ReadonlySet<FieldId>;
  readonly close: () => void;
}

const WINDOW_MS = 1000;
/** More writes in a window are stopped when they go round among few values. */
const MOST_AMONG_FEW = 50;
const FEW = 25;
/** More writes in a window are stopped in any case: a dragged slider makes one for each frame. */
const MOST = 300;

interface Watched {
  count: number;
  readonly seen: Set<string>;
  isStopped: boolean;
  cancel: () => void;
}

/** @param changed is told when a place is stopped, or goes on */
export function createWriteGuard(after: After, changed: () => void): WriteGuard {
  const watched = new Map<FieldId, Watched>();
  const stopped = new Set<FieldId>();

  const watch = (id: FieldId): Watched => {
    const known = watched.get(id);
    if (known !== undefined) return known;
    const made: Watched = { count: 0, seen: new Set(), isStopped: false, cancel: restart(id) };
    watched.set(id, made);
    return made;
  };
  const restart = (id: FieldId): (() => void) => after(WINDOW_MS, () => watched.delete(id));
  const forgive = (id: FieldId): void => {
    watched.get(id)?.cancel();
    watched.delete(id);
    if (stopped.delete(id)) changed();
  };
  return {
    allows(id, value) {
      const entry = watch(id);
      if (entry.isStopped) {
        // Only a quiet while ends it.
        entry.cancel();
        entry.cancel = restart(id);
        return false;
      }
      entry.count += 1;
      if (entry.seen.size <= FEW) entry.seen.add(equalityKey(value));
      const isEndless = entry.count > MOST || (entry.count > MOST_AMONG_FEW && entry.seen.size <= FEW);
      if (!isEndless) {
        if (entry.count === 1 && stopped.delete(id)) changed();
        return true;
      }
      entry.isStopped = true;
      stopped.add(id);
      changed();
      return false;
    },
    forgive,
    stopped: () => stopped,
    close() {
      for (const { cancel } of watched.values()) cancel();
      watched.clear();
    },
  };
}
