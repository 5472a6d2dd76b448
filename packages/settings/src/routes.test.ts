import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isObject } from '@callboard/model';
import { openMigratedDatabase, openPortal, type Answer } from './portal.fixture.ts';

const THEME = '/buckets/userSettings/keys/theme';

const pathOf = (bucket: string, key: string): string =>
  `/buckets/${encodeURIComponent(bucket)}/keys/${encodeURIComponent(key)}`;

const put = (value: unknown, user?: string) => ({
  method: 'PUT',
  body: { value },
  ...(user !== undefined && { user }),
});

/** Name, code and message of an error on the wire. */
function errorOf({ body }: Answer): Record<string, unknown> {
  const error = isObject(body) ? body['error'] : null;
  return isObject(error) ? error : {};
}

describe('settingsRoutes', () => {
  it('keeps a value and gives it back, in the shape of the contract', async () => {
    await using portal = await openPortal();
    const value = { mode: 'dark', list: [1, null, 'ü'], nothing: null };
    const setting = { bucket: 'userSettings', key: 'theme', value };
    for (const answer of [await portal.ask(THEME, put(value)), await portal.ask(THEME)]) {
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.deepEqual(answer.body, setting);
    }
    assert.deepEqual((await portal.ask(THEME, put('light'))).body, { ...setting, value: 'light' });
    assert.deepEqual((await portal.ask(THEME)).body, { ...setting, value: 'light' });
  });

  it('answers 404 for what was never set, with the name that clients look for', async () => {
    await using portal = await openPortal();
    const answer = await portal.ask(THEME);
    assert.equal(answer.status, 404);
    assert.deepEqual(errorOf(answer), {
      name: 'NotFoundError',
      message: "Unable to find 'theme' in bucket 'userSettings'",
      code: 'settings/not-found',
    });
  });

  it('deletes with 204 and no body, also what is not there', async () => {
    await using portal = await openPortal();
    await portal.ask(THEME, put(1));
    for (let round = 0; round < 2; round += 1) {
      const { status, body } = await portal.ask(THEME, { method: 'DELETE' });
      assert.deepEqual([status, body], [204, null]);
      assert.equal((await portal.ask(THEME)).status, 404);
    }
  });

  it('answers several in the order they are asked for, null for what is not there', async () => {
    await using portal = await openPortal();
    await portal.ask(pathOf('a', 'x'), put(null));
    await portal.ask(pathOf('b', 'x'), put({ deep: [true] }));
    const items = [
      { bucket: 'b', key: 'x' },
      { bucket: 'a', key: 'none' },
      { bucket: 'a', key: 'x' },
      { bucket: 'b', key: 'x' },
    ];
    const answer = await portal.ask('/multiget', { method: 'POST', body: { items } });
    assert.equal(answer.status, 200);
    const deep = { value: { deep: [true] } };
    assert.deepEqual(answer.body, { items: [deep, null, { value: null }, deep] });
    const nothing = await portal.ask('/multiget', { method: 'POST', body: { items: [] } });
    assert.deepEqual(nothing.body, { items: [] });
  });

  it('answers as many at once as a user may have', async () => {
    await using portal = await openPortal();
    const items = Array.from({ length: 1_000 }, (_, index) => ({ bucket: `b${index % 7}`, key: `${index}` }));
    for (const { bucket, key } of items.slice(0, 250)) await portal.ask(pathOf(bucket, key), put(key));
    const { body } = await portal.ask('/multiget', { method: 'POST', body: { items } });
    const values = items.map(({ key }, index) => (index < 250 ? { value: key } : null));
    assert.deepEqual(body, { items: values });
    const more = [...items, { bucket: 'b', key: 'k' }];
    const refused = await portal.ask('/multiget', { method: 'POST', body: { items: more } });
    assert.deepEqual([refused.status, errorOf(refused)['code']], [400, 'settings/invalid-list']);
  });

  it('keeps users apart, and knows them by nothing but who asks', async () => {
    await using portal = await openPortal();
    await portal.ask(THEME, put('anna', 'user:default/anna'));
    await portal.ask(THEME, put('eva', 'user:default/eva'));
    await portal.ask(THEME, { method: 'DELETE', user: 'user:default/eva' });
    assert.equal((await portal.ask(THEME, { user: 'user:default/eva' })).status, 404);
    const { body } = await portal.ask(THEME, { user: 'user:default/anna' });
    assert.deepEqual(body, { bucket: 'userSettings', key: 'theme', value: 'anna' });
  });

  it('is for users: nobody and services are refused on every route', async () => {
    await using portal = await openPortal();
    const requests: readonly (readonly [string, string])[] = [
      ['GET', THEME],
      ['PUT', THEME],
      ['DELETE', THEME],
      ['POST', '/multiget'],
    ];
    for (const [method, path] of requests) {
      assert.equal((await portal.ask(path, { method, user: null })).status, 401);
      assert.equal((await portal.ask(path, { method, user: 'service' })).status, 403);
    }
  });

  it('takes any names that are texts, slashes and percent signs included', async () => {
    await using portal = await openPortal();
    for (const [bucket, key] of [
      ['a.b', 'starred/entities/1'],
      ['a/b', 'x/'],
      ['100%', '%2F'],
      ['ü 😀', '?#&'],
      ["'", '"\\'],
      ['x'.repeat(255), 'y'.repeat(255)],
    ] as const) {
      const { status, body } = await portal.ask(pathOf(bucket, key), put(key));
      assert.deepEqual([status, body], [200, { bucket, key, value: key }]);
      assert.deepEqual((await portal.ask(pathOf(bucket, key))).body, { bucket, key, value: key });
    }
    const plain = await portal.ask('/buckets/a.b/keys/starred/entities/1');
    assert.deepEqual(plain.body, {
      bucket: 'a.b',
      key: 'starred/entities/1',
      value: 'starred/entities/1',
    });
  });

  it('refuses names that are empty, too long, or not a text that every database takes', async () => {
    await using portal = await openPortal();
    for (const path of [pathOf('b', 'x'.repeat(256)), pathOf('x'.repeat(256), 'k'), pathOf('b', 'a\0b')]) {
      const answer = await portal.ask(path, put(1));
      assert.deepEqual([answer.status, errorOf(answer)['code']], [400, 'settings/invalid-key'], path);
    }
    for (const key of ['', '\uD800']) {
      const items = [{ bucket: 'b', key }];
      const answer = await portal.ask('/multiget', { method: 'POST', body: { items } });
      assert.deepEqual([answer.status, errorOf(answer)['code']], [400, 'settings/invalid-key']);
    }
    assert.equal((await portal.ask(pathOf('b', ''), put(1))).status, 404);
  });

  it('refuses a body without a value, and lists that are none', async () => {
    await using portal = await openPortal();
    for (const body of [undefined, {}, [], 'x', { values: 1 }]) {
      const answer = await portal.ask(THEME, { method: 'PUT', body });
      assert.equal(answer.status, 400);
      assert.deepEqual(errorOf(answer), {
        name: 'InputError',
        message: 'Missing required field "value"',
        code: 'settings/invalid-value',
      });
    }
    for (const body of [undefined, {}, [], { items: {} }, { items: [1] }, { items: [null] }]) {
      const answer = await portal.ask('/multiget', { method: 'POST', body });
      assert.deepEqual([answer.status, errorOf(answer)['code']], [400, 'settings/invalid-list']);
    }
    for (const items of [[{}], [{ bucket: 'b' }], [{ bucket: 'b', key: 1 }]]) {
      const answer = await portal.ask('/multiget', { method: 'POST', body: { items } });
      assert.deepEqual([answer.status, errorOf(answer)['code']], [400, 'settings/invalid-key']);
    }
  });

  it('takes values of up to 64 KiB and 100 levels, and keeps the old one when it refuses', async () => {
    await using portal = await openPortal();
    const longest = 'x'.repeat(64 * 1024 - 2);
    assert.equal((await portal.ask(THEME, put(longest))).status, 200);
    for (const tooLong of [`${longest}x`, 'ü'.repeat(32 * 1024)]) {
      const answer = await portal.ask(THEME, put(tooLong));
      assert.deepEqual([answer.status, errorOf(answer)['code']], [413, 'settings/value-too-large']);
    }
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    const answer = await portal.ask(THEME, put(nested(101)));
    assert.deepEqual([answer.status, errorOf(answer)['code']], [400, 'settings/invalid-value']);
    assert.deepEqual((await portal.ask(THEME)).body, {
      bucket: 'userSettings',
      key: 'theme',
      value: longest,
    });
    assert.equal((await portal.ask(THEME, put(nested(100)))).status, 200);
    const hostile = '['.repeat(400_000) + ']'.repeat(400_000);
    const response = await fetch(portal.url + THEME, {
      method: 'PUT',
      headers: { authorization: 'Bearer user:default/anna', 'content-type': 'application/json' },
      body: `{"value":${hostile}}`,
    });
    assert.equal(response.status, 400);
  });

  it('lets a user have 1,000 keys, and change them then', async () => {
    await using portal = await openPortal();
    await portal.database.writeRows({
      table: 'settings_values',
      columns: ['user_ref', 'bucket', 'key', 'value'],
      rows: Array.from({ length: 998 }, (_, index) => ['user:default/anna', 'b', String(index), '1']),
    });
    const answers = await Promise.all(
      ['p', 'q', 'r', 's'].map((key) => portal.ask(pathOf('b', key), put(1))),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    assert.deepEqual(
      refused.map((answer) => [answer.status, errorOf(answer)['code']]),
      Array.from({ length: 2 }, () => [409, 'settings/too-many-keys']),
    );
    assert.equal((await portal.ask(pathOf('b', '7'), put(2))).status, 200);
    assert.equal((await portal.ask(pathOf('b', 'x'), put(1, 'user:default/eva'))).status, 200);
    await portal.ask(pathOf('b', '0'), { method: 'DELETE' });
    assert.equal((await portal.ask(pathOf('b', 'new'), put(1))).status, 200);
  });

  it('has a value in the database before it answers', async () => {
    await using database = await openMigratedDatabase();
    await using first = await openPortal({ database });
    await first.ask(THEME, put({ mode: 'dark' }));
    await using second = await openPortal({ database });
    const { body } = await second.ask(THEME);
    assert.deepEqual(body, { bucket: 'userSettings', key: 'theme', value: { mode: 'dark' } });
  });

  it('gives back every JSON value as it came', async () => {
    await using portal = await openPortal();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (generated) => {
        // What JSON itself changes (-0) is no matter of ours.
        const value: unknown = JSON.parse(JSON.stringify(generated));
        const { body } = await portal.ask(THEME, put(value));
        assert.deepEqual(body, { bucket: 'userSettings', key: 'theme', value });
        assert.deepEqual((await portal.ask(THEME)).body, body);
      }),
      { numRuns: 50 },
    );
  });
});
