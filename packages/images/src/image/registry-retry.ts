/** Tries again what may pass by itself: cut connections, throttling, 5xx. Waits grow and have a random part. */
import type { CodedError } from '@callboard/kernel';
import type { RegistryLimits } from './registry-limits.ts';

/** A fault that may pass; `error` is what it becomes when it does not. */
export class PassingFault extends Error {
  readonly error: CodedError;
  /** What the registry asked for, in milliseconds; null when it did not say. */
  readonly afterMs: number | null;

  constructor(error: CodedError, afterMs: number | null = null) {
    super(error.message, { cause: error });
    this.error = error;
    this.afterMs = afterMs;
  }
}

export interface RetryOptions {
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds, or rejects with the reason of the signal. */
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly limits: RegistryLimits;
}

/** Waits before try number `tried + 1`, or throws the error of the fault when there is none left. */
export type Backing = (fault: PassingFault, tried: number, signal: AbortSignal | undefined) => Promise<void>;

export function createBackOff({ random, wait, limits }: RetryOptions): Backing {
  return async (fault, tried, signal) => {
    signal?.throwIfAborted();
    const usual = limits.backOffMs * 2 ** (tried - 1) * (1 - random() / 2);
    const ms = Math.max(Math.min(usual, limits.waitMs), fault.afterMs ?? 0);
    if (tried >= limits.tries || ms > limits.waitMs) throw fault.error;
    await wait(Math.ceil(ms), signal);
  };
}

/** Anything but a `PassingFault` is thrown at once. */
export async function retrying<T>(
  work: () => Promise<T>,
  { backOff, signal }: { readonly backOff: Backing; readonly signal: AbortSignal | undefined },
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PassingFault)) throw error;
      await backOff(error, tried, signal);
    }
  }
}

/** `Retry-After`, seconds or a date (RFC 9110), as milliseconds from now; null when there is none that can be read. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
