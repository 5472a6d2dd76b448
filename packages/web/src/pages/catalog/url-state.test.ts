import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  catalogPath,
  cleared,
  isNarrowed,
  narrowed,
  PAGE_SIZES,
  parseCatalogState,
  SORT_FIELDS,
  sortedBy,
  START,
  toCatalogParams,
  toggled,
  type CatalogState,
} from './url-state.ts';

const parse = (search: string): CatalogState => parseCatalogState(new URLSearchParams(search));

describe('parseCatalogState', () => {
  it('reads every parameter', () => {
    assert.deepEqual(
      parse(
        'kind=Component&type=service&type=website&owner=group:default/x&lifecycle=production&tag=java' +
          '&q=text&sort=spec.type&dir=desc&offset=50&pageSize=100',
      ),
      {
        kind: 'component',
        choices: {
          type: ['service', 'website'],
          owner: ['group:default/x'],
          lifecycle: ['production'],
          tag: ['java'],
        },
        text: 'text',
        sort: 'spec.type',
        dir: 'desc',
        offset: 50,
        pageSize: 100,
      },
    );
  });

  it('starts from the defaults when the address says nothing', () => {
    assert.deepEqual(parse(''), START);
  });

  it('puts what cannot be read at its default', () => {
    const state = parse('kind=&sort=metadata.uid&dir=up&offset=-5&pageSize=7&type=&q=');
    assert.deepEqual(state, START);
    assert.equal(parse('offset=1.5').offset, 0);
    assert.equal(parse('offset=NaN').offset, 0);
  });

  it('takes a value that is given twice once', () => {
    assert.deepEqual(parse('tag=java&tag=java').choices.tag, ['java']);
  });
});

describe('toCatalogParams', () => {
  it('leaves out what is at its default', () => {
    assert.equal(toCatalogParams(START).toString(), '');
  });

  it('writes a state that reads back the same', () => {
    const values = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 });
    const states: fc.Arbitrary<CatalogState> = fc.record(
      {
        kind: fc.option(fc.constantFrom('component', 'api', 'all', 'mykind')),
        choices: fc.record(
          { type: values, owner: values, lifecycle: values, tag: values },
          { noNullPrototype: true },
        ),
        text: fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        sort: fc.constantFrom(...SORT_FIELDS),
        dir: fc.constantFrom('asc' as const, 'desc' as const),
        offset: fc.nat(),
        pageSize: fc.constantFrom(...PAGE_SIZES),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(states, (state) => {
        assert.deepEqual(parse(toCatalogParams(state).toString()), state);
      }),
    );
  });
});

describe('toggled', () => {
  it('adds a value, and takes it away whatever its case', () => {
    const once = toggled({ ...START, offset: 50 }, 'tag', 'java');
    assert.deepEqual(once.choices.tag, ['java']);
    assert.equal(once.offset, 0);
    assert.deepEqual(toggled(once, 'tag', 'Java').choices.tag, []);
  });
});

describe('sortedBy', () => {
  it('sorts a new field upwards and the same field the other way round', () => {
    const byType = sortedBy({ ...START, dir: 'desc', offset: 50 }, 'spec.type');
    assert.deepEqual([byType.sort, byType.dir, byType.offset], ['spec.type', 'asc', 0]);
    assert.equal(sortedBy(byType, 'spec.type').dir, 'desc');
  });
});

describe('cleared', () => {
  it('keeps the kind and the order', () => {
    const state = parse('kind=api&type=openapi&q=x&sort=kind&offset=20');
    assert.equal(toCatalogParams(cleared(state)).toString(), 'kind=api&sort=kind');
    assert.equal(isNarrowed(state), true);
    assert.equal(isNarrowed(cleared(state)), false);
  });
});

describe('narrowed', () => {
  it('goes back to the first page', () => {
    assert.deepEqual(narrowed({ ...START, offset: 100 }, { text: 'a' }), { ...START, text: 'a' });
  });
});

describe('catalogPath', () => {
  it('links to one value of a choice among all kinds', () => {
    assert.equal(catalogPath('tag', 'c++'), '/catalog?kind=all&tag=c%2B%2B');
  });
});
