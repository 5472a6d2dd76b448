import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mailAddress, profileOf } from './profile.ts';

describe('profileOf', () => {
  it('finds a role in the profile before one in the spec', () => {
    const spec = { role: 'Engineer', profile: { email: 'a@example.com', jobTitle: 'Team lead' } };
    assert.deepEqual(profileOf({ spec }), { picture: null, email: 'a@example.com', role: 'Team lead' });
    assert.equal(profileOf({ spec: { role: 'Engineer' } }).role, 'Engineer');
  });

  it('bears anything', () => {
    const nothing = { picture: null, email: null, role: null };
    for (const entity of [null, 'user', { spec: [] }, { spec: { profile: 'x', role: {} } }]) {
      assert.deepEqual(profileOf(entity), nothing);
    }
  });
});

describe('mailAddress', () => {
  it('writes to one address', () => {
    assert.equal(mailAddress('ada+x@example.com'), 'mailto:ada+x@example.com');
  });

  it('takes no text that would fill in the rest of the mail', () => {
    for (const email of [
      'a@example.com?bcc=b@example.com',
      'a@example.com&body=x',
      'a@example.com,b@example.com',
      'a%0Abcc:b@example.com',
      'Ada <a@example.com>',
      'javascript:alert(1)//@example.com',
      'nobody',
      '',
    ]) {
      assert.equal(mailAddress(email), null, email);
    }
  });
});
