/**
 * From a token's text to credentials. A token is verified once and remembered until it expires; where it may
 * be used is checked each time, as that depends on the request.
 */
import { MAX_TOKEN_LENGTH } from './bearer.ts';
import { restrictionFor, type Credentials } from './credentials.ts';
import { accessError } from './errors.ts';
import type { ExternalTokens } from './external.ts';
import { peekJwt } from './jwt.ts';
import type { RecognisedToken } from './personal-token.ts';
import type { PluginTokens } from './plugin-token.ts';
import { createTokenCache, type VerifiedToken } from './token-cache.ts';
import type { UserTokens } from './user-token.ts';

/** Where a token is used. */
export interface Target {
  /**
   * The plugin that is called. Without it, tokens that are for one plugin or restricted to some are refused.
   */
  readonly plugin?: string | null;
  /** Accepts limited user tokens. Default: false. */
  readonly allowLimited?: boolean;
}

export interface Verifier {
  /**
   * @throws CodedError `access/invalid-token`, `access/expired-token`, `access/sign-in-closed`, `access/restricted`,
   * `access/keys-unreachable`
   */
  verify(token: string, target: Target): Promise<Credentials>;
  /** Null when the token has not been seen before, has expired or may not be used there. */
  cached(token: string, target: Target): Credentials | null;
}

export interface VerifierDeps {
  readonly plugins: Pick<PluginTokens, 'verify'>;
  readonly users: Pick<UserTokens, 'verify'>;
  readonly external: ExternalTokens;
  /** Personal tokens; asked each time, so that a deleted one is good for nothing at once. */
  readonly personal: (token: string) => RecognisedToken;
  readonly now: () => number;
}

export function createVerifier({ plugins, users, external, personal, now }: VerifierDeps): Verifier {
  const cache = createTokenCache({ now });
  const underway = new Map<string, Promise<VerifiedToken>>();

  const verifyAnew = async (token: string): Promise<VerifiedToken> => {
    if (token.length > MAX_TOKEN_LENGTH) throw illegalToken();
    const jwt = peekJwt(token);
    const ours = jwt === null ? null : ((await plugins.verify(jwt)) ?? (await users.verify(jwt)));
    const verified = ours ?? (await external.verify(token, jwt));
    if (verified === null) throw illegalToken();
    cache.set(token, verified);
    return verified;
  };

  /** Requests that bring the same new token at the same time share one verification. */
  const verifyOnce = (token: string): Promise<VerifiedToken> => {
    const running = underway.get(token);
    if (running !== undefined) return running;
    const started = verifyAnew(token).finally(() => underway.delete(token));
    underway.set(token, started);
    return started;
  };

  return {
    verify: async (token, target) => {
      const verified = believed(personal(token)) ?? cache.get(token) ?? (await verifyOnce(token));
      const refusal = refusalOf(verified, target);
      if (refusal !== null) throw refusal;
      return verified.credentials;
    },
    cached: (token, target) => {
      const own = personal(token);
      if (own === 'expired' || own === 'closed') return null;
      const verified = own ?? cache.get(token);
      return verified !== null && refusalOf(verified, target) === null ? verified.credentials : null;
    },
  };
}

function believed(recognised: RecognisedToken): VerifiedToken | null {
  if (recognised === 'expired') {
    throw accessError('access/expired-token', 'The personal token has expired. Make a new one.');
  }
  if (recognised === 'closed') {
    throw accessError(
      'access/sign-in-closed',
      'The user of this personal token can no longer sign in the way they did, so the token is closed.',
    );
  }
  return recognised;
}

function refusalOf(verified: VerifiedToken, { plugin = null, allowLimited = false }: Target): Error | null {
  const { limited, audience, credentials } = verified;
  if (limited && !allowLimited) return accessError('access/invalid-token', 'Illegal limited user token');
  if (audience !== null && audience !== plugin) {
    return accessError('access/invalid-token', 'Failed plugin token verification');
  }
  const { principal } = credentials;
  if (principal.type !== 'service' || principal.accessRestrictions === undefined) return null;
  if (restrictionFor(principal.accessRestrictions, plugin) !== null) return null;
  const allowed = principal.accessRestrictions.map((restriction) => `'${restriction.plugin}'`).join(', ');
  return accessError('access/restricted', `This token's access is restricted to plugin(s) ${allowed}`);
}

const illegalToken = (): Error => accessError('access/invalid-token', 'Illegal token');
