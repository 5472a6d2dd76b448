import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBackstageState } from './backstage-address.ts';
import { toCatalogParams } from './url-state.ts';

const translated = (search: string): string | null => {
  const state = parseBackstageState(new URLSearchParams(search));
  return state === null ? null : decodeURIComponent(toCatalogParams(state).toString());
};

describe('parseBackstageState', () => {
  it('reads the filters of a Backstage catalog', () => {
    assert.equal(
      translated(
        'filters[kind]=Component&filters[type]=service&filters[user]=owned&filters[owners]=group:default/ops' +
          '&filters[owners]=user:default/ann&filters[lifecycles]=production&filters[tags]=java' +
          '&filters[namespace]=shop&filters[text]=pay&limit=20',
      ),
      'kind=component&show=mine&type=service&owner=group:default/ops&owner=user:default/ann' +
        '&lifecycle=production&tag=java&namespace=shop&q=pay',
    );
  });

  it('reads lists with numbers, and encoded brackets', () => {
    assert.equal(
      translated('filters%5Bkind%5D=api&filters%5Btags%5D%5B0%5D=a&filters%5Btags%5D%5B1%5D=b'),
      'kind=api&tag=a&tag=b',
    );
  });

  it('takes an owner without a kind for a group of the default namespace', () => {
    assert.equal(translated('filters[owners]=Ops'), 'owner=group:default/ops');
  });

  it('takes "all" for no filter', () => {
    assert.equal(translated('filters[user]=all&filters[type]=all&filters[kind]=all'), 'kind=all');
    assert.equal(translated('filters[user]=starred'), 'show=starred');
  });

  it('is null for any other address', () => {
    assert.equal(translated('kind=component&filters=1&filters[kind]='), null);
  });
});
