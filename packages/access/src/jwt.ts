/**
 * JSON Web Tokens: looking at one without trusting it, and checking one. `jose` does the cryptography and is
 * loaded when the first token needs it, so that start-up does not pay for it.
 */
import type * as Jose from 'jose';
import { isObject, parseJson } from '@callboard/model';
import { accessError } from './errors.ts';

/** The `typ` header of each kind of token, as Backstage writes it. */
export const TOKEN_TYPE = {
  user: 'vnd.backstage.user',
  limitedUser: 'vnd.backstage.limited-user',
  plugin: 'vnd.backstage.plugin',
} as const;

export const ALGORITHM = 'ES256';

export const loadJose = (): Promise<typeof Jose> => import('jose');

/** A token taken apart but not verified: nothing in it may be believed yet. */
export interface UnverifiedJwt {
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Takes a compact JWT apart; null when the text is not one. */
export function peekJwt(token: string): UnverifiedJwt | null {
  const parts = token.split('.');
  const [rawHeader, rawPayload] = parts;
  if (parts.length !== 3 || rawHeader === undefined || rawPayload === undefined) return null;
  const header = decodePart(rawHeader);
  const payload = decodePart(rawPayload);
  return header === null || payload === null ? null : { token, header, payload };
}

export function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decodePart(part: string): Record<string, unknown> | null {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return isObject(value) ? value : null;
}

export interface JwtCheck {
  readonly jwt: UnverifiedJwt;
  /** Null when nobody knows the key: the token is refused. */
  readonly key: Jose.CryptoKey | null;
  readonly type: string;
  readonly audience?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the caller of a refused token reads. */
  readonly refusal: string;
}

export interface CheckedClaims {
  readonly claims: Jose.JWTPayload;
  readonly sub: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/**
 * Checks signature, type, audience and lifetime of a token that we signed.
 * @throws CodedError `access/expired-token` or `access/invalid-token`
 */
export async function checkJwt(check: JwtCheck): Promise<CheckedClaims> {
  const { jwt, key, type, audience, now, refusal } = check;
  if (key === null) throw accessError('access/invalid-token', refusal);
  const jose = await loadJose();
  const { payload: claims } = await jose
    .jwtVerify(jwt.token, key, {
      typ: type,
      algorithms: [ALGORITHM],
      requiredClaims: ['iat', 'exp', 'sub'],
      currentDate: new Date(now),
      ...(audience !== undefined && { audience }),
    })
    .catch((error: unknown) => {
      throw accessError(isExpiry(error) ? 'access/expired-token' : 'access/invalid-token', refusal, {
        cause: error,
      });
    });
  const { sub, exp } = claims;
  if (sub === undefined || sub === '' || exp === undefined)
    throw accessError('access/invalid-token', refusal);
  return { claims, sub, exp };
}

/** Refuses a token whose own words say that it is over, before anything costly is done for it. */
export function refuseExpired(jwt: UnverifiedJwt, { now, refusal }: { now: number; refusal: string }): void {
  const { exp } = jwt.payload;
  if (typeof exp === 'number' && exp * 1_000 <= now) throw accessError('access/expired-token', refusal);
}

/** The `kid` of a token when it has a plausible one. */
export function keyIdOf({ header }: UnverifiedJwt): string | null {
  const { kid } = header;
  return typeof kid === 'string' && kid.length <= 128 ? kid : null;
}

export function isExpiry(error: unknown): boolean {
  return codeOf(error) === 'ERR_JWT_EXPIRED';
}

/** The `code` of an error that has one, such as jose's. */
export function codeOf(error: unknown): string | null {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : null;
}
