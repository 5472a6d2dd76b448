import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { viewOf } from '../inventory/image-files.fixture.ts';
import { BASE_TREE, entry, file, LIBRARY, md5 } from './evidence.fixture.ts';
import { wrongFiles, type HashRequest } from './hashes.ts';
import type { PackageEvidence } from './package-evidence.ts';
import { parseDebFiles, type PackageFiles } from './package-files.ts';
import { withLayer } from './tree.ts';

const NONE: PackageFiles = new Map();

function of(after: PackageFiles, given: Partial<PackageEvidence> = {}): PackageEvidence {
  return { name: 'one', architecture: 'amd64', source: 'downloaded', before: NONE, after, ...given };
}

function request(evidence: readonly PackageEvidence[], given: Partial<HashRequest> = {}): HashRequest {
  return { evidence, top: new Map(), tree: BASE_TREE, after: viewOf({ [LIBRARY]: 'old library' }), ...given };
}

const library = (text: string): PackageFiles =>
  parseDebFiles('', `${md5(text)}  lib/x86_64-linux-gnu/libssl.so.1.1`);

describe('wrongFiles', () => {
  it('reads what is in no new layer out of the image, through the links of its folders', async () => {
    assert.deepEqual(await wrongFiles(request([of(library('old library'))])), []);
  });

  it('believes the layer, whatever the image shows', async () => {
    const top = new Map([[LIBRARY, file(LIBRARY, 'new library')]]);
    assert.deepEqual(await wrongFiles(request([of(library('new library'))], { top })), []);
    assert.equal((await wrongFiles(request([of(library('old library'))], { top }))).length, 1);
  });

  it('misses files, but not the documents that small images leave out', async () => {
    const files = parseDebFiles(
      '',
      `${md5('x')}  usr/share/doc/one/changelog.gz\n${md5('x')}  usr/bin/one\n`,
    );
    assert.deepEqual(await wrongFiles(request([of(files)])), ['/usr/bin/one of one is not there']);
  });

  it('finds a link in the place of a file, and a link that leads elsewhere', async () => {
    const tree = withLayer(BASE_TREE, [
      entry('/usr/bin/one', 'symlink', { target: 'sh' }),
      entry('/usr/lib/x.so', 'symlink', { target: 'old.so' }),
    ]);
    const contents = 'lrwxrwxrwx root/root 0 2023-09-12 10:00 ./usr/lib/x.so -> x.so.1';
    const problems = await wrongFiles(
      request([of(parseDebFiles(contents, `${md5('x')}  usr/bin/one`))], { tree }),
    );
    assert.equal(problems.length, 2);
    assert.match(problems[0] ?? '', /x\.so of one should lead to x\.so\.1: old\.so/);
    assert.match(problems[1] ?? '', /\/usr\/bin\/one of one is another file/);
  });

  it('knows that apk has the hash of where a link leads', async () => {
    const tree = withLayer(BASE_TREE, [entry('/bin/ls', 'symlink', { target: '/bin/busybox' })]);
    const value = createHash('sha1').update('/bin/busybox').digest('hex');
    const files = new Map([
      ['/bin/ls', { hash: { name: 'sha1' as const, value }, target: null, mode: null }],
    ]);
    assert.deepEqual(await wrongFiles(request([of(files)], { tree })), []);
  });

  it('wants a list of files from a package that came, and none from one that went', async () => {
    assert.deepEqual(await wrongFiles(request([of(NONE)])), ['one came with no list of files']);
    assert.deepEqual(await wrongFiles(request([of(NONE, { before: library('old library') })])), []);
  });

  it('finds out a version that was only written down, when the database is all there is', async () => {
    const files = library('old library');
    const problems = await wrongFiles(request([of(files, { before: files, source: 'database' })]));
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /its version was only written down/);
  });

  it('leaves out what another package has diverted', async () => {
    const after = viewOf({
      [LIBRARY]: 'other',
      '/var/lib/dpkg/diversions': '/usr/bin/openssl\n/usr/bin/openssl.real\nother\n',
    });
    const files = parseDebFiles('', `${md5('x')}  usr/bin/openssl`);
    assert.deepEqual(await wrongFiles(request([of(files)], { after })), []);
    assert.equal((await wrongFiles(request([of(files, { name: 'other' })], { after }))).length, 1);
  });
});
