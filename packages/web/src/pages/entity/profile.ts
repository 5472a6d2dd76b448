/** What a user or a group says of itself for people: `spec.profile`, and a role wherever somebody wrote one. */
import { isObject } from '@callboard/model';
import { objectIn, textIn } from '../../api/entity.ts';
import { safeUrl } from '../../parts/safe-url.ts';

export interface Profile {
  readonly picture: string | null;
  /** As written; see `mailAddress`. */
  readonly email: string | null;
  /** What the person does, from `role`, `jobTitle`, `title` or `position` of the profile or the spec. */
  readonly role: string | null;
}

const ROLE_KEYS = ['role', 'jobTitle', 'title', 'position'] as const;

/** Of any entity, and of parts of one. */
export function profileOf(entity: unknown): Profile {
  const spec = objectIn(entity, 'spec');
  const profile = objectIn(spec, 'profile');
  const roles = [profile, spec].flatMap((holder) => ROLE_KEYS.map((key) => textIn(holder, key)));
  return {
    picture: textIn(profile, 'picture'),
    email: textIn(profile, 'email'),
    role: roles.find((role) => role !== null) ?? null,
  };
}

/** The address of a mail to somebody; null for a text with anything but one plain address in it. */
export function mailAddress(email: string | null): string | null {
  if (email === null || !/^[^\s?&%,;:<>"()@]+@[^\s?&%,;:<>"()@]+$/.test(email)) return null;
  return safeUrl(`mailto:${email}`);
}

/** True of the kinds that stand for people. */
export function isOrganization(entity: unknown): boolean {
  const kind = isObject(entity) ? textIn(entity, 'kind')?.toLowerCase() : undefined;
  return kind === 'group' || kind === 'user';
}
