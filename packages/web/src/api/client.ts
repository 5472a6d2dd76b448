/** Sends JSON requests with the session's token; a token that the server refuses is renewed once. */
import { readAnswer } from './answer.ts';
import { errorFrom, unreachable } from './error.ts';
import type { Fetch, Session } from './session.ts';

export interface Request {
  /** Path and query, as `/api/catalog/entities/by-query`. */
  readonly path: string;
  /** Default: POST with a body, GET without one. */
  readonly method?: 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Answers the parsed JSON body, or null when the body is empty. Rejects with an ApiError. */
export type Client = (request: Request) => Promise<unknown>;

export interface ClientDeps {
  readonly session: Pick<Session, 'token' | 'renew'>;
  readonly fetch: Fetch;
}

export function createClient(deps: ClientDeps): Client {
  async function send(request: Request, token: string): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', Authorization: `Bearer ${token}` };
    const init: RequestInit = { headers, signal: request.signal ?? null };
    if (request.method !== undefined) init.method = request.method;
    if (request.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.method = request.method ?? 'POST';
      init.body = JSON.stringify(request.body);
    }
    return deps.fetch(request.path, init);
  }

  /** The answer to a request, sent again with a new token when the server no longer accepts the first one. */
  async function answerTo(request: Request, token: string): Promise<unknown> {
    let response = await send(request, token);
    if (response.status === 401) response = await send(request, await deps.session.renew(token));
    if (!response.ok) throw await errorFrom(response);
    return readAnswer(response);
  }

  return async (request) => {
    const token = await deps.session.token();
    try {
      return await answerTo(request, token);
    } catch (thrown) {
      // The caller took the request back; that is no failure of the server.
      if (request.signal?.aborted === true) throw thrown;
      throw unreachable(thrown);
    }
  };
}
