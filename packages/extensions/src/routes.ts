/** The wire of extensions, mounted at `/api/extensions`: what there is, its code, and word of changes. */
import { createBell, holdStreams, toEventStream } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import { extensionsError } from './errors.ts';
import type { ModulePosition } from './extension.ts';
import type { Extensions } from './extensions.ts';
import { extensionsOpenApi } from './openapi.ts';

export interface ExtensionsRoutesDeps {
  readonly extensions: Extensions;
  /** How the folder is called to people; no absolute path. */
  readonly folder: string;
  /** Milliseconds of silence before a comment in the stream of events. Default: 15,000. */
  readonly heartbeat?: number;
}

const MODULE_HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  // The name is the hash of the content.
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
};
const MODULE_FILE = /^([0-9a-f]{32})\.js$/;
const HASH = /^[0-9a-f]{32}$/;

export function extensionsRoutes(app: FastifyInstance, deps: ExtensionsRoutesDeps): void {
  const { extensions, folder, heartbeat = 15_000 } = deps;
  app.addHook('onRequest', ({ url }, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done(url.includes('?') ? unknownParameter() : undefined);
  });
  app.get('/v1/list', async () => ({ ...(await extensions.list()), folder }));
  app.get<{ Params: { readonly file: string } }>('/v1/modules/:file', async ({ params }, reply) => {
    const hash = MODULE_FILE.exec(params.file)?.[1];
    const code = hash === undefined ? null : await extensions.module(hash);
    if (code === null) throw noModule();
    return reply.headers(MODULE_HEADERS).send(code);
  });
  app.post('/v1/locate', async ({ body }) => {
    const found = await extensions.locate(parsePosition(body));
    if (found === null) throw noModule();
    return found;
  });
  app.get('/openapi.json', async () => extensionsOpenApi());
  eventRoute(app, { extensions, heartbeat });
}

function eventRoute(
  app: FastifyInstance,
  { extensions, heartbeat }: { readonly extensions: Extensions; readonly heartbeat: number },
): void {
  const streams = holdStreams(app);
  // HEAD would read the events to no one, for as long as there are any.
  app.get('/v1/events', { exposeHeadRoute: false }, async ({ headers }, reply) => {
    const stop = streams.open();
    const after = headers['last-event-id'];
    const changes = changesOf(extensions, { after, stop, heartbeat });
    return streams.send(reply, toEventStream(changes, stop));
  });
}

interface Following {
  /** Version of the list that the reader has; not given: the present one. */
  readonly after: string | string[] | undefined;
  readonly stop: AbortController;
  readonly heartbeat: number;
}

async function* changesOf(
  extensions: Extensions,
  { after, stop, heartbeat }: Following,
): AsyncGenerator<string, void> {
  const { signal } = stop;
  const bell = createBell(signal);
  let told = typeof after === 'string' ? after : extensions.version;
  extensions.onChange(() => bell.ring(), signal);
  // So that the reader knows that nothing is missed from now on.
  yield ': listening\n\n';
  while (!signal.aborted) {
    bell.reset();
    const { version } = extensions;
    if (version !== told) {
      told = version;
      yield `id: ${version}\nevent: changed\ndata: ${JSON.stringify({ version })}\n\n`;
    }
    const rang = await bell.wait(heartbeat);
    if (!rang) yield ': still here\n\n';
  }
}

/** @throws CodedError `extensions/invalid-position` */
function parsePosition(body: unknown): ModulePosition {
  const { hash, line, column } = isObject(body) ? body : {};
  if (typeof hash === 'string' && HASH.test(hash) && isPlace(line) && isPlace(column)) {
    return { hash, line, column };
  }
  throw extensionsError(
    'extensions/invalid-position',
    'Send { "hash": "…", "line": 1, "column": 1 }: the name of a module without ".js", and a place in it, counted from 1.',
  );
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

const noModule = () =>
  extensionsError(
    'extensions/no-module',
    'No extension has this module any more. Read the list of extensions again.',
  );

const unknownParameter = () =>
  extensionsError('extensions/invalid-parameter', 'There are no parameters in the query. Leave it out.');
