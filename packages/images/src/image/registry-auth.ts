/**
 * What lets us in at a registry: Basic, or Bearer tokens from the endpoint that the registry names (the Docker token
 * protocol). Credentials are asked for when needed, tokens kept until shortly before they end; none is ever in a message.
 */
import { isObject } from '@callboard/model';
import { parseJson } from './manifest.ts';
import { nextAddress } from './registry-address.ts';
import { quoted, registryError } from './registry-errors.ts';
import type { SendHttp } from './registry-http.ts';
import type { RegistryLimits } from './registry-limits.ts';
import { parseRetryAfter, PassingFault, retrying, type Backing } from './registry-retry.ts';

export type RegistryCredentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A token that the registry itself takes, as it is. */
  | { readonly kind: 'token'; readonly token: string };

/** Called for each token and each Basic request: keep what is costly to have. Null: as anybody. */
export type FindCredentials = (
  registry: string,
) => RegistryCredentials | null | Promise<RegistryCredentials | null>;

export interface Entry {
  readonly registry: string;
  /** As `repository:golden/debian:pull,push`. */
  readonly scopes: readonly string[];
  readonly signal: AbortSignal | undefined;
}

export interface Doorkeeper {
  /** The value of `Authorization`; null when the registry has not asked for one. */
  authorization(entry: Entry): Promise<string | null>;
  /**
   * Takes the challenge of a 401 from `url`. What `authorization` gave before is forgotten.
   * @throws CodedError `images/registry-refused` when nothing can be done about it.
   */
  challenged(entry: Entry, challenge: { readonly url: URL; readonly header: string | null }): void;
}

export interface DoorkeeperOptions {
  readonly send: SendHttp;
  readonly backOff: Backing;
  readonly credentials: FindCredentials;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly limits: RegistryLimits;
}

type Way =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: URL; readonly service: string | null };

interface Token {
  readonly value: string;
  readonly endsAt: number;
}

const MAX_TOKENS = 1_000;

export function createDoorkeeper(options: DoorkeeperOptions): Doorkeeper {
  const { now, credentials } = options;
  const ways = new Map<string, Way>();
  const tokens = new Map<string, { readonly asked: Promise<Token>; endsAt: number }>();
  /** What the registry itself said that a request needs. */
  const wanted = new Map<string, string>();
  const keyOf = ({ registry, scopes }: Entry): string => [registry, ...scopes].join(' ');

  const tokenFor = (way: Way & { scheme: 'bearer' }, entry: Entry): Promise<Token> => {
    const key = keyOf(entry);
    const kept = tokens.get(key);
    if (kept !== undefined && kept.endsAt > now()) return kept.asked;
    if (tokens.size > MAX_TOKENS) tokens.clear();
    const said = wanted.get(key);
    const asked = askToken(options, way, said === undefined ? entry : { ...entry, scopes: said.split(' ') });
    const token = { asked, endsAt: Infinity };
    tokens.set(key, token);
    asked.then(
      ({ endsAt }) => (token.endsAt = endsAt),
      () => (token.endsAt = 0),
    );
    return asked;
  };

  return {
    async authorization(entry) {
      const way = ways.get(entry.registry);
      if (way === undefined) return null;
      const known = await credentials(entry.registry);
      if (known?.kind === 'token') return `Bearer ${checkToken(known.token, entry.registry)}`;
      if (way.scheme === 'bearer') {
        return `Bearer ${(await untilAborted(tokenFor(way, entry), entry.signal)).value}`;
      }
      if (known === null) {
        throw registryError('images/registry-refused', `${entry.registry} wants a user and a password.`);
      }
      return basic(known);
    },
    challenged(entry, { url, header }) {
      const { way, scope } = chooseWay(entry.registry, url, header);
      ways.set(entry.registry, way);
      tokens.delete(keyOf(entry));
      if (wanted.size > MAX_TOKENS) wanted.clear();
      // A mount needs more than the registry asks for.
      if (scope !== null && entry.scopes.length === 1) wanted.set(keyOf(entry), scope);
    },
  };
}

/** The token is still asked for, as others may wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
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

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function chooseWay(
  registry: string,
  url: URL,
  header: string | null,
): { readonly way: Way; readonly scope: string | null } {
  const challenges = parseChallenges(header ?? '');
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) {
    // The realm is judged like a redirect: it is where the credentials of the registry go.
    const { parameters } = bearer;
    const realm = nextAddress(url, parameters.get('realm') ?? null);
    const way: Way = { scheme: 'bearer', realm, service: parameters.get('service') ?? null };
    return { way, scope: parameters.get('scope') ?? null };
  }
  if (challenges.some(({ scheme }) => scheme === 'basic')) return { way: { scheme: 'basic' }, scope: null };
  const asked = challenges.map(({ scheme }) => scheme).join(', ');
  const message = `${registry} does not let us in, and asks for ${quoted(asked)}, not for Bearer or Basic.`;
  throw registryError('images/registry-refused', message);
}

async function askToken(
  { send, backOff, credentials, now, limits }: DoorkeeperOptions,
  way: Way & { scheme: 'bearer' },
  entry: Entry,
): Promise<Token> {
  const { registry, scopes } = entry;
  const url = new URL(way.realm);
  if (way.service !== null) url.searchParams.set('service', way.service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const known = await credentials(registry);
  const headers = { ...(known?.kind === 'password' && { authorization: basic(known) }) };
  // The token is shared by all who wait for it, so it is no one's signal that ends it.
  const signal = undefined;
  return await retrying(
    async () => {
      const answer = await send({ method: 'GET', url, headers, signal });
      const { status } = answer;
      if (status === 200) return parseToken(await answer.bytes(limits.answerBytes), { registry, now: now() });
      await answer.discard();
      const message = `The token endpoint ${url.host} of ${registry} answers with ${status}.`;
      if (status === 429) {
        const after = parseRetryAfter(answer.headers.get('retry-after'), now());
        throw new PassingFault(registryError('images/registry-throttled', message), after);
      }
      if (status >= 500) throw new PassingFault(registryError('images/registry-unreachable', message));
      throw registryError('images/registry-refused', message);
    },
    { backOff, signal },
  );
}

function parseToken(bytes: Buffer, { registry, now }: { registry: string; now: number }): Token {
  const answer = parseJson(bytes, `The answer of the token endpoint of ${registry}`);
  const { token, access_token: other, expires_in: lasts } = isObject(answer) ? answer : {};
  const value = checkToken(token ?? other, registry);
  const seconds = typeof lasts === 'number' && lasts > 0 ? Math.min(lasts, 3_600) : 60;
  // Renewed early, as it has to be valid when the registry looks at it.
  return { value, endsAt: now + Math.max(seconds / 2, seconds - 15) * 1_000 };
}

/** A character that no header takes would put the token into the message of an error. */
function checkToken(token: unknown, registry: string): string {
  if (typeof token === 'string' && /^[\x21-\x7e]{1,65536}$/.test(token)) return token;
  throw registryError('images/registry-bad-answer', `What is to be the token for ${registry} is none.`);
}

interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** `WWW-Authenticate`, of several challenges too (RFC 9110, 11.6.1). What is no challenge ends it. */
function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  const parameter = /[\s,]*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
  const scheme = /[\s,]*([A-Za-z][\w-]*)(?=[\s,]|$)/y;
  const text = header.slice(0, 8_192);
  let at = 0;
  for (;;) {
    const current = challenges.at(-1);
    parameter.lastIndex = at;
    scheme.lastIndex = at;
    const pair = current === undefined ? null : parameter.exec(text);
    if (current !== undefined && pair !== null) {
      const [whole, name = '', inQuotes, bare = ''] = pair;
      current.parameters.set(name.toLowerCase(), inQuotes?.replaceAll(/\\(.)/g, '$1') ?? bare);
      at += whole.length;
      continue;
    }
    const next = scheme.exec(text);
    if (next === null) return challenges;
    challenges.push({ scheme: (next[1] ?? '').toLowerCase(), parameters: new Map() });
    at += next[0].length;
  }
}
