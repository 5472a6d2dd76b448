/**
 * One request over HTTP, with its redirects: bounded in time and hops, and what lets us in stays at the origin it is
 * for. It knows nothing of registries and tries nothing twice.
 */
import { registryError } from './registry-errors.ts';
import { nextAddress } from './registry-address.ts';
import type { RegistryLimits } from './registry-limits.ts';
import { PassingFault } from './registry-retry.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Sendable;
  readonly signal: AbortSignal | undefined;
}

export interface Sendable {
  /** Bytes. */
  readonly size: number;
  /** Called again for each redirect and try. */
  readonly open: () => AsyncIterable<Uint8Array> & { destroy?(): unknown };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** The body as it comes. Ends with a `PassingFault` when it is cut, or when nothing came for `idleMs`. */
  chunks(): AsyncGenerator<Uint8Array, void>;
  /** The whole body, within `idleMs`. Rejects with `images/registry-too-large` beyond `max` bytes. */
  bytes(max: number): Promise<Buffer>;
  /** For an answer whose body nobody reads. */
  discard(): Promise<void>;
}

export type SendHttp = (request: HttpRequest) => Promise<HttpAnswer>;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Rejects with a `PassingFault`, a CodedError `images/registry-…`, or the reason of the signal. */
export function createHttpSender(
  fetch: typeof globalThis.fetch,
  limits: Pick<RegistryLimits, 'redirects' | 'idleMs'>,
): SendHttp {
  return async (request) => {
    let current = request;
    for (let hops = 0; hops <= limits.redirects; hops += 1) {
      const answer = await sendOnce({ fetch, idleMs: limits.idleMs }, current);
      if (!REDIRECTS.has(answer.status)) return answer;
      await answer.discard();
      current = redirected(current, answer);
    }
    const message = `${request.url.host} redirects more than ${limits.redirects} times.`;
    throw registryError('images/registry-bad-answer', message);
  };
}

function redirected(request: HttpRequest, answer: HttpAnswer): HttpRequest {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (!reading && answer.status < 307) {
    const message = `${request.url.host} answers ${request.method} with a redirect ${answer.status}, which would lose it.`;
    throw registryError('images/registry-bad-answer', message);
  }
  const url = nextAddress(request.url, answer.headers.get('location'));
  return { ...request, url, headers: forOrigin(request.headers, request.url, url) };
}

/** The headers that may go to another address: without credentials, unless it is of the same origin. */
export function forOrigin(
  headers: Readonly<Record<string, string>>,
  from: URL,
  to: URL,
): Readonly<Record<string, string>> {
  if (from.origin === to.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
}

interface Line {
  readonly fetch: typeof globalThis.fetch;
  readonly idleMs: number;
}

async function sendOnce({ fetch, idleMs }: Line, request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, signal } = request;
  signal?.throwIfAborted();
  const clock = startClock(idleMs, signal);
  const outgoing = request.body === undefined ? null : createOutgoing(request.body, clock);
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: clock.signal,
      headers: {
        'user-agent': 'callboard',
        // Layers are compressed by themselves, and are wanted as they are.
        'accept-encoding': 'identity',
        ...headers,
        ...(request.body !== undefined && { 'content-length': String(request.body.size) }),
      },
      ...(outgoing !== null && { body: outgoing.chunks(), duplex: 'half' }),
    });
    return toAnswer(response, { url, signal, clock });
  } catch (error) {
    clock.stop();
    if (outgoing?.fault !== undefined) throw outgoing.fault;
    throw faultOf(error, url, signal);
  }
}

interface Clock {
  readonly signal: AbortSignal;
  /** Something moved. */
  tick(): void;
  /** Until the next tick it is not the registry that is waited for. */
  pause(): void;
  stop(): void;
}

function startClock(ms: number, signal: AbortSignal | undefined): Clock {
  const controller = new AbortController();
  let isPaused = false;
  const timer = setTimeout(() => {
    if (isPaused) timer.refresh();
    else controller.abort(new Error(`nothing came for ${ms} ms`));
  }, ms).unref();
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    tick() {
      isPaused = false;
      timer.refresh();
    },
    pause() {
      isPaused = true;
    },
    stop: () => clearTimeout(timer),
  };
}

/** What is sent; `fault` is set when the source failed, which is not the registry's doing. */
function createOutgoing(
  body: Sendable,
  clock: Clock,
): { fault: unknown; chunks(): AsyncGenerator<Uint8Array, void> } {
  const outgoing = {
    fault: undefined as unknown,
    async *chunks(): AsyncGenerator<Uint8Array, void> {
      let sent = 0;
      const source = body.open();
      try {
        for await (const chunk of source) {
          clock.tick();
          sent += chunk.length;
          if (sent > body.size) break;
          yield chunk;
        }
      } catch (error) {
        outgoing.fault = error;
        throw error;
      } finally {
        source.destroy?.();
      }
      if (sent === body.size) return;
      const message = `What is to be pushed has not the ${body.size} bytes that it was said to have.`;
      outgoing.fault = registryError('images/registry-wrong-size', message);
      throw outgoing.fault;
    },
  };
  return outgoing;
}

interface Arrived {
  readonly url: URL;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

function toAnswer(response: Response, { url, signal, clock }: Arrived): HttpAnswer {
  async function* chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      if (response.body === null) return;
      for await (const chunk of response.body) {
        clock.pause();
        yield chunk;
        clock.tick();
      }
    } catch (error) {
      throw faultOf(error, url, signal);
    } finally {
      clock.stop();
    }
  }
  const bytes = async (max: number): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const part of response.body ?? []) {
        parts.push(part);
        size += part.length;
        if (size > max) {
          const message = `${url.host} answers with more than ${max} bytes.`;
          throw registryError('images/registry-too-large', message);
        }
      }
    } catch (error) {
      if (size > max) throw error;
      throw faultOf(error, url, signal);
    } finally {
      clock.stop();
    }
    return Buffer.concat(parts);
  };
  const discard = async (): Promise<void> => {
    clock.stop();
    await response.body?.cancel().catch(() => undefined);
  };
  return { status: response.status, headers: response.headers, url, chunks, bytes, discard };
}

/** The reason of the signal when that is why; else a fault that names the host and no more of the address. */
function faultOf(error: unknown, url: URL, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  const message = `The connection to ${url.host} failed: ${reasonOf(error)}.`;
  return new PassingFault(registryError('images/registry-unreachable', message, error));
}

/** Fetch says «fetch failed» and keeps the reason in the cause, which has several for a name with several addresses. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : 'it was cut';
}

/** A stream without its first so many bytes. */
export async function* skipBytes(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array, void> {
  let left = bytes;
  for await (const chunk of source) {
    const rest = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}
