import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt, SignJWT, type JWTPayload } from 'jose';
import { createCredentials, NONE, ownCredentials, type Credentials } from './credentials.ts';
import { createKeys } from './keys.ts';
import { peekJwt } from './jwt.ts';
import { createPluginTokens } from './plugin-token.ts';
import { bearer, createClock, openMigratedDatabase, openPortal } from './portal.fixture.ts';
import { createKeyStore } from './store.ts';
import { createUserTokens, toLimitedToken } from './user-token.ts';

describe('Access.issuePluginToken', () => {
  it('makes a token that only the called plugin accepts, as coming from the caller', async () => {
    await using portal = await openPortal();
    const { token } = await portal.access.issuePluginToken({
      from: 'search',
      to: 'catalog',
      onBehalfOf: ownCredentials('search'),
    });
    const accepted = await portal.ask('/api/catalog/entities', bearer(token));
    assert.equal(accepted.status, 200);
    assert.deepEqual(accepted.body, { principal: { type: 'service', subject: 'plugin:search' } });
    const elsewhere = await portal.ask('/api/scaffolder/tasks', bearer(token));
    assert.equal(elsewhere.status, 401);
    assert.match(JSON.stringify(elsewhere.body), /Failed plugin token verification/);
    await assert.rejects(portal.access.authenticateToken(token), { code: 'access/invalid-token' });
  });

  it('speaks for a user with the limited token, and not longer than the user may', async () => {
    await using portal = await openPortal();
    const user = (await portal.signIn()).backstageIdentity.token;
    portal.clock.pass(1_800);
    const onBehalfOf = await portal.access.authenticateToken(user);
    const { token } = await portal.access.issuePluginToken({ from: 'search', to: 'catalog', onBehalfOf });
    const { obo, exp } = decodeJwt(token);
    assert.equal(obo, toLimitedToken(user).token);
    assert.equal(exp, decodeJwt(user).exp);
    const credentials = await portal.access.authenticateToken(token, { plugin: 'catalog' });
    assert.deepEqual(credentials.principal, {
      type: 'user',
      userEntityRef: 'user:development/guest',
      actor: { type: 'service', subject: 'plugin:search' },
    });
    assert.equal(credentials.token, obo);
    const next = await portal.access.issuePluginToken({
      from: 'catalog',
      to: 'search',
      onBehalfOf: credentials,
    });
    assert.equal(decodeJwt(next.token)['obo'], obo);
  });

  it('does not speak for nobody, unless the default policy is off', async () => {
    const call = { from: 'search', to: 'catalog', onBehalfOf: NONE };
    await using portal = await openPortal();
    await assert.rejects(portal.access.issuePluginToken(call), {
      code: 'access/unauthenticated',
      message: "Refused to issue service token for credential type 'none'",
    });
    const config = { backend: { auth: { dangerouslyDisableDefaultAuthPolicy: true } } };
    await using open = await openPortal({ config });
    assert.deepEqual(await open.access.issuePluginToken(call), { token: '' });
  });

  it('does not carry restricted access further than it goes', async () => {
    await using portal = await openPortal();
    const restricted = (restriction: object): Credentials =>
      createCredentials({
        principal: {
          type: 'service',
          subject: 'ci',
          accessRestrictions: [{ plugin: 'catalog', ...restriction }],
        },
        token: null,
        expiresAt: null,
      });
    const issue = (to: string, onBehalfOf: Credentials): Promise<unknown> =>
      portal.access.issuePluginToken({ from: 'search', to, onBehalfOf });
    await issue('catalog', restricted({}));
    await assert.rejects(issue('scaffolder', restricted({})), { code: 'access/restricted', status: 403 });
    await assert.rejects(issue('catalog', restricted({ permissionNames: ['catalog.entity.read'] })), {
      code: 'access/restricted',
      message: /cannot be delegated/,
    });
  });
});

describe('createPluginTokens', () => {
  it('refuses tokens of other plugins, strange subjects and strange users', async () => {
    const clock = createClock();
    await using database = await openMigratedDatabase();
    const keys = createKeys({ store: createKeyStore(database), now: clock.now });
    const users = createUserTokens({
      keys,
      issuer: 'http://portal.test/api/auth',
      lifetimeSeconds: 3_600,
      ownershipInToken: false,
      now: clock.now,
    });
    const plugins = createPluginTokens({ keys, users, now: clock.now });
    const { kid, privateKey } = await keys.signingKey('plugin:search', 3_600);
    const iat = clock.now() / 1_000;
    const verify = async (payload: JWTPayload): Promise<unknown> => {
      const token = await new SignJWT({ sub: 'search', aud: 'catalog', iat, exp: iat + 60, ...payload })
        .setProtectedHeader({ typ: 'vnd.backstage.plugin', alg: 'ES256', kid })
        .sign(privateKey);
      const jwt = peekJwt(token);
      return jwt === null ? null : plugins.verify(jwt);
    };
    assert.ok((await verify({})) !== null);
    const refused: readonly (readonly [JWTPayload, RegExp])[] = [
      [{ sub: 'catalog' }, /Failed plugin token verification/],
      [{ sub: '../auth' }, /forbidden subject format/],
      [{ sub: '' }, /missing subject/],
      [{ aud: ['catalog', 'scaffolder'] }, /Failed plugin token verification/],
      [{ exp: iat - 1 }, /Failed plugin token verification/],
      [{ obo: 'nonsense' }, /Invalid user token in plugin token obo claim/],
      [{ obo: 7 }, /Invalid user token in plugin token obo claim/],
    ];
    for (const [payload, message] of refused) await assert.rejects(verify(payload), { status: 401, message });
  });
});
