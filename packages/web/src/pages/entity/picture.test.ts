import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { initials, pictureUrl } from './picture.ts';

describe('pictureUrl', () => {
  it('lets https through', () => {
    assert.equal(pictureUrl('https://example.com/me.png'), 'https://example.com/me.png');
  });

  it('lets nothing else through', () => {
    for (const text of [
      'http://example.com/me.png',
      'javascript:alert(1)',
      'data:image/svg+xml,<svg onload="alert(1)"/>',
      'blob:https://example.com/1',
      '/me.png',
      '//example.com/me.png',
      'me.png',
      '',
    ]) {
      assert.equal(pictureUrl(text), null, text);
    }
    assert.equal(pictureUrl(null), null);
  });
});

describe('initials', () => {
  it('takes the first letters of the first and the last word', () => {
    assert.equal(initials('Ada King Lovelace'), 'AL');
    assert.equal(initials('booking-lead'), 'BL');
    assert.equal(initials('Ports'), 'P');
  });

  it('knows letters of every script, and marks of none', () => {
    assert.equal(initials('żaneta Łoś'), 'ŻŁ');
    assert.equal(initials('山田 太郎'), '山太');
    assert.equal(initials('‮(!) 🙂'), '');
  });
});
