import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  columnFields,
  facetRequests,
  listRequest,
  predicateOf,
  restPage,
  toChoices,
  usualKind,
  type Filter,
  type ListRequest,
} from './requests.ts';
import { parseCatalogState } from './url-state.ts';

const PERSON = {
  ownsAs: ['user:default/ann', 'group:default/ops'],
  starred: ['component:default/a', 'component:default/b', 'api:shop/c'],
};

const filter = (search: string, kind: string): Filter => ({
  state: parseCatalogState(new URLSearchParams(search)),
  kind,
  person: PERSON,
});

const list = (search: string, kind: string): ListRequest =>
  listRequest(filter(search, kind), parseCatalogState(new URLSearchParams(search)));

describe('predicateOf', () => {
  it('is undefined when nothing is filtered', () => {
    assert.equal(predicateOf(filter('', 'all')), undefined);
  });

  it('is the one condition when there is one', () => {
    assert.deepEqual(predicateOf(filter('', 'component')), { kind: 'component' });
  });

  it('asks for one of the values of a choice, and for all choices', () => {
    assert.deepEqual(predicateOf(filter('type=service&type=website&owner=group:default/x', 'component')), {
      $all: [
        { kind: 'component' },
        { 'spec.type': { $in: ['service', 'website'] } },
        { 'relations.ownedBy': 'group:default/x' },
      ],
    });
  });
});

describe('predicateOf, by person', () => {
  it('asks for what any of the references owns', () => {
    assert.deepEqual(predicateOf(filter('show=mine', 'all')), {
      'relations.ownedBy': { $in: ['user:default/ann', 'group:default/ops'] },
    });
  });

  it('asks for what is starred, by kind and namespace', () => {
    assert.deepEqual(predicateOf(filter('show=starred', 'all')), {
      $any: [
        { kind: 'component', 'metadata.namespace': 'default', 'metadata.name': { $in: ['a', 'b'] } },
        { kind: 'api', 'metadata.namespace': 'shop', 'metadata.name': { $in: ['c'] } },
      ],
    });
  });

  it('matches nothing when nothing is starred', () => {
    const none = { ...filter('show=starred', 'all'), person: { ownsAs: [], starred: [] } };
    assert.deepEqual(predicateOf(none), { $any: [] });
  });
});

describe('facetRequests', () => {
  it('counts all facets in one request when nothing is chosen', () => {
    assert.deepEqual(facetRequests(filter('', 'all')), [
      {
        facets: [
          'kind',
          'spec.type',
          'relations.ownedBy',
          'spec.lifecycle',
          'metadata.tags',
          'metadata.namespace',
        ],
      },
    ]);
  });

  it('counts a facet without its own choice and the others with it', () => {
    assert.deepEqual(facetRequests(filter('tag=java', 'component')), [
      { facets: ['kind'], query: { 'metadata.tags': 'java' } },
      { facets: ['metadata.tags'], query: { kind: 'component' } },
      {
        facets: ['spec.type', 'relations.ownedBy', 'spec.lifecycle', 'metadata.namespace'],
        query: { $all: [{ kind: 'component' }, { 'metadata.tags': 'java' }] },
      },
    ]);
  });

  it('asks for every facet once, whatever is chosen', () => {
    const all = facetRequests(filter('type=a&owner=b&lifecycle=c&tag=d&namespace=e', 'api'));
    assert.equal(all.length, 6);
    assert.equal(new Set(all.flatMap((request) => request.facets)).size, 6);
  });

  it('counts with the text', () => {
    const [request] = facetRequests(filter('q=%20shop%20', 'all'));
    assert.equal(request?.fullTextFilter?.term, 'shop');
  });
});

describe('listRequest', () => {
  it('needs one request when every entity has the field of the order', () => {
    const { sorted, rest } = list('q=shop&row=20&dir=desc', 'component');
    assert.deepEqual(sorted, {
      query: { kind: 'component' },
      orderBy: [{ field: 'metadata.name', order: 'desc' }],
      fullTextFilter: {
        term: 'shop',
        fields: ['metadata.name', 'metadata.title', 'metadata.description', 'metadata.tags'],
      },
    });
    assert.equal(rest, null);
  });

  it('asks for the entities without the field apart', () => {
    const { sorted, rest } = list('sort=spec.lifecycle', 'api');
    assert.deepEqual(sorted.orderBy, [{ field: 'spec.lifecycle', order: 'asc' }]);
    assert.deepEqual(rest?.query, {
      $all: [{ kind: 'api' }, { 'spec.lifecycle': { $exists: false } }],
    });
    assert.deepEqual(rest?.orderBy, [{ field: 'metadata.name', order: 'asc' }]);
  });
});

describe('columnFields', () => {
  it('asks for an annotation only when a column shows it', () => {
    assert.deepEqual(columnFields(['type', 'owner']), []);
    assert.deepEqual(columnFields(['location']), ['metadata.annotations.backstage.io/managed-by-location']);
  });
});

describe('restPage', () => {
  it('needs nothing more after a full page', () => {
    assert.equal(restPage({ offset: 0, wanted: 50, found: 50, sortedTotal: 120 }).limit, 0);
  });

  it('fills up the page on which the sorted part ends', () => {
    assert.deepEqual(restPage({ offset: 100, wanted: 50, found: 20, sortedTotal: 120 }), {
      offset: 0,
      limit: 30,
    });
  });

  it('goes on where the page before ended', () => {
    assert.deepEqual(restPage({ offset: 150, wanted: 50, found: 0, sortedTotal: 120 }), {
      offset: 30,
      limit: 50,
    });
  });
});

describe('toChoices', () => {
  it('puts the most frequent first and names of equal counts in order', () => {
    const values = [
      { value: 'b', count: 1 },
      { value: 'c', count: 5 },
      { value: 'a', count: 1 },
    ];
    assert.deepEqual(
      toChoices(values, []).map(({ value }) => value),
      ['c', 'a', 'b'],
    );
  });

  it('marks what is selected whatever its case, and keeps it when nothing has it', () => {
    assert.deepEqual(toChoices([{ value: 'Service', count: 2 }], ['service', 'gone']), [
      { value: 'Service', count: 2, selected: true },
      { value: 'gone', count: 0, selected: true },
    ]);
  });
});

describe('usualKind', () => {
  it('is component when there is one, and all kinds otherwise', () => {
    assert.equal(usualKind([{ value: 'Component', count: 1 }]), 'component');
    assert.equal(usualKind([{ value: 'API', count: 1 }]), 'all');
    assert.equal(usualKind([]), 'all');
  });
});
