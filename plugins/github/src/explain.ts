/**
 * What GitHub answered, as an error that may be shown. The library's own errors hold the request with its body, which may
 * have a secret in it, so they are never kept as a cause.
 * Shapes: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
import { messageOf } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import { ForgeRefusal, githubError } from './errors.ts';

/** Characters of the forge's words that are shown. */
const SHOWN = 400;

export interface Explained {
  readonly host: string;
  /** Taken out of what the forge says. */
  readonly token: string;
  readonly signal: AbortSignal;
}

/** The error to throw for one that the library threw. */
export function explain(thrown: unknown, { host, token, signal }: Explained): unknown {
  if (signal.aborted) return signal.reason;
  if (!isObject(thrown) || typeof thrown['status'] !== 'number') return thrown;
  const { response, request } = thrown;
  const doing = requestLine(request);
  if (!isObject(response)) {
    const cause = thrown['cause'] ?? thrown;
    const message = `GitHub at ${host} does not answer ${doing}: ${reasonOf(cause)}. Retry the step when it does.`;
    return githubError('scaffolder/forge-unreachable', message);
  }
  const answered = thrown['status'];
  const said = wordsOf(response['data']).replaceAll(token, '***').slice(0, SHOWN);
  const headers = isObject(response['headers']) ? response['headers'] : {};
  const message = `GitHub at ${host} refused ${doing} with ${answered}: ${said} ${adviceOn(answered, headers)}`;
  return new ForgeRefusal({ answered, said, message });
}

/** The innermost cause: `fetch failed` says nothing. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.cause instanceof Error) return reasonOf(thrown.cause);
  return messageOf(thrown);
}

/** Method and path, without the query. */
function requestLine(request: unknown): string {
  if (!isObject(request)) return 'a request';
  const url = URL.parse(String(request['url']));
  return `${String(request['method'])} ${url?.pathname ?? ''}`;
}

/** `message` and the details of `errors`, as one sentence. */
function wordsOf(data: unknown): string {
  if (!isObject(data)) return 'it gave no reason.';
  const message = typeof data['message'] === 'string' ? data['message'] : 'it gave no reason';
  const errors: readonly unknown[] = Array.isArray(data['errors']) ? data['errors'] : [data['errors']];
  const details = errors.flatMap((error) => {
    if (typeof error === 'string') return [error];
    if (!isObject(error)) return [];
    if (typeof error['message'] === 'string') return [error['message']];
    return [[error['resource'], error['field'], error['code']].filter(isText).join(' ')];
  });
  const text = details.length === 0 ? message : `${message.replace(/\.$/, '')} (${details.join('; ')})`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const isText = (value: unknown): value is string => typeof value === 'string';

function adviceOn(answered: number, headers: Readonly<Record<string, unknown>>): string {
  if (isLimit(answered, headers)) {
    const reset = Number(headers['x-ratelimit-reset']);
    const after = Number.isFinite(reset) ? ` after ${new Date(reset * 1_000).toISOString()}` : ' later';
    return `The limit of requests is used up: retry the step${after}.`;
  }
  switch (answered) {
    case 401:
      return 'The token is not valid or has expired: give another one.';
    case 403: {
      const scopes = headers['x-accepted-oauth-scopes'] ?? headers['x-accepted-github-permissions'];
      return `Check that the token may do it${isText(scopes) && scopes !== '' ? `; it needs: ${scopes}` : ''}.`;
    }
    case 404:
      return 'Check the names; what the token may not see is hidden as well.';
    case 409:
    case 422:
      return 'Change what it objects to, and retry the step.';
    default:
      return answered >= 500 ? 'Retry the step when GitHub works again.' : 'Check the input of the step.';
  }
}

function isLimit(answered: number, headers: Readonly<Record<string, unknown>>): boolean {
  if (answered === 429) return true;
  return (
    answered === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined)
  );
}
