import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson, hashPlan } from './canonical.ts';
import type { PatchPlan } from './plan.ts';

describe('canonicalJson', () => {
  it('writes members by code unit, the sample of RFC 8785', () => {
    const sample = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Dalet',
      1: 'One',
      '😀': 'Smile',
      ö: 'o',
    };
    assert.equal(
      canonicalJson(sample),
      '{"\\r":"Carriage Return","1":"One","ö":"o","€":"Euro Sign","😀":"Smile","\ufb33":"Dalet"}',
    );
  });

  it('writes the same for values whose members come in another order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        assert.equal(canonicalJson(turned), canonicalJson(value));
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves out members without a value and refuses what JSON cannot say', () => {
    assert.equal(canonicalJson({ a: undefined, b: null }), '{"b":null}');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1n, [undefined], { f: () => 1 }]) {
      assert.throws(() => canonicalJson(bad), TypeError);
    }
  });
});

describe('hashPlan', () => {
  it('is the SHA-256 of the canonical JSON and changes with every part of the plan', () => {
    const digest = `sha256:${'a'.repeat(64)}` as const;
    const plan: PatchPlan = {
      planner: { kind: 'deterministic', name: 'callboard/1', promptHash: null },
      facts: {
        baseDigest: digest,
        platform: { os: 'linux', architecture: 'amd64', variant: null },
        distro: { id: 'debian', version: '12', codename: 'bookworm', idLike: [], supportEnd: null },
        format: 'deb',
        manager: 'apt',
        endOfLife: false,
        packages: [],
        findings: [],
      },
      proposal: { strategy: 'defer', packages: [], requires: [], reason: 'nothing', confidence: 1 },
    };
    assert.equal(hashPlan(plan), createHash('sha256').update(canonicalJson(plan)).digest('hex'));
    assert.match(hashPlan(plan), /^[0-9a-f]{64}$/);
    assert.notEqual(hashPlan({ ...plan, proposal: { ...plan.proposal, reason: 'more' } }), hashPlan(plan));
  });
});
