import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { sourceFrom, told } from './image-files.fixture.ts';
import { readDistro } from './os-release.ts';

describe('readDistro', () => {
  it('reads values bare and in either kind of quotes', async () => {
    const source = sourceFrom({
      '/etc/os-release': `# comment\n\nNAME='Red Hat'\nID="rhel"\nVERSION_ID='9.4'\nID_LIKE="fedora centos"\nPRETTY_NAME="a \\"b\\" \\$c"\nSUPPORT_END=2032-05-31\nVERSION_CODENAME=Plow\n`,
    });
    assert.deepEqual(await readDistro(source), {
      id: 'rhel',
      version: '9.4',
      codename: 'plow',
      idLike: ['fedora', 'centos'],
      supportEnd: '2032-05-31',
    });
    assert.deepEqual(told(source), []);
  });

  it('looks in /usr/lib when /etc has none, or none that names a distribution', async () => {
    for (const etc of [{}, { '/etc/os-release': '' }, { '/etc/os-release': 'NAME=x\n' }]) {
      const source = sourceFrom({ ...etc, '/usr/lib/os-release': 'ID=alpine\nVERSION_ID=3.19.1\n' });
      assert.deepEqual(await readDistro(source), {
        id: 'alpine',
        version: '3.19.1',
        codename: null,
        idLike: [],
        supportEnd: null,
      });
    }
    assert.equal(await readDistro(sourceFrom({})), null);
  });

  it('finds the codename of an old Debian in its version, and no version in a rolling one', async () => {
    const old = sourceFrom({ '/etc/os-release': 'ID=debian\nVERSION_ID="9"\nVERSION="9 (stretch)"\n' });
    assert.equal((await readDistro(old))?.codename, 'stretch');
    const rolling = sourceFrom({ '/etc/os-release': 'ID=wolfi\n' });
    assert.equal((await readDistro(rolling))?.version, '');
  });

  it('leaves out what is no assignment or no such value, and says on which line', async () => {
    const source = sourceFrom({
      '/etc/os-release':
        'ID=debian\nVERSION_ID="11\nnonsense\nSUPPORT_END=soon\nX=$(reboot)\nVERSION_CODENAME="a;b"\n',
    });
    assert.deepEqual(await readDistro(source), {
      id: 'debian',
      version: '',
      codename: null,
      idLike: [],
      supportEnd: null,
    });
    assert.deepEqual(told(source), [
      'os-release 2',
      'os-release 3',
      'os-release 5',
      'os-release',
      'os-release',
    ]);
  });

  it('takes any bytes without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
        ),
        async (bytes) => {
          await readDistro(sourceFrom({ '/etc/os-release': Buffer.from(bytes) }));
        },
      ),
    );
  });
});
