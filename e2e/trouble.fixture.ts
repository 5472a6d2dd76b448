/** What may come instead of a good answer of the API. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

export interface Trouble {
  readonly name: string;
  readonly answer: Answer;
  /** What Chromium says of it in the console, and what the browser sees: nothing of an answer that is well. */
  readonly expects: readonly RegExp[];
}

/** `none`: the connection fails; `late`: the real answer, after some milliseconds. */
type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'instead'; readonly status: number; readonly type: string; readonly body: string };

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const WEB_PAGE = '<!doctype html><html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>';
/** Everything that the page reads, with other types than it has. */
const WRONG_TYPES = {
  items: [
    1,
    'two',
    null,
    [],
    { kind: 5, metadata: 'none' },
    { kind: 'Component', metadata: { name: ['x'] } },
  ],
  totalItems: 'many',
  total: {},
  counts: [7],
  facets: { kind: 'component', 'spec.type': [null, 3, { value: 4, count: 'x' }] },
  entities: { total: 'all', byKind: 'no', byState: null },
  sources: { items: [null, 0, { ref: 7 }], total: -1 },
  stages: [null, { name: 3 }],
  queue: 'long',
  nodes: [null, 5, { ref: 7 }],
  edges: 'none',
  apiVersion: 1,
  kind: { a: 1 },
  metadata: [],
  spec: 'none',
  relations: { type: 'x' },
  config: 7,
  callboard: [],
  pageInfo: 3,
  next: {},
};

/** With a body that is JSON, but not what was asked for. */
export const SHAPES: readonly Trouble[] = [
  shape('an empty object', {}),
  shape('an empty list', []),
  shape('null', null),
  shape('other types', WRONG_TYPES),
];

export const TROUBLES: readonly Trouble[] = [
  { name: 'the server is gone', answer: { kind: 'none' }, expects: [/ERR_FAILED/] },
  {
    name: 'a failure of the server',
    answer: instead(500, JSON_TYPE, '{"error":{"name":"Error","message":"the disk is full"}}'),
    expects: [/answer: 500/, /status of 500/],
  },
  { name: 'a failure in HTML', answer: instead(500, HTML_TYPE, WEB_PAGE), expects: [] },
  { name: 'a page instead of data', answer: instead(200, HTML_TYPE, WEB_PAGE), expects: [] },
  { name: 'half of an answer', answer: instead(200, JSON_TYPE, '{"items":[{"kind":"Comp'), expects: [] },
  ...SHAPES,
];

/** A server that is busy with something else: the answer is good, and comes late. */
export const LATE_MS = 5_000;
export const LATE: Trouble = { name: 'a slow server', answer: { kind: 'late', ms: LATE_MS }, expects: [] };

function shape(name: string, json: unknown): Trouble {
  return { name, answer: instead(200, JSON_TYPE, JSON.stringify(json)), expects: [] };
}

function instead(status: number, type: string, body: string): Answer {
  return { kind: 'instead', status, type, body };
}

/** Whether a request with this path is met. */
export type Requests = (path: string) => boolean;

/** All requests of the API but those that sign a person in. */
export const API: Requests = (path) => path.startsWith('/api/') && !path.startsWith('/api/auth/');

/**
 * Gives these requests of the page that answer, until the returned function is called. The browser keeps its cache,
 * which it does not with `page.route`.
 */
export async function meet(
  page: Page,
  { answer }: Trouble,
  requests: Requests,
): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const reply = async (requestId: string): Promise<void> => {
    switch (answer.kind) {
      case 'none':
        await session.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
        return;
      case 'late':
        await pause(answer.ms);
        await session.send('Fetch.continueRequest', { requestId });
        return;
      case 'instead':
        await session.send('Fetch.fulfillRequest', {
          requestId,
          responseCode: answer.status,
          responseHeaders: [{ name: 'content-type', value: answer.type }],
          body: Buffer.from(answer.body).toString('base64'),
        });
        return;
      default:
        answer satisfies never;
    }
  };
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    const isMet = requests(new URL(request.url).pathname);
    const replied = isMet ? reply(requestId) : session.send('Fetch.continueRequest', { requestId });
    // The page may have taken its request back, or be gone.
    replied.catch(() => undefined);
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*/api/*' }] });
  return () => session.detach();
}
