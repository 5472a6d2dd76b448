/** Why the server did not do what it was asked to, when it said so itself. */
import { ApiError } from '../../api/error.ts';

/** Null for a failure that is not about what was asked: nobody is signed in, the server is away or broken. */
export function refusal(error: unknown): string | null {
  if (!(error instanceof ApiError)) return null;
  const { status, code, message } = error;
  const isSession = status === 401 || status === 403;
  if (status >= 400 && status < 500 && !isSession) return message;
  // What the room says of a registry that is away helps more than that something failed.
  return code?.startsWith('images/') === true ? message : null;
}
