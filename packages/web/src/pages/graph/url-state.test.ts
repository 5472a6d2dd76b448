import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { graphPath, isForeign, parseGraphState, START, toGraphParams, type GraphState } from './url-state.ts';

function parse(query: string): GraphState {
  return parseGraphState(new URLSearchParams(query));
}

describe('parseGraphState', () => {
  it('reads what was written', () => {
    const refs = fc.constantFrom('component:default/a', 'api:other/b', 'group:default/ü');
    const states = fc.record(
      {
        roots: fc.uniqueArray(refs),
        depth: fc.integer({ min: 1, max: 10 }),
        direction: fc.constantFrom('both', 'in', 'out'),
        orientation: fc.constantFrom('LR', 'TB'),
        kinds: fc.uniqueArray(fc.constantFrom('component', 'api', 'my kind&')),
        relations: fc.uniqueArray(fc.constantFrom('ownedBy', 'dependsOn', 'a=b')),
        selected: fc.option(refs),
        view: fc.constantFrom('graph', 'list'),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(states, (state) => {
        const params = toGraphParams(state);
        assert.equal(isForeign(params), false);
        assert.deepEqual(parse(params.toString()), state);
      }),
    );
  });

  it('takes defaults for what it cannot read', () => {
    assert.deepEqual(parse('ref=nonsense&depth=x&direction=up&orientation=7&view=&selected=a/b'), START);
    assert.equal(parse('depth=99').depth, 10);
    assert.equal(parse('depth=-3').depth, 1);
    assert.equal(parse('depth=2.9').depth, 2);
    assert.deepEqual(parse('ref=Component:a&ref=component:default/A').roots, ['component:default/a']);
  });

  it('understands the addresses of Backstage', () => {
    const query =
      'rootEntityRefs%5B%5D=component%3Adefault%2Fa&rootEntityRefs[1]=api:default/b&maxDepth=3&selectedKinds[]=API' +
      '&selectedRelations[]=ownerOf&selectedRelations[]=ownedBy&selectedRelations[]=custom' +
      '&direction=TB&unidirectional=false&mergeRelations=true&curve=curveStepBefore&showFilters=true';
    assert.equal(isForeign(new URLSearchParams(query)), true);
    const state = parse(query);
    assert.deepEqual(state, {
      ...START,
      roots: ['component:default/a', 'api:default/b'],
      depth: 3,
      kinds: ['api'],
      relations: ['ownedBy', 'custom'],
      orientation: 'TB',
    });
    assert.equal(isForeign(toGraphParams(state)), false);
    assert.equal(parse('rootEntityRefs[]=component:a&maxDepth=%E2%88%9E').depth, 10);
    assert.equal(parse('direction=RL').orientation, 'LR');
  });
});

describe('graphPath', () => {
  it('keeps references readable', () => {
    assert.equal(graphPath({ roots: ['api:default/b'] }), '/catalog-graph?ref=api:default/b');
    assert.equal(
      graphPath({ roots: ['api:default/b&c'], depth: 4 }),
      '/catalog-graph?ref=api:default/b%26c&depth=4',
    );
  });
});
