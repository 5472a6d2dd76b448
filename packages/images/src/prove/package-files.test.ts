import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseApkDatabase, parseDebDatabase, parseDebFiles, parseRpmDump } from './package-files.ts';

describe('parseDebFiles', () => {
  it('joins what is in a package with the sums of its files', () => {
    const files = parseDebFiles(
      [
        'drwxr-xr-x root/root         0 2023-09-12 10:00 ./',
        'drwxrwsr-x root/staff        0 2023-09-12 10:00 ./usr/local/',
        '-rwsr-xr-x root/root     55528 2023-09-12 10:00 ./usr/bin/a file',
        'lrwxrwxrwx root/root         0 2023-09-12 10:00 ./usr/lib/x.so -> x.so.1',
        'hrw-r--r-- root/root         0 2023-09-12 10:00 ./usr/share/b link to ./usr/share/a',
      ].join('\n'),
      'd41d8cd98f00b204e9800998ecf8427e  usr/bin/a file\n',
    );
    assert.deepEqual(Object.fromEntries(files), {
      '/': { hash: null, target: null, mode: 0o755 },
      '/usr/local': { hash: null, target: null, mode: 0o2775 },
      '/usr/bin/a file': {
        hash: { name: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' },
        target: null,
        mode: 0o4755,
      },
      '/usr/lib/x.so': { hash: null, target: 'x.so.1', mode: null },
      '/usr/share/b': { hash: null, target: null, mode: 0o644 },
    });
  });
});

describe('parseDebDatabase', () => {
  it('takes paths and sums', () => {
    const files = parseDebDatabase('/.\n/etc\n/etc/x.conf\n', '');
    assert.deepEqual([...files.keys()], ['/etc', '/etc/x.conf']);
  });
});

describe('parseRpmDump', () => {
  it('takes hashes of files, targets of links, and no hash of configuration', () => {
    const sha = 'a'.repeat(64);
    const zero = '0'.repeat(64);
    const files = parseRpmDump(
      [
        `/usr/bin/a file 12 1700000000 ${sha} 0104755 root root 0 0 0 X`,
        `/usr/lib64/x.so 6 1700000000 ${zero} 0120777 root root 0 0 0 x.so.1`,
        `/etc/x.conf 9 1700000000 ${sha} 0100644 root root 1 0 0 X`,
        `/usr/share/x 0 1700000000 ${zero} 040755 root root 0 0 0 X`,
        'not a line',
      ].join('\n'),
    );
    assert.deepEqual(Object.fromEntries(files), {
      '/usr/bin/a file': { hash: { name: 'sha256', value: sha }, target: null, mode: 0o4755 },
      '/usr/lib64/x.so': { hash: null, target: 'x.so.1', mode: null },
      '/etc/x.conf': { hash: null, target: null, mode: 0o644 },
      '/usr/share/x': { hash: null, target: null, mode: 0o755 },
    });
  });
});

describe('parseApkDatabase', () => {
  it('takes the files of each package, without a hash of configuration', () => {
    const hash = Buffer.from('0123456789abcdef0123', 'latin1');
    const z = `Z:Q1${hash.toString('base64')}`;
    const packages = parseApkDatabase(
      `P:one\nV:1\nF:bin\nR:a\na:0:0:4755\n${z}\nF:etc\nR:one.conf\n${z}\n\nP:two\nV:2\nF:\nR:init\n${z}\n`,
    );
    assert.deepEqual(
      [...packages].map(([name, files]) => [name, Object.fromEntries(files)]),
      [
        [
          'one',
          {
            '/bin/a': { hash: { name: 'sha1', value: hash.toString('hex') }, target: null, mode: 0o4755 },
            '/etc/one.conf': { hash: null, target: null, mode: null },
          },
        ],
        [
          'two',
          { '/init': { hash: { name: 'sha1', value: hash.toString('hex') }, target: null, mode: null } },
        ],
      ],
    );
  });
});
