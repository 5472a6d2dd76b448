/** How AWS is called: with the SDK, which is loaded when it is first needed, within a time, and all pages of a list. */
import type { ActionLogger } from '@callboard/plugin';
import type { Connection } from './config.ts';
import { explain } from './explain.ts';

export interface Limits {
  /** Milliseconds that one request may take. */
  readonly request: number;
  /** How often one is sent when AWS fails or limits requests; the SDK waits between. */
  readonly attempts: number;
  /** Milliseconds for all requests that a list takes. */
  readonly list: number;
  /** Milliseconds that somebody who asks for a list waits for it; it is loaded to its end for the next one. */
  readonly patience: number;
}

export const LIMITS: Limits = { request: 5_000, attempts: 4, list: 120_000, patience: 15_000 };

export interface CallDeps {
  readonly logger: ActionLogger;
  readonly limits: Limits;
  /** Milliseconds, from any point. */
  readonly now: () => number;
}

export interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly customUserAgent: string;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly socketTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: NonNullable<Connection['credentials']>;
}

/** For the constructor of any client of the SDK. */
export function toClientOptions(connection: Connection, { limits }: CallDeps): ClientOptions {
  const { region, endpoint, profile, credentials } = connection;
  return {
    region,
    maxAttempts: limits.attempts,
    customUserAgent: 'callboard',
    requestHandler: {
      connectionTimeout: limits.request,
      requestTimeout: limits.request,
      socketTimeout: limits.request,
      throwOnRequestTimeout: true,
    },
    ...(endpoint !== null && { endpoint }),
    ...(profile !== null && { profile }),
    ...(credentials !== null && { credentials }),
  };
}

interface Call extends CallDeps {
  /** As policies name it: `organizations:ListAccounts`. */
  readonly action: string;
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

/** Ends with the signal, also where the SDK does not, as between two attempts. @throws CodedError as `explain` gives them */
export async function call<Answer>(doing: Call, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await until(doing.signal, send());
  } catch (error) {
    throw explain(error, doing);
  }
}

/** The items of all pages. */
export function callForAll<Page, Item>(
  doing: Call,
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  return call(doing, async () => {
    const items: Item[] = [];
    for await (const page of pages) {
      items.push(...(itemsOf(page) ?? []));
      doing.signal.throwIfAborted();
    }
    return items;
  });
}

/** Rejects with the reason of the signal when that is first. */
export function until<Answer>(signal: AbortSignal, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** At most four at a time: the limits of these services are low, and the portal is not their only user. */
const AT_ONCE = 4;

/** In the order of `items`; the first that fails ends it, and no further one is begun. */
export async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()].toReversed();
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [index, item] = next;
      try {
        results[index] = await work(item);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
