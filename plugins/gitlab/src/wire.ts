/**
 * What @gitbeaker/rest sends its requests through. Its own way can neither be stopped nor bounded, and puts the request
 * with its token into its errors; here a request ends with the task, answers have a limit, redirects are not followed
 * (the token would go with them), and an error holds only what the forge said.
 * Wire: https://docs.gitlab.com/api/rest/
 */
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError, messageOf } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import { ForgeRefusal, gitlabError } from './errors.ts';
import { readText } from './read-text.ts';
import { toQuery, toWireKeys } from './wire-keys.ts';

/** Milliseconds that one request may take. */
const TIMEOUT = 120_000;
/** Requests of one step: endless pages end here. */
const MAX_REQUESTS = 2_000;
const ATTEMPTS = 4;
/** Milliseconds before the second attempt, doubled before each further one. */
const FIRST_WAIT = 200;
/** Milliseconds, whatever the forge asks for. */
const LONGEST_WAIT = 60_000;

export interface WireOptions {
  readonly apiBaseUrl: string;
  readonly host: string;
  /** The header that says who asks. */
  readonly login: readonly [name: string, value: string];
  /** Taken out of what the forge says. */
  readonly secrets: readonly string[];
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call {
  readonly method: Method;
  /** Below the root of the API, without a slash at its start. */
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: FormData | Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly body: unknown;
  readonly headers: Record<string, string>;
  readonly status: number;
}

/**
 * @throws CodedError `scaffolder/forge-refused`, `scaffolder/forge-unreachable`, `scaffolder/forge-answer`
 * @throws the reason of the signal
 */
export type Send = (call: Call) => Promise<Answer>;

export function createWire(options: WireOptions): Send {
  const { host, signal } = options;
  let requests = 0;

  return async (call) => {
    for (let attempt = 1; ; attempt += 1) {
      requests += 1;
      if (requests > MAX_REQUESTS) throw tooManyRequests(host);
      const mayRepeat = attempt < ATTEMPTS;
      const outcome = await attemptCall(options, call);
      if (outcome.kind === 'answer') return outcome.answer;
      const isSafe = call.method === 'GET' || outcome.status === 429;
      if (!mayRepeat || !outcome.isPassing || !isSafe) throw outcome.error;
      const waitMs = outcome.waitMs ?? FIRST_WAIT * 2 ** (attempt - 1);
      // Whoever cancelled said why; the timer would only say that it was stopped.
      await wait(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  };
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | {
      readonly kind: 'failure';
      readonly error: Error;
      /** Null: there was no answer. */
      readonly status: number | null;
      /** It may be otherwise a moment later. */
      readonly isPassing: boolean;
      /** What the forge asks for. */
      readonly waitMs: number | null;
    };

async function attemptCall(options: WireOptions, call: Call): Promise<Outcome> {
  const { host, signal } = options;
  signal.throwIfAborted();
  try {
    const response = await request(options, call);
    const text = await readText(response);
    if (response.ok) return { kind: 'answer', answer: toAnswer(response, text, host) };
    const { status } = response;
    const isPassing = status === 429 || (status >= 502 && status <= 504);
    const waitMs = waitOf(response.headers.get('retry-after'));
    return { kind: 'failure', error: refusal(options, call, { status, text }), status, isPassing, waitMs };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CodedError) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const message = `GitLab at ${host} does not answer: ${messageOf(cause)}. Retry the step when it does.`;
    const unreachable = gitlabError('scaffolder/forge-unreachable', message, { cause: error });
    return { kind: 'failure', error: unreachable, status: null, isPassing: true, waitMs: null };
  }
}

function request(options: WireOptions, { method, path, query, body }: Call): Promise<Response> {
  const { apiBaseUrl, login, signal } = options;
  const send = options.fetch;
  const search = toQuery(query ?? {});
  const isJson = body !== undefined && !(body instanceof FormData) && Object.keys(body).length > 0;
  return send(`${apiBaseUrl}/${path}${search === '' ? '' : `?${search}`}`, {
    method,
    headers: {
      accept: 'application/json',
      [login[0]]: login[1],
      ...(isJson && { 'content-type': 'application/json' }),
    },
    ...(isJson && { body: JSON.stringify(toWireKeys(body)) }),
    ...(body instanceof FormData && { body }),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
}

function toAnswer({ headers, status }: Response, text: string, host: string): Answer {
  const plain = Object.fromEntries(headers.entries());
  if (text.trim() === '') return { body: null, headers: plain, status };
  const body = parseJson(text);
  if (body === null && text.trim() !== 'null') {
    const message = `GitLab at ${host} answered what is no JSON. Check "apiBaseUrl" in "integrations.gitlab", and what stands between.`;
    throw gitlabError('scaffolder/forge-answer', message);
  }
  return { body, headers: plain, status };
}

function refusal(
  { host, secrets }: WireOptions,
  { method, path }: Call,
  { status, text }: { readonly status: number; readonly text: string },
): Error {
  const hidden = secrets.filter((secret) => secret !== '');
  const said = hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), reasonOf(text)).slice(0, 500);
  const what = `${method} ${decodeURIComponent(path)}`;
  const message = `GitLab at ${host} refused ${what} with ${status}: ${said} ${adviceOf(status)}`;
  return new ForgeRefusal({ answered: status, said, message });
}

/** GitLab explains itself in `message` or `error`: a text, a list, or lists by field. */
function reasonOf(text: string): string {
  const body = parseJson(text);
  const reason = isObject(body) ? (body['error_description'] ?? body['message'] ?? body['error']) : undefined;
  const shown = toSentence(reason);
  if (shown === '') return 'it gave no reason.';
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}

function toSentence(reason: unknown): string {
  if (typeof reason === 'string') return reason.trim();
  if (Array.isArray(reason)) return reason.map(toSentence).join(', ');
  if (!isObject(reason)) return '';
  return Object.entries(reason)
    .map(([field, why]) => `${field} ${toSentence(why)}`)
    .join('; ');
}

function adviceOf(status: number): string {
  if (status === 401) return 'Check that the token is valid.';
  if (status === 403) return 'Check that the token has the scope "api", and that its user may do this.';
  if (status === 404) return 'Check the name; what the token may not see is hidden from it.';
  if (status >= 300 && status < 400) return 'It has moved, and a token is not sent on: name where it is now.';
  if (status === 429 || status >= 500) return 'Retry the step later.';
  return 'Correct the step and retry it.';
}

/** Seconds in the header. */
function waitOf(header: string | null): number | null {
  if (header === null || !/^\d+$/.test(header)) return null;
  return Math.min(Number(header) * 1_000, LONGEST_WAIT);
}

function tooManyRequests(host: string): Error {
  const message = `A step may ask GitLab ${MAX_REQUESTS} times, and this one did not end at ${host}. Ask for less.`;
  return gitlabError('scaffolder/too-large', message);
}
