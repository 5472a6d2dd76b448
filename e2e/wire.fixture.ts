/** What a page sends for and what comes over the wire, as the browser counts it: compressed, with headers. */
import type { Page } from 'playwright-core';

export interface Fetched {
  /** Path and query. */
  readonly path: string;
  /** Milliseconds since the document was asked for. */
  readonly askedAt: number;
  /** Null: it is on the way, or failed. */
  readonly finishedAt: number | null;
  /** 0 for what the browser had kept. */
  readonly bytes: number;
  /** As the answer says it, as `br`; empty for none. */
  readonly encoding: string;
}

export interface Wire {
  /** Since the page was opened or loaded anew. */
  readonly fetched: () => readonly Fetched[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** To be called before the page is opened. */
export async function listenToWire(page: Page): Promise<Wire> {
  const session = await page.context().newCDPSession(page);
  const fetched = new Map<string, Writable<Fetched>>();
  let began = 0;
  session.on('Network.requestWillBeSent', ({ requestId, request, timestamp, type, loaderId }) => {
    // The document's own request has the id of its loader.
    if (type === 'Document' && requestId === loaderId) {
      fetched.clear();
      began = timestamp;
    }
    const { pathname, search } = new URL(request.url);
    const askedAt = (timestamp - began) * 1_000;
    fetched.set(requestId, {
      path: `${pathname}${search}`,
      askedAt,
      finishedAt: null,
      bytes: 0,
      encoding: '',
    });
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const one = fetched.get(requestId);
    const name = Object.keys(response.headers).find((key) => key.toLowerCase() === 'content-encoding');
    if (one !== undefined && name !== undefined) one.encoding = response.headers[name] ?? '';
  });
  session.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    const one = fetched.get(requestId);
    if (one === undefined) return;
    one.finishedAt = (timestamp - began) * 1_000;
    one.bytes = encodedDataLength;
  });
  await session.send('Network.enable');
  return { fetched: () => [...fetched.values()].map((one) => ({ ...one })) };
}

export function bytesOf(fetched: readonly Fetched[]): number {
  return fetched.reduce((sum, { bytes }) => sum + bytes, 0);
}
