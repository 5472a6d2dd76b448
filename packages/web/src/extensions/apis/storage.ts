/** `storageApiRef`: values of extensions in this browser, by bucket. */

interface Snapshot {
  readonly key: string;
  readonly presence: 'present' | 'absent';
  readonly value: unknown;
}

interface Subscription {
  readonly unsubscribe: () => void;
  readonly closed: boolean;
}

interface ValueObserver {
  readonly next?: (snapshot: Snapshot) => void;
}

interface BucketStorage {
  readonly forBucket: (name: string) => BucketStorage;
  readonly set: (key: string, value: unknown) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  readonly snapshot: (key: string) => Snapshot;
  readonly observe$: (key: string) => {
    readonly subscribe: (observer: ValueObserver | ((snapshot: Snapshot) => void)) => Subscription;
  };
}

const listeners = new Set<(key: string) => void>();

/** Throws, and rejects, when the browser blocks storage. */
export function createStorage(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  bucket = 'callboard.extensions',
): BucketStorage {
  const at = (key: string): string => `${bucket}.${key}`;
  const snapshot = (key: string): Snapshot => {
    const value = parsed(storage.getItem(at(key)));
    return { key, presence: value === undefined ? 'absent' : 'present', value };
  };
  const tell = (key: string): void => {
    for (const listener of listeners) listener(at(key));
  };
  return {
    forBucket: (name) => createStorage(storage, at(name)),
    async set(key, value) {
      storage.setItem(at(key), JSON.stringify(value));
      tell(key);
    },
    async remove(key) {
      storage.removeItem(at(key));
      tell(key);
    },
    snapshot,
    observe$: (key) => ({
      subscribe(observer) {
        const next = typeof observer === 'function' ? observer : observer.next;
        const listener = (changed: string): void => {
          if (changed === at(key)) next?.(snapshot(key));
        };
        listeners.add(listener);
        return {
          unsubscribe: () => listeners.delete(listener),
          get closed() {
            return !listeners.has(listener);
          },
        };
      },
    }),
  };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
