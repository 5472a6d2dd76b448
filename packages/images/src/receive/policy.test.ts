import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { CodedError } from '@callboard/kernel';
import { decide, parsePolicy } from './policy.ts';
import { sampleFinding, samplePackage } from './finding.fixture.ts';

const DAY = 24 * 60 * 60 * 1_000;
const NOW = 1_000 * DAY;

const acts = (finding: Parameters<typeof sampleFinding>[0], config?: unknown): boolean =>
  decide(sampleFinding(finding), parsePolicy(config), NOW).acts;
const reason = (finding: Parameters<typeof sampleFinding>[0], config?: unknown): string =>
  decide(sampleFinding(finding), parsePolicy(config), NOW).reason;

describe('decide', () => {
  it('lets critical and high findings with a fix act when nothing is configured', () => {
    assert.deepEqual(decide(sampleFinding({ severity: 'critical' }), parsePolicy(undefined), NOW), {
      acts: true,
      reason: 'its severity is critical, and a fix is available',
    });
    assert.equal(acts({ severity: 'high' }), true);
    assert.equal(reason({ severity: 'medium' }), 'its severity is medium');
    const packages = [samplePackage({ fixedVersion: null })];
    assert.equal(reason({ packages }), 'its severity is high, but no fix is available');
    assert.equal(acts({ packages }, { fixAvailable: false }), true);
  });

  it('lets nothing act that is closed or suppressed', () => {
    assert.equal(reason({ status: 'closed' }), 'it is closed');
    assert.equal(acts({ status: 'suppressed' }), false);
  });

  it('takes what is exploited, or is likely to be, for urgent', () => {
    assert.equal(
      reason({ severity: 'low', knownExploited: true }),
      'it is known to be exploited, and a fix is available',
    );
    assert.equal(acts({ severity: 'low', knownExploited: true }, { knownExploited: false }), false);
    assert.equal(acts({ severity: 'low', epss: 0.1 }, { minimumEpss: 0.1 }), true);
    assert.equal(
      reason({ severity: 'low', epss: 0.09 }, { minimumEpss: 0.1 }),
      'its severity is low and its EPSS 0.09',
    );
    assert.equal(
      reason({ severity: 'low' }, { minimumEpss: 0.1 }),
      'its severity is low, its EPSS is not known',
    );
  });

  it('looks at the packages of the ecosystems alone, and at their fixes', () => {
    const packages = [samplePackage({ kind: 'language' }), samplePackage({ fixedVersion: null })];
    assert.equal(acts({ packages }), false);
    assert.equal(acts({ packages }, { ecosystems: ['language'] }), true);
    assert.equal(reason({ packages }, { ecosystems: ['apk'] }), 'no package of it is apk');
  });

  it('knows repositories by globs, with their registry and without', () => {
    const at = (repository: string | null, glob: string): boolean => {
      const { image } = sampleFinding({});
      return acts(
        { image: { ...image, registry: 'r.example.com:5000', repository } },
        { repositories: [glob] },
      );
    };
    assert.equal(at('golden/debian', 'golden/*'), true);
    assert.equal(at('golden/java/debian', 'golden/*'), false);
    assert.equal(at('golden/java/debian', 'golden/**'), true);
    assert.equal(at('golden/debian', 'r.example.com:5000/**'), true);
    assert.equal(at('goldenXdebian', 'golden.debian'), false);
    assert.equal(at(null, '**'), false);
  });

  it('waits until a fix, or else the vulnerability, is old enough', () => {
    const config = { minimumAgeDays: 3 };
    assert.equal(acts({ fixedAt: NOW - 3 * DAY }, config), true);
    const young = { fixedAt: NOW - 2 * DAY, publishedAt: 0 };
    assert.equal(reason(young, config), 'its severity is high, but it is 2 days old and has to be 3');
    assert.equal(acts({ publishedAt: NOW - DAY }, config), false);
    assert.equal(acts({ publishedAt: null, fixedAt: null }, config), true);
  });
});

describe('parsePolicy', () => {
  it('names the key of what is wrong', () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [7, /images\.policy has to be an object/],
      [{ severity: ['high'] }, /images\.policy\.severity is not known/],
      [{ severities: [] }, /images\.policy\.severities/],
      [{ severities: ['high', 'urgent'] }, /critical, high/],
      [{ minimumEpss: 2 }, /from 0 to 1/],
      [{ minimumEpss: 'much' }, /minimumEpss/],
      [{ knownExploited: 'maybe' }, /true or false/],
      [{ repositories: ['a b'] }, /globs/],
      [{ repositories: ['*a*a*a*a*a*a'] }, /5 stars/],
      [{ minimumAgeDays: -1 }, /minimumAgeDays/],
      [{ ecosystems: 'deb' }, /ecosystems/],
    ];
    for (const [config, message] of wrong) {
      assert.throws(() => parsePolicy(config), { code: 'images/policy-config', message });
    }
  });

  it('takes any value or throws its own error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          assert.equal(typeof decide(sampleFinding({}), parsePolicy(value), NOW).acts, 'boolean');
        } catch (error) {
          assert.ok(error instanceof CodedError);
        }
      }),
    );
  });
});
