/**
 * User tokens, and the limited user tokens that hide in them. A user token carries in `uip` the signature of a
 * second, smaller token; whoever holds the user token can put that one together again without asking anybody.
 * Claims, headers and their order follow Backstage's, as the signature of the limited token depends on them.
 */
import { parseRef } from '@callboard/model';
import { createCredentials } from './credentials.ts';
import { accessError } from './errors.ts';
import { MAX_TOKEN_LENGTH } from './bearer.ts';
import type { VerifiedToken } from './token-cache.ts';
import {
  ALGORITHM,
  checkJwt,
  encodePart,
  keyIdOf,
  loadJose,
  peekJwt,
  refuseExpired,
  TOKEN_TYPE,
  type UnverifiedJwt,
} from './jwt.ts';
import type { Keys } from './keys.ts';

/** The owner of the keys that sign user tokens. */
export const USER_KEYS = 'user';

const AUDIENCE = 'backstage';
const REFUSAL = 'Failed user token verification';

interface UserClaims {
  /** Full lower-case reference. */
  readonly sub: string;
  readonly ent: readonly string[];
  /** Further claims; they cannot replace ours. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface UserTokens {
  /** @throws CodedError `access/invalid-user-ref`, `access/token-too-large` */
  issue(claims: UserClaims): Promise<IssuedToken>;
  /** A limited token alone. It ends at `until` (milliseconds since 1970) at the latest; null: as user tokens do. */
  issueLimited(sub: string, until: number | null): Promise<IssuedToken>;
  /** Null when it is not a user token at all. @throws CodedError `access/invalid-token`, `access/expired-token` */
  verify(jwt: UnverifiedJwt): Promise<VerifiedToken | null>;
}

export interface UserTokenOptions {
  readonly keys: Keys;
  /** Base URL of the auth API, the `iss` claim. */
  readonly issuer: string;
  readonly lifetimeSeconds: number;
  /** Puts the ownership into the token as `ent`. */
  readonly ownershipInToken: boolean;
  readonly now: () => number;
}

export function createUserTokens(options: UserTokenOptions): UserTokens {
  const { keys, issuer, lifetimeSeconds, ownershipInToken, now } = options;

  const issue = async ({ sub, ent, extra }: UserClaims): Promise<IssuedToken> => {
    if (parseRef(sub) === null) {
      throw accessError(
        'access/invalid-user-ref',
        `The sign-in provider named the user ${JSON.stringify(sub)}, which is not an entity reference. ` +
          'Make the provider answer something like user:default/name.',
      );
    }
    const { kid, privateKey } = await keys.signingKey(USER_KEYS, lifetimeSeconds);
    const jose = await loadJose();
    const iat = Math.floor(now() / 1_000);
    const exp = iat + lifetimeSeconds;
    const limited = await new jose.GeneralSign(new TextEncoder().encode(JSON.stringify({ sub, iat, exp })))
      .addSignature(privateKey)
      .setProtectedHeader({ typ: TOKEN_TYPE.limitedUser, alg: ALGORITHM, kid })
      .done()
      .sign();
    const uip = limited.signatures[0]?.signature;
    const ownership = ownershipInToken ? { ent: [...ent] } : {};
    const token = await new jose.SignJWT({
      ...extra,
      iss: issuer,
      sub,
      ...ownership,
      aud: AUDIENCE,
      iat,
      exp,
      uip,
    })
      .setProtectedHeader({ typ: TOKEN_TYPE.user, alg: ALGORITHM, kid })
      .sign(privateKey);
    if (token.length > MAX_TOKEN_LENGTH) {
      throw accessError(
        'access/token-too-large',
        `The token of ${sub} would have ${token.length} characters; ${MAX_TOKEN_LENGTH} is the limit. ` +
          'Have the sign-in provider add fewer claims, or leave auth.omitIdentityTokenOwnershipClaim at true.',
      );
    }
    return { token, expiresAt: exp * 1_000 };
  };

  const issueLimited = async (sub: string, until: number | null): Promise<IssuedToken> => {
    const { kid, privateKey } = await keys.signingKey(USER_KEYS, lifetimeSeconds);
    const jose = await loadJose();
    const iat = Math.floor(now() / 1_000);
    const exp = Math.min(iat + lifetimeSeconds, Math.floor((until ?? Infinity) / 1_000));
    const token = await new jose.SignJWT({ sub, iat, exp })
      .setProtectedHeader({ typ: TOKEN_TYPE.limitedUser, alg: ALGORITHM, kid })
      .sign(privateKey);
    return { token, expiresAt: exp * 1_000 };
  };

  const verify = async (jwt: UnverifiedJwt): Promise<VerifiedToken | null> => {
    const { typ } = jwt.header;
    if (typ !== TOKEN_TYPE.user && typ !== TOKEN_TYPE.limitedUser) return null;
    refuseExpired(jwt, { now: now(), refusal: REFUSAL });
    const kid = keyIdOf(jwt);
    const key = kid === null ? null : await keys.verificationKey(USER_KEYS, kid);
    const limited = typ === TOKEN_TYPE.limitedUser;
    const audience = limited ? {} : { audience: AUDIENCE };
    const { sub, exp } = await checkJwt({ jwt, key, type: typ, ...audience, now: now(), refusal: REFUSAL });
    const expiresAt = exp * 1_000;
    return {
      credentials: createCredentials({
        principal: { type: 'user', userEntityRef: sub },
        token: jwt.token,
        expiresAt,
      }),
      limited,
      audience: null,
      validUntil: expiresAt,
    };
  };

  return { issue, issueLimited, verify };
}

/**
 * The limited token inside a user token; a limited token is answered as it is. Nothing is verified here.
 * @throws CodedError `access/invalid-token` when the token has no identity proof.
 */
export function toLimitedToken(token: string): IssuedToken {
  const jwt = peekJwt(token);
  const { typ, alg, kid } = jwt?.header ?? {};
  const { sub, iat, exp, uip } = jwt?.payload ?? {};
  if (jwt === null || typeof exp !== 'number') throw illegal('invalid token type');
  if (typ === TOKEN_TYPE.limitedUser) return { token, expiresAt: exp * 1_000 };
  if (typ !== TOKEN_TYPE.user) throw illegal('invalid token type');
  if (typeof uip !== 'string') throw illegal('missing user identity proof');
  const header = encodePart({ typ: TOKEN_TYPE.limitedUser, alg, kid });
  return { token: `${header}.${encodePart({ sub, iat, exp })}.${uip}`, expiresAt: exp * 1_000 };
}

const illegal = (why: string): Error =>
  accessError('access/invalid-token', `Failed to create limited user token, ${why}`);
