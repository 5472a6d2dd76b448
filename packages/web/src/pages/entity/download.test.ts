import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileName } from './download.ts';

describe('fileName', () => {
  it('keeps names as they are in the catalog', () => {
    assert.equal(fileName('api-booking_v1.2.yaml'), 'api-booking_v1.2.yaml');
  });

  it('leads to no other folder, and hides no file', () => {
    assert.equal(fileName('../../etc/passwd'), 'etc-passwd');
    assert.equal(fileName('.profile'), 'profile');
    assert.equal(fileName('a\u202Egnp.exe'), 'a-gnp.exe');
  });
});
