import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findOptions, inGroups, toRows, type Option } from './option-rows.ts';

const OPTIONS: readonly Option[] = [
  { value: '111', title: 'Billing', group: 'Production', detail: 'money' },
  { value: '222', title: 'Sandbox' },
  { value: '333', title: 'Orders billing', group: 'Staging' },
  { value: '444', title: 'Orders', group: 'Production' },
];
const valuesOf = (options: readonly Option[]): readonly string[] => options.map(({ value }) => value);

describe('findOptions', () => {
  it('finds every word in title, value, detail or group, and puts beginnings first', () => {
    assert.equal(findOptions(OPTIONS, '  '), OPTIONS);
    assert.deepEqual(valuesOf(findOptions(OPTIONS, 'orders PROD')), ['444']);
    assert.deepEqual(valuesOf(findOptions(OPTIONS, 'money')), ['111']);
    assert.deepEqual(valuesOf(findOptions(OPTIONS, '333')), ['333']);
    assert.deepEqual(valuesOf(findOptions(OPTIONS, 'orders')), ['333', '444']);
    assert.deepEqual(valuesOf(findOptions(OPTIONS.toReversed(), 'billing')), ['111', '333']);
    assert.deepEqual(findOptions(OPTIONS, '(.*'), []);
  });
});

describe('inGroups', () => {
  it('puts the options of a group together, and those of none first', () => {
    assert.deepEqual(valuesOf(inGroups(OPTIONS)), ['222', '111', '444', '333']);
    const plain = OPTIONS.map(({ value, title }) => ({ value, title }));
    assert.equal(inGroups(plain), plain);
  });
});

describe('toRows', () => {
  it('has a heading wherever a group begins, and counts options only', () => {
    const rows = toRows(inGroups(OPTIONS)).map((row) =>
      row.kind === 'group' ? `# ${row.title}` : `${row.index} ${row.option.title}`,
    );
    assert.deepEqual(rows, [
      '0 Sandbox',
      '# Production',
      '1 Billing',
      '2 Orders',
      '# Staging',
      '3 Orders billing',
    ]);
  });
});
