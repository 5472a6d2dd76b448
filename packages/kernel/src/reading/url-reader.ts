/**
 * Reads a URL through the allow-list. Whoever writes a catalog file chooses URLs that this process fetches
 * from inside the network, so each hop is checked by name and by address, and the connection goes to the
 * address that was checked.
 */
import { lookup as dnsLookup } from 'node:dns/promises';
import { CodedError, messageOf } from '../error.ts';
import type { Address } from './addresses.ts';
import { createAllowList, type AllowEntry } from './allow.ts';
import { readingError, shown } from './codes.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { createForgeUrls, type ForgeUrls } from './forge-urls.ts';
import { addressesOf, redirectOf, startOf, type Policy } from './hop.ts';
import type { Integration } from './integration.ts';
import { toResult, type ReadResult } from './outcome.ts';

export interface UrlReader extends ForgeUrls {
  /**
   * Reads a URL, through the API of its forge when that is configured. Throws a CodedError with a code of
   * READING_CODES, or the reason of `signal`.
   */
  read(url: string, options?: ReadOptions): Promise<ReadResult>;
}

export interface ReadOptions {
  /** That of an earlier result: the answer is `not-modified` when the content is still the same. */
  readonly etag?: string;
  readonly signal?: AbortSignal;
}

export interface UrlReaderOptions {
  readonly allow: readonly AllowEntry[];
  readonly integrations: readonly Integration[];
  /** For the whole reading with its redirects, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Of the decompressed content. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Finds the addresses of a host name. Default: the system's resolver. */
  readonly lookup?: (hostname: string) => Promise<readonly Address[]>;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Throws `reading/config` for an allow entry that cannot be understood. Holds nothing open when idle. */
export function createUrlReader(options: UrlReaderOptions): UrlReader {
  const { allow, integrations, timeoutMs = 10_000, lookup = systemLookup } = options;
  const context: Context = {
    policy: { integrations, allowList: createAllowList(allow, integrations), lookup },
    exchange: createExchange(),
    maxBytes: options.maxBytes ?? 10 * 1024 * 1024,
  };
  const read = async (url: string, { etag, signal }: ReadOptions = {}): Promise<ReadResult> => {
    signal?.throwIfAborted();
    const deadline = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      return await follow(context, { url, etag: etag ?? null, signal: either });
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CodedError) throw error;
      if (deadline.aborted) {
        const message = `Reading '${safe(url)}' took longer than ${timeoutMs} ms.`;
        throw readingError('reading/timeout', message, error);
      }
      throw readingError('reading/network', `Reading '${safe(url)}' failed: ${reasonOf(error)}.`, error);
    }
  };
  return { read, ...createForgeUrls(integrations) };
}

interface Context {
  readonly policy: Policy;
  readonly exchange: Exchange;
  readonly maxBytes: number;
}

interface Wanted {
  readonly url: string;
  readonly etag: string | null;
  readonly signal: AbortSignal;
}

async function follow(context: Context, { url, etag, signal }: Wanted): Promise<ReadResult> {
  const { policy, exchange, maxBytes } = context;
  const { request, integration, ...start } = startOf(policy, url);
  let { hop } = start;
  let headers: Readonly<Record<string, string>> = {
    'user-agent': 'callboard',
    'accept-encoding': 'gzip',
    ...request.headers,
    ...(etag !== null && { 'if-none-match': etag }),
  };
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const addresses = await untilAborted(addressesOf(policy, hop), signal);
    const pool = hop.allowPrivate ? 'private' : 'public';
    const response = await exchange({ url: hop.url, headers, addresses, pool, signal });
    if (!REDIRECTS.has(response.statusCode ?? 0)) {
      const asked = { url: hop.url, encoding: request.encoding, integration, maxBytes };
      return await toResult(response, { ...asked, conditional: etag !== null });
    }
    response.destroy();
    const next = redirectOf(policy, hop.url, response.headers.location);
    if (next.url.origin !== hop.url.origin) headers = withoutCredentials(headers);
    hop = next;
  }
  throw readingError('reading/redirects', `'${safe(url)}' redirects more than ${MAX_REDIRECTS} times.`);
}

function safe(text: string): string {
  const url = URL.parse(text);
  return url === null ? text : shown(url);
}

/** With several addresses, Node reports one error for each and has no message for all. */
function reasonOf(error: unknown): string {
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return messageOf(one);
}

/** What lets us in at one host is not for another, nor for the same one in clear text. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
}

async function systemLookup(hostname: string): Promise<readonly Address[]> {
  const found = await dnsLookup(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
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
