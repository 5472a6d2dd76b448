import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NONE } from './credentials.ts';
import { createClock } from './portal.fixture.ts';
import { createTokenCache, type VerifiedToken } from './token-cache.ts';

const verified = (validUntil: number): VerifiedToken => ({
  credentials: NONE,
  limited: false,
  audience: null,
  validUntil,
});

describe('createTokenCache', () => {
  it('forgets a token at the moment it expires', () => {
    const clock = createClock();
    const cache = createTokenCache({ now: clock.now });
    const entry = verified(clock.now() + 10_000);
    cache.set('a', entry);
    clock.pass(9);
    assert.equal(cache.get('a'), entry);
    clock.pass(1);
    assert.equal(cache.get('a'), null);
  });

  it('holds at most two generations, and keeps what is in use', () => {
    const cache = createTokenCache({ now: () => 0, capacity: 3 });
    const used = verified(Infinity);
    cache.set('used', used);
    for (let i = 0; i < 100; i++) {
      cache.set(`token-${i}`, verified(Infinity));
      assert.equal(cache.get('used'), used);
    }
    const kept = Array.from({ length: 100 }, (_, i) => cache.get(`token-${i}`)).filter(
      (found) => found !== null,
    );
    assert.ok(kept.length > 0 && kept.length < 6, `${kept.length} tokens are kept`);
  });
});
