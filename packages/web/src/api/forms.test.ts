import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceNeed } from '@callboard/form';
import type { Request } from './client.ts';
import { ApiError } from './error.ts';
import { createAskSource, toSourceAnswer } from './forms.ts';
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
