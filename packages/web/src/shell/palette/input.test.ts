import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isEmptyInput, markPredicates, parseInput } from './input.ts';

describe('parseInput', () => {
  it('reads words', () => {
    assert.deepEqual(parseInput('  Booking  API '), {
      scope: 'all',
      words: ['booking', 'api'],
      kind: null,
      owner: null,
      tags: [],
    });
  });

  it('keeps to actions after >', () => {
    assert.deepEqual(parseInput('> dark #x').words, ['dark', '#x']);
    assert.equal(parseInput('>').scope, 'actions');
    assert.equal(parseInput('a > b').scope, 'all');
  });

  it('reads marks anywhere, and those in the making as none', () => {
    const input = parseInput('kind:Comp pay #java #x @team');
    assert.deepEqual(input, {
      scope: 'entities',
      words: ['pay'],
      kind: 'comp',
      owner: 'team',
      tags: ['java', 'x'],
    });
    for (const text of ['#', '@', 'kind:']) {
      assert.equal(parseInput(text).scope, 'entities');
      assert.equal(isEmptyInput(parseInput(text)), true);
    }
    assert.equal(isEmptyInput(input), false);
  });
});

describe('markPredicates', () => {
  it('narrows by the beginnings of tag, kind and owner', () => {
    assert.deepEqual(markPredicates(parseInput('kind:api #ja x')), [
      { kind: { $hasPrefix: 'api' } },
      { 'metadata.tags': { $hasPrefix: 'ja' } },
    ]);
    assert.deepEqual(markPredicates(parseInput('@crew')), [
      {
        $any: [
          { 'relations.ownedBy': { $hasPrefix: 'group:default/crew' } },
          { 'relations.ownedBy': { $hasPrefix: 'user:default/crew' } },
        ],
      },
    ]);
    assert.deepEqual(markPredicates(parseInput('@group:x/crew')), [
      { 'relations.ownedBy': { $hasPrefix: 'group:x/crew' } },
    ]);
    assert.deepEqual(markPredicates(parseInput('crew')), []);
  });
});
