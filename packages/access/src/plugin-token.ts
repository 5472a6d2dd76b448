/**
 * Service tokens: one plugin speaks to one other plugin, for itself or on behalf of a user. Each plugin signs
 * with keys of its own, served at `/api/<plugin>/.backstage/auth/v1/jwks.json`.
 */
import { createCredentials, type Credentials } from './credentials.ts';
import { accessError } from './errors.ts';
import {
  ALGORITHM,
  checkJwt,
  keyIdOf,
  loadJose,
  peekJwt,
  refuseExpired,
  TOKEN_TYPE,
  type UnverifiedJwt,
} from './jwt.ts';
import type { Keys } from './keys.ts';
import type { VerifiedToken } from './token-cache.ts';
import type { IssuedToken, UserTokens } from './user-token.ts';

const LIFETIME_SECONDS = 3_600;
const REFUSAL = 'Failed plugin token verification';
const BAD_USER = 'Invalid user token in plugin token obo claim';

/** The owner of the keys that sign what a plugin says. */
export const pluginKeys = (plugin: string): string => `plugin:${plugin}`;

export const isPluginId = (text: string): boolean => /^[a-z0-9_-]+$/i.test(text);

interface PluginCall {
  /** The plugin that calls. */
  readonly from: string;
  /** The only plugin that will accept the token. */
  readonly to: string;
  /** The limited token of the user on whose behalf it calls; the call ends with that token at the latest. */
  readonly onBehalfOf?: IssuedToken;
}

export interface PluginTokens {
  issue(call: PluginCall): Promise<IssuedToken>;
  /** Null when it is not a plugin token at all. @throws CodedError `access/invalid-token`, `access/expired-token` */
  verify(jwt: UnverifiedJwt): Promise<VerifiedToken | null>;
}

export interface PluginTokenOptions {
  readonly keys: Keys;
  /** Verifies the user that a plugin speaks for. */
  readonly users: Pick<UserTokens, 'verify'>;
  readonly now: () => number;
}

export function createPluginTokens({ keys, users, now }: PluginTokenOptions): PluginTokens {
  const issue = async ({ from, to, onBehalfOf }: PluginCall): Promise<IssuedToken> => {
    const { kid, privateKey } = await keys.signingKey(pluginKeys(from), LIFETIME_SECONDS);
    const jose = await loadJose();
    const iat = Math.floor(now() / 1_000);
    const ownEnd = iat + LIFETIME_SECONDS;
    const exp =
      onBehalfOf === undefined ? ownEnd : Math.min(ownEnd, Math.floor(onBehalfOf.expiresAt / 1_000));
    const user = onBehalfOf === undefined ? {} : { obo: onBehalfOf.token };
    const token = await new jose.SignJWT({ sub: from, aud: to, iat, exp, ...user })
      .setProtectedHeader({ typ: TOKEN_TYPE.plugin, alg: ALGORITHM, kid })
      .sign(privateKey);
    return { token, expiresAt: exp * 1_000 };
  };

  const verify = async (jwt: UnverifiedJwt): Promise<VerifiedToken | null> => {
    if (jwt.header['typ'] !== TOKEN_TYPE.plugin) return null;
    const caller = jwt.payload['sub'];
    if (typeof caller !== 'string' || caller === '') {
      throw accessError('access/invalid-token', 'Invalid plugin token: missing subject');
    }
    if (!isPluginId(caller)) {
      throw accessError('access/invalid-token', 'Invalid plugin token: forbidden subject format');
    }
    refuseExpired(jwt, { now: now(), refusal: REFUSAL });
    const kid = keyIdOf(jwt);
    const key = kid === null ? null : await keys.verificationKey(pluginKeys(caller), kid);
    const type = TOKEN_TYPE.plugin;
    const { claims, exp } = await checkJwt({ jwt, key, type, now: now(), refusal: REFUSAL });
    const { aud, obo } = claims;
    if (typeof aud !== 'string' || aud === '') throw accessError('access/invalid-token', REFUSAL);
    const expiresAt = exp * 1_000;
    const verified = { limited: false, audience: aud };
    if (obo === undefined) {
      return {
        ...verified,
        credentials: serviceOf(caller, { token: jwt.token, expiresAt }),
        validUntil: expiresAt,
      };
    }
    const user = await verifyUser(obo);
    const credentials = withActor(user.credentials, caller);
    return { ...verified, credentials, validUntil: Math.min(expiresAt, user.validUntil) };
  };

  const verifyUser = async (token: unknown): Promise<VerifiedToken> => {
    const jwt = typeof token === 'string' ? peekJwt(token) : null;
    const user = jwt === null ? null : await users.verify(jwt);
    if (user === null) throw accessError('access/invalid-token', BAD_USER);
    return user;
  };

  return { issue, verify };
}

function serviceOf(plugin: string, proof: IssuedToken): Credentials {
  return createCredentials({ principal: { type: 'service', subject: `plugin:${plugin}` }, ...proof });
}

/** The user's own credentials (with the limited token, to be passed on), naming who speaks for them. */
function withActor(user: Credentials, plugin: string): Credentials {
  if (user.principal.type !== 'user') throw accessError('access/invalid-token', BAD_USER);
  return createCredentials({
    principal: { ...user.principal, actor: { type: 'service', subject: `plugin:${plugin}` } },
    token: user.token,
    expiresAt: user.expiresAt?.getTime() ?? null,
  });
}
