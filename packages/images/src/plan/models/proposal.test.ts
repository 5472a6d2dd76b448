import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { PROPOSAL } from './facts.fixture.ts';
import { compareProposals } from './compare.ts';
import { parseProposal, parseProposalText } from './proposal.ts';

const [FIRST] = PROPOSAL.packages;
const rulesOf = (value: unknown): readonly string[] => parseProposal(value).problems.map(({ rule }) => rule);
const withFirst = (fields: object): object => ({ ...PROPOSAL, packages: [{ ...FIRST, ...fields }] });

describe('parseProposal', () => {
  it('gives a good proposal back as a copy', () => {
    const { proposal, problems } = parseProposalText(JSON.stringify(PROPOSAL));
    assert.deepEqual(problems, []);
    assert.deepEqual(proposal, PROPOSAL);
    assert.deepEqual(parseProposal(PROPOSAL).proposal, PROPOSAL);
  });

  const broken: readonly (readonly [string, unknown, string])[] = [
    ['a key that it does not know', { ...PROPOSAL, commands: ['id'] }, 'unknown-key'],
    ['a key of a package that it does not know', withFirst({ flags: '-y' }), 'unknown-key'],
    ['a list in place of an object', [PROPOSAL], 'type'],
    ['an object of a class', Object.assign(new Map(), PROPOSAL), 'type'],
    ['a key that is missing', { ...PROPOSAL, reason: undefined }, 'type'],
    ['a number as a text', { ...PROPOSAL, confidence: '0.9' }, 'type'],
    ['a confidence that is no number', { ...PROPOSAL, confidence: Number.NaN }, 'range'],
    ['a confidence above 1', { ...PROPOSAL, confidence: 1e300 }, 'range'],
    ['a version that is a number', withFirst({ minVersion: 1.1 }), 'type'],
    ['an action that is none', withFirst({ action: 'install' }), 'type'],
    ['a name with a blank', withFirst({ name: 'openssl curl' }), 'characters'],
    ['a name with a homoglyph', withFirst({ name: 'оpenssl' }), 'characters'],
    ['a name that is too long', withFirst({ name: 'a'.repeat(129) }), 'length'],
    ['an empty name', withFirst({ name: '' }), 'type'],
    ['a reason of two lines', { ...PROPOSAL, reason: 'good\ncurl x | sh' }, 'characters'],
    ['a reason that is written backwards', { ...PROPOSAL, reason: 'good \u202ehs' }, 'characters'],
    ['a reason that is too long', { ...PROPOSAL, reason: 'a'.repeat(501) }, 'length'],
    ['a package that is there twice', { ...PROPOSAL, packages: [FIRST, FIRST] }, 'twice'],
    [
      'a capability that is there twice',
      { ...PROPOSAL, requires: ['release-lock', 'release-lock'] },
      'twice',
    ],
    ['a removal with a version', withFirst({ action: 'remove' }), 'action-fields'],
    ['an upgrade without a version', withFirst({ minVersion: null }), 'action-fields'],
    ['an upgrade with a replacement', withFirst({ replacement: 'x' }), 'action-fields'],
    ['in-place without packages', { ...PROPOSAL, packages: [] }, 'strategy-packages'],
    ['bump-base with packages', { ...PROPOSAL, strategy: 'bump-base' }, 'strategy-packages'],
    [
      'more packages than there may be',
      { ...PROPOSAL, packages: Array.from({ length: 501 }, () => FIRST) },
      'length',
    ],
  ];
  for (const [what, value, rule] of broken) {
    it(`refuses ${what}`, () => assert.ok(rulesOf(value).includes(rule), rulesOf(value).join(' ')));
  }

  it('has no proposal where the shape is wrong', () => {
    assert.equal(parseProposal(withFirst({ name: 7 })).proposal, null);
  });

  it('repeats nothing hidden in what it says', () => {
    const { problems } = parseProposal({ ...PROPOSAL, 'a\u202e\nb': 1 });
    assert.equal(problems[0]?.text, 'The key "a b" is not known.');
  });

  it('takes any value without a crash', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseProposal(value).problems.length > 0));
  });
});

describe('parseProposalText', () => {
  const text = JSON.stringify(PROPOSAL);
  const cases: readonly (readonly [string, string, string])[] = [
    ['a key said twice', text.replace('{', '{"strategy":"defer",'), 'duplicate-key'],
    [
      'a key said twice in other letters',
      text.replace('"name"', String.raw`"n\u0061me":"x","name"`),
      'duplicate-key',
    ],
    ['a prototype', text.replace('{', '{"__proto__":{"x":1},'), 'unknown-key'],
    ['text around it', `Here it is: ${text}`, 'syntax'],
    ['a fence around it', `\`\`\`json\n${text}\n\`\`\``, 'syntax'],
    ['two documents', `${text}\n${text}`, 'syntax'],
    ['half of it', text.slice(0, 80), 'syntax'],
    ['nothing', '', 'syntax'],
    ['a document that is too long', text + ' '.repeat(256 * 1024), 'size'],
    ['a deep one', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'type'],
    ['a script', '#!/bin/sh\napt-get install -y openssl', 'syntax'],
  ];
  for (const [what, document, rule] of cases) {
    it(`refuses ${what}`, () => {
      const rules = parseProposalText(document).problems.map((problem) => problem.rule);
      assert.ok(
        rules.some((found) => found === rule),
        rules.join(' '),
      );
    });
  }

  it('sees no double key in texts that only look so', () => {
    const reason = String.raw`"reason": "name", {"a":1,"a":2} \\"`;
    assert.deepEqual(parseProposalText(JSON.stringify({ ...PROPOSAL, reason })).problems, []);
  });
});

describe('compareProposals', () => {
  it('finds no difference in the same', () => {
    assert.deepEqual(compareProposals(PROPOSAL, structuredClone(PROPOSAL)), { agree: true, differences: [] });
  });

  it('agrees when only the lowest version differs, and says so', () => {
    const other = {
      ...PROPOSAL,
      packages: PROPOSAL.packages.map((change) => ({ ...change, minVersion: '1.1.1w-0+deb11u1' })),
    };
    const { agree, differences } = compareProposals(PROPOSAL, other);
    assert.equal(agree, true);
    assert.deepEqual(
      differences.map(({ kind, package: name }) => `${kind} ${name}`),
      ['version libssl1.1', 'version openssl'],
    );
  });

  it('tells which packages only one has, and what else one does', () => {
    const [libssl, openssl] = PROPOSAL.packages;
    assert.ok(libssl !== undefined && openssl !== undefined);
    const removed = { ...openssl, action: 'remove', minVersion: null } as const;
    const other = {
      ...PROPOSAL,
      packages: [removed, { ...libssl, name: 'curl' }],
      requires: ['remove-package'],
    } as const;
    const { agree, differences } = compareProposals(PROPOSAL, other);
    assert.equal(agree, false);
    assert.deepEqual(
      differences.map(({ kind, package: name }) => `${kind} ${name ?? '-'}`),
      ['requires -', 'extra curl', 'missing libssl1.1', 'action openssl'],
    );
  });
});
