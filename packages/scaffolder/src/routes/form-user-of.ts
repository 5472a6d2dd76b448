/** Who fills a form in, told from who sent a request. */
import type { FormUser } from '@callboard/form';
import { toFormUser } from '../form/form-user.ts';
import type { ScaffolderRoutesDeps, Who } from './deps.ts';

/** A service is nobody: what a form suggests to a person is not for it. */
export async function formUserOf(
  { kind, ref, ownership }: Who,
  catalog: ScaffolderRoutesDeps['catalog'],
): Promise<FormUser> {
  if (kind !== 'user' || ref === null) return toFormUser({ ref: null, ownership: [] }, null);
  return toFormUser({ ref, ownership }, await catalog.entity(ref));
}
