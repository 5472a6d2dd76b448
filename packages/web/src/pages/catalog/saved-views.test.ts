import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findView, parseViews, renamedView, viewSearch, withoutView, withView } from './saved-views.ts';
import { parseCatalogState } from './url-state.ts';

const VIEWS = [
  { name: 'Mine', search: 'show=mine' },
  { name: 'APIs', search: 'kind=api' },
];

describe('parseViews', () => {
  it('is empty for anything but a list', () => {
    for (const value of [undefined, null, 'x', { name: 'a', search: '' }])
      assert.deepEqual(parseViews(value), []);
  });

  it('leaves out what is no view, and a second one of a name', () => {
    const value = [
      { name: ' Mine ', search: 'show=mine&row=7&onclick=alert(1)' },
      { name: 'mine', search: 'kind=api' },
      { name: '', search: 'kind=api' },
      { name: 'None' },
      { name: 'Everything', search: '' },
      'x',
      null,
    ];
    assert.deepEqual(parseViews(value), [
      { name: 'Mine', search: 'show=mine' },
      { name: 'Everything', search: '' },
    ]);
  });
});

describe('viewSearch', () => {
  it('keeps everything but the place in the list', () => {
    const search = 'kind=api&q=x&sort=kind&dir=desc&columns=tags';
    assert.equal(viewSearch(parseCatalogState(new URLSearchParams(`${search}&row=40`))), search);
  });
});

describe('withView', () => {
  it('adds a view, or replaces the one of its name', () => {
    const view = { name: 'apis', search: 'kind=api&q=x' };
    assert.deepEqual(withView(VIEWS, view), [VIEWS[0], view]);
    assert.equal(withView(VIEWS, { name: 'New', search: '' }).length, 3);
  });
});

describe('renamedView', () => {
  it('gives a view another name, or other letters in the same name', () => {
    assert.deepEqual(renamedView(VIEWS, 'mine', 'Ours')[0], { name: 'Ours', search: 'show=mine' });
    assert.equal(renamedView(VIEWS, 'Mine', 'MINE')[0]?.name, 'MINE');
  });

  it('changes nothing when the name is taken or the view is gone', () => {
    assert.equal(renamedView(VIEWS, 'Mine', 'apis'), VIEWS);
    assert.equal(renamedView(VIEWS, 'Theirs', 'New'), VIEWS);
  });
});

describe('withoutView', () => {
  it('removes a view by its name', () => {
    assert.deepEqual(withoutView(VIEWS, 'mine'), [VIEWS[1]]);
    assert.equal(findView(VIEWS, 'apis'), VIEWS[1]);
  });
});
