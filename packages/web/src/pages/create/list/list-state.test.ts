import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNarrowed, NOTHING_CHOSEN, parseListState, toListParams } from './list-state.ts';
import { facetQuery, templatesQuery } from './requests.ts';

const VIEWER = {
  ownsAs: ['user:default/anna', 'group:default/harbour'],
  starred: ['template:default/service', 'component:default/shop', 'template:other/x'],
};

describe('parseListState', () => {
  it('is read again as it was written, and leaves out what is at its default', () => {
    const state = {
      text: 'a b',
      show: 'starred',
      type: 'service',
      tag: 'c++',
      owner: 'group:default/x',
    } as const;
    assert.deepEqual(parseListState(toListParams(state)), state);
    assert.equal(toListParams(NOTHING_CHOSEN).toString(), '');
    assert.equal(isNarrowed(NOTHING_CHOSEN), false);
    assert.equal(isNarrowed({ ...NOTHING_CHOSEN, tag: 'x' }), true);
  });

  it('takes what it does not know for the default', () => {
    assert.deepEqual(parseListState(new URLSearchParams('show=7&x=y')), NOTHING_CHOSEN);
  });
});

describe('templatesQuery', () => {
  it('asks for templates, as far as they are chosen', () => {
    assert.deepEqual(templatesQuery(NOTHING_CHOSEN, VIEWER).query, { kind: 'Template' });
    assert.deepEqual(templatesQuery({ ...NOTHING_CHOSEN, type: 'service', show: 'mine' }, VIEWER).query, {
      $all: [
        { kind: 'Template' },
        { 'spec.type': 'service' },
        { 'relations.ownedBy': { $in: ['user:default/anna', 'group:default/harbour'] } },
      ],
    });
  });

  it('asks for those that were starred by namespace and name', () => {
    assert.deepEqual(templatesQuery({ ...NOTHING_CHOSEN, show: 'starred' }, VIEWER).query, {
      $all: [
        { kind: 'Template' },
        {
          $any: [
            { 'metadata.namespace': 'default', 'metadata.name': { $in: ['service'] } },
            { 'metadata.namespace': 'other', 'metadata.name': { $in: ['x'] } },
          ],
        },
      ],
    });
  });
});

describe('facetQuery', () => {
  it('counts a choice without itself', () => {
    const state = { ...NOTHING_CHOSEN, type: 'service', tag: 'java', text: ' pay ' };
    const query = facetQuery(state, VIEWER, 'tag');
    assert.deepEqual(query.facets, ['metadata.tags']);
    assert.deepEqual(query.query, { $all: [{ kind: 'Template' }, { 'spec.type': 'service' }] });
    assert.equal(query.fullTextFilter?.term, 'pay');
  });
});
