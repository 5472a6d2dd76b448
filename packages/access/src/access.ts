/** Access as the other rooms and the routes see it: sign in, tell who is calling, speak to another plugin. */
import { bearerToken, AUTH_COOKIE, cookieValue, type CredentialHeaders } from './bearer.ts';
import type { AccessOptions } from './config.ts';
import { NONE, requireUser, restrictionFor, type Credentials, type UserPrincipal } from './credentials.ts';
import { accessError } from './errors.ts';
import { createExternalTokens } from './external.ts';
import { createGuestProvider, type FindUser } from './guest.ts';
import { createKeys } from './keys.ts';
import { createPathRules, type Place } from './paths.ts';
import { isPersonalToken, type PersonalTokens } from './personal-token.ts';
import { createPluginTokens, pluginKeys } from './plugin-token.ts';
import type { AuthProvider, SignIn, SignInRequest } from './provider.ts';
import { openSession, type SessionAnswer } from './session.ts';
import type { KeyStore, PublicJwk, UserInfo, UserInfoStore } from './store.ts';
import {
  createUserTokens,
  toLimitedToken,
  USER_KEYS,
  type IssuedToken,
  type UserTokens,
} from './user-token.ts';
import { createVerifier, type Target } from './verify.ts';

export interface AccessDeps {
  readonly keys: KeyStore;
  readonly users: UserInfoStore;
  readonly personalTokens: PersonalTokens;
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
   * @throws CodedError `access/invalid-token`, `access/expired-token`, `access/sign-in-closed`, `access/restricted`,
   * `access/keys-unreachable`
   */
  authenticate(headers: CredentialHeaders, target?: Target): Promise<Credentials>;
  /** As `authenticate`, for the token itself. */
  authenticateToken(token: string, target?: Target): Promise<Credentials>;
  /**
   * The user of a Bearer token. @throws CodedError `access/unauthenticated`, `access/principal-not-allowed` for a
   * service, and what `authenticate` throws
   */
  authenticateUser(headers: CredentialHeaders, target?: Target): Promise<UserPrincipal>;
  /**
   * As `authenticateUser`, for what a user does in person. @throws CodedError `access/session-required` for a
   * personal token and for a plugin that speaks for the user
   */
  authenticateSession(headers: CredentialHeaders, target?: Target): Promise<UserPrincipal>;
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
  /** The provider of the user's last sign-in; null when that is not known. */
  signedInBy(userEntityRef: string): Promise<string | null>;
  readonly personalTokens: Pick<PersonalTokens, 'list' | 'create' | 'remove'>;
  /**
   * The limited token of user credentials, for a cookie. @throws CodedError `access/invalid-token`,
   * `access/session-required` for a personal token
   */
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
  const paths = createPathRules();
  const providers = new Map(providersOf(deps, options).map((provider) => [provider.id, provider]));
  /** Whether one could sign in with this provider today; what is not known is not held against anybody. */
  const isOpen = (id: string | null): boolean => {
    if (id === null) return true;
    return providers.has(id) && (id !== 'guest' || options.guest?.allowed === true);
  };
  const { personalTokens } = deps;
  const personal = (token: string) => personalTokens.recognise(token, isOpen);
  const verifier = createVerifier({ plugins, users, external, personal, now });

  const provider = (id: string): AuthProvider => {
    const found = providers.get(id);
    if (found !== undefined) return found;
    const message =
      id === 'guest' ? `No auth provider registered for '${id}'` : `Unknown auth provider '${id}'`;
    throw accessError('access/unknown-provider', message);
  };
  const open = (signIn: SignIn, from: string | null): Promise<SessionAnswer> =>
    openSession({ tokens: users, users: deps.users, now }, { signIn, provider: from });
  const verifyBearer = async (
    { authorization }: CredentialHeaders,
    target: Target = {},
  ): Promise<Credentials> => {
    const token = bearerToken(authorization);
    return token === null ? NONE : verifier.verify(token, target);
  };

  return {
    options,
    authenticate: async (headers, target = {}) => {
      const token =
        bearerToken(headers.authorization) ??
        (target.allowLimited === true ? cookieValue(headers.cookie, AUTH_COOKIE) : null);
      return token === null ? NONE : verifier.verify(token, target);
    },
    authenticateToken: (token, target = {}) => verifier.verify(token, target),
    authenticateUser: async (headers, target) => requireUser(await verifyBearer(headers, target)),
    authenticateSession: async (headers, target) => {
      const credentials = await verifyBearer(headers, target);
      const principal = requireUser(credentials);
      if (principal.actor === undefined && !isPersonalToken(credentials.token)) return principal;
      throw sessionRequired();
    },
    authenticateCached: (authorization, target = {}) => {
      // No need to parse with care here: only what was parsed with care before can be found.
      if (authorization === undefined || !authorization.startsWith('Bearer ')) return null;
      return verifier.cached(authorization.slice(7), target);
    },
    signIn: async (id, request) => open(await provider(id).identify(request), id),
    openSession: (signIn) => open(signIn, null),
    provider,
    userInfo: (userEntityRef) => deps.users.get(userEntityRef),
    signedInBy: (userEntityRef) => deps.users.providerOf(userEntityRef),
    personalTokens,
    limitedToken,
    issuePluginToken: async ({ from, to, onBehalfOf }) => {
      if (onBehalfOf.principal.type === 'none' && !options.closedByDefault) return { token: '' };
      const user = await delegate(onBehalfOf, { to, users });
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
  if (isPersonalToken(token)) throw sessionRequired();
  return toLimitedToken(token);
}

/** The user's proof that goes along with a call to another plugin; null when a service calls for itself. */
async function delegate(
  credentials: Credentials,
  { to, users }: { readonly to: string; readonly users: Pick<UserTokens, 'issueLimited'> },
): Promise<IssuedToken | null> {
  const { principal, token, expiresAt } = credentials;
  switch (principal.type) {
    case 'user':
      if (!isPersonalToken(token)) return limitedToken(credentials);
      return users.issueLimited(principal.userEntityRef, expiresAt?.getTime() ?? null);
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

const sessionRequired = (): Error =>
  accessError(
    'access/session-required',
    'This is for a user who is signed in; a personal token cannot do it, and neither can a plugin for the user.',
  );
