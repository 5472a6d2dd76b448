import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearest } from './near.ts';

describe('nearest', () => {
  const known = ['baseUrl', 'listen', 'database', 'cors', 'a'];

  it('finds the word behind a slip, in whatever case', () => {
    assert.equal(nearest('baseURL', known), 'baseUrl');
    assert.equal(nearest('lsiten', known), 'listen');
    assert.equal(nearest('databse', known), 'database');
    assert.equal(nearest('core', known), 'cors');
    assert.equal(nearest('b', known), 'a');
  });

  it('prefers fewer slips', () => {
    assert.equal(nearest('reads', ['readers', 'read']), 'read');
  });

  it('finds nothing that is merely short or far', () => {
    assert.equal(nearest('proxy', known), null);
    assert.equal(nearest('listen', []), null);
  });
});
