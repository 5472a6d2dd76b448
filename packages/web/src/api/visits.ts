/** The entities that were looked at last, on this device. */
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';

export interface Visit {
  readonly ref: string;
  readonly at: Date;
}

export interface Visits {
  /** The latest first, each entity once. */
  readonly list: () => readonly Visit[];
  readonly record: (ref: EntityRef) => void;
  readonly clear: () => void;
}

export interface VisitsDeps {
  /** Throws when the browser blocks storage; nothing is remembered then. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const KEY = 'callboard.visits';
const KEPT = 50;

export function createVisits({ storage, now }: VisitsDeps): Visits {
  const list = (): readonly Visit[] => {
    try {
      return parseVisits(JSON.parse(storage.getItem(KEY) ?? '[]'));
    } catch {
      return [];
    }
  };
  return {
    list,
    record(ref) {
      const key = stringifyRef(ref);
      const others = list().filter((visit) => visit.ref !== key);
      const kept = [{ ref: key, at: new Date(now()) }, ...others].slice(0, KEPT);
      try {
        storage.setItem(KEY, JSON.stringify(kept.map((visit) => [visit.ref, visit.at.getTime()])));
      } catch {
        // Storage is blocked or full: this visit is not remembered.
      }
    },
    clear() {
      try {
        storage.removeItem(KEY);
      } catch {
        // Storage is blocked: nothing was remembered.
      }
    },
  };
}

function parseVisits(value: unknown): readonly Visit[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const [ref, at] = Array.isArray(item) ? (item as readonly unknown[]) : [];
    if (typeof ref !== 'string' || typeof at !== 'number' || parseRef(ref) === null) return [];
    return [{ ref, at: new Date(at) }];
  });
}
