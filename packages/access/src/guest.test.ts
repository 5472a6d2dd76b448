import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import { openPortal } from './portal.fixture.ts';

const ANNA: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'Anna', namespace: 'default' },
  spec: { profile: { displayName: 'Anna A.', email: 'anna@example.org', picture: 7 }, memberOf: ['team'] },
  relations: [
    { type: 'memberOf', targetRef: 'group:default/team' },
    { type: 'memberOf', targetRef: 'group:default/team' },
    { type: 'memberOf', targetRef: 'other:default/club' },
    { type: 'ownerOf', targetRef: 'component:default/site' },
  ],
};

const guest = { userEntityRef: 'Anna', ownershipEntityRefs: ['group:default/guests'] };
const config = { auth: { providers: { guest } } };

describe('createGuestProvider', () => {
  it('takes profile and ownership from the catalog', async () => {
    const asked: string[] = [];
    const findUser = async (ref: string): Promise<Entity> => {
      asked.push(ref);
      return ANNA;
    };
    await using portal = await openPortal({ config, findUser });
    const { profile, backstageIdentity } = await portal.signIn();
    assert.deepEqual(asked, ['user:default/anna']);
    assert.deepEqual(profile, { displayName: 'Anna A.', email: 'anna@example.org' });
    assert.deepEqual(backstageIdentity.identity, {
      type: 'user',
      userEntityRef: 'user:default/anna',
      ownershipEntityRefs: ['user:default/anna', 'group:default/team'],
    });
    assert.deepEqual(await portal.access.userInfo('user:default/anna'), {
      claims: { sub: 'user:default/anna', ent: ['user:default/anna', 'group:default/team'] },
    });
  });

  it('takes what the configuration says when the catalog does not know the user', async () => {
    await using portal = await openPortal({ config, findUser: async () => null });
    const { profile, backstageIdentity } = await portal.signIn();
    assert.deepEqual(profile, {});
    assert.deepEqual(backstageIdentity.identity, {
      type: 'user',
      userEntityRef: 'user:default/anna',
      ownershipEntityRefs: ['group:default/guests'],
    });
  });

  it('is one provider among others', async () => {
    await using portal = await openPortal({
      providers: [
        {
          id: 'proxy',
          identify: async ({ headers }) => ({
            userEntityRef: `user:default/${String(headers['x-user'])}`,
            ownershipEntityRefs: [],
            profile: {},
            providerInfo: { accessToken: 'for-the-provider' },
            claims: { level: 3 },
          }),
        },
      ],
    });
    const { status, body } = await portal.ask('/api/auth/proxy/refresh', { headers: { 'x-user': 'eva' } });
    assert.equal(status, 200);
    assert.match(
      JSON.stringify(body),
      /"providerInfo":\{"accessToken":"for-the-provider"\}.*user:default\/eva/,
    );
    assert.deepEqual(await portal.access.userInfo('user:default/eva'), {
      claims: { level: 3, sub: 'user:default/eva', ent: [] },
    });
  });
});
