import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entityPath, kindName, shortName } from './ref-text.ts';

describe('entityPath', () => {
  it('writes namespace, kind and name as Backstage does', () => {
    assert.equal(
      entityPath({ kind: 'Component', namespace: 'default', name: 'Shop' }),
      '/catalog/default/component/Shop',
    );
  });

  it('escapes what has a meaning in an address', () => {
    assert.equal(
      entityPath({ kind: 'api', namespace: 'a/b', name: 'x?y#z' }),
      '/catalog/a%2Fb/api/x%3Fy%23z',
    );
  });
});

describe('shortName', () => {
  const ref = { kind: 'Group', namespace: 'default', name: 'team' };

  it('leaves out the usual kind and the default namespace', () => {
    assert.equal(shortName(ref, 'group'), 'team');
    assert.equal(shortName(ref), 'group:team');
    assert.equal(shortName({ ...ref, namespace: 'other' }, 'user'), 'group:other/team');
  });
});

describe('kindName', () => {
  it('gives a kind its capital', () => {
    assert.equal(kindName('component'), 'Component');
    assert.equal(kindName('api'), 'API');
    assert.equal(kindName('MyKind'), 'MyKind');
  });
});
