/** Security headers on every answer, and CORS for the origins that the configuration names. */
import type { FastifyInstance, FastifyReply } from 'fastify';

export interface SecurityOptions {
  /** Origins that a browser may call the API from, `backend.cors.origin`. Default: none but our own. */
  readonly corsOrigins?: readonly string[];
  /** Content-Security-Policy directives that replace or add to ours, `backend.csp`; false removes one. */
  readonly csp?: Readonly<Record<string, readonly string[] | false>>;
}

const CSP: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:', 'https:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
};

/** The text of a Content-Security-Policy header. */
export function contentSecurityPolicy(changes: SecurityOptions['csp'] = {}): string {
  return Object.entries({ ...CSP, ...changes })
    .filter((entry): entry is [string, readonly string[]] => entry[1] !== false)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}

export function securityHeaders(app: FastifyInstance, options: SecurityOptions): void {
  const policy = contentSecurityPolicy(options.csp);
  const origins = new Set(options.corsOrigins);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
    });
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) return done();
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    if (request.method !== 'OPTIONS') return done();
    return answerPreflight(reply, request.headers['access-control-request-headers']);
  });
}

function answerPreflight(reply: FastifyReply, headers: string | undefined): void {
  reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
      ...(headers !== undefined && { 'access-control-allow-headers': headers }),
      'access-control-max-age': '600',
    })
    .send();
}
