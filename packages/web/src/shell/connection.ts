/**
 * Whether the server can be reached. Every request of the portal passes through `fetch` here. One that fails is a doubt
 * only: the server is asked something small, and while it does not answer that, it is asked again and again.
 */
import type { Fetch } from '../api/session.ts';

export interface ConnectionDeps {
  readonly fetch: Fetch;
  /** Calls `run` after so many milliseconds. Returns the function that calls it off. */
  readonly later: (run: () => void, ms: number) => () => void;
}

export interface Connection {
  /** As the `fetch` that was given. */
  readonly fetch: Fetch;
  /** False once the server did not answer. */
  readonly isThere: () => boolean;
  /** Asks the server at once; resolves when it is known whether it is there. */
  readonly check: () => Promise<void>;
  /** Calls `listener` after every change. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Open to everybody and as cheap as an answer can be. */
const PROBE = '/api/auth/.well-known/openid-configuration';
const DOUBT_MS = 500;
const AGAIN_MS = 3_000;
/** What a proxy answers for a portal that is not there. */
const GONE = new Set([502, 503, 504]);

export function createConnection({ fetch, later }: ConnectionDeps): Connection {
  const listeners = new Set<() => void>();
  let there = true;
  let callOff: (() => void) | null = null;
  let checking: Promise<void> | null = null;

  function found(next: boolean): void {
    callOff?.();
    callOff = next ? null : later(() => void check(), AGAIN_MS);
    if (there === next) return;
    there = next;
    for (const listener of listeners) listener();
  }

  function doubt(): void {
    if (there) callOff ??= later(() => void check(), DOUBT_MS);
  }

  async function probe(): Promise<void> {
    const status = await fetch(PROBE, { cache: 'no-store' }).then(
      (response) => response.status,
      () => null,
    );
    checking = null;
    found(status !== null && !GONE.has(status));
  }

  function check(): Promise<void> {
    checking ??= probe();
    return checking;
  }

  return {
    async fetch(path, init) {
      try {
        const response = await fetch(path, init);
        if (GONE.has(response.status)) doubt();
        else found(true);
        return response;
      } catch (thrown) {
        if (init?.signal?.aborted !== true) doubt();
        throw thrown;
      }
    },
    isThere: () => there,
    check,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
