import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { bearer, openPortal, type Portal } from './portal.fixture.ts';

const SECRET = Buffer.from('a shared secret of bytes').toString('base64');

const withAccess = (...externalAccess: readonly object[]): object => ({
  backend: { auth: { externalAccess } },
});

const fixed = { type: 'static', options: { token: 'fixed-token-1', subject: 'ci' } };
const legacy = { type: 'legacy', options: { secret: SECRET, subject: 'old-backend' } };

const principalOf = async (portal: Portal, token: string): Promise<unknown> =>
  (await portal.access.authenticateToken(token, { plugin: 'catalog' })).principal;

describe('static external access', () => {
  it('accepts the token and nothing like it', async () => {
    await using portal = await openPortal({ config: withAccess(fixed) });
    assert.deepEqual(await principalOf(portal, 'fixed-token-1'), { type: 'service', subject: 'ci' });
    portal.clock.pass(1e9);
    assert.deepEqual(await principalOf(portal, 'fixed-token-1'), { type: 'service', subject: 'ci' });
    for (const token of ['fixed-token-2', 'fixed-token-1x', 'fixed-token-', 'FIXED-TOKEN-1']) {
      await assert.rejects(principalOf(portal, token), {
        code: 'access/invalid-token',
        message: 'Illegal token',
      });
    }
  });

  it('opens only the plugins it is restricted to, and says which', async () => {
    const accessRestrictions = [
      { plugin: 'catalog', permission: 'catalog.entity.read, catalog.entity.refresh' },
      { plugin: 'search', permissionAttribute: { action: ['read'] } },
    ];
    await using portal = await openPortal({ config: withAccess({ ...fixed, accessRestrictions }) });
    const { status, body } = await portal.ask('/api/catalog/entities', bearer('fixed-token-1'));
    assert.equal(status, 200);
    assert.deepEqual(body, {
      principal: {
        type: 'service',
        subject: 'ci',
        accessRestrictions: [
          { plugin: 'catalog', permissionNames: ['catalog.entity.read', 'catalog.entity.refresh'] },
          { plugin: 'search', permissionAttributes: { action: ['read'] } },
        ],
      },
    });
    for (const path of ['/api/scaffolder/tasks', '/api/catalog/../scaffolder', '/%61pi/scaffolder/x']) {
      const refused = await portal.ask(path, bearer('fixed-token-1'));
      assert.equal(refused.status, 403);
      assert.match(
        JSON.stringify(refused.body),
        /This token's access is restricted to plugin\(s\) 'catalog', 'search'/,
      );
    }
    await assert.rejects(portal.access.authenticateToken('fixed-token-1'), { code: 'access/restricted' });
  });
});

describe('legacy external access', () => {
  const sign = (payload: JWTPayload, secret = SECRET, alg = 'HS256'): Promise<string> =>
    new SignJWT(payload).setProtectedHeader({ alg }).sign(Buffer.from(secret, 'base64'));

  it('accepts what the shared secret signed, until it expires', async () => {
    await using portal = await openPortal({ config: withAccess(fixed, legacy) });
    const exp = portal.clock.now() / 1_000 + 3_600;
    const token = await sign({ sub: 'backstage-server', exp });
    assert.deepEqual(await principalOf(portal, token), { type: 'service', subject: 'old-backend' });
    portal.clock.pass(3_600);
    await assert.rejects(principalOf(portal, token), {
      code: 'access/expired-token',
      message: 'Illegal token',
    });
  });

  it('refuses other secrets, subjects, audiences and algorithms', async () => {
    await using portal = await openPortal({ config: withAccess(legacy) });
    const sub = 'backstage-server';
    for (const token of [
      await sign({ sub }, Buffer.from('another secret').toString('base64')),
      await sign({ sub: 'somebody' }),
      await sign({ sub, aud: 'catalog' }),
      await sign({ sub }, Buffer.alloc(64).toString('base64'), 'HS512'),
    ]) {
      await assert.rejects(principalOf(portal, token), { code: 'access/invalid-token' });
    }
  });

  it('still reads backend.auth.keys', async () => {
    const config = { backend: { auth: { keys: [{ secret: 'b3RoZXI=' }, { secret: SECRET }] } } };
    await using portal = await openPortal({ config });
    assert.deepEqual(await principalOf(portal, await sign({ sub: 'backstage-server' })), {
      type: 'service',
      subject: 'external:backstage-plugin',
    });
  });
});

describe('jwks external access', () => {
  it('accepts what the issuer signed for us', async () => {
    await using issuer = await openIssuer();
    const options = {
      url: issuer.url,
      algorithm: 'ES256, RS256',
      issuer: 'https://issuer.test',
      audience: ['portal', 'other'],
      subjectPrefix: 'ci',
    };
    await using portal = await openPortal({ config: withAccess(fixed, { type: 'jwks', options }) });
    const iat = portal.clock.now() / 1_000;
    const good = { iss: 'https://issuer.test', aud: 'portal', sub: 'job-7', iat, exp: iat + 60 };
    const token = await issuer.sign(good);
    assert.deepEqual(await principalOf(portal, token), { type: 'service', subject: 'external:ci:job-7' });
    for (const bad of [
      { ...good, iss: 'https://other.test' },
      { ...good, aud: 'elsewhere' },
      { ...good, sub: '' },
    ]) {
      await assert.rejects(principalOf(portal, await issuer.sign(bad)), { code: 'access/invalid-token' });
    }
    const stranger = (await generateKeyPair('ES256')).privateKey;
    await assert.rejects(principalOf(portal, await issuer.sign(good, stranger)), {
      code: 'access/invalid-token',
    });
    portal.clock.pass(60);
    await assert.rejects(principalOf(portal, token), { code: 'access/expired-token' });
  });

  it('answers any damage to a token with 401', async () => {
    await using issuer = await openIssuer();
    const config = withAccess({ type: 'jwks', options: { url: issuer.url } }, legacy, fixed);
    await using portal = await openPortal({ config });
    const token = await issuer.sign({ sub: 'job' });
    const headers = fc.record(
      {
        alg: fc.constantFrom('ES256', 'RS256', 'HS256', 'none', '', 7),
        kid: fc.constantFrom('issuer-key', 'other', 7),
        crit: fc.constantFrom(['exp'], [], 'b64'),
        b64: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const [, payload, signature] = token.split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = headers.map((header) => `${encode(header)}.${payload}.${signature}`);
    const cut = fc.nat(token.length - 1).map((length) => token.slice(0, length));
    const doubled = fc.nat(token.length).map((at) => token.slice(0, at) + token.slice(at - 1));
    await fc.assert(
      fc.asyncProperty(fc.oneof(forged, cut, doubled, fc.string()), async (damaged) => {
        fc.pre(damaged !== token);
        await assert.rejects(principalOf(portal, damaged), { status: 401 });
      }),
    );
  });

  it('keeps an issuer from speaking for our users', async () => {
    await using issuer = await openIssuer();
    const config = withAccess({ type: 'jwks', options: { url: issuer.url } });
    await using portal = await openPortal({ config });
    const claims = { sub: 'user:default/root', iat: 1, exp: portal.clock.now() / 1_000 + 60 };
    assert.deepEqual(await principalOf(portal, await issuer.sign(claims)), {
      type: 'service',
      subject: 'external:user:default/root',
    });
    const posing = await issuer.sign(claims, null, 'vnd.backstage.user');
    await assert.rejects(principalOf(portal, posing), { message: 'Failed user token verification' });
  });

  it('asks for the keys again after a while, though the token has not expired', async () => {
    await using issuer = await openIssuer();
    const config = withAccess({ type: 'jwks', options: { url: issuer.url } });
    await using portal = await openPortal({ config });
    const token = await issuer.sign({ sub: 'job' });
    const cached = (): unknown => portal.access.authenticateCached(`Bearer ${token}`)?.principal ?? null;
    await principalOf(portal, token);
    assert.deepEqual(cached(), { type: 'service', subject: 'external:job' });
    portal.clock.pass(600);
    assert.equal(cached(), null);
    assert.deepEqual(await principalOf(portal, token), { type: 'service', subject: 'external:job' });
  });

  it('says that the keys cannot be fetched, and accepts the token when they can', async () => {
    await using issuer = await openIssuer();
    const config = withAccess({ type: 'jwks', options: { url: issuer.url } }, fixed);
    await using portal = await openPortal({ config });
    const token = await issuer.sign({ sub: 'job', exp: portal.clock.now() / 1_000 + 60 });
    issuer.fail(true);
    await assert.rejects(principalOf(portal, token), { code: 'access/keys-unreachable', status: 503 });
    assert.deepEqual(await principalOf(portal, 'fixed-token-1'), { type: 'service', subject: 'ci' });
    issuer.fail(false);
    assert.deepEqual(await principalOf(portal, token), { type: 'service', subject: 'external:job' });
  });
});

/** An issuer with one key, serving its key set on loopback. */
async function openIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'issuer-key', alg: 'ES256' }];
  let failing = false;
  const server = createServer((_request, response) => {
    response.writeHead(failing ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}/jwks.json`,
    sign: (payload: JWTPayload, key: CryptoKey | null = null, typ = 'JWT'): Promise<string> =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', kid: 'issuer-key', typ })
        .sign(key ?? privateKey),
    fail: (value: boolean): void => void (failing = value),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
