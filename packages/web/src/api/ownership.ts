/** What the person who is signed in owns things as. */
import { useSession } from './services.ts';

const NOBODY: readonly string[] = [];

/** References of the person and their groups; empty until somebody is signed in. */
export function useOwnership(): readonly string[] {
  const state = useSession();
  return state.kind === 'signed-in' ? state.identity.ownershipEntityRefs : NOBODY;
}
