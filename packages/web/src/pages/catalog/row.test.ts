import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locationText, toListedRow } from './row.ts';

describe('toListedRow', () => {
  it('keeps system and domain apart', () => {
    const system = toListedRow({ kind: 'System', metadata: { name: 's' }, spec: { domain: 'sales' } });
    assert.equal(system?.system, null);
    assert.deepEqual(system?.domain, { kind: 'domain', namespace: 'default', name: 'sales' });
  });

  it('reads where an entity is defined', () => {
    const annotations = { 'backstage.io/managed-by-location': 'url:https://example.com/a.yaml' };
    const row = toListedRow({ kind: 'API', metadata: { name: 'a', annotations } });
    assert.equal(row?.location, 'url:https://example.com/a.yaml');
  });

  it('is null for what has no kind or name', () => {
    for (const value of [null, 'x', {}, { kind: 'API' }]) assert.equal(toListedRow(value), null);
  });
});

describe('locationText', () => {
  it('leaves out what all locations begin with', () => {
    assert.equal(
      locationText('url:https://github.com/acme/shop/catalog-info.yaml'),
      'github.com/acme/shop/catalog-info.yaml',
    );
    assert.equal(locationText('file:/srv/catalog/a.yaml'), '/srv/catalog/a.yaml');
  });
});
