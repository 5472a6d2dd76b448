import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { COLUMN_IDS, parseColumns, SORT_FIELDS } from './columns.ts';
import {
  catalogPath,
  cleared,
  isNarrowed,
  filterCount,
  narrowed,
  parseCatalogState,
  SHOWS,
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
        'kind=Component&show=mine&type=service&type=website&owner=group:default/x&lifecycle=production' +
          '&tag=java&namespace=shop&q=text&sort=spec.type&dir=desc&columns=owner,type&row=50',
      ),
      {
        kind: 'component',
        show: 'mine',
        choices: {
          type: ['service', 'website'],
          owner: ['group:default/x'],
          lifecycle: ['production'],
          tag: ['java'],
          namespace: ['shop'],
        },
        text: 'text',
        sort: 'spec.type',
        dir: 'desc',
        columns: ['type', 'owner'],
        row: 50,
      },
    );
  });

  it('starts from the defaults when the address says nothing', () => {
    assert.deepEqual(parse(''), START);
  });

  it('puts what cannot be read at its default', () => {
    const state = parse('kind=&show=theirs&sort=metadata.uid&dir=up&row=-5&type=&q=');
    assert.deepEqual(state, START);
    assert.equal(parse('row=1.5').row, 0);
    assert.equal(parse('row=NaN').row, 0);
    assert.deepEqual(parse('columns=owner,colour').columns, ['owner']);
  });

  it('opens links with pages at the row where the page began', () => {
    const state = parse('kind=all&offset=150&pageSize=50');
    assert.equal(state.row, 150);
    assert.equal(toCatalogParams(state).toString(), 'kind=all&row=150');
  });

  it('tells no columns from columns that are not named', () => {
    assert.deepEqual(parse('columns=').columns, []);
    assert.equal(parse('').columns, null);
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
        show: fc.constantFrom(...SHOWS),
        choices: fc.record(
          { type: values, owner: values, lifecycle: values, tag: values, namespace: values },
          { noNullPrototype: true },
        ),
        text: fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        sort: fc.constantFrom(...SORT_FIELDS),
        dir: fc.constantFrom('asc' as const, 'desc' as const),
        columns: fc.option(fc.subarray([...COLUMN_IDS]).map(parseColumns)),
        row: fc.nat(),
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
    const once = toggled({ ...START, row: 50 }, 'tag', 'java');
    assert.deepEqual(once.choices.tag, ['java']);
    assert.equal(once.row, 0);
    assert.deepEqual(toggled(once, 'tag', 'Java').choices.tag, []);
  });
});

describe('sortedBy', () => {
  it('sorts a new field upwards and the same field the other way round', () => {
    const byType = sortedBy({ ...START, dir: 'desc', row: 50 }, 'spec.type');
    assert.deepEqual([byType.sort, byType.dir, byType.row], ['spec.type', 'asc', 0]);
    assert.equal(sortedBy(byType, 'spec.type').dir, 'desc');
  });
});

describe('cleared', () => {
  it('keeps the kind, the order and the columns', () => {
    const state = parse('kind=api&show=mine&type=openapi&q=x&sort=kind&columns=tags&row=20');
    assert.equal(toCatalogParams(cleared(state)).toString(), 'kind=api&sort=kind&columns=tags');
    assert.equal(isNarrowed(state), true);
    assert.equal(isNarrowed(cleared(state)), false);
  });
});

describe('filterCount', () => {
  it('counts what narrows beside the kind and the text', () => {
    assert.equal(filterCount(parse('kind=api&q=x')), 0);
    assert.equal(filterCount(parse('show=mine&type=a&type=b&tag=c')), 4);
  });
});

describe('narrowed', () => {
  it('goes back to the first row', () => {
    assert.deepEqual(narrowed({ ...START, row: 100 }, { text: 'a' }), { ...START, text: 'a' });
  });
});

describe('catalogPath', () => {
  it('links to one value of a choice among all kinds', () => {
    assert.equal(catalogPath('tag', 'c++'), '/catalog?kind=all&tag=c%2B%2B');
  });
});
