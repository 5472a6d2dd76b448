/**
 * The HTTP server: Fastify with Backstage's error shape, health, metrics, security headers and CORS. It routes and
 * guards; what is answered is the rooms' business.
 */
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { CodedError } from '../error.ts';
import { statusOf, toWireError } from './errors.ts';
import { healthRoutes, type Health } from './health.ts';
import { securityHeaders, type SecurityOptions } from './security.ts';
import type { AnsweredRequest, Traffic } from './traffic.ts';

export interface HttpOptions extends SecurityOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Is told of each answer. Default: nobody is. */
  readonly traffic?: Traffic;
  /** Body limit in bytes. Default: 1 MiB; a room may raise it for a route. */
  readonly bodyLimit?: number;
}

const MAX_URL_LENGTH = 64 * 1024;

/** A server without routes of rooms; call `listen` on it when the rooms have added theirs. */
export function createHttp(options: HttpOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    // Query strings are parsed by the rooms, from the raw text, once.
    routerOptions: { querystringParser: () => ({}), maxParamLength: 1_000, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
    http: { maxHeaderSize: MAX_URL_LENGTH },
    clientErrorHandler: answerUnreadable,
    // Paths that cannot be decoded never reach a route either.
    frameworkErrors: answerUnroutable,
  });
  acceptEmptyJson(app);
  securityHeaders(app, options);
  /** What the callers of failed requests were told. */
  const told = new WeakMap<FastifyRequest, AnsweredRequest['error'] & object>();
  measureRequests(app, { ...options, told });

  app.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) {
      options.log.error('a request failed', {
        method: request.method,
        url: request.url,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
    const wire = toWireError(error, request);
    told.set(request, wire.error);
    return reply.code(status).send(wire);
  });
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send(toWireError(notFound(request), request)),
  );
  healthRoutes(app, options);
  return app;
}

/** The answer to a path that nobody serves. */
export function notFound(request: FastifyRequest): CodedError {
  return new CodedError(
    404,
    'http/no-route',
    `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
  );
}

/** Clients that send `content-type: application/json` with nothing behind it are common; the body is then absent. */
function acceptEmptyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      return done(null, JSON.parse(text.toString()));
    } catch (error) {
      return done(new CodedError(400, 'http/invalid-json', 'The body is not valid JSON.', { cause: error }));
    }
  });
}

function measureRequests(
  app: FastifyInstance,
  of: Pick<HttpOptions, 'metrics' | 'traffic'> & {
    readonly told: WeakMap<FastifyRequest, AnsweredRequest['error'] & object>;
  },
): void {
  const { metrics, traffic, told } = of;
  const duration = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labels: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const { statusCode: status, elapsedTime: elapsedMs } = reply;
    duration.observe({ method, route, status: String(status) }, elapsedMs / 1_000);
    const error = told.get(request);
    traffic?.count({ method, route, status, elapsedMs, ...(error !== undefined && { error }) });
    done();
  });
}

function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(statusOf(error)).send(toWireError(error, request));
}

/** Requests that Node cannot parse never reach a route; they still get an answer in the common shape. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return;
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const [status, phrase] = tooLarge ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const body = JSON.stringify({
    error: {
      name: 'InputError',
      message: tooLarge ? 'The URL or the headers are too long.' : 'The request is not valid HTTP.',
      code: 'http/unreadable',
    },
    response: { statusCode: status },
  });
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
