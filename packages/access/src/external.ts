/**
 * Tokens that callers outside Backstage hold: fixed ones, HS256 ones signed with a shared secret, and those of
 * an issuer whose keys are fetched. Each method is tried in the order of the configuration.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';
import { createCredentials, type AccessRestriction } from './credentials.ts';
import { accessError } from './errors.ts';
import { codeOf, isExpiry, loadJose, type UnverifiedJwt } from './jwt.ts';
import type { VerifiedToken } from './token-cache.ts';

interface ExternalBase {
  /** Absent: the token opens every plugin. */
  readonly accessRestrictions?: readonly AccessRestriction[];
}

export interface StaticAccess extends ExternalBase {
  readonly type: 'static';
  /** At least 8 characters, no white space. */
  readonly token: string;
  readonly subject: string;
}

export interface SharedSecretAccess extends ExternalBase {
  readonly type: 'legacy';
  /** The decoded secret. */
  readonly secret: Uint8Array;
  readonly subject: string;
}

export interface JwksAccess extends ExternalBase {
  readonly type: 'jwks';
  readonly url: URL;
  readonly algorithms?: readonly string[];
  readonly issuers?: readonly string[];
  readonly audiences?: readonly string[];
  readonly subjectPrefix?: string;
}

export type ExternalAccess = StaticAccess | SharedSecretAccess | JwksAccess;

export interface ExternalTokens {
  /**
   * Null when no method knows the token.
   * @throws CodedError `access/expired-token`, `access/keys-unreachable`
   */
  verify(token: string, jwt: UnverifiedJwt | null): Promise<VerifiedToken | null>;
}

export interface ExternalTokenOptions {
  readonly methods: readonly ExternalAccess[];
  readonly now: () => number;
  /** Fetches the keys of external issuers. */
  readonly fetch: typeof fetch;
}

/** What one method says of a token: whose it is and until when, or nothing. */
interface Recognised {
  readonly subject: string;
  /** Milliseconds since 1970; null when it does not expire. */
  readonly expiresAt: number | null;
  /** Until when this need not be asked again, at most. Absent: until it expires. */
  readonly rememberUntil?: number;
}

/** How long, in milliseconds, a token is believed before the keys of its issuer are asked again. */
const ISSUER_MEMORY = 10 * 60 * 1_000;

type Recognise = (token: string, jwt: UnverifiedJwt | null) => Promise<Recognised | null>;

export function createExternalTokens({ methods, now, fetch }: ExternalTokenOptions): ExternalTokens {
  const recognisers = methods.map((method) => ({ method, recognise: recogniser(method, { now, fetch }) }));
  return {
    verify: async (token, jwt) => {
      const failures: unknown[] = [];
      for (const { method, recognise } of recognisers) {
        // Another method may still know the token; when none does, the failure decides the answer.
        const found = await recognise(token, jwt).catch((error: unknown) => {
          failures.push(error);
          return null;
        });
        if (found !== null) return toVerified(token, found, method);
      }
      throwWorst(failures);
      return null;
    },
  };
}

type Surroundings = Pick<ExternalTokenOptions, 'now' | 'fetch'>;

function recogniser(method: ExternalAccess, surroundings: Surroundings): Recognise {
  switch (method.type) {
    case 'static':
      return recogniseStatic(method);
    case 'legacy':
      return recogniseSharedSecret(method, surroundings);
    case 'jwks':
      return recogniseIssuer(method, surroundings);
    default:
      return method satisfies never;
  }
}

function recogniseStatic({ token, subject }: StaticAccess): Recognise {
  // Digests have one length, so the comparison takes the same time whatever was sent.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return async (candidate) =>
    timingSafeEqual(digest(candidate), expected) ? { subject, expiresAt: null } : null;
}

/** HS256 with `sub: backstage-server` and no audience, as Backstage's first backends signed. */
function recogniseSharedSecret({ secret, subject }: SharedSecretAccess, { now }: Surroundings): Recognise {
  return async (token, jwt) => {
    if (jwt === null || jwt.header['alg'] !== 'HS256') return null;
    if (jwt.payload['sub'] !== 'backstage-server' || Boolean(jwt.payload['aud'])) return null;
    const jose = await loadJose();
    const { payload } = await jose.jwtVerify(token, secret, {
      algorithms: ['HS256'],
      currentDate: new Date(now()),
    });
    return { subject, expiresAt: payload.exp === undefined ? null : payload.exp * 1_000 };
  };
}

function recogniseIssuer(method: JwksAccess, { now, fetch }: Surroundings): Recognise {
  const { url, algorithms, issuers, audiences, subjectPrefix } = method;
  const prefix = subjectPrefix === undefined ? 'external:' : `external:${subjectPrefix}:`;
  let remoteKeys: JWTVerifyGetKey | null = null;
  return async (token, jwt) => {
    if (jwt === null) return null;
    const jose = await loadJose();
    remoteKeys ??= jose.createRemoteJWKSet(url, { [jose.customFetch]: fetch });
    const { payload } = await jose.jwtVerify(token, remoteKeys, {
      currentDate: new Date(now()),
      ...(algorithms !== undefined && { algorithms: [...algorithms] }),
      ...(issuers !== undefined && { issuer: [...issuers] }),
      ...(audiences !== undefined && { audience: [...audiences] }),
    });
    const { sub, exp } = payload;
    if (sub === undefined || sub === '') return null;
    return {
      subject: `${prefix}${sub}`,
      expiresAt: exp === undefined ? null : exp * 1_000,
      rememberUntil: now() + ISSUER_MEMORY,
    };
  };
}

function toVerified(token: string, found: Recognised, method: ExternalAccess): VerifiedToken {
  const { subject, expiresAt, rememberUntil = Infinity } = found;
  const { accessRestrictions } = method;
  const restrictions = accessRestrictions === undefined ? {} : { accessRestrictions };
  return {
    credentials: createCredentials({
      principal: { type: 'service', subject, ...restrictions },
      token,
      expiresAt,
    }),
    limited: false,
    audience: null,
    validUntil: Math.min(expiresAt ?? Infinity, rememberUntil),
  };
}

/** Faults of the token itself, in jose's words; anything else is a fault of the world. */
const TOKEN_FAULT = /^ERR_(JW[ST]_|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS|JOSE_(ALG|NOT))/;

function throwWorst(failures: readonly unknown[]): void {
  const world = failures.find((failure) => !TOKEN_FAULT.test(codeOf(failure) ?? ''));
  if (world !== undefined) {
    throw accessError(
      'access/keys-unreachable',
      'The keys that would verify this token cannot be fetched. Try again; if it stays, check the URLs of ' +
        'type jwks in backend.auth.externalAccess.',
      { cause: world },
    );
  }
  const expired = failures.find(isExpiry);
  if (expired !== undefined) throw accessError('access/expired-token', 'Illegal token', { cause: expired });
}
