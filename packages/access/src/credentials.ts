/**
 * Who is calling: the principal, the token that proved it and when that proof ends.
 * Credentials are shared by all requests with the same token, so they are frozen.
 */

import { accessError } from './errors.ts';

export type PermissionAction = 'create' | 'read' | 'update' | 'delete';

/** What an external token may do in one plugin. Names follow Backstage's principal. */
export interface AccessRestriction {
  readonly plugin: string;
  /** Only these permissions; absent: all. */
  readonly permissionNames?: readonly string[];
  /** Only permissions with these attributes; absent: all. */
  readonly permissionAttributes?: { readonly action?: readonly PermissionAction[] };
}

export interface UserPrincipal {
  readonly type: 'user';
  /** Full lower-case reference, `user:default/anna`. */
  readonly userEntityRef: string;
  /** The plugin that calls on behalf of the user. */
  readonly actor?: ServicePrincipal;
}

export interface ServicePrincipal {
  readonly type: 'service';
  /** `plugin:<id>`, or the subject of an external token. */
  readonly subject: string;
  /** Absent: no restrictions. Present: plugins that are not listed are refused. */
  readonly accessRestrictions?: readonly AccessRestriction[];
}

export interface NonePrincipal {
  readonly type: 'none';
}

export type Principal = UserPrincipal | ServicePrincipal | NonePrincipal;

export interface Credentials {
  readonly principal: Principal;
  /** Not enumerable, so that credentials can be logged. Null when nothing proved the principal. */
  readonly token: string | null;
  /** Null when the proof does not end. */
  readonly expiresAt: Date | null;
}

export interface CredentialParts {
  readonly principal: Principal;
  readonly token: string | null;
  /** Milliseconds since 1970; null when the proof does not end. */
  readonly expiresAt: number | null;
}

export function createCredentials({ principal, token, expiresAt }: CredentialParts): Credentials {
  const credentials = {
    principal: Object.freeze(principal),
    token,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  };
  Object.defineProperty(credentials, 'token', { enumerable: false });
  return Object.freeze(credentials);
}

/** Nobody. */
export const NONE: Credentials = createCredentials({
  principal: { type: 'none' },
  token: null,
  expiresAt: null,
});

/**
 * The user behind credentials.
 * @throws CodedError `access/unauthenticated` for nobody, `access/principal-not-allowed` for a service
 */
export function requireUser({ principal }: Credentials): UserPrincipal {
  switch (principal.type) {
    case 'user':
      return principal;
    case 'service':
      throw accessError('access/principal-not-allowed', "This endpoint does not allow 'service' credentials");
    case 'none':
      throw accessError('access/unauthenticated', 'Missing credentials');
    default:
      return principal satisfies never;
  }
}

/** The credentials with which a plugin of this process speaks for itself. */
export function ownCredentials(plugin: string): Credentials {
  return createCredentials({
    principal: { type: 'service', subject: `plugin:${plugin}` },
    token: null,
    expiresAt: null,
  });
}

/** What a restricted service may do in a plugin; null when it may do nothing there. */
export function restrictionFor(
  restrictions: readonly AccessRestriction[],
  plugin: string | null,
): AccessRestriction | null {
  return restrictions.find((restriction) => restriction.plugin === plugin) ?? null;
}
