/** Requests to a registry: let in, tried again when it may pass, and every answer that was not expected made an error. */
import { isObject } from '@callboard/model';
import { parseDigest } from './digest.ts';
import type { Digest } from './image.ts';
import { repositoryFault, registryFault } from './reference.ts';
import { apiOf } from './registry-address.ts';
import type { Doorkeeper, Entry } from './registry-auth.ts';
import type { Repository } from './registry-client.ts';
import { quoted, registryError } from './registry-errors.ts';
import { forOrigin, type HttpAnswer, type HttpRequest, type SendHttp } from './registry-http.ts';
import type { RegistryLimits } from './registry-limits.ts';
import { parseRetryAfter, PassingFault, retrying, type Backing } from './registry-retry.ts';

export interface Ask {
  readonly at: Repository;
  readonly method: HttpRequest['method'];
  /** Under `/v2/<repository>/`, as `manifests/latest`; or an address that the registry gave. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest['body'];
  /** Statuses that are answers and not faults. */
  readonly expect: readonly number[];
  /** What it is about, for messages, as `the manifest of host/repository:tag`. */
  readonly what: string;
  /** Another repository that has to be readable. */
  readonly from?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface Exchange {
  readonly limits: RegistryLimits;
  readonly backOff: Backing;
  /** One try. Rejects with a `PassingFault` for what may pass. */
  once(ask: Ask): Promise<HttpAnswer>;
  /** As many tries as are needed and allowed; `take` reads the answer, and its `PassingFault`s are tried again too. */
  ask<T>(ask: Ask, take: (answer: HttpAnswer) => Promise<T>): Promise<T>;
}

export interface ExchangeOptions {
  readonly send: SendHttp;
  readonly doorkeeper: Doorkeeper;
  readonly insecure: (registry: string) => boolean;
  readonly backOff: Backing;
  readonly now: () => number;
  readonly limits: RegistryLimits;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { limits, backOff } = options;
  const once = (ask: Ask): Promise<HttpAnswer> => askOnce(options, ask);
  return {
    limits,
    backOff,
    once,
    ask: (ask, take) => retrying(async () => await take(await once(ask)), { backOff, signal: ask.signal }),
  };
}

/** As `registry.example.com/golden/debian`. */
export function nameOf({ registry, repository }: Repository): string {
  return `${registry}/${repository}`;
}

/** @throws CodedError `images/registry-wrong-digest` when the registry says that it has something else. */
export function checkSaidDigest(answer: HttpAnswer, digest: Digest, what: string): void {
  const said = answer.headers.get('docker-content-digest');
  if (said === null || parseDigest(said) === digest) return;
  throw registryError(
    'images/registry-wrong-digest',
    `${what} is ${digest}, and the registry says ${quoted(said)}.`,
  );
}

async function askOnce(options: ExchangeOptions, ask: Ask): Promise<HttpAnswer> {
  const { doorkeeper, send } = options;
  const { at, method, body, signal } = ask;
  const api = checkedApi(at, options.insecure);
  const url = typeof ask.path === 'string' ? new URL(`${at.repository}/${ask.path}`, api) : ask.path;
  const entry = entryOf(ask);
  let challengedBefore = false;
  for (;;) {
    const authorization = await doorkeeper.authorization(entry);
    const own = { ...ask.headers, ...(authorization !== null && { authorization }) };
    const headers = forOrigin(own, api, url);
    const answer = await send({ method, url, headers, signal, ...(body !== undefined && { body }) });
    if (ask.expect.includes(answer.status)) return answer;
    // A 401 of a place that we were sent to is not about us.
    const ours = answer.status === 401 && answer.url.origin === api.origin;
    if (!ours || challengedBefore) throw await faultOf(ask, answer, options);
    await answer.discard();
    doorkeeper.challenged(entry, { url: answer.url, header: answer.headers.get('www-authenticate') });
    challengedBefore = true;
  }
}

function entryOf({ at, method, from, signal }: Ask): Entry {
  const actions = method === 'GET' || method === 'HEAD' ? 'pull' : 'pull,push';
  const own = `repository:${at.repository}:${actions}`;
  const scopes = from === undefined ? [own] : [own, `repository:${from}:pull`];
  return { registry: at.registry, scopes, signal };
}

/** @throws CodedError `images/registry-bad-reference` */
function checkedApi(at: Repository, insecure: (registry: string) => boolean): URL {
  const fault = registryFault(at.registry) ?? repositoryFault(at.repository);
  if (fault === null) return apiOf(at.registry, insecure);
  throw registryError('images/registry-bad-reference', `${quoted(nameOf(at))} is no repository: ${fault}.`);
}

/** What an answer that was not expected means. Of its body only the code is used: the rest may repeat what we sent. */
async function faultOf(ask: Ask, answer: HttpAnswer, options: ExchangeOptions): Promise<Error> {
  const code = await errorCode(answer);
  const said = `${answer.status}${code === null ? '' : ` ${code}`}`;
  const { status } = answer;
  const { registry } = ask.at;
  if (status === 429) {
    const message = `${registry} has had too many requests, and does not answer for ${ask.what} (${said}).`;
    const after = parseRetryAfter(answer.headers.get('retry-after'), options.now());
    return new PassingFault(registryError('images/registry-throttled', message), after);
  }
  if (status === 408 || (status >= 500 && status !== 501)) {
    const message = `${registry} has trouble of its own, and does not answer for ${ask.what} (${said}).`;
    const after = parseRetryAfter(answer.headers.get('retry-after'), options.now());
    return new PassingFault(registryError('images/registry-unreachable', message), after);
  }
  if (status === 401 || status === 403) {
    const message = `${registry} refuses ${ask.method} of ${ask.what} (${said}). Check its credentials and rights.`;
    return registryError('images/registry-refused', message);
  }
  if (status === 404) return registryError('images/registry-not-found', `There is no ${ask.what} (${said}).`);
  if (status === 413)
    return registryError('images/registry-too-large', `${registry} takes no ${ask.what} of that size.`);
  if (code === 'DIGEST_INVALID') {
    return registryError(
      'images/registry-wrong-digest',
      `${registry} got other bytes for ${ask.what} than its digest says.`,
    );
  }
  const message = `${registry} answers ${ask.method} of ${ask.what} with ${said}, which is not to be expected.`;
  return registryError('images/registry-bad-answer', message);
}

/** Those of the distribution specification. */
const ERROR_CODES: ReadonlySet<unknown> = new Set([
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DENIED',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'TAG_INVALID',
  'TOOMANYREQUESTS',
  'UNAUTHORIZED',
  'UNSUPPORTED',
]);

async function errorCode(answer: HttpAnswer): Promise<string | null> {
  try {
    const body: unknown = JSON.parse((await answer.bytes(64 * 1024)).toString());
    const errors = isObject(body) && Array.isArray(body['errors']) ? body['errors'] : [];
    const codes = errors.map((error: unknown) => (isObject(error) ? error['code'] : null));
    const known: unknown = codes.find((code) => ERROR_CODES.has(code));
    return typeof known === 'string' ? known : null;
  } catch {
    // An error page of a proxy, or one that was cut: the status says enough.
    return null;
  }
}
