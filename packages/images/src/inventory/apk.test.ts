import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readApk } from './apk.ts';
import { packageOf, sourceFrom, told } from './image-files.fixture.ts';

const INSTALLED = '/lib/apk/db/installed';

const DATABASE = `C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:musl
V:1.2.4_git20230717-r4
A:x86_64
S:407278
o:musl
D:
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1kNX2BcWGo0n0TCPRnDVJ4BP8wRc=

P:libcrypto3
V:3.1.4-r5
A:x86_64
o:openssl
D:so:libc.musl-x86_64.so.1 ca-certificates>=2 !libressl musl@edge /bin/sh
p:so:libcrypto.so.3=3 cmd:openssl=1

`;

describe('readApk', () => {
  it('reads name, version, origin, needs and what is provided', async () => {
    const source = sourceFrom({ [INSTALLED]: DATABASE, '/etc/apk/world': 'musl\n' });
    const [database] = await readApk(source);
    assert.deepEqual(database?.packages, [
      packageOf({
        name: 'libcrypto3',
        version: '3.1.4-r5',
        architecture: 'x86_64',
        source: { name: 'openssl', version: '3.1.4-r5' },
        manual: false,
        depends: [['so:libc.musl-x86_64.so.1'], ['ca-certificates'], ['musl'], ['/bin/sh']],
        provides: ['so:libcrypto.so.3', 'cmd:openssl'],
      }),
      packageOf({
        name: 'musl',
        version: '1.2.4_git20230717-r4',
        architecture: 'x86_64',
        manual: true,
        provides: ['so:libc.musl-x86_64.so.1'],
      }),
    ]);
    assert.deepEqual(told(source), []);
  });

  it('finds the database where apk-tools 3 keeps it, and tells of two that differ', async () => {
    const newer = '/usr/lib/apk/db/installed';
    assert.equal((await readApk(sourceFrom({ [newer]: DATABASE })))[0]?.path, newer);
    const linked = sourceFrom({ [newer]: DATABASE, [INSTALLED]: DATABASE });
    assert.equal((await readApk(linked)).length, 1);
    assert.deepEqual(told(linked), []);
    const both = sourceFrom({ [newer]: DATABASE, [INSTALLED]: 'P:other\nV:1\n' });
    assert.equal((await readApk(both))[0]?.packages.length, 2);
    assert.deepEqual(told(both), ['several']);
  });

  it('takes world for what was asked for, by name or by what is provided, and its pins for holds', async () => {
    const world = {
      a: 'asked',
      'b=1-r0': 'held',
      'c~1': 'held',
      'd<2': 'held',
      'e>=1': 'asked',
      'f@edge': 'asked',
      'g@edge=1': 'held',
      'h><Q1x': 'held',
      'cmd:i': 'asked',
      '!j': 'no',
    };
    const blocks = 'abcdefghij'.split('').map((name) => `P:${name}\nV:1-r0\nA:noarch\np:cmd:${name}=1\n`);
    const source = sourceFrom({
      [INSTALLED]: blocks.join('\n'),
      '/etc/apk/world': Object.keys(world).join('\n'),
    });
    const state = ({ manual, held }: { manual: boolean | null; held: boolean }): string => {
      if (held) return 'held';
      return manual === true ? 'asked' : 'no';
    };
    assert.deepEqual((await readApk(source))[0]?.packages.map(state), Object.values(world));
    assert.equal((await readApk(sourceFrom({ [INSTALLED]: 'P:a\nV:1\n' })))[0]?.packages[0]?.manual, null);
  });

  it('keeps what is good of a broken database and says where it is broken', async () => {
    const source = sourceFrom({
      [INSTALLED]: `${DATABASE}P:nothing\nA:x86_64\n\nrubbish\nP:odd\nV:latest\n\nP:cut\nV:1`,
    });
    const [database] = await readApk(source);
    assert.deepEqual(
      database?.packages.map(({ name }) => name),
      ['cut', 'libcrypto3', 'musl', 'odd'],
    );
    assert.deepEqual(told(source), ['broken 24', 'broken 21', 'bad-version 24']);
  });

  it('takes any text without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'PVADp:o\n =<>~!@x1'.split('')) }),
        async (text) => {
          await readApk(sourceFrom({ [INSTALLED]: text, '/etc/apk/world': text }));
        },
      ),
    );
  });
});
