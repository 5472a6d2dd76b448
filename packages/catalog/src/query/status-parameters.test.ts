import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseProblemsParameters, parseStatusParameters } from './status-parameters.ts';

const INVALID = { code: 'catalog/invalid-parameter', status: 400 };

describe('parseProblemsParameters', () => {
  it('asks for the first 50 of everything when nothing is said', () => {
    assert.deepEqual(parseProblemsParameters(''), { states: null, owners: null, limit: 50, offset: 0 });
  });

  it('takes states and owners, repeated, and a page', () => {
    const query = 'state=failing&state=unowned&owner=Group:default/Ops&owner=user:x/a&limit=7&offset=3';
    assert.deepEqual(parseProblemsParameters(query), {
      states: ['failing', 'unowned'],
      owners: ['group:default/ops', 'user:x/a'],
      limit: 7,
      offset: 3,
    });
  });

  it('refuses what it does not know', () => {
    for (const query of [
      'state=ok',
      'state=',
      'owner=ops',
      'owner=group:ops',
      'owner=default/ops',
      'limit=1001',
      'limit=-1',
      'offset=x',
    ]) {
      assert.throws(() => parseProblemsParameters(query), INVALID, query);
    }
  });
});

describe('parseStatusParameters', () => {
  it('asks for the first 100 sources when nothing is said', () => {
    assert.deepEqual(parseStatusParameters(''), { limit: 100, offset: 0 });
    assert.deepEqual(parseStatusParameters('limit=0&offset=9'), { limit: 0, offset: 9 });
    assert.throws(() => parseStatusParameters('limit=1e9'), INVALID);
  });
});
