/** Sends requests whose answers are texts or streams and not JSON; a token that the server refuses is renewed once. */
import { errorFrom, unreachable } from './error.ts';
import type { Fetch, Session } from './session.ts';

export interface RawRequest {
  readonly path: string;
  /** As `text/plain`. */
  readonly accept: string;
  /** Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The answer, its body unread. Rejects with an ApiError when it is not a good one. */
export type RawClient = (request: RawRequest) => Promise<Response>;

export interface RawClientDeps {
  readonly session: Pick<Session, 'token' | 'renew'>;
  readonly fetch: Fetch;
}

export function createRawClient({ session, fetch }: RawClientDeps): RawClient {
  function send({ path, accept, headers, signal }: RawRequest, token: string): Promise<Response> {
    return fetch(path, {
      headers: { ...headers, Accept: accept, Authorization: `Bearer ${token}` },
      signal,
    });
  }
  return async (request) => {
    try {
      const token = await session.token();
      let response = await send(request, token);
      if (response.status === 401) response = await send(request, await session.renew(token));
      if (!response.ok) throw await errorFrom(response);
      return response;
    } catch (thrown) {
      if (request.signal.aborted) throw thrown;
      throw unreachable(thrown);
    }
  };
}
