/** Who fills a form in, as its expressions see them. */
import type { FormUser } from '@callboard/form';
import { isObject, parseRef, type Entity } from '@callboard/model';

/** `entity`: of the catalog; null when there is none. `ref`: null for nobody, and for services. */
export function toFormUser(
  who: { readonly ref: string | null; readonly ownership: readonly string[] },
  entity: Entity | null,
): FormUser {
  const profile = isObject(entity?.spec?.['profile']) ? entity.spec['profile'] : {};
  const { displayName, email } = profile;
  return {
    ref: who.ref,
    name: who.ref === null ? '' : (parseRef(who.ref)?.name ?? who.ref),
    displayName: typeof displayName === 'string' && displayName !== '' ? displayName : null,
    email: typeof email === 'string' && email !== '' ? email : null,
    groups: who.ownership,
  };
}
