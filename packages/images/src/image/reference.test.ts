import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatReference, parseReference } from './reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseReference', () => {
  const good: readonly (readonly [string, string])[] = [
    ['debian', 'docker.io/library/debian:latest'],
    ['debian:11', 'docker.io/library/debian:11'],
    ['org/app', 'docker.io/org/app:latest'],
    ['docker.io/debian', 'docker.io/library/debian:latest'],
    ['index.docker.io/org/app:1', 'docker.io/org/app:1'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['127.0.0.1:5000/a/b/c:x', '127.0.0.1:5000/a/b/c:x'],
    ['[::1]:5000/app:x', '[::1]:5000/app:x'],
    ['GHCR.io/org/app:V1.2_3-rc', 'ghcr.io/org/app:V1.2_3-rc'],
    ['a__b/c-d--e.f_g', 'docker.io/a__b/c-d--e.f_g:latest'],
    [`registry.example.com/golden/debian@${DIGEST}`, `registry.example.com/golden/debian@${DIGEST}`],
    [`host:1/app:tag@${DIGEST}`, `host:1/app:tag@${DIGEST}`],
  ];
  for (const [text, full] of good) {
    it(`reads ${text} as Docker does`, () => assert.equal(formatReference(parseReference(text)), full));
  }

  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /empty/],
    [' debian', /blanks/],
    ['https://registry.example.com/app', /scheme/],
    ['app:', /tag/],
    ['app:.hidden', /tag/],
    ['app:a b', /tag/],
    [`app:${'x'.repeat(129)}`, /tag/],
    ['app@sha256:12', /64 lower-case/],
    [`app@${DIGEST.toUpperCase()}`, /64 lower-case/],
    ['app@md5:abc', /64 lower-case/],
    ['org/App', /lower case/],
    ['host.example/', /no repository/],
    ['host.example//app', /empty part/],
    ['host.example/../app', /"\.\." cannot be part/],
    ['host.example/a/-b', /"-b" cannot be part/],
    ['host.example:99999/app', /port/],
    ['host_name.example/app', /no host name/],
    ['user:secret@host.example/app', /64 lower-case/],
    ['app\u0000', /cannot be part/],
    ['x'.repeat(1_001), /1000 characters/],
    [`host.example/${'a/'.repeat(200)}b`, /255 characters/],
  ];
  for (const [text, why] of bad) {
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.throws(() => parseReference(text), { code: 'images/registry-bad-reference', message: why });
    });
  }

  it('reads every text or refuses it by name, and reads what it writes as the same', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('a', 'A', '0', '.', '/', ':', '@', '-', '_', '[', ']') }),
    );
    fc.assert(
      fc.property(text, (any) => {
        try {
          const reference = parseReference(any);
          assert.deepEqual(parseReference(formatReference(reference)), reference);
        } catch (error) {
          assert.equal(
            error instanceof Error && 'code' in error && error.code,
            'images/registry-bad-reference',
          );
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
