import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import type { DeclaredField } from '../../../api/forms.ts';
import { problemOf } from '../../../extensions/load/problem.ts';
import { readRjsfAsModule } from '../../create/rjsf.fixture.ts';
import { fieldItems, otherProblems, type FieldItem } from './field-items.ts';

readRjsfAsModule();
const { readProperties, tryOutText } = await import('./try-out.ts');

const component = (): null => null;

const ACCOUNT: DeclaredField = {
  name: 'AccountPicker',
  plugin: 'harbourline',
  description: 'Picks an account.',
  returnValue: { type: 'string' },
  uiOptions: { properties: { autofillFrom: { type: 'string' } } },
  examples: [
    {
      description: null,
      text: 'account:\n  type: string\n  ui:field: AccountPicker\n  ui:options: {autofillFrom: service}\n',
    },
  ],
};
const ROLE: DeclaredField = {
  ...ACCOUNT,
  name: 'RolePicker',
  uiOptions: { properties: { account: { type: 'string', default: 'account' } } },
  examples: [{ description: null, text: 'role:\n  type: string\n  ui:field: RolePicker\n' }],
};

const EXTENSIONS = {
  isLoading: false,
  extensions: [
    { file: 'b.tsx', fields: ['Broken', 'Amount'], layouts: [], decorators: [] },
    { file: 'none.tsx', fields: [], layouts: [], decorators: [] },
  ],
  problems: [problemOf('b.tsx', 'bad'), problemOf('none.tsx', 'registers nothing')],
};
const FIELDS = [{ name: 'Amount', component, schema: { returnValue: { type: 'number' } } }];

const items = fieldItems({ declared: [ACCOUNT, ROLE], extensions: EXTENSIONS, fields: FIELDS });
const named = (name: string): FieldItem => {
  const found = items.find((item) => item.name === name);
  assert.ok(found !== undefined, name);
  return found;
};

describe('fieldItems', () => {
  it('lists every field once, by where it is from', () => {
    const origins = Map.groupBy(items, ({ origin }) => origin);
    const counts = [...origins].map(([origin, of]) => [origin, of.length]);
    assert.deepEqual(counts, [
      ['rules', 1],
      ['own', 11],
      ['plugin', 2],
      ['file', 2],
    ]);
    assert.equal(new Set(items.map(({ key }) => key)).size, items.length);
  });

  it('says what a custom field is, and what is wrong with its file', () => {
    const { from, returnValue, problems } = named('Amount');
    assert.deepEqual(
      [from, returnValue, problems],
      ['b.tsx', { type: 'number' }, [problemOf('b.tsx', 'bad')]],
    );
    assert.deepEqual(otherProblems(EXTENSIONS), [problemOf('none.tsx', 'registers nothing')]);
  });
});

describe('tryOutText', () => {
  it('has the example of the field, with those before it that it speaks of', () => {
    const properties: unknown = parse(tryOutText(named('RolePicker'), items));
    assert.deepEqual(properties, {
      service: { type: 'string', title: 'Service' },
      account: { type: 'string', 'ui:field': 'AccountPicker', 'ui:options': { autofillFrom: 'service' } },
      role: { type: 'string', 'ui:field': 'RolePicker' },
    });
    assert.deepEqual(Object.keys(Object(properties)), ['service', 'account', 'role']);
  });

  it('makes a property for a field without an example, of the type of its value', () => {
    assert.deepEqual(parse(tryOutText(named('Amount'), items)), {
      amount: { type: 'number', title: 'Amount', 'ui:field': 'Amount' },
    });
  });

  it('ends for fields that speak of each other', () => {
    const circle = (name: string, other: string): FieldItem => ({
      ...named('RolePicker'),
      name,
      options: { properties: { [other]: { default: other } } },
      examples: [{ description: null, text: `${name}: {type: string}` }],
    });
    const [a, b] = [circle('a', 'b'), circle('b', 'a')];
    assert.deepEqual(Object.keys(Object(parse(tryOutText(a, [a, b])))).toSorted(), ['a', 'b']);
  });
});

describe('readProperties', () => {
  it('says what is wrong with the text', () => {
    assert.deepEqual(readProperties('a: {type: string}'), {
      kind: 'read',
      properties: { a: { type: 'string' } },
    });
    assert.deepEqual(readProperties('- a'), { kind: 'broken', message: '' });
    assert.equal(readProperties('a: [').kind, 'broken');
  });
});
