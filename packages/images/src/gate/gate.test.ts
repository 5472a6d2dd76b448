import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { PlanPackage } from '../plan/plan.ts';
import { createPlanner } from '../plan/planner.ts';
import { buildAttacks, buildCase, buildGood, type Entry } from './corpus/build.fixture.ts';
import { APPROVAL_CASES, GOOD_CASES } from './corpus/exceptions.fixture.ts';
import { SCRIPTS } from './corpus/texts.fixture.ts';
import { WORLD_NAMES, worldOf } from './corpus/worlds.fixture.ts';
import { CHECK_IDS, runGate } from './gate.ts';

const ATTACKS = buildAttacks();
const GOOD: readonly Entry[] = [
  ...GOOD_CASES.map((one) => ({ class: 'by hand', name: one.name, input: buildCase(one) })),
  ...Array.from({ length: 400 }, (_, seed) => buildGood(seed)),
];

const namesOf = (entries: readonly Entry[]): readonly string[] =>
  entries.map((entry) => `${entry.class}: ${entry.name}`);

/** As facts are gathered: the fix of a source is that of all its packages. */
function toGathered(entry: PlanPackage, _index: number, all: readonly PlanPackage[]): PlanPackage {
  const fixed = all.find((other) => other.source === entry.source && other.fixed !== null)?.fixed ?? null;
  return { ...entry, fixed };
}

/** Checks that catch nothing alone, and why they are there all the same. */
const SAFETY_NETS: Readonly<Record<string, string>> = {
  'parse/size': 'a document that is too long is not parsed at all, so there is no proposal to go on with',
  'parse/syntax': 'what is not JSON has no proposal either; without it there would be nothing to say why',
  'parse/type': 'as for the syntax: the type system takes no proposal of another shape',
};

describe('runGate', () => {
  it('refuses every attack of the corpus', (context) => {
    assert.ok(ATTACKS.length >= 300, String(ATTACKS.length));
    const passed = ATTACKS.filter(({ input }) => runGate(input).kind !== 'refused');
    const classes = Map.groupBy(ATTACKS, (entry) => entry.class);
    for (const [name, entries] of classes)
      context.diagnostic(`${String(entries.length).padStart(4)} ${name}`);
    context.diagnostic(`${String(ATTACKS.length).padStart(4)} attacks, ${passed.length} passed`);
    assert.deepEqual(namesOf(passed), []);
  });

  it('accepts every good plan of the corpus', (context) => {
    assert.ok(GOOD.length >= 300, String(GOOD.length));
    const refused = GOOD.filter(({ input }) => runGate(input).kind !== 'accepted');
    context.diagnostic(`${GOOD.length} good plans, ${refused.length} not accepted`);
    assert.deepEqual(
      refused.map(({ name, input }) => [name, runGate(input).reasons]),
      [],
    );
  });

  for (const one of APPROVAL_CASES) {
    it(`asks a person about ${one.name} (${one.world})`, () => {
      const { kind, reasons } = runGate(buildCase(one));
      assert.equal(kind, 'needs-approval', JSON.stringify(reasons));
      assert.ok(reasons.length > 0);
    });
  }

  it('has no check that the others make needless', (context) => {
    const approvals = APPROVAL_CASES.map((one) => ({
      class: 'approval',
      name: one.name,
      input: buildCase(one),
    }));
    const refused = ATTACKS.map(({ input }) => ({
      input,
      by: runGate(input).reasons.map(({ check }) => check),
    }));
    const rows = CHECK_IDS.map((id) => {
      const caught = refused.filter(({ by }) => by.includes(id));
      const only = caught.filter(({ input }) => runGate(input, { without: [id] }).kind !== 'refused');
      const asked = approvals.filter(({ input }) => runGate(input, { without: [id] }).kind === 'accepted');
      return { id, caught: caught.length, only: only.length + asked.length };
    });
    context.diagnostic('check                 catches  only it');
    for (const { id, caught, only } of rows) {
      context.diagnostic(`${id.padEnd(22)}${String(caught).padStart(7)}${String(only).padStart(9)}`);
    }
    const needless = rows.filter(({ id, only }) => only === 0 && SAFETY_NETS[id] === undefined);
    assert.deepEqual(needless, []);
  });

  it('refuses nothing that our own planner proposes', async () => {
    const { signal } = new AbortController();
    const images = [
      ...WORLD_NAMES.map((name) => worldOf(name).input),
      ...Array.from({ length: 200 }, (_, seed) => buildGood(seed).input),
    ];
    for (const input of images) {
      for (const endOfLife of [false, true]) {
        const facts = { ...input.facts, endOfLife, packages: input.facts.packages.map(toGathered) };
        const { proposal } = await createPlanner().proposePlan(facts, { signal });
        const { kind, reasons } = runGate({ ...input, facts, proposal });
        assert.notEqual(kind, 'refused', JSON.stringify(reasons));
      }
    }
  });

  it('takes no text of a script for a plan, whatever is switched off', () => {
    const { input } = worldOf('debian');
    for (const text of SCRIPTS) {
      assert.equal(runGate({ ...input, proposal: text }, { without: CHECK_IDS }).kind, 'refused', text);
    }
  });

  it('says which package and why', () => {
    const { input, proposal } = worldOf('debian');
    const packages = proposal.packages.map((change) =>
      change.name === 'openssl' ? { ...change, minVersion: '3.0' } : change,
    );
    assert.deepEqual(runGate({ ...input, proposal: { ...proposal, packages } }).reasons, [
      {
        check: 'offered',
        package: 'openssl',
        text: '3.0 is above 1.1.1w-0+deb11u1, the newest that the mirror has.',
      },
    ]);
  });

  it('gives back what it parsed, not what it was given', () => {
    const { input, proposal } = worldOf('rocky');
    const given = structuredClone(proposal);
    const verdict = runGate({ ...input, proposal: given });
    assert.deepEqual(verdict.proposal, proposal);
    assert.notEqual(verdict.proposal, given);
  });

  it('accepts nothing that was not planned, whatever a model writes', () => {
    const { input, proposal } = worldOf('alpine');
    const names = new Set(input.facts.packages.map(({ name }) => name));
    const change = fc.record({
      name: fc.oneof(fc.constantFrom(...names), fc.string()),
      action: fc.constantFrom('upgrade', 'remove', 'replace'),
      minVersion: fc.option(fc.oneof(fc.constantFrom('3.1.4-r1', '1.36.1-r5', '0'), fc.string())),
      replacement: fc.option(fc.string()),
    });
    const property = fc.property(fc.array(change), fc.boolean(), (changes, isMore) => {
      const packages = isMore ? [...proposal.packages, ...changes] : changes;
      const verdict = runGate({ ...input, proposal: { ...proposal, packages } });
      if (verdict.kind !== 'accepted') return true;
      return verdict.proposal.packages.every(({ name, action }) => names.has(name) && action === 'upgrade');
    });
    fc.assert(property, { numRuns: 500 });
  });
});
