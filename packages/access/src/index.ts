/** The door of access: who is calling, and how to prove it to others. */
export { createAccess, type Access, type AccessDeps, type PluginRequest } from './access.ts';
export { AUTH_COOKIE, type CredentialHeaders } from './bearer.ts';
export {
  parseAccessConfig,
  type AccessOptions,
  type AccessSurroundings,
  type ParsedAccessConfig,
} from './config.ts';
export type { ConfigReader } from './config-values.ts';
export { accessConfigSchema } from './config-schema.ts';
export {
  NONE,
  ownCredentials,
  restrictionFor,
  type AccessRestriction,
  type Credentials,
  type NonePrincipal,
  type PermissionAction,
  type Principal,
  type ServicePrincipal,
  type UserPrincipal,
} from './credentials.ts';
export { ACCESS_DIAGNOSTICS, ACCESS_ERRORS, type AccessErrorCode } from './errors.ts';
export type { ExternalAccess, JwksAccess, SharedSecretAccess, StaticAccess } from './external.ts';
export { createGuard, type Guard, type GuardedRequest } from './guard.ts';
export { ownershipOf, profileOf, type FindUser, type GuestOptions } from './guest.ts';
export type { PathRule, Place } from './paths.ts';
export {
  openPersonalTokens,
  type PersonalToken,
  type PersonalTokenDeps,
  type PersonalTokens,
} from './personal-token.ts';
export {
  createPersonalTokenStore,
  type PersonalTokenStore,
  type StoredPersonalToken,
} from './personal-token-store.ts';
export type { AuthProvider, Profile, SignIn, SignInRequest } from './provider.ts';
export { accessRoutes, type AccessRouteOptions } from './routes.ts';
export type { SessionAnswer } from './session.ts';
export {
  accessMigrations,
  createKeyStore,
  createUserInfoStore,
  type KeyStore,
  type PublicJwk,
  type StoredKey,
  type UserInfo,
  type UserInfoStore,
} from './store.ts';
export type { IssuedToken } from './user-token.ts';
export type { Target } from './verify.ts';
