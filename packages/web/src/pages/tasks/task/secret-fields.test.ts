import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FormPage } from '../../../api/scaffolder.ts';
import { secretFields, valuesForAddress } from './secret-fields.ts';

const PAGES: readonly FormPage[] = [
  {
    title: null,
    description: null,
    schema: {
      required: ['token'],
      properties: {
        name: { type: 'string' },
        token: { type: 'string', title: 'API token', description: 'Of the forge', 'ui:field': 'Secret' },
        pin: { type: 'string', 'ui:widget': 'password' },
        hosts: {
          type: 'array',
          items: { properties: { login: { type: 'string', 'ui:options': { widget: 'password' } } } },
        },
      },
      dependencies: {
        name: {
          oneOf: [{ properties: { key: { type: 'string', 'ui:field': 'Secret' } } }],
        },
      },
    },
  },
];

describe('secretFields', () => {
  it('finds the fields Secret, also those under a condition', () => {
    assert.deepEqual(secretFields(PAGES, { name: 'quay', token: '******' }), [
      { name: 'token', title: 'API token', description: 'Of the forge', isRequired: true },
      { name: 'key', title: 'key', description: null, isRequired: false },
    ]);
  });

  it('finds the passwords that a task has asterisks for', () => {
    const schema = {
      properties: {
        pin: { type: 'string', title: 'PIN', 'ui:widget': 'password' },
        other: { type: 'string', 'ui:widget': 'password' },
        db: { type: 'object', properties: { 'lo/gin': { type: 'string', 'ui:widget': 'password' } } },
      },
    };
    const values = { pin: '******', db: { 'lo/gin': '******' } };
    assert.deepEqual(
      secretFields([{ title: null, description: null, schema }], values).map(
        ({ name, title, isRequired }) => [name, title, isRequired],
      ),
      [
        ['password:/pin', 'PIN', true],
        ['password:/db/lo~1gin', 'lo/gin', true],
      ],
    );
  });

  it('finds none in a form without them', () => {
    assert.deepEqual(secretFields([], {}), []);
    assert.deepEqual(secretFields([{ title: null, description: null, schema: { properties: 5 } }], {}), []);
  });
});

describe('valuesForAddress', () => {
  it('leaves out secrets, passwords and what is masked, at any depth', () => {
    const values = {
      name: 'quay',
      token: 'tok-1',
      pin: '1234',
      key: 'k',
      hosts: [{ login: 'pw', url: 'https://example.org' }, '******'],
      other: '******',
      stars: '**',
    };
    assert.deepEqual(valuesForAddress(values, PAGES), {
      name: 'quay',
      hosts: [{ url: 'https://example.org' }],
      stars: '**',
    });
  });
});
