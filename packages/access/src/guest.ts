/**
 * Guest sign-in, for a portal on one's own machine: everybody is the same user. Refused outside development
 * unless the configuration insists.
 */
import { isObject, refOf, type Entity } from '@callboard/model';
import { accessError } from './errors.ts';
import type { AuthProvider, Profile } from './provider.ts';

export interface GuestOptions {
  /** Full lower-case reference. */
  readonly userEntityRef: string;
  /** Used when the catalog does not know the user. */
  readonly ownershipEntityRefs: readonly string[];
  /** False: configured, but every sign-in is refused. */
  readonly allowed: boolean;
}

/** Looks a user up in the catalog by full lower-case reference; null when there is none. */
export type FindUser = (ref: string) => Promise<Entity | null>;

export interface GuestDeps {
  /** Absent: there is no catalog to ask. */
  readonly findUser?: FindUser;
}

/** Profile and ownership come from the User entity when the catalog has one. */
export function createGuestProvider({ findUser }: GuestDeps, options: GuestOptions): AuthProvider {
  return {
    id: 'guest',
    identify: async () => {
      if (!options.allowed) {
        throw accessError(
          'access/guest-refused',
          'The guest provider cannot be used outside of a development environment unless ' +
            "'auth.providers.guest.dangerouslyAllowOutsideDevelopment' is enabled",
        );
      }
      const { userEntityRef, ownershipEntityRefs } = options;
      const user = (await findUser?.(userEntityRef)) ?? null;
      if (user === null) return { userEntityRef, ownershipEntityRefs, profile: {} };
      return {
        userEntityRef: refOf(user),
        ownershipEntityRefs: ownershipOf(user),
        profile: profileOf(user),
      };
    },
  };
}

/** What a user owns things through: the user and the groups it is a member of. */
export function ownershipOf(user: Entity): readonly string[] {
  const groups = (user.relations ?? [])
    .filter(({ type, targetRef }) => type === 'memberOf' && targetRef.startsWith('group:'))
    .map(({ targetRef }) => targetRef);
  return [...new Set([refOf(user), ...groups])];
}

/** The profile that a User entity declares in `spec.profile`. */
export function profileOf(user: Entity): Profile {
  const profile = user.spec?.['profile'];
  if (!isObject(profile)) return {};
  const { email, displayName, picture } = profile;
  return {
    ...(isText(email) && { email }),
    ...(isText(displayName) && { displayName }),
    ...(isText(picture) && { picture }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
