import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loopbackUrl } from './loopback.ts';

describe('loopbackUrl', () => {
  it('accepts localhost, 127.0.0.0/8 in any spelling, and ::1', () => {
    for (const text of ['http://localhost:7007', 'http://127.0.0.1/a', 'http://127.1:80', 'http://[::1]:9']) {
      assert.equal(loopbackUrl(text).protocol, 'http:');
    }
  });

  it('refuses other hosts, other protocols and what is no URL', () => {
    for (const text of ['http://192.0.2.1', 'http://127.example.com', 'http://localhost.example.com']) {
      assert.throws(() => loopbackUrl(text), /loopback addresses only/);
    }
    assert.throws(() => loopbackUrl('https://localhost'), /plain http only/);
    assert.throws(() => loopbackUrl('localhost'), /not a URL/);
  });
});
