import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEcrArn, toDigest, toPlatform, toReference } from './found-image.ts';

const HEX = 'ab'.repeat(32);

describe('parseEcrArn', () => {
  it('splits the name from the digest at the last slash', () => {
    assert.deepEqual(parseEcrArn(`arn:aws:ecr:eu-west-1:123456789012:repository/a/b/c/sha256:${HEX}`), {
      registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      repository: 'a/b/c',
      digest: `sha256:${HEX}`,
    });
    const china = parseEcrArn(`arn:aws-cn:ecr:cn-north-1:123456789012:repository/a/sha256:${HEX}`);
    assert.equal(china?.registry, '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn');
  });

  it('takes nothing else', () => {
    for (const arn of [
      '',
      'arn:aws:ecr:r:1:repository/a',
      `arn:aws:s3:r:123456789012:repository/a/sha256:${HEX}`,
    ]) {
      assert.equal(parseEcrArn(arn), null);
    }
    assert.equal(parseEcrArn(`arn:aws:ecr:eu-west-1:123456789012:repository/a b/sha256:${HEX}`), null);
  });
});

describe('toReference', () => {
  it('tells hosts from repositories as Docker does', () => {
    const parts = (text: string): readonly unknown[] | null => {
      const found = toReference(text);
      return found === null ? null : [found.registry, found.repository, found.tag, found.digest];
    };
    assert.deepEqual(parts('debian'), [null, 'debian', 'latest', null]);
    assert.deepEqual(parts('golden/debian:12'), [null, 'golden/debian', '12', null]);
    assert.deepEqual(parts('localhost/debian:12'), ['localhost', 'debian', '12', null]);
    assert.deepEqual(parts('r.example.com:5000/a/b:1'), ['r.example.com:5000', 'a/b', '1', null]);
    assert.deepEqual(parts(`r.example.com/a@sha256:${HEX}`), ['r.example.com', 'a', null, `sha256:${HEX}`]);
    assert.deepEqual(parts(`a:1@sha256:${HEX}`), [null, 'a', '1', `sha256:${HEX}`]);
    assert.deepEqual(parts('library/debian:12'), [null, 'library/debian', '12', null]);
    assert.deepEqual(parts('docker.io/debian:12'), ['docker.io', 'library/debian', '12', null]);
    for (const text of [
      '',
      ':',
      'a@sha256:12',
      'a b',
      '-a',
      'a:b:c',
      'a@b@c',
      '/a',
      'Golden/Debian',
      'r.example.com:x/a',
    ])
      assert.equal(parts(text), null, text);
  });
});

describe('toDigest and toPlatform', () => {
  it('use the words of OCI', () => {
    assert.equal(toDigest(`SHA256:${HEX.toUpperCase()}`), `sha256:${HEX}`);
    assert.equal(toDigest('sha256:12'), null);
    assert.deepEqual(toPlatform('Linux', 'X86_64', null), {
      os: 'linux',
      architecture: 'amd64',
      variant: null,
    });
    assert.equal(toPlatform('linux', 'ARM64', 'v8')?.architecture, 'arm64');
    assert.equal(toPlatform('linux', 'arm64; id', null), null);
  });
});
