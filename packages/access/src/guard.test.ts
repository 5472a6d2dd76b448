import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NONE } from './credentials.ts';
import { createGuard } from './guard.ts';
import { bearer, GUEST_CONFIG, openPortal, type Portal } from './portal.fixture.ts';
import { toLimitedToken } from './user-token.ts';

const signedIn = async (portal: Portal): Promise<string> => (await portal.signIn()).backstageIdentity.token;
const request = (url: string, headers: Record<string, string> = {}, method = 'GET') => ({
  method,
  url,
  headers,
});

describe('createGuard', () => {
  it('lets nobody under /api without an identity', async () => {
    await using portal = await openPortal();
    for (const headers of [{}, { authorization: 'Basic abc' }, { cookie: 'backstage-auth=x' }]) {
      const { status, body } = await portal.ask('/api/catalog/entities', { headers });
      assert.equal(status, 401);
      assert.deepEqual(body, {
        error: {
          name: 'AuthenticationError',
          message: 'Missing credentials',
          code: 'access/unauthenticated',
        },
        request: { method: 'GET', url: '/api/catalog/entities' },
        response: { statusCode: 401 },
      });
    }
  });

  it('names the user of a good token', async () => {
    await using portal = await openPortal();
    const { status, body } = await portal.ask('/api/catalog/entities', bearer(await signedIn(portal)));
    assert.equal(status, 200);
    assert.deepEqual(body, { principal: { type: 'user', userEntityRef: 'user:development/guest' } });
  });

  it('answers at once for a token it has seen, until it expires', async () => {
    await using portal = await openPortal();
    const guard = createGuard(portal.access);
    const asked = request('/api/catalog/x', bearer(await signedIn(portal)).headers);
    const first = guard(asked);
    assert.ok(first instanceof Promise);
    const credentials = await first;
    assert.equal(guard(asked), credentials);
    portal.clock.pass(3_600);
    await assert.rejects(async () => guard(asked), { code: 'access/expired-token', status: 401 });
  });

  it('shares the work of requests that bring a new token together', async () => {
    await using portal = await openPortal();
    const headers = bearer(await signedIn(portal)).headers;
    const all = await Promise.all(
      ['/api/catalog/a', '/api/scaffolder/b', '/api/catalog/c'].map((url) =>
        Promise.resolve(createGuard(portal.access)(request(url, headers))),
      ),
    );
    assert.equal(new Set(all).size, 1);
  });

  it('leaves open paths to everybody, even with a bad token', async () => {
    await using portal = await openPortal();
    portal.access.openPath('/api/catalog/badges');
    for (const path of ['/page', '/api/catalog/badges/a.svg', '/api/auth/guest/refresh']) {
      assert.equal((await portal.ask(path, bearer('nonsense'))).status, 200, path);
    }
    assert.equal(createGuard(portal.access)(request('/api/catalog/badges')), NONE);
  });

  it('accepts limited tokens and the cookie only where a path says so', async () => {
    await using portal = await openPortal();
    portal.access.cookiePath('/api/catalog/static');
    const limited = toLimitedToken(await signedIn(portal)).token;
    const cookie = { headers: { cookie: `backstage-auth=${limited}` } };
    for (const init of [cookie, bearer(limited)]) {
      assert.equal((await portal.ask('/api/catalog/static/logo.png', init)).status, 200);
    }
    assert.equal((await portal.ask('/api/catalog/entities', cookie)).status, 401);
    const elsewhere = await portal.ask('/api/catalog/entities', bearer(limited));
    assert.equal(elsewhere.status, 401);
    assert.match(JSON.stringify(elsewhere.body), /Illegal limited user token/);
  });

  it('does not believe the cookie of a request that changes something', async () => {
    await using portal = await openPortal();
    portal.access.cookiePath('/api/catalog/static');
    const cookie = `backstage-auth=${toLimitedToken(await signedIn(portal)).token}`;
    const post = await portal.ask('/api/catalog/static/x', { method: 'POST', headers: { cookie } });
    assert.equal(post.status, 401);
  });

  it('lets nobody in as nobody when the default policy is off, but no bad token', async () => {
    const config = { ...GUEST_CONFIG, backend: { auth: { dangerouslyDisableDefaultAuthPolicy: true } } };
    await using portal = await openPortal({ config });
    assert.deepEqual((await portal.ask('/api/catalog/x')).body, { principal: { type: 'none' } });
    assert.equal((await portal.ask('/api/catalog/x', bearer('nonsense'))).status, 401);
    const token = await signedIn(portal);
    assert.match(JSON.stringify((await portal.ask('/api/catalog/x', bearer(token))).body), /guest/);
  });

  it('takes a broken database for its own fault, not for a bad token', async () => {
    await using portal = await openPortal();
    const token = await signedIn(portal);
    await using replica = await openPortal({ database: portal.database, clock: portal.clock });
    await portal.database.query.schema.dropTable('access_keys').execute();
    assert.equal((await replica.ask('/api/catalog/x', bearer(token))).status, 500);
  });

  it('shows no token when credentials are written down', async () => {
    await using portal = await openPortal();
    const token = await signedIn(portal);
    const credentials = await portal.access.authenticateToken(token);
    assert.equal(credentials.token, token);
    assert.equal(JSON.stringify(credentials).includes(token), false);
    assert.ok(Object.isFrozen(credentials));
  });
});
