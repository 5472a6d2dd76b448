import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { openDatabase, migrate } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import { createGuard } from './guard.ts';
import { createPersonalTokenStore, type PersonalTokenStore } from './personal-token-store.ts';
import { isPersonalToken, openPersonalTokens } from './personal-token.ts';
import { bearer, createClock, GUEST_CONFIG, openMigratedDatabase, openPortal } from './portal.fixture.ts';
import type { Portal } from './portal.fixture.ts';
import { accessMigrations } from './store.ts';

const PATH = '/api/auth/v1/personal-tokens';
const GUEST = 'user:development/guest';
const DAY = 24 * 3600;

type Answer = Awaited<ReturnType<Portal['ask']>>;

const signedIn = async (portal: Portal): Promise<string> => (await portal.signIn()).backstageIdentity.token;

function send(token: string, method: string, body?: unknown): RequestInit {
  const headers = { authorization: `Bearer ${token}` };
  if (body === undefined) return { method, headers };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
const codeOf = ({ body }: Answer): unknown => fieldsOf(fieldsOf(body)['error'])['code'];

function itemsOf({ body }: Answer): readonly Record<string, unknown>[] {
  const { items } = fieldsOf(body);
  assert.ok(Array.isArray(items));
  return items.map(fieldsOf);
}

/** Makes a token over the wire. */
async function make(portal: Portal, wish: unknown = { name: 'ci' }): Promise<{ id: string; token: string }> {
  const answer = await portal.ask(PATH, send(await signedIn(portal), 'POST', wish));
  assert.equal(answer.status, 201);
  const { id, token } = fieldsOf(answer.body);
  assert.ok(typeof id === 'string' && typeof token === 'string');
  return { id, token };
}

describe('personalTokenRoutes', () => {
  it('makes a token, shows it once, and lists it without its text', async () => {
    await using portal = await openPortal();
    const session = await signedIn(portal);
    const made = await portal.ask(PATH, send(session, 'POST', { name: ' deploy script ', expiresInDays: 7 }));
    assert.equal(made.status, 201);
    assert.equal(made.headers.get('cache-control'), 'no-store');
    const { token, ...item } = fieldsOf(made.body);
    assert.match(String(token), /^cbp_[\w-]{43}$/);
    assert.match(String(item['id']), /^[\w-]{16}$/);
    assert.deepEqual(item, {
      id: item['id'],
      name: 'deploy script',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-08T00:00:00.000Z',
      lastUsedAt: null,
    });
    const listed = await portal.ask(PATH, send(session, 'GET'));
    assert.deepEqual(listed.body, { items: [item] });
    assert.equal(listed.headers.get('cache-control'), 'no-store');
  });

  it('makes tokens for 90 days unless told otherwise, and lists the newest first', async () => {
    await using portal = await openPortal();
    await make(portal, { name: 'first' });
    portal.clock.pass(60);
    await make(portal, { name: 'second' });
    const items = itemsOf(await portal.ask(PATH, send(await signedIn(portal), 'GET')));
    assert.deepEqual(
      items.map(({ name, expiresAt }) => [name, expiresAt]),
      [
        ['second', '2026-04-01T00:01:00.000Z'],
        ['first', '2026-04-01T00:00:00.000Z'],
      ],
    );
  });

  it('keeps nothing of a token but its SHA-256', async () => {
    await using portal = await openPortal();
    const { token } = await make(portal);
    const [stored] = await createPersonalTokenStore(portal.database).list();
    assert.equal(stored?.hash, createHash('sha256').update(token).digest('base64url'));
    assert.equal(JSON.stringify(stored).includes(token.slice(4)), false);
  });

  it('refuses wishes without a name or with a lifetime that is not allowed', async () => {
    await using portal = await openPortal();
    const session = await signedIn(portal);
    const wishes: readonly unknown[] = [
      {},
      [],
      { name: '' },
      { name: ' ' },
      { name: 7 },
      { name: 'x'.repeat(101) },
      { name: 'x', expiresInDays: 0 },
      { name: 'x', expiresInDays: 366 },
      { name: 'x', expiresInDays: 1.5 },
      { name: 'x', expiresInDays: '7' },
      { name: 'x', expiresInDays: null },
    ];
    for (const wish of wishes) {
      const answer = await portal.ask(PATH, send(session, 'POST', wish));
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'access/invalid-token-wish']);
    }
    assert.equal((await portal.ask(PATH, send(session, 'POST'))).status, 400);
    await make(portal, { name: 'x'.repeat(100), expiresInDays: 365 });
  });

  it('lets a user have 50 and no more, also when they are asked for at the same time', async () => {
    await using portal = await openPortal();
    const session = await signedIn(portal);
    const answers = await Promise.all(
      Array.from({ length: 53 }, (_, index) =>
        portal.ask(PATH, send(session, 'POST', { name: `n${index}` })),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 50);
    const refused = answers.filter(({ status }) => status !== 201);
    assert.deepEqual(
      refused.map((answer) => [answer.status, codeOf(answer)]),
      Array.from({ length: 3 }, () => [409, 'access/too-many-tokens']),
    );
    const items = itemsOf(await portal.ask(PATH, send(session, 'GET')));
    assert.equal(items.length, 50);
    await portal.ask(`${PATH}/${String(items[0]?.['id'])}`, send(session, 'DELETE'));
    await make(portal);
  });

  it('lets nobody in without a token, and no service', async () => {
    const externalAccess = [{ type: 'static', options: { token: 'static-token', subject: 'ci' } }];
    await using portal = await openPortal({
      config: { ...GUEST_CONFIG, backend: { auth: { externalAccess } } },
    });
    for (const [method, path] of [
      ['GET', PATH],
      ['POST', PATH],
      ['DELETE', `${PATH}/x`],
    ] as const) {
      const nobody = await portal.ask(path, { method });
      assert.deepEqual([nobody.status, codeOf(nobody)], [401, 'access/unauthenticated']);
      const service = await portal.ask(path, send('static-token', method));
      assert.deepEqual([service.status, codeOf(service)], [403, 'access/principal-not-allowed']);
    }
  });

  it('lets a personal token list, and neither make nor delete', async () => {
    await using portal = await openPortal();
    const { id, token } = await make(portal);
    assert.equal(itemsOf(await portal.ask(PATH, send(token, 'GET'))).length, 1);
    for (const answer of [
      await portal.ask(PATH, send(token, 'POST', { name: 'more' })),
      await portal.ask(`${PATH}/${id}`, send(token, 'DELETE')),
      await portal.ask('/api/catalog/.backstage/auth/v1/cookie', bearer(token)),
    ]) {
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'access/session-required']);
    }
    assert.equal((await portal.ask('/api/catalog/x', bearer(token))).status, 200);
  });

  it('does not let a plugin make tokens for the user it speaks for', async () => {
    await using portal = await openPortal();
    const user = await portal.access.authenticateToken(await signedIn(portal));
    const { token } = await portal.access.issuePluginToken({ from: 'search', to: 'auth', onBehalfOf: user });
    const answer = await portal.ask(PATH, send(token, 'POST', { name: 'x' }));
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'access/session-required']);
  });

  it("answers 404 for the id of somebody else's token, and leaves it alone", async () => {
    const other = {
      id: 'proxy',
      identify: async () => ({ userEntityRef: 'user:default/eva', ownershipEntityRefs: [], profile: {} }),
    };
    await using portal = await openPortal({ providers: [other] });
    const { id, token } = await make(portal);
    const eva = (await portal.access.signIn('proxy', { headers: {} })).backstageIdentity.token;
    for (const wrong of [id, 'none']) {
      const answer = await portal.ask(`${PATH}/${wrong}`, send(eva, 'DELETE'));
      assert.deepEqual([answer.status, codeOf(answer)], [404, 'access/token-not-found']);
    }
    assert.deepEqual(itemsOf(await portal.ask(PATH, send(eva, 'GET'))), []);
    assert.equal((await portal.ask('/api/catalog/x', bearer(token))).status, 200);
  });
});

describe('a personal token', () => {
  it('is its user: the same principal and the same user info as a session', async () => {
    await using portal = await openPortal();
    const session = await signedIn(portal);
    const { token } = await make(portal);
    const who = await portal.ask('/api/catalog/x', bearer(token));
    assert.deepEqual(who.body, { principal: { type: 'user', userEntityRef: GUEST } });
    const info = '/api/auth/v1/userinfo';
    assert.deepEqual(
      (await portal.ask(info, bearer(token))).body,
      (await portal.ask(info, bearer(session))).body,
    );
  });

  it('is answered at once by the guard, and is not remembered after its deletion', async () => {
    await using portal = await openPortal();
    const { id, token } = await make(portal);
    const guard = createGuard(portal.access);
    const request = { method: 'GET', url: '/api/catalog/x', ...bearer(token) };
    const credentials = guard(request);
    assert.ok(!(credentials instanceof Promise));
    assert.equal(credentials.token, token);
    assert.equal(JSON.stringify(credentials).includes(token), false);
    const deleted = await portal.ask(`${PATH}/${id}`, send(await signedIn(portal), 'DELETE'));
    assert.equal(deleted.status, 204);
    await assert.rejects(async () => guard(request), { code: 'access/invalid-token', status: 401 });
  });

  it('expires to the millisecond, with a code that says so, and stays in the list', async () => {
    await using portal = await openPortal();
    const { token } = await make(portal, { name: 'short', expiresInDays: 1 });
    portal.clock.pass(DAY - 0.001);
    assert.equal((await portal.ask('/api/catalog/x', bearer(token))).status, 200);
    portal.clock.pass(0.001);
    const late = await portal.ask('/api/catalog/x', bearer(token));
    assert.deepEqual([late.status, codeOf(late)], [401, 'access/expired-token']);
    assert.equal(itemsOf(await portal.ask(PATH, send(await signedIn(portal), 'GET'))).length, 1);
  });

  it('outlives a restart, and its deletion does', async () => {
    await using before = await openPortal();
    const { database, clock } = before;
    const kept = await make(before);
    const deleted = await make(before);
    await before.ask(`${PATH}/${deleted.id}`, send(await signedIn(before), 'DELETE'));
    await using after = await openPortal({ database, clock });
    assert.equal((await after.ask('/api/catalog/x', bearer(kept.token))).status, 200);
    assert.equal((await after.ask('/api/catalog/x', bearer(deleted.token))).status, 401);
  });

  it('is refused when any of it is wrong', async () => {
    await using portal = await openPortal();
    const { token } = await make(portal);
    const changed = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const wrong of [
      changed,
      `${token}A`,
      token.slice(0, -1),
      token.slice(4),
      'cbp_',
      `CBP_${token.slice(4)}`,
    ]) {
      const answer = await portal.ask('/api/catalog/x', bearer(wrong));
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'access/invalid-token'], wrong);
    }
  });

  it('leaves alone a static token of the configuration that looks like one', async () => {
    const token = `cbp_${'s'.repeat(43)}`;
    const externalAccess = [{ type: 'static', options: { token, subject: 'ci' } }];
    await using portal = await openPortal({
      config: { ...GUEST_CONFIG, backend: { auth: { externalAccess } } },
    });
    const { body } = await portal.ask('/api/catalog/x', bearer(token));
    assert.deepEqual(body, { principal: { type: 'service', subject: 'ci' } });
  });

  it('is closed while its user cannot sign in as before, and good again when that can', async () => {
    await using open = await openPortal();
    const { database, clock } = open;
    const { token } = await make(open);
    for (const closed of [{ development: false }, { config: { auth: {} } }]) {
      await using portal = await openPortal({ database, clock, ...closed });
      const answer = await portal.ask('/api/catalog/x', bearer(token));
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'access/sign-in-closed']);
    }
    await using again = await openPortal({ database, clock });
    assert.equal((await again.ask('/api/catalog/x', bearer(token))).status, 200);
  });

  it('lets a plugin speak for its user, no longer than it is good itself', async () => {
    await using portal = await openPortal();
    const { token } = await make(portal, { name: 'x', expiresInDays: 1 });
    portal.clock.pass(DAY - 60);
    const { access } = portal;
    const onBehalfOf = await access.authenticateToken(token);
    const call = await access.issuePluginToken({ from: 'search', to: 'catalog', onBehalfOf });
    const { body } = await portal.ask('/api/catalog/x', bearer(call.token));
    const actor = { type: 'service', subject: 'plugin:search' };
    assert.deepEqual(body, { principal: { type: 'user', userEntityRef: GUEST, actor } });
    portal.clock.pass(60);
    assert.equal((await portal.ask('/api/catalog/x', bearer(call.token))).status, 401);
  });

  it('says when it was used, and writes that at most once a minute', async () => {
    const clock = createClock();
    await using database = await openMigratedDatabase();
    const store = createPersonalTokenStore(database);
    const written: number[] = [];
    const counting: PersonalTokenStore = {
      ...store,
      noteUse: async (id, now) => {
        written.push(now);
        await store.noteUse(id, now);
      },
    };
    const randomBytes = (size: number): Uint8Array => new Uint8Array(size).fill(size);
    const tokens = await openPersonalTokens({ store: counting, now: clock.now, randomBytes });
    const wish = { userEntityRef: GUEST, provider: null, name: 'x', expiresAt: clock.now() + 1e9 };
    const { token } = await tokens.create(wish);
    const start = clock.now();
    for (const seconds of [0, 30, 29, 1, 59, 1]) {
      clock.pass(seconds);
      assert.ok(isObject(tokens.recognise(token, () => true)));
    }
    assert.deepEqual(written, [start, start + 60_000, start + 120_000]);
    assert.equal(tokens.list(GUEST)[0]?.lastUsedAt, start + 120_000);
    assert.equal((await store.list())[0]?.lastUsedAt, start + 120_000);
  });

  it('is good when its use cannot be written, which the next use tries again', async () => {
    const clock = createClock();
    await using database = await openMigratedDatabase();
    let tries = 0;
    const store: PersonalTokenStore = {
      ...createPersonalTokenStore(database),
      noteUse: async () => {
        tries += 1;
        throw new Error('the disk is full');
      },
    };
    const randomBytes = (size: number): Uint8Array => new Uint8Array(size);
    const tokens = await openPersonalTokens({ store, now: clock.now, randomBytes });
    const wish = { userEntityRef: GUEST, provider: null, name: 'x', expiresAt: clock.now() + 1e9 };
    const { token } = await tokens.create(wish);
    for (const expected of [1, 2]) {
      assert.ok(isObject(tokens.recognise(token, () => true)));
      await Promise.resolve();
      assert.equal(tries, expected);
      assert.equal(tokens.list(GUEST)[0]?.lastUsedAt, null);
    }
  });
});

describe('isPersonalToken', () => {
  it('knows the form, and nothing else', () => {
    assert.equal(isPersonalToken(`cbp_${'-_aZ0'.repeat(8)}abc`), true);
    for (const other of [null, '', 'cbp_', `cbp_${'a'.repeat(42)}=`, `x_cbp_${'a'.repeat(43)}`, 'a.b.c']) {
      assert.equal(isPersonalToken(other), false);
    }
  });
});

describe('accessMigrations', () => {
  it('keep the sign-ins of a database from before personal tokens', async () => {
    await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
    const { room, steps } = accessMigrations;
    await migrate(database, [{ room, steps: steps.slice(0, 2) }], () => 0);
    await database.writeRows({
      table: 'access_user_info',
      columns: ['user_ref', 'info', 'updated_at'],
      rows: [[GUEST, JSON.stringify({ claims: { sub: GUEST, ent: [] } }), 1]],
    });
    await migrate(database, [accessMigrations], () => 0);
    await using portal = await openPortal({ database });
    assert.deepEqual(await portal.access.userInfo(GUEST), { claims: { sub: GUEST, ent: [] } });
    assert.equal(await portal.access.signedInBy(GUEST), null);
  });
});
