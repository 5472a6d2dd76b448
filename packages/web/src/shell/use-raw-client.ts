/** Answers as they come in, for who is signed in. */
import { useMemo } from 'react';
import { createRawClient, type RawClient } from '../api/raw-client.ts';
import { useServices } from '../api/services.ts';
import { useShell } from './shell-context.ts';

/** The same one from render to render. */
export function useRawClient(): RawClient {
  const { session } = useServices();
  const { connection } = useShell();
  return useMemo(() => createRawClient({ session, fetch: connection.fetch }), [session, connection]);
}
