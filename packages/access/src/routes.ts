/** The wire: `/api/auth` and, for every plugin, `/api/<plugin>/.backstage/auth/v1`. Shapes are Backstage's. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from './access.ts';
import { bearerToken } from './bearer.ts';
import { clearCookie, giveCookie } from './cookie.ts';
import { accessError } from './errors.ts';
import { ALGORITHM } from './jwt.ts';
import { personalTokenRoutes } from './personal-token-routes.ts';

export interface AccessRouteOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * The plugins that live here; others have no keys and no cookie. Default: every well-formed id has them, but
   * a wildcard route `/api/<plugin>/*` of a room would then hide these routes.
   */
  readonly plugins?: readonly string[];
}

type ProviderParams = { Params: { readonly provider: string } };
/** Absent where the path names the plugin itself. */
type PluginParams = { Params: { readonly plugin?: string } };

/** Bodies of these routes carry nothing, so they are read up to this size and dropped. */
const BODY_LIMIT = 64 * 1024;

/** Registers the routes of this room, in scopes of their own. */
export function accessRoutes(access: Access, options: AccessRouteOptions): (app: FastifyInstance) => void {
  return (app) => {
    void app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, _body, done) =>
        done(null),
      );
      providerRoutes(scope, access);
      instanceRoutes(scope, access);
      pluginRoutes(scope, { access, options });
    });
    void app.register(async (scope) => personalTokenRoutes(scope, access, options.now));
  };
}

function providerRoutes(app: FastifyInstance, access: Access): void {
  for (const step of ['start', 'handler/frame']) {
    app.route<ProviderParams>({
      method: step === 'start' ? 'GET' : ['GET', 'POST'],
      url: `/api/auth/:provider/${step}`,
      handler: async (request) => {
        access.provider(request.params.provider);
        throw accessError('access/no-such-step', 'Not implemented');
      },
    });
  }

  app.route<ProviderParams>({
    method: ['GET', 'POST'],
    url: '/api/auth/:provider/refresh',
    handler: async (request, reply) => {
      const { provider } = request.params;
      void reply.header('cache-control', 'no-store');
      return access.signIn(provider, { headers: request.headers });
    },
  });

  app.post<ProviderParams>('/api/auth/:provider/logout', async (request, reply) => {
    access.provider(request.params.provider);
    if (request.headers['x-requested-with'] !== 'XMLHttpRequest') {
      throw accessError('access/cross-site', 'Invalid X-Requested-With header');
    }
    return reply.code(200).header('set-cookie', clearCookie(access.options.baseUrl)).send();
  });
}

function instanceRoutes(app: FastifyInstance, access: Access): void {
  const baseUrl = `${access.options.baseUrl}/api/auth`;
  app.get('/api/auth/.well-known/openid-configuration', async () => ({
    issuer: baseUrl,
    token_endpoint: `${baseUrl}/v1/token`,
    userinfo_endpoint: `${baseUrl}/v1/userinfo`,
    jwks_uri: `${baseUrl}/.well-known/jwks.json`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [ALGORITHM],
    scopes_supported: ['openid'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    claims_supported: ['sub', 'ent'],
    grant_types_supported: ['authorization_code'],
    authorization_endpoint: `${baseUrl}/v1/authorize`,
    code_challenge_methods_supported: ['S256', 'plain'],
  }));

  app.get('/api/auth/.well-known/jwks.json', async () => ({ keys: await access.userKeys() }));

  app.get('/api/auth/.well-known/oauth-client/cli.json', async (_request, reply) =>
    reply.code(404).send({
      error: 'not_found',
      error_description: 'Client ID metadata documents not enabled',
    }),
  );

  app.get('/api/auth/v1/userinfo', async (request, reply) => {
    const token = bearerToken(request.headers.authorization);
    if (token === null) throw accessError('access/unauthenticated', 'No token provided');
    const { principal } = await access.authenticateToken(token, { plugin: 'auth', allowLimited: true });
    if (principal.type !== 'user') {
      throw accessError(
        'access/not-a-user',
        'Userinfo endpoint must be called with a token that represents a user principal',
      );
    }
    const info = await access.userInfo(principal.userEntityRef);
    void reply.header('cache-control', 'no-store');
    if (info !== null) return info;
    return reply.code(404).type('text/plain; charset=utf-8').send('User info not found');
  });
}

function pluginRoutes(
  app: FastifyInstance,
  { access, options }: { access: Access; options: AccessRouteOptions },
): void {
  const { now, plugins = [':plugin(^[A-Za-z0-9_-]+$)'] } = options;
  for (const segment of plugins) {
    const base = `/api/${segment}/.backstage/auth/v1`;
    const pluginOf = ({ params }: FastifyRequest<PluginParams>): string => params.plugin ?? segment;

    app.get<PluginParams>(`${base}/jwks.json`, async (request) => ({
      keys: await access.pluginKeys(pluginOf(request)),
    }));

    app.get<PluginParams>(`${base}/cookie`, async (request, reply) => {
      const { headers } = request;
      const { expiresAt, setCookie } = await giveCookie({
        access,
        headers,
        plugin: pluginOf(request),
        now: now(),
      });
      if (setCookie !== null) void reply.header('set-cookie', setCookie);
      return { expiresAt };
    });

    app.delete(`${base}/cookie`, async (_request, reply) =>
      reply.code(204).header('set-cookie', clearCookie(access.options.baseUrl)).send(),
    );
  }
}
