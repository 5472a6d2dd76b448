import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceNeed } from '@callboard/form';
import type { Request } from './client.ts';
import { ApiError } from './error.ts';
import { createAskSource, expandForm, readDeclaredFields, toSourceAnswer } from './forms.ts';
import { isJsonValue } from './json-value.ts';

const { signal } = new AbortController();
const NEED: SourceNeed = {
  key: 'k',
  field: '/account',
  what: 'options',
  form: { team: 'a' },
  item: null,
  holds: ['1'],
};

describe('createAskSource', () => {
  it('sends what the source reads, and the text that is searched', async () => {
    const asked: Request[] = [];
    const ask = createAskSource(
      async (request) => {
        asked.push(request);
        return {
          options: [{ value: '1', label: 'One', group: 'G' }],
          total: 1,
          isTruncated: false,
          held: [],
        };
      },
      { kind: 'Template', namespace: 'default', name: 'x' },
    );
    const answer = await ask(NEED, { search: 'on', signal });
    assert.deepEqual(answer.options, [{ value: '1', label: 'One', group: 'G' }]);
    assert.deepEqual(asked, [
      {
        path: '/api/scaffolder/v2/forms/options',
        signal,
        body: {
          template: 'template:default/x',
          search: 'on',
          need: { field: '/account', what: 'options', form: { team: 'a' }, item: null, holds: ['1'] },
        },
      },
    ]);
  });
});

describe('toSourceAnswer', () => {
  it('refuses what is no answer, and leaves out what is no option', () => {
    for (const answer of [null, 7, {}, { options: {} }])
      assert.throws(() => toSourceAnswer(answer), ApiError);
    const { options, total } = toSourceAnswer({
      options: [null, { label: 'no value' }, { value: { a: 1 } }],
    });
    assert.deepEqual(options, [{ value: { a: 1 }, label: '{"a":1}' }]);
    assert.equal(total, 1);
  });
});

describe('isJsonValue', () => {
  it('tells what JSON can hold', () => {
    for (const value of [null, '', 0, true, [1, { a: [] }]]) assert.equal(isJsonValue(value), true);
    for (const value of [undefined, Number.NaN, () => 1, { a: undefined }, [Symbol.iterator]]) {
      assert.equal(isJsonValue(value), false);
    }
  });
});

describe('readDeclaredFields', () => {
  it('reads what plugins declare, and leaves out what has no name', async () => {
    const fields = [
      {
        name: 'AccountPicker',
        plugin: 'harbourline',
        description: 'Picks an account.',
        schema: { returnValue: { type: 'string' } },
        examples: [{ description: '', example: 'a: 1' }, { description: 'none' }],
      },
      { plugin: 'x' },
    ];
    assert.deepEqual(await readDeclaredFields(async () => ({ fields }), signal), [
      {
        name: 'AccountPicker',
        plugin: 'harbourline',
        description: 'Picks an account.',
        returnValue: { type: 'string' },
        uiOptions: null,
        examples: [{ description: null, text: 'a: 1' }],
      },
    ]);
    await assert.rejects(
      readDeclaredFields(async () => [], signal),
      ApiError,
    );
  });
});

describe('expandForm', () => {
  it('sends the template, and takes what is no page for an empty one', async () => {
    const asked: unknown[] = [];
    const pages = await expandForm(
      async ({ body }) => {
        asked.push(body);
        return { pages: [{ properties: {} }, 7], warnings: [] };
      },
      { kind: 'Template' },
      signal,
    );
    assert.deepEqual(pages, [{ properties: {} }, {}]);
    assert.deepEqual(asked, [{ template: { kind: 'Template' } }]);
  });
});
