import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastify from 'fastify';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { isObject } from '@callboard/model';
import { ownCredentials } from './credentials.ts';
import { accessRoutes } from './routes.ts';
import { bearer, createClock, GUEST_CONFIG, openMigratedDatabase, openPortal } from './portal.fixture.ts';
import { toLimitedToken } from './user-token.ts';

const XHR = { headers: { 'x-requested-with': 'XMLHttpRequest' } };

/** The error that a client of Backstage sees. */
function errorOf(body: unknown): { name: unknown; message: unknown; code: unknown } {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  return { name: error['name'], message: error['message'], code: error['code'] };
}

function tokenOf(body: unknown): string {
  const identity = isObject(body) && isObject(body['backstageIdentity']) ? body['backstageIdentity'] : {};
  assert.ok(typeof identity['token'] === 'string');
  return identity['token'];
}

describe('accessRoutes', () => {
  it('signs a guest in with GET and with POST, whatever the body', async () => {
    await using portal = await openPortal();
    const requests: readonly RequestInit[] = [
      {},
      { method: 'POST' },
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      { method: 'POST', body: new URLSearchParams({ a: 'b' }) },
      { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
    ];
    for (const request of requests) {
      const { status, headers, body } = await portal.ask('/api/auth/guest/refresh', request);
      assert.equal(status, 200);
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.deepEqual(body, {
        profile: {},
        backstageIdentity: {
          token: tokenOf(body),
          identity: {
            type: 'user',
            userEntityRef: 'user:development/guest',
            ownershipEntityRefs: ['user:development/guest'],
          },
          expiresInSeconds: 3_600,
        },
      });
    }
  });

  it('signs tokens that an independent client verifies with the published keys', async () => {
    await using portal = await openPortal();
    const keySet = createRemoteJWKSet(new URL(`${portal.url}/api/auth/.well-known/jwks.json`));
    const token = tokenOf((await portal.ask('/api/auth/guest/refresh')).body);
    const currentDate = new Date(portal.clock.now());
    const { payload, protectedHeader } = await jwtVerify(token, keySet, {
      issuer: 'http://portal.test:7007/api/auth',
      audience: 'backstage',
      typ: 'vnd.backstage.user',
      currentDate,
    });
    const iat = portal.clock.now() / 1_000;
    assert.equal(protectedHeader.alg, 'ES256');
    assert.deepEqual(Object.keys(payload), ['iss', 'sub', 'aud', 'iat', 'exp', 'uip']);
    assert.deepEqual(
      { sub: payload.sub, iat: payload.iat, exp: payload.exp },
      { sub: 'user:development/guest', iat, exp: iat + 3_600 },
    );

    const [header, ,] = token.split('.');
    assert.ok(header !== undefined);
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { alg, kid } = decodeProtectedHeader(token);
    const { sub, exp, uip } = decodeJwt<{ uip: string }>(token);
    const rebuilt = [
      encode({ typ: 'vnd.backstage.limited-user', alg, kid }),
      encode({ sub, iat, exp }),
      uip,
    ].join('.');
    const limited = await jwtVerify(rebuilt, keySet, { typ: 'vnd.backstage.limited-user', currentDate });
    assert.deepEqual(limited.payload, { sub, iat, exp });
    assert.equal(toLimitedToken(token).token, rebuilt);
  });

  it('answers start and frame as a provider without a login page', async () => {
    await using portal = await openPortal();
    for (const [method, step] of [
      ['GET', 'start'],
      ['GET', 'handler/frame'],
      ['POST', 'handler/frame'],
    ] as const) {
      const { status, body } = await portal.ask(`/api/auth/guest/${step}`, { method });
      assert.equal(status, 501);
      assert.deepEqual(errorOf(body), {
        name: 'NotImplementedError',
        message: 'Not implemented',
        code: 'access/no-such-step',
      });
    }
  });

  it('logs out for our own pages only, and takes the cookie away', async () => {
    await using portal = await openPortal();
    const foreign = await portal.ask('/api/auth/guest/logout', { method: 'POST' });
    assert.equal(foreign.status, 401);
    assert.equal(errorOf(foreign.body).message, 'Invalid X-Requested-With header');
    const own = await portal.ask('/api/auth/guest/logout', { method: 'POST', ...XHR });
    assert.equal(own.status, 200);
    assert.match(own.headers.get('set-cookie') ?? '', /^backstage-auth=; .*Expires=Thu, 01 Jan 1970/);
  });

  it('refuses guests outside development, unless the configuration insists', async () => {
    await using closed = await openPortal({ development: false });
    const refused = await closed.ask('/api/auth/guest/refresh');
    assert.equal(refused.status, 403);
    assert.equal(errorOf(refused.body).name, 'NotAllowedError');
    assert.match(String(errorOf(refused.body).message), /dangerouslyAllowOutsideDevelopment/);
    const config = { auth: { providers: { guest: { dangerouslyAllowOutsideDevelopment: true } } } };
    await using open = await openPortal({ development: false, config });
    assert.equal((await open.ask('/api/auth/guest/refresh')).status, 200);
  });

  it('knows no provider that is not configured', async () => {
    await using portal = await openPortal({ config: {} });
    const guest = await portal.ask('/api/auth/guest/refresh');
    assert.equal(guest.status, 404);
    assert.equal(errorOf(guest.body).message, "No auth provider registered for 'guest'");
    const other = await portal.ask('/api/auth/github/start?env=development');
    assert.equal(other.status, 404);
    assert.equal(errorOf(other.body).message, "Unknown auth provider 'github'");
  });

  it('describes itself to OpenID Connect clients', async () => {
    await using portal = await openPortal();
    const { status, body } = await portal.ask('/api/auth/.well-known/openid-configuration');
    assert.equal(status, 200);
    assert.ok(isObject(body));
    assert.equal(body['issuer'], 'http://portal.test:7007/api/auth');
    assert.equal(body['jwks_uri'], 'http://portal.test:7007/api/auth/.well-known/jwks.json');
    assert.equal(body['userinfo_endpoint'], 'http://portal.test:7007/api/auth/v1/userinfo');
    assert.equal((await portal.ask('/api/auth/.well-known/oauth-client/cli.json')).status, 404);
  });

  it('makes no key before somebody signs in', async () => {
    await using portal = await openPortal();
    const keys = async (): Promise<unknown> => (await portal.ask('/api/auth/.well-known/jwks.json')).body;
    assert.deepEqual(await keys(), { keys: [] });
    await portal.signIn();
    const answer = await keys();
    const list: unknown = isObject(answer) ? answer['keys'] : null;
    assert.ok(Array.isArray(list) && list.length === 1);
    assert.deepEqual(Object.keys(list[0]).toSorted(), ['alg', 'crv', 'kid', 'kty', 'x', 'y']);
  });
});

describe('GET /api/auth/v1/userinfo', () => {
  it('is 404 for a user who never signed in here, and the claims afterwards', async () => {
    // A user that another replica would know: the token is good, but this table has no row.
    await using portal = await openPortal();
    const { backstageIdentity } = await portal.signIn();
    await portal.database.query
      .withTables<{ access_user_info: { user_ref: string } }>()
      .deleteFrom('access_user_info')
      .execute();
    const before = await portal.ask('/api/auth/v1/userinfo', bearer(backstageIdentity.token));
    assert.deepEqual([before.status, before.body], [404, 'User info not found']);
    await portal.signIn();
    const after = await portal.ask('/api/auth/v1/userinfo', bearer(backstageIdentity.token));
    assert.equal(after.status, 200);
    assert.deepEqual(after.body, {
      claims: { sub: 'user:development/guest', ent: ['user:development/guest'] },
    });
  });

  it('accepts limited tokens and users that a plugin speaks for', async () => {
    await using portal = await openPortal();
    const { token } = (await portal.signIn()).backstageIdentity;
    const limited = toLimitedToken(token).token;
    const onBehalfOf = await portal.access.authenticateToken(token);
    const call = await portal.access.issuePluginToken({ from: 'search', to: 'auth', onBehalfOf });
    for (const accepted of [limited, call.token]) {
      assert.equal((await portal.ask('/api/auth/v1/userinfo', bearer(accepted))).status, 200);
    }
  });

  it('refuses nobody, services and damaged tokens', async () => {
    await using portal = await openPortal();
    const nobody = await portal.ask('/api/auth/v1/userinfo');
    assert.equal(nobody.status, 401);
    assert.equal(errorOf(nobody.body).message, 'No token provided');
    const onBehalfOf = ownCredentials('search');
    const { token } = await portal.access.issuePluginToken({ from: 'search', to: 'auth', onBehalfOf });
    const service = await portal.ask('/api/auth/v1/userinfo', bearer(token));
    assert.equal(service.status, 400);
    const damaged = await portal.ask('/api/auth/v1/userinfo', bearer('nonsense'));
    assert.deepEqual(errorOf(damaged.body), {
      name: 'AuthenticationError',
      message: 'Illegal token',
      code: 'access/invalid-token',
    });
  });
});

describe('/api/<plugin>/.backstage/auth/v1', () => {
  it('serves the keys of each plugin apart, and of auth as of any other', async () => {
    await using portal = await openPortal();
    const onBehalfOf = ownCredentials('catalog');
    const { token } = await portal.access.issuePluginToken({ from: 'catalog', to: 'search', onBehalfOf });
    const keySet = createRemoteJWKSet(new URL(`${portal.url}/api/catalog/.backstage/auth/v1/jwks.json`));
    const { payload } = await jwtVerify(token, keySet, {
      typ: 'vnd.backstage.plugin',
      audience: 'search',
      currentDate: new Date(portal.clock.now()),
    });
    assert.equal(payload.sub, 'catalog');
    for (const other of ['search', 'auth']) {
      const { status, body } = await portal.ask(`/api/${other}/.backstage/auth/v1/jwks.json`);
      assert.deepEqual([status, body], [200, { keys: [] }]);
    }
  });

  it('is not there for plugins that are not there', async () => {
    await using portal = await openPortal({ plugins: ['catalog'] });
    assert.equal((await portal.ask('/api/catalog/.backstage/auth/v1/jwks.json')).status, 200);
    assert.equal((await portal.ask('/api/nothing/.backstage/auth/v1/jwks.json')).status, 404);
    assert.equal((await portal.ask('/api/nothing/.backstage/auth/v1/cookie')).status, 404);
  });

  it('is there for every well-formed plugin id when nobody says which there are', async () => {
    const app = fastify();
    await using portal = await openPortal();
    accessRoutes(portal.access, { now: portal.clock.now })(app);
    const status = async (url: string): Promise<number> => (await app.inject(url)).statusCode;
    assert.equal(await status('/api/auth/.backstage/auth/v1/jwks.json'), 200);
    assert.equal(await status('/api/my-plugin_2/.backstage/auth/v1/jwks.json'), 200);
    assert.equal(await status('/api/my%20plugin/.backstage/auth/v1/jwks.json'), 404);
  });

  it('gives a user the cookie, and a new one when the old one is about to end', async () => {
    await using portal = await openPortal();
    const { token } = (await portal.signIn()).backstageIdentity;
    const path = '/api/techdocs/.backstage/auth/v1/cookie';
    const { status, headers, body } = await portal.ask(path, bearer(token));
    const limited = toLimitedToken(token);
    assert.equal(status, 200);
    assert.deepEqual(body, { expiresAt: new Date(limited.expiresAt).toISOString() });
    const expires = new Date(limited.expiresAt).toUTCString();
    assert.equal(
      headers.get('set-cookie'),
      `backstage-auth=${limited.token}; Domain=portal.test; Path=/; Expires=${expires}; HttpOnly; Priority=High; SameSite=Lax`,
    );
    const withCookie = (full: string): RequestInit => ({
      headers: { ...bearer(full).headers, cookie: `x=1; backstage-auth=${limited.token}` },
    });
    const again = await portal.ask(path, withCookie(token));
    assert.deepEqual([again.body, again.headers.get('set-cookie')], [body, null]);
    portal.clock.pass(3_400);
    const { token: next } = (await portal.signIn()).backstageIdentity;
    const renewed = await portal.ask(path, withCookie(next));
    assert.ok(renewed.headers.get('set-cookie')?.startsWith(`backstage-auth=${toLimitedToken(next).token};`));
  });

  it('marks the cookie secure where browsers will keep it', async () => {
    const config = { ...GUEST_CONFIG, backend: { baseUrl: 'https://portal.test/' } };
    await using portal = await openPortal({ config });
    const { token } = (await portal.signIn()).backstageIdentity;
    const { headers } = await portal.ask('/api/app/.backstage/auth/v1/cookie', bearer(token));
    assert.match(headers.get('set-cookie') ?? '', /; HttpOnly; Secure; Priority=High; SameSite=None$/);
  });

  it('replaces the cookie of another user', async () => {
    await using portal = await openPortal();
    const { token } = (await portal.signIn()).backstageIdentity;
    const other = await portal.access.openSession({
      userEntityRef: 'user:default/other',
      ownershipEntityRefs: ['user:default/other'],
      profile: {},
    });
    const cookie = `backstage-auth=${toLimitedToken(other.backstageIdentity.token).token}`;
    const { headers } = await portal.ask('/api/app/.backstage/auth/v1/cookie', {
      headers: { ...bearer(token).headers, cookie },
    });
    assert.ok(headers.get('set-cookie')?.startsWith(`backstage-auth=${toLimitedToken(token).token};`));
  });

  it('gives nobody, services and limited tokens no cookie', async () => {
    await using portal = await openPortal();
    const path = '/api/techdocs/.backstage/auth/v1/cookie';
    const nobody = await portal.ask(path);
    assert.equal(nobody.status, 401);
    assert.equal(errorOf(nobody.body).message, 'Missing credentials');
    const { token } = (await portal.signIn()).backstageIdentity;
    const limited = await portal.ask(path, bearer(toLimitedToken(token).token));
    assert.equal(limited.status, 401);
    assert.equal(errorOf(limited.body).message, 'Illegal limited user token');
    const onBehalfOf = ownCredentials('search');
    const call = await portal.access.issuePluginToken({ from: 'search', to: 'techdocs', onBehalfOf });
    const service = await portal.ask(path, bearer(call.token));
    assert.equal(service.status, 403);
    assert.equal(errorOf(service.body).message, "This endpoint does not allow 'service' credentials");
  });

  it('takes the cookie away', async () => {
    await using portal = await openPortal();
    const { status, headers } = await portal.ask('/api/techdocs/.backstage/auth/v1/cookie', {
      method: 'DELETE',
    });
    assert.equal(status, 204);
    assert.match(headers.get('set-cookie') ?? '', /^backstage-auth=; .*Expires=Thu, 01 Jan 1970/);
  });

  it('works after a restart with the tokens from before', async () => {
    const clock = createClock();
    await using database = await openMigratedDatabase();
    let token: string;
    {
      await using before = await openPortal({ clock, database });
      token = (await before.signIn()).backstageIdentity.token;
    }
    await using after = await openPortal({ clock, database });
    assert.equal((await after.ask('/api/catalog/x', bearer(token))).status, 200);
    assert.equal((await after.ask('/api/auth/v1/userinfo', bearer(token))).status, 200);
  });
});
