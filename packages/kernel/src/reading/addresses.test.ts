import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPublicAddress, literalAddress } from './addresses.ts';

describe('isPublicAddress', () => {
  it('is true for public unicast addresses', () => {
    const addresses = ['1.1.1.1', '140.82.121.4', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1'];
    const addresses6 = [
      '2606:4700::1111',
      '2a00:1450:4001::1',
      '::ffff:1.1.1.1',
      '64:ff9b::101:101',
      '2002:101:101::',
    ];
    for (const address of [...addresses, ...addresses6])
      assert.equal(isPublicAddress(address), true, address);
  });

  it('is false for loopback, private, link-local, shared, reserved and multicast addresses', () => {
    const addresses = `
      0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
      192.168.1.1 192.0.2.1 198.18.0.1 224.0.0.1 255.255.255.255
      :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1 100::1 2001:db8::1 2001::1 64:ff9b:1::1
      ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
      2002:7f00:1:: 2002:a00:1::1
    `
      .trim()
      .split(/\s+/);
    for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
  });

  it('is false for what is no address', () => {
    for (const text of ['', 'localhost', '1.1.1', '01.1.1.1', '1.1.1.1.', '[::1]']) {
      assert.equal(isPublicAddress(text), false, text);
    }
  });
});

describe('literalAddress', () => {
  it('takes the host names of URLs that are addresses, however they are written', () => {
    const hostname = (url: string): string => new URL(url).hostname;
    assert.deepEqual(literalAddress(hostname('http://2130706433/')), { address: '127.0.0.1', family: 4 });
    assert.deepEqual(literalAddress(hostname('http://0x7f.1/')), { address: '127.0.0.1', family: 4 });
    assert.deepEqual(literalAddress(hostname('http://[::FFFF:127.0.0.1]/')), {
      address: '::ffff:7f00:1',
      family: 6,
    });
    assert.equal(literalAddress(hostname('http://example.com/')), null);
  });
});
