/**
 * What the server has answered since it started, for whoever looks after it: counters by route, and the last answers
 * that went wrong. Bounded: routes are those of the program, and of the answers only the last are kept.
 */

/** Answers that went wrong and are remembered. */
const MAX_RECENT = 50;
const SHOWN_ROUTES = 20;
/** Beyond this many, routes are counted together. */
const MAX_ROUTES = 1_000;
const MAX_MESSAGE = 500;
/** Shorter secrets would black out ordinary words. */
const MIN_SECRET = 6;

/** Statuses of everyday life: nobody has to look at each of them. */
const EVERYDAY: ReadonlySet<number> = new Set([401, 404]);

export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of the route, such as `/api/catalog/entities/by-uid/:uid`; `none` for what no route serves. */
  readonly route: string;
  readonly status: number;
  /** Milliseconds. */
  readonly elapsedMs: number;
  /** What the caller was told was wrong, if anything. */
  readonly error?: { readonly code?: string; readonly message: string };
}

export interface RouteFigures {
  readonly route: string;
  readonly method: string;
  readonly count: number;
  /** Answers with a status of 500 and above. */
  readonly errors: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

export interface FailedAnswer {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly code: string | null;
  /** Without secrets, tokens and query strings. */
  readonly message: string | null;
}

export interface TrafficFigures {
  readonly requests: number;
  /** Answers with a status from 400 to 499. */
  readonly clientErrors: number;
  readonly serverErrors: number;
  /** At most 20: those with server errors first, then by count. */
  readonly routes: readonly RouteFigures[];
  /** The last 50 answers with a status of 400 and above, without 401 and 404; the newest first. */
  readonly recent: readonly FailedAnswer[];
}

export interface Traffic {
  count(answer: AnsweredRequest): void;
  figures(): TrafficFigures;
}

export interface TrafficOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Texts that must not be kept, read anew for each answer that went wrong. Default: none. */
  readonly secrets?: () => readonly string[];
}

interface Counted {
  readonly route: string;
  readonly method: string;
  count: number;
  errors: number;
  totalMs: number;
  maxMs: number;
}

export function createTraffic({ now, secrets = () => [] }: TrafficOptions): Traffic {
  const routes = new Map<string, Counted>();
  const recent: FailedAnswer[] = [];
  let [requests, clientErrors, serverErrors] = [0, 0, 0];

  const countedOf = (method: string, route: string): Counted => {
    const key = `${method} ${route}`;
    const known = routes.get(key);
    if (known !== undefined) return known;
    if (routes.size >= MAX_ROUTES && key !== 'OTHER other') return countedOf('OTHER', 'other');
    const made: Counted = { route, method, count: 0, errors: 0, totalMs: 0, maxMs: 0 };
    routes.set(key, made);
    return made;
  };

  return {
    count: ({ method, route, status, elapsedMs, error }) => {
      const counted = countedOf(method, route);
      requests += 1;
      counted.count += 1;
      counted.totalMs += elapsedMs;
      counted.maxMs = Math.max(counted.maxMs, elapsedMs);
      if (status < 400) return;
      if (status >= 500) {
        counted.errors += 1;
        serverErrors += 1;
      } else clientErrors += 1;
      if (EVERYDAY.has(status)) return;
      const message = error === undefined ? null : scrub(error.message, secrets());
      const at = new Date(now()).toISOString();
      recent.unshift({ at, method, route, status, code: error?.code ?? null, message });
      if (recent.length > MAX_RECENT) recent.pop();
    },
    figures: () => ({
      requests,
      clientErrors,
      serverErrors,
      routes: [...routes.values()]
        .toSorted((a, b) => b.errors - a.errors || b.count - a.count)
        .slice(0, SHOWN_ROUTES)
        .map(toFigures),
      recent: [...recent],
    }),
  };
}

function toFigures({ route, method, count, errors, totalMs, maxMs }: Counted): RouteFigures {
  return { route, method, count, errors, meanMs: rounded(totalMs / count), maxMs: rounded(maxMs) };
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

const TOKEN = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]+/g;
/** A path or URL with a query; the path is kept. */
const QUERY = /((?:https?:\/)?\/[^\s'"`?]*)\?[^\s'"`]*/g;

function scrub(text: string, secrets: readonly string[]): string {
  let clean = text.replace(TOKEN, '<token>');
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET) clean = clean.replaceAll(secret, '<secret>');
  }
  // Last, so that a secret with a question mark is still found whole.
  return clean.replace(QUERY, '$1').slice(0, MAX_MESSAGE);
}
