import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../api/error.ts';
import { refusal } from './refusal.ts';

describe('refusal', () => {
  it('is what the server says of what was asked', () => {
    const changed = new ApiError(409, 'ConflictError', 'It is another.', { code: 'images/plan-changed' });
    assert.equal(refusal(changed), 'It is another.');
    const registry = new ApiError(502, 'Error', 'The registry is away.', { code: 'images/registry-down' });
    assert.equal(refusal(registry), 'The registry is away.');
  });

  it('is null for a failure that is not about it', () => {
    for (const status of [0, 401, 403, 500, 503]) {
      assert.equal(refusal(new ApiError(status, 'Error', 'no')), null);
    }
    assert.equal(refusal(new TypeError('x')), null);
  });
});
