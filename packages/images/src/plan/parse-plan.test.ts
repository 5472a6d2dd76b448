import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAN } from '../prove/evidence.fixture.ts';
import { canonicalJson } from './canonical.ts';
import { parsePlan } from './parse-plan.ts';

describe('parsePlan', () => {
  it('reads a plan as it was written, so that it has the same hash', () => {
    const { plan, problem } = parsePlan(JSON.parse(JSON.stringify(PLAN)));
    assert.equal(problem, null);
    assert.equal(canonicalJson(plan), canonicalJson(PLAN));
  });

  it('names the place of what no plan has', () => {
    const of = (change: (plan: Record<string, Record<string, unknown>>) => unknown): string | null => {
      const copy = JSON.parse(JSON.stringify(PLAN));
      return parsePlan(change(copy) ?? copy).problem;
    };
    assert.equal(
      of(() => []),
      'the plan is no object',
    );
    const inFacts = (key: string, value: unknown) =>
      of(({ facts = {} }) => {
        facts[key] = value;
      });
    assert.equal(inFacts('baseDigest', 'sha256:1'), 'facts.baseDigest is no digest');
    assert.equal(inFacts('manager', 'toString'), 'facts.manager is not known');
    assert.equal(inFacts('format', 'rpm'), 'facts.format is not that of facts.manager');
    assert.equal(inFacts('packages', {}), 'facts.packages is no list');
    assert.equal(inFacts('packages', [{ held: 1 }]), 'facts.packages[].held is no boolean');
    assert.equal(inFacts('findings', [7]), 'facts.findings[] is no text');
    assert.match(
      of(({ proposal = {} }) => {
        proposal['strategy'] = 'rm -rf';
      }) ?? '',
      /strategy is one of/,
    );
  });
});
