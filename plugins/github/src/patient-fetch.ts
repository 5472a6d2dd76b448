/**
 * Requests that are sent again when that can help: after a rate limit, and after a failure of the forge when sending twice
 * does no harm. The library's own plugins can neither be stopped by a cancelled task, nor do they spare what must not be
 * done twice (a dispatch, an issue), and they pause a second before each write.
 * Limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
import { setTimeout } from 'node:timers/promises';

/** Milliseconds that one request may take. */
const TIMEOUT = 60_000;
const ATTEMPTS = 4;
/** Milliseconds before the second attempt, doubled before each further one. */
const FIRST_WAIT = 500;
/** Milliseconds. A limit that lasts longer ends the step; it says when to retry. */
const LONGEST_WAIT = 60_000;

export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const waitFor: Wait = async (milliseconds, signal) => {
  await setTimeout(milliseconds, undefined, { signal });
};

export interface PatientFetchOptions {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly wait: Wait;
  /** Told in words each time that it waits. */
  readonly onWait: (message: string) => void;
}

export function createPatientFetch(options: PatientFetchOptions): typeof fetch {
  const { signal, wait, onWait } = options;
  return async (url, init) => {
    const isRepeatable = (init?.method ?? 'GET').toUpperCase() !== 'POST';
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === ATTEMPTS;
      const backoff = FIRST_WAIT * 2 ** (attempt - 1);
      signal.throwIfAborted();
      const answer = await send(options, url, init);
      if ('failure' in answer) {
        if (isLast || !isRepeatable || signal.aborted) throw answer.failure;
        onWait('GitHub does not answer: asking again.');
        await wait(backoff, signal);
        continue;
      }
      const { response } = answer;
      const limit = await limitOf(response, backoff);
      const again = limit ?? (isRepeatable && response.status >= 500 ? backoff : null);
      if (isLast || again === null || again > LONGEST_WAIT) return response;
      await response.body?.cancel();
      onWait(`GitHub answered ${response.status}: asking again in ${Math.ceil(again / 1_000)} s.`);
      await wait(again, signal);
    }
  };
}

type Sent = { readonly response: Response } | { readonly failure: unknown };

async function send(options: PatientFetchOptions, ...[url, init]: Parameters<typeof fetch>): Promise<Sent> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT)]);
  try {
    return { response: await options.fetch(url, { ...init, signal }) };
  } catch (failure) {
    return { failure };
  }
}

/** Milliseconds that the forge asks to wait; null when the answer is about no limit. */
async function limitOf(response: Response, backoff: number): Promise<number | null> {
  const { status, headers } = response;
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers.get('retry-after') ?? 'none');
  if (Number.isFinite(after)) return after * 1_000;
  if (headers.get('x-ratelimit-remaining') === '0') {
    const reset = Number(headers.get('x-ratelimit-reset')) * 1_000;
    return Math.max(reset - Date.now(), 0) + 1_000;
  }
  if (/secondary rate limit/i.test(await response.clone().text())) return LONGEST_WAIT;
  return status === 429 ? backoff : null;
}
