/**
 * A request and those it is redirected to. Each hop is checked by name and by address, and credentials stay with the
 * origin that they are for.
 */
import type { IncomingMessage } from 'node:http';
import { readingError, shown } from './codes.ts';
import type { Exchange } from './exchange.ts';
import { addressesOf, redirectOf, type Policy, type Start } from './hop.ts';
import type { Asked } from './outcome.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface Request {
  readonly start: Start;
  readonly etag: string | null;
  /** HTTP may compress the answer. */
  readonly gzip: boolean;
  readonly signal: AbortSignal;
}

/** Sends a request and those it is redirected to; the body of the last answer is still to be read. */
export async function follow(
  { policy, exchange }: { readonly policy: Policy; readonly exchange: Exchange },
  { start, etag, gzip, signal }: Request,
): Promise<{ readonly response: IncomingMessage; readonly asked: Asked }> {
  const { request, integration } = start;
  let { hop } = start;
  let headers: Readonly<Record<string, string>> = {
    'user-agent': 'callboard',
    'accept-encoding': gzip ? 'gzip' : 'identity',
    ...request.headers,
    ...(etag !== null && { 'if-none-match': etag }),
  };
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const addresses = await untilAborted(addressesOf(policy, hop), signal);
    const pool = hop.allowPrivate ? 'private' : 'public';
    const response = await exchange({ url: hop.url, headers, addresses, pool, signal });
    if (!REDIRECTS.has(response.statusCode ?? 0)) {
      return { response, asked: { url: hop.url, integration, conditional: etag !== null } };
    }
    response.destroy();
    const next = redirectOf(policy, hop.url, response.headers.location);
    if (next.url.origin !== hop.url.origin) headers = withoutCredentials(headers);
    hop = next;
  }
  throw readingError(
    'reading/redirects',
    `'${shown(request.url)}' redirects more than ${MAX_REDIRECTS} times.`,
  );
}

/** What lets us in at one host is not for another, nor for the same one in clear text. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
}

/** The resolver cannot be told to stop, so it is left behind. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
