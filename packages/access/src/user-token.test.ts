import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { createKeys } from './keys.ts';
import { createClock, GUEST_CONFIG, openMigratedDatabase, openPortal } from './portal.fixture.ts';
import { createKeyStore } from './store.ts';
import { createUserTokens, toLimitedToken, type UserTokenOptions } from './user-token.ts';

const ANNA = { sub: 'user:default/anna', ent: ['user:default/anna', 'group:default/team'] };

async function openTokens(options: Partial<UserTokenOptions> = {}) {
  const clock = createClock();
  const database = await openMigratedDatabase();
  const keys = createKeys({ store: createKeyStore(database), now: clock.now });
  const usual = { issuer: 'http://portal.test/api/auth', lifetimeSeconds: 3_600, ownershipInToken: false };
  const tokens = createUserTokens({ ...usual, keys, now: clock.now, ...options });
  return { clock, keys, tokens, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

describe('createUserTokens', () => {
  it('leaves ownership out of the token, unless told to put it in', async () => {
    await using usual = await openTokens();
    assert.equal(decodeJwt((await usual.tokens.issue(ANNA)).token)['ent'], undefined);
    await using older = await openTokens({ ownershipInToken: true });
    assert.deepEqual(decodeJwt((await older.tokens.issue(ANNA)).token)['ent'], ANNA.ent);
  });

  it('adds further claims, which cannot replace ours', async () => {
    await using opened = await openTokens();
    const extra = { team: 'red', sub: 'user:default/root', aud: 'other', exp: 9e9, uip: 'x' };
    const { token, expiresAt } = await opened.tokens.issue({ ...ANNA, extra });
    const { team, sub, aud, exp } = decodeJwt(token);
    assert.deepEqual(
      { team, sub, aud, exp },
      { team: 'red', sub: ANNA.sub, aud: 'backstage', exp: expiresAt / 1_000 },
    );
    assert.notEqual(decodeJwt(token)['uip'], 'x');
  });

  it('refuses to issue for what is not an entity, and what no header can carry', async () => {
    await using opened = await openTokens({ ownershipInToken: true });
    await assert.rejects(opened.tokens.issue({ sub: 'anna', ent: [] }), { code: 'access/invalid-user-ref' });
    const ent = Array.from({ length: 2_000 }, (_, i) => `group:default/team-${i}`);
    await assert.rejects(opened.tokens.issue({ ...ANNA, ent }), { code: 'access/token-too-large' });
  });

  it('replaces the key after one lifetime and still verifies what the old key signed', async () => {
    await using portal = await openPortal();
    const { clock, access } = portal;
    const kids = async (): Promise<readonly string[]> => (await access.userKeys()).map(({ kid }) => kid);
    await portal.signIn();
    clock.pass(3_599);
    const late = (await portal.signIn()).backstageIdentity.token;
    assert.equal((await kids()).length, 1);
    const [first] = await kids();
    clock.pass(1);
    await portal.signIn();
    assert.equal((await kids()).length, 2);
    clock.pass(3_590);
    assert.equal((await access.authenticateToken(late)).principal.type, 'user');
    await using restarted = await openPortal({ clock, database: portal.database });
    assert.equal((await restarted.access.authenticateToken(late)).principal.type, 'user');
    clock.pass(9);
    await assert.rejects(restarted.access.authenticateToken(late), { code: 'access/expired-token' });
    clock.pass(3_700);
    await portal.signIn();
    assert.ok(first !== undefined && !(await kids()).includes(first));
  });

  it('takes the lifetime from the configuration', async () => {
    const auth = { ...GUEST_CONFIG.auth, backstageTokenExpiration: { minutes: 15 } };
    await using portal = await openPortal({ config: { auth } });
    const { token, expiresInSeconds } = (await portal.signIn()).backstageIdentity;
    assert.equal(expiresInSeconds, 900);
    portal.clock.pass(899);
    assert.equal((await portal.access.authenticateToken(token)).principal.type, 'user');
    portal.clock.pass(1);
    await assert.rejects(portal.access.authenticateToken(token), {
      code: 'access/expired-token',
      message: 'Failed user token verification',
    });
  });

  it('refuses a token with any character changed', async () => {
    await using portal = await openPortal();
    const { token } = (await portal.signIn()).backstageIdentity;
    const good = Buffer.from(token);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', '.'),
        async (place, replacement) => {
          const changed = Buffer.from(good);
          changed.write(replacement, place);
          const text = changed.toString();
          // The last character of base64url has bits that decode to nothing.
          fc.pre(text !== token && !sameBytes(text, token));
          await assert.rejects(portal.access.authenticateToken(text), { status: 401 });
        },
      ),
    );
  });

  it('refuses good-looking tokens that somebody else signed', async () => {
    await using portal = await openPortal();
    await portal.signIn();
    const [ours] = await portal.access.userKeys();
    assert.ok(ours !== undefined);
    const iat = portal.clock.now() / 1_000;
    const forge = async (header: object, payload: object): Promise<string> =>
      new SignJWT({ sub: ANNA.sub, aud: 'backstage', iat, exp: iat + 3_600, ...payload })
        .setProtectedHeader({ typ: 'vnd.backstage.user', alg: 'ES256', ...header })
        .sign((await generateKeyPair('ES256')).privateKey);
    for (const forged of [
      await forge({ kid: ours.kid }, {}),
      await forge({ kid: 'unknown' }, {}),
      await forge({}, {}),
      await forge({ kid: ours.kid, typ: 'vnd.backstage.limited-user' }, {}),
    ]) {
      await assert.rejects(portal.access.authenticateToken(forged, { allowLimited: true }), {
        code: 'access/invalid-token',
        message: 'Failed user token verification',
      });
    }
    const [, payload] = (await forge({ kid: ours.kid }, {})).split('.');
    const none = Buffer.from(JSON.stringify({ typ: 'vnd.backstage.user', alg: 'none', kid: ours.kid }));
    const unsigned = `${none.toString('base64url')}.${payload}.`;
    await assert.rejects(portal.access.authenticateToken(unsigned), { code: 'access/invalid-token' });
  });

  it('does not take the keys of a plugin for those of users', async () => {
    await using opened = await openTokens();
    const { kid, privateKey } = await opened.keys.signingKey('plugin:catalog', 3_600);
    const iat = opened.clock.now() / 1_000;
    const token = await new SignJWT({ sub: 'user:default/root', aud: 'backstage', iat, exp: iat + 60 })
      .setProtectedHeader({ typ: 'vnd.backstage.user', alg: 'ES256', kid })
      .sign(privateKey);
    const jwt = {
      token,
      header: { typ: 'vnd.backstage.user', alg: 'ES256', kid },
      payload: decodeJwt(token),
    };
    await assert.rejects(opened.tokens.verify(jwt), { code: 'access/invalid-token' });
  });
});

describe('toLimitedToken', () => {
  it('answers a limited token as it is', async () => {
    await using opened = await openTokens();
    const limited = toLimitedToken((await opened.tokens.issue(ANNA)).token);
    assert.deepEqual(toLimitedToken(limited.token), limited);
  });

  it('refuses tokens that hold no proof', () => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (typ: string): string => `${encode({ typ })}.${encode({ sub: 'a', exp: 1 })}.x`;
    assert.throws(() => toLimitedToken(token('vnd.backstage.user')), /missing user identity proof/);
    assert.throws(() => toLimitedToken(token('vnd.backstage.plugin')), /invalid token type/);
    assert.throws(() => toLimitedToken('nonsense'), { code: 'access/invalid-token' });
  });
});

function sameBytes(one: string, other: string): boolean {
  const bytes = (token: string): string[] =>
    token.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
  return bytes(one).join('.') === bytes(other).join('.');
}
