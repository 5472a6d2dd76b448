/** Access as the other rooms and the routes see it: sign in, tell who is calling, speak to another plugin. */
import { bearerToken, AUTH_COOKIE, cookieValue, type CredentialHeaders } from './bearer.ts';
import type { AccessOptions } from './config.ts';
import { NONE, restrictionFor, type Credentials } from './credentials.ts';
import { accessError } from './errors.ts';
import { createExternalTokens } from './external.ts';
import { createGuestProvider, type FindUser } from './guest.ts';
import { createKeys } from './keys.ts';
import { createPathRules, type Place } from './paths.ts';
import { createPluginTokens, pluginKeys } from './plugin-token.ts';
import type { AuthProvider, SignIn, SignInRequest } from './provider.ts';
import { openSession, type SessionAnswer } from './session.ts';
import type { KeyStore, PublicJwk, UserInfo, UserInfoStore } from './store.ts';
import { createUserTokens, toLimitedToken, USER_KEYS, type IssuedToken } from './user-token.ts';
import { createVerifier, type Target } from './verify.ts';

export interface AccessDeps {
  readonly keys: KeyStore;
  readonly users: UserInfoStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Fetches the keys of external issuers. */
  readonly fetch: typeof fetch;
  /** Looks users up in the catalog; without it every user is taken as the provider names them. */
  readonly findUser?: FindUser;
  /** Sign-in providers besides guest. */
  readonly providers?: readonly AuthProvider[];
}

/** A call from one plugin to another. */
export interface PluginRequest {
  readonly from: string;
  readonly to: string;
  /** Whose wish it is: a user, or a service (`ownCredentials(from)` for the plugin's own). */
  readonly onBehalfOf: Credentials;
}

export interface Access {
  readonly options: AccessOptions;
  /**
   * Who sent these headers: the Bearer token, else (where limited tokens are allowed) the cookie, else nobody.
   * @throws CodedError `access/invalid-token`, `access/expired-token`, `access/restricted`, `access/keys-unreachable`
   */
  authenticate(headers: CredentialHeaders, target?: Target): Promise<Credentials>;
  /** As `authenticate`, for the token itself. */
  authenticateToken(token: string, target?: Target): Promise<Credentials>;
  /**
   * The credentials of a token that was verified before, at the cost of a Map lookup; null means: ask
   * `authenticate`. Takes the Authorization header.
   */
  authenticateCached(authorization: string | undefined, target?: Target): Credentials | null;
  /** Signs in through a provider. @throws CodedError `access/unknown-provider` and what the provider throws */
  signIn(provider: string, request: SignInRequest): Promise<SessionAnswer>;
  /** Opens a session for somebody who was identified elsewhere. */
  openSession(signIn: SignIn): Promise<SessionAnswer>;
  /** @throws CodedError `access/unknown-provider` */
  provider(id: string): AuthProvider;
  /** What the user's last sign-in said; null when the user never signed in. */
  userInfo(userEntityRef: string): Promise<UserInfo | null>;
  /** The limited token of user credentials, for a cookie. @throws CodedError `access/invalid-token` */
  limitedToken(credentials: Credentials): IssuedToken;
  /**
   * A service token for one call. The token is empty when nobody asks and the default policy is off.
   * @throws CodedError `access/restricted`, `access/unauthenticated`
   */
  issuePluginToken(request: PluginRequest): Promise<{ readonly token: string }>;
  /** The keys that user tokens are verified with. */
  userKeys(): Promise<readonly PublicJwk[]>;
  /** The keys that a plugin's service tokens are verified with. */
  pluginKeys(plugin: string): Promise<readonly PublicJwk[]>;
  /** Lets everybody call a path under `/api/<plugin>` and all below it. @throws CodedError `access/invalid-path` */
  openPath(prefix: string): void;
  /** Lets a browser's cookie do for GET and HEAD of a path and all below it. @throws CodedError `access/invalid-path` */
  cookiePath(prefix: string): void;
  placeOf(method: string, url: string): Place;
}

export function createAccess(deps: AccessDeps, options: AccessOptions): Access {
  const { now } = deps;
  const keys = createKeys({ store: deps.keys, now });
  const users = createUserTokens({
    keys,
    issuer: `${options.baseUrl}/api/auth`,
    lifetimeSeconds: options.tokenLifetimeSeconds,
    ownershipInToken: options.ownershipInToken,
    now,
  });
  const plugins = createPluginTokens({ keys, users, now });
  const external = createExternalTokens({ methods: options.externalAccess, now, fetch: deps.fetch });
  const verifier = createVerifier({ plugins, users, external, now });
  const paths = createPathRules();
  const providers = new Map(providersOf(deps, options).map((provider) => [provider.id, provider]));

  const provider = (id: string): AuthProvider => {
    const found = providers.get(id);
    if (found !== undefined) return found;
    const message =
      id === 'guest' ? `No auth provider registered for '${id}'` : `Unknown auth provider '${id}'`;
    throw accessError('access/unknown-provider', message);
  };
  const open = (signIn: SignIn): Promise<SessionAnswer> =>
    openSession({ tokens: users, users: deps.users, now }, signIn);

  return {
    options,
    authenticate: async (headers, target = {}) => {
      const token =
        bearerToken(headers.authorization) ??
        (target.allowLimited === true ? cookieValue(headers.cookie, AUTH_COOKIE) : null);
      return token === null ? NONE : verifier.verify(token, target);
    },
    authenticateToken: (token, target = {}) => verifier.verify(token, target),
    authenticateCached: (authorization, target = {}) => {
      // No need to parse with care here: only what was parsed with care before can be found.
      if (authorization === undefined || !authorization.startsWith('Bearer ')) return null;
      return verifier.cached(authorization.slice(7), target);
    },
    signIn: async (id, request) => open(await provider(id).identify(request)),
    openSession: open,
    provider,
    userInfo: (userEntityRef) => deps.users.get(userEntityRef),
    limitedToken,
    issuePluginToken: async ({ from, to, onBehalfOf }) => {
      if (onBehalfOf.principal.type === 'none' && !options.closedByDefault) return { token: '' };
      const user = delegate(onBehalfOf, to);
      return plugins.issue({ from, to, ...(user !== null && { onBehalfOf: user }) });
    },
    userKeys: () => keys.publicKeys(USER_KEYS),
    pluginKeys: (plugin) => keys.publicKeys(pluginKeys(plugin)),
    openPath: (prefix) => paths.add('open', prefix),
    cookiePath: (prefix) => paths.add('cookie', prefix),
    placeOf: (method, url) => paths.placeOf(method, url),
  };
}

function providersOf(deps: AccessDeps, { guest }: AccessOptions): readonly AuthProvider[] {
  const others = deps.providers ?? [];
  if (guest === null) return others;
  return [
    createGuestProvider(deps.findUser === undefined ? {} : { findUser: deps.findUser }, guest),
    ...others,
  ];
}

function limitedToken({ principal, token }: Credentials): IssuedToken {
  if (principal.type !== 'user' || token === null) {
    throw accessError('access/invalid-token', 'User credentials is unexpectedly missing token');
  }
  return toLimitedToken(token);
}

/** The user's proof that goes along with a call to another plugin; null when a service calls for itself. */
function delegate(credentials: Credentials, to: string): IssuedToken | null {
  const { principal } = credentials;
  switch (principal.type) {
    case 'user':
      return limitedToken(credentials);
    case 'service': {
      if (principal.accessRestrictions === undefined) return null;
      const restriction = restrictionFor(principal.accessRestrictions, to);
      if (restriction === null) {
        throw accessError(
          'access/restricted',
          `Access to target plugin '${to}' is not included in token's access restrictions`,
        );
      }
      if (restriction.permissionNames === undefined && restriction.permissionAttributes === undefined) {
        return null;
      }
      throw accessError(
        'access/restricted',
        `Access to target plugin '${to}' is restricted and cannot be delegated`,
      );
    }
    case 'none':
      throw accessError(
        'access/unauthenticated',
        "Refused to issue service token for credential type 'none'",
      );
    default:
      return principal satisfies never;
  }
}
