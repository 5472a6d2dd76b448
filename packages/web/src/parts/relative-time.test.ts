import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { relativeTime } from './relative-time.ts';

const now = new Date('2025-06-15T12:00:00Z');
const at = (seconds: number): string => relativeTime(new Date(now.getTime() + seconds * 1000), now, 'en');

describe('relativeTime', () => {
  it('uses the largest unit that fits', () => {
    assert.equal(at(-59), '59 seconds ago');
    assert.equal(at(-60), '1 minute ago');
    assert.equal(at(-3 * 3600 - 3599), '3 hours ago');
    assert.equal(at(-86_400), 'yesterday');
    assert.equal(at(-400 * 86_400), 'last year');
  });

  it('looks ahead as well', () => {
    assert.equal(at(95), 'in 1 minute');
    assert.equal(at(86_400), 'tomorrow');
    assert.equal(at(2 * 86_400 - 60), 'in 2 days');
  });

  it('calls the last seconds just now, and the next one now', () => {
    assert.equal(at(0), 'just now');
    assert.equal(at(-4.9), 'just now');
    assert.equal(at(-5), '5 seconds ago');
    assert.equal(at(0.9), 'now');
  });

  it('says it in the language that is asked for', () => {
    const then = new Date(now.getTime() - 3 * 3_600_000);
    assert.equal(relativeTime(then, now, 'de-DE'), 'vor 3 Stunden');
    assert.equal(relativeTime(then, now, 'ar-EG'), 'قبل ٣ ساعات');
    assert.equal(relativeTime(now, now, 'de-DE'), 'jetzt');
    assert.equal(relativeTime(now, now, 'en-GB'), 'just now');
  });
});
