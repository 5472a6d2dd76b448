/**
 * Asks a source over HTTP and takes nothing but JSON from it, in time and in size. What went wrong is told by status and
 * type; neither headers nor secrets are in it, and of a body only the message that it gives itself.
 */
import { messageOf } from '@callboard/kernel';
import { isObject, type JsonValue } from '@callboard/model';
import { isDeeperThan } from '../depth.ts';
import { PrivateAddress, type Requester, type SourceResponse } from './requester.ts';
import { sourceFailed } from './source-error.ts';
import { SOURCE_DEFAULTS } from './source-settings.ts';
import type { Target } from './target-url.ts';

export interface HttpQuestion {
  readonly target: Target;
  readonly method: 'GET' | 'POST';
  /** Of the template. Those of the endpoint go before them. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; null: none. */
  readonly body: string | null;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: JsonValue;
  /** Bytes. */
  readonly size: number;
}

const MAX_REDIRECTS = 3;
const MAX_DEPTH = 100;
/** Characters of a body in a message. */
const MAX_SHOWN = 200;

/**
 * @param asked.takes which statuses of failures are answers, too
 * @throws CodedError 503 `scaffolder/source-failed`
 */
export async function askHttp(
  send: Requester,
  asked: HttpQuestion & { readonly takes?: (status: number) => boolean },
): Promise<HttpAnswer> {
  const { target, signal, takes = () => false } = asked;
  const { timeout = SOURCE_DEFAULTS.timeout, maxSize = SOURCE_DEFAULTS.maxSize } = target.endpoint ?? {};
  const late = AbortSignal.timeout(timeout);
  const stop = new AbortController();
  const until = AbortSignal.any([signal, late, stop.signal]);
  try {
    const response = await follow(send, asked, until);
    const { status } = response;
    const isGood = status >= 200 && status < 300;
    if (!isGood && !takes(status)) throw sourceFailed(await refusalOf(response, asked, maxSize));
    const type = response.header('content-type') ?? 'no content type';
    if (status === 204) return { status, body: null, size: 0 };
    if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
      const shown = type.split(';', 1)[0]?.trim().slice(0, 60) ?? '';
      throw sourceFailed(`${capital(target.name)} answered ${status} with ${shown}; JSON was expected.`);
    }
    const text = await textOf(response, { maxSize, name: target.name });
    return { status, body: parse(text, { status, name: target.name }), size: text.length };
  } catch (error) {
    if (signal.aborted) throw error;
    if (late.aborted) {
      throw sourceFailed(`${capital(target.name)} gave no whole answer within ${timeout} ms.`);
    }
    if (isOwn(error)) throw error;
    throw sourceFailed(`${capital(target.name)} cannot be reached: ${causeOf(error)}`);
  } finally {
    // Whatever is still on the way is of no use any more.
    stop.abort();
  }
}

/** Follows redirects that stay inside; a POST is never sent a second time. */
async function follow(send: Requester, asked: HttpQuestion, signal: AbortSignal): Promise<SourceResponse> {
  const { target, method, body } = asked;
  const { endpoint } = target;
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'callboard',
    ...(body !== null && { 'content-type': 'application/json' }),
    ...asked.headers,
    ...endpoint?.headers,
  };
  const reach = endpoint === null ? 'public' : 'any';
  let { url } = target;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await send({ url, method, headers, body, reach, signal });
    if (response.status < 300 || response.status >= 400) return response;
    const location = response.header('location');
    const next = location === null ? null : URL.parse(location, url.href);
    if (next === null)
      throw sourceFailed(`${capital(target.name)} answered ${response.status}; JSON was expected.`);
    if (method !== 'GET')
      throw sourceFailed(`${capital(target.name)} redirects a POST, which is not followed.`);
    if (!target.isInside(next)) {
      const shown = next.host.slice(0, 100);
      throw sourceFailed(
        `${capital(target.name)} redirects to another place (${shown}), which is not followed.`,
      );
    }
    url = next;
  }
  throw sourceFailed(`${capital(target.name)} redirects more than ${MAX_REDIRECTS} times.`);
}

async function textOf(
  { body, header }: SourceResponse,
  { maxSize, name }: { readonly maxSize: number; readonly name: string },
): Promise<string> {
  const tooLarge = (): Error => sourceFailed(`${capital(name)} answered with more than ${maxSize} bytes.`);
  if (Number(header('content-length') ?? 0) > maxSize) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxSize) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function parse(
  text: string,
  { status, name }: { readonly status: number; readonly name: string },
): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (!isDeeperThan(value, MAX_DEPTH)) return value;
  } catch {
    // Told below, with nothing of the text.
  }
  throw sourceFailed(`${capital(name)} answered ${status} with something that cannot be read as JSON.`);
}

async function refusalOf(
  response: SourceResponse,
  { target }: HttpQuestion,
  maxSize: number,
): Promise<string> {
  const { status } = response;
  const name = capital(target.name);
  switch (status) {
    case 401:
      return `${name} does not know who asks (401): ask who runs the portal to renew the credentials of it.`;
    case 403:
      return `${name} refuses this to the portal (403): ask who runs it for the right to read it.`;
    case 404:
      return `${name} has nothing at the path of this source (404).`;
    case 429:
      return `${name} is asked too often (429). Try again later.`;
    default: {
      const said = await messageIn(response, { target, maxSize });
      return `${name} answered ${status}${said === '' ? '' : `: ${said}`}. JSON with 200 was expected.`;
    }
  }
}

/** The message that a JSON error gives of itself, without what the portal sent. */
async function messageIn(
  response: SourceResponse,
  { target, maxSize }: { readonly target: Target; readonly maxSize: number },
): Promise<string> {
  if (!/json/i.test(response.header('content-type') ?? '')) return '';
  const text = await textOf(response, { maxSize: Math.min(maxSize, 65_536), name: target.name }).catch(
    () => '',
  );
  try {
    const body: unknown = JSON.parse(text);
    const { error, message } = isObject(body) ? body : {};
    const said = [message, error, isObject(error) ? error['message'] : null].find(
      (one) => typeof one === 'string',
    );
    return hide(said ?? '', target).slice(0, MAX_SHOWN);
  } catch {
    return '';
  }
}

/** Servers repeat what they were sent, as a wrong token. */
function hide(text: string, { endpoint }: Target): string {
  const secrets = Object.values(endpoint?.headers ?? {}).flatMap((value) => [value, ...value.split(/\s+/)]);
  return secrets
    .filter((secret) => secret.length >= 4)
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text.replaceAll(/\s+/g, ' ').trim());
}

function causeOf(error: unknown): string {
  if (error instanceof PrivateAddress) return 'its name leads to an address that is not public.';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = KNOWN[code];
  if (known !== undefined) return known;
  return code === '' ? messageOf(error).slice(0, MAX_SHOWN) : code;
}

const KNOWN: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there.',
  ECONNRESET: 'it closed the connection.',
  ENOTFOUND: 'there is no such host.',
  EAI_AGAIN: 'its name cannot be looked up now.',
  CERT_HAS_EXPIRED: 'its certificate has expired.',
};

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Said in words of this room already: a refusal, or a test that has no answer. */
function isOwn(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('scaffolder/');
}
