import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import { explainListening } from './listening.ts';

function failure(code: string, rest: object = { syscall: 'listen', address: '127.0.0.1', port: 80 }): Error {
  return Object.assign(new Error(`${code}: it failed`), { code, ...rest });
}

describe('explainListening', () => {
  it('turns what the system says into a code and advice, and keeps the cause', () => {
    const codes = new Map([
      ['EADDRINUSE', 'server/port-in-use'],
      ['EACCES', 'server/port-refused'],
      ['EADDRNOTAVAIL', 'server/host-unknown'],
    ]);
    for (const [system, ours] of codes) {
      const cause = failure(system);
      const explained = explainListening(cause);
      assert.ok(explained instanceof CodedError);
      assert.deepEqual([explained.code, explained.cause], [ours, cause]);
      assert.match(explained.message, /127\.0\.0\.1/);
    }
    const unknown = explainListening(failure('ENOTFOUND', { syscall: 'getaddrinfo', hostname: 'nowhere' }));
    assert.match(unknown instanceof CodedError ? unknown.message : '', /^nowhere is no address/);
  });

  it('leaves other errors alone', () => {
    for (const error of [
      new Error('other'),
      failure('EACCES', { syscall: 'open' }),
      failure('EMFILE'),
      'text',
    ]) {
      assert.equal(explainListening(error), error);
    }
  });
});
