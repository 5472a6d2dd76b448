/**
 * `http:backstage:request`: calls an API of the portal itself as the person who started the task. Whatever path a template
 * gives, the call goes to the portal's own address below `/api/`, and redirects are not followed elsewhere.
 */
import { CodedError, messageOf } from '@callboard/kernel';
import { parseJson, type JsonObject, type JsonValue } from '@callboard/model';
import { defineAction, type Action, type ActionContext } from '@callboard/plugin';
import { portalUrl, toBase } from './portal-url.ts';

export interface RequestDeps {
  /** Where the portal answers, without a slash at the end, as `http://127.0.0.1:7007`. */
  readonly baseUrl: string;
  /** A token for a plugin's API on behalf of who started the task; null: the call is made without. */
  tokenFor(request: { readonly credentials: unknown; readonly pluginId: string }): Promise<string | null>;
  readonly fetch: typeof fetch;
  /** Default: all. */
  readonly allowedMethods?: readonly string[];
}

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'UPDATE', 'DELETE', 'PUT', 'PATCH'] as const;
/** What a dry-run may send. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** Milliseconds. */
const TIMEOUT = 60_000;
const LONGEST_TIMEOUT = 60 * 60_000;
/** Bytes of an answer. */
const MOST = 10 * 1024 * 1024;
const MOST_REDIRECTS = 5;

export function createRequestAction(deps: RequestDeps): Action {
  return defineAction({
    id: 'http:backstage:request',
    description: 'Calls an API of the portal as the person who started the task.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'method'],
        properties: {
          path: { type: 'string', description: 'As /catalog/entities or /proxy/<name>/<path>.' },
          method: { type: 'string', enum: METHODS },
          headers: { type: 'object', description: 'More headers of the request.' },
          params: { type: 'object', description: 'Parameters of the query.' },
          body: { description: 'Text, or an object that is sent as JSON.' },
          logRequestPath: { type: 'boolean', description: 'Names the path in the log. Default: true.' },
          continueOnBadResponse: {
            type: 'boolean',
            description: 'A status of 400 and above does not fail the step. Default: false.',
          },
          timeout: {
            type: 'number',
            description: 'Milliseconds. Default: 60000.',
            exclusiveMinimum: 0,
            maximum: LONGEST_TIMEOUT,
          },
          useBackstageToken: { type: 'boolean', description: "Sends the task's secret backstageToken." },
          idempotencyKey: {
            type: 'string',
            description: 'With it, the request is sent once in the life of the task.',
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          code: { type: 'number', title: 'Status' },
          headers: { type: 'object', title: 'Headers of the answer' },
          body: { title: 'Body of the answer; text is { message }' },
        },
      },
    },
    handler: async (context) => {
      const { input, logger, isDryRun = false } = context;
      const { method, path, params = {}, logRequestPath = true, continueOnBadResponse = false } = input;
      const { allowedMethods } = deps;
      if (allowedMethods !== undefined && !allowedMethods.includes(method)) {
        const message = `The configuration does not allow templates to send ${method} requests.`;
        throw new CodedError(403, 'scaffolder/request-refused', message);
      }
      const { url, pluginId } = portalUrl(deps.baseUrl, { path, params });
      logger.info(`Sending ${method}${logRequestPath ? ` ${path}` : ''} to the portal`);
      if (isDryRun && !SAFE_METHODS.includes(method)) {
        logger.info(`A dry-run sends no ${method} request.`);
        return;
      }
      const headers = toHeaders(input.headers ?? {});
      const body = bodyOf(input.body, headers);
      if (!headers.has('authorization')) {
        const token = await tokenOf(deps, { context, pluginId, own: input.useBackstageToken === true });
        if (token !== null) headers.set('authorization', `Bearer ${token}`);
      }
      const call: Call = { url, method, headers, body, timeout: input.timeout ?? TIMEOUT };
      const fn = async (): Promise<Answer> =>
        judge(await send(deps, call, context.signal), { context, continueOnBadResponse });
      const key = input.idempotencyKey;
      const answer = key === undefined ? await fn() : await context.checkpoint({ key, fn });
      context.output('code', answer.code);
      context.output('headers', answer.headers);
      context.output('body', answer.body);
    },
  });
}

interface Asked {
  readonly context: Pick<ActionContext, 'secrets' | 'getInitiatorCredentials'>;
  readonly pluginId: string;
  readonly own: boolean;
}

async function tokenOf(deps: RequestDeps, { context, pluginId, own }: Asked): Promise<string | null> {
  const { backstageToken } = context.secrets;
  if (own && backstageToken !== undefined) return backstageToken;
  return deps.tokenFor({ credentials: await context.getInitiatorCredentials(), pluginId });
}

function toHeaders(given: JsonObject): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    try {
      headers.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    } catch (error) {
      // The value may be a secret: it is not shown.
      const message = `The header "${name}" cannot be sent: its name or value has characters that no header has.`;
      throw new CodedError(400, 'scaffolder/invalid-input', message, { cause: error });
    }
  }
  return headers;
}

/** Text as it is; anything else as JSON. */
function bodyOf(body: JsonValue | undefined, headers: Headers): string | null {
  if (body === undefined || body === null || body === '') return null;
  if (typeof body === 'string') return body;
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return JSON.stringify(body);
}

interface Call {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly timeout: number;
}

/** A type, not an interface: it is a JSON value, as checkpoints take. */
type Answer = {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
};

async function send(deps: RequestDeps, call: Call, signal: AbortSignal): Promise<Answer> {
  const { method, headers, body, timeout } = call;
  const timer = AbortSignal.timeout(timeout);
  let url = call.url;
  try {
    for (let followed = 0; ; followed++) {
      const response = await deps.fetch(url, {
        method,
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, timer]),
      });
      const next = redirectOf(response, { url, baseUrl: deps.baseUrl });
      if (next === null || followed >= MOST_REDIRECTS || !SAFE_METHODS.includes(method)) {
        return await answerOf(response);
      }
      await response.body?.cancel();
      url = next;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CodedError) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const reason = timer.aborted ? `it took longer than ${timeout / 1_000} s` : messageOf(cause);
    const message = `The ${method} request to the portal got no answer: ${reason}.`;
    throw new CodedError(503, 'scaffolder/request-failed', message, { cause: error });
  }
}

/** Where a redirect leads; null for none. @throws CodedError when that is not below the portal's own API */
function redirectOf(
  { status, headers }: Response,
  { url, baseUrl }: { readonly url: URL; readonly baseUrl: string },
): URL | null {
  const location = headers.get('location');
  if (status < 301 || status > 308 || location === null) return null;
  const next = URL.parse(location, url.href);
  if (next !== null && next.href.startsWith(`${toBase(baseUrl)}/api/`)) return next;
  const message = 'The portal answered with a redirect that leads out of its API, which is not followed.';
  throw new CodedError(403, 'scaffolder/request-refused', message);
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await readLimited(response);
  const headers = Object.fromEntries(response.headers);
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { code: response.status, headers, body: isJson ? toJsonBody(text) : { message: text } };
}

function toJsonBody(text: string): JsonValue {
  const value = parseJson(text);
  if (value !== null || text.trim() === 'null') return JSON.parse(text);
  throw new CodedError(503, 'scaffolder/request-failed', 'The answer says that it is JSON, and is not.');
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST) {
      const message = `The answer has more than ${MOST} bytes. Ask for less.`;
      throw new CodedError(413, 'scaffolder/too-large', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

interface Judging {
  readonly context: Pick<ActionContext, 'logger'>;
  readonly continueOnBadResponse: boolean;
}

/** As the published action does, the headers of a bad answer are not given on. */
function judge(answer: Answer, { context, continueOnBadResponse }: Judging): Answer {
  const { code, body } = answer;
  if (code < 400) return answer;
  const said = JSON.stringify(body).slice(0, 2_000);
  context.logger.error(`The portal answered with ${code}: ${said}`);
  if (continueOnBadResponse) return { code, headers: {}, body };
  const message = `The portal answered the request with ${code}; the log has what it said. Set "continueOnBadResponse" to go on.`;
  throw new CodedError(400, 'scaffolder/request-failed', message);
}
