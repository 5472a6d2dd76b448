import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countFrom, listFrom, notAnswered, objectFrom, readAnswer } from './answer.ts';

const UNREADABLE = { name: 'AnswerError', status: 502 };
/** Answers without anything that could be asked for. */
const EMPTY: readonly unknown[] = [null, {}, [], 7, 'items'];

describe('readAnswer', () => {
  it('parses JSON, and reads an empty body as null', async () => {
    assert.deepEqual(await readAnswer(new Response('{"a":[1]}')), { a: [1] });
    assert.equal(await readAnswer(new Response('')), null);
  });

  it('says whether a web page came, or half of an answer', async () => {
    await assert.rejects(readAnswer(new Response('\n<!DOCTYPE html><html>')), {
      ...UNREADABLE,
      message: /^The answer is a web page instead of data/,
    });
    await assert.rejects(readAnswer(new Response('{"items":[')), {
      ...UNREADABLE,
      message: /^The answer is not JSON/,
    });
  });
});

describe('listFrom, objectFrom, countFrom', () => {
  it('answer what is there', () => {
    assert.deepEqual(listFrom({ items: [1, null] }, 'items'), [1, null]);
    assert.deepEqual(listFrom({ items: [] }, 'items'), []);
    assert.deepEqual(objectFrom({ facets: { kind: [] } }, 'facets'), { kind: [] });
    assert.equal(countFrom({ total: 0 }, 'total'), 0);
  });

  it('do not take another answer for an empty one', () => {
    for (const read of [listFrom, objectFrom, countFrom]) {
      for (const answer of [...EMPTY, { items: 'many' }, { items: null }]) {
        assert.throws(() => read(answer, 'items'), { ...UNREADABLE, message: /"items" is missing/ });
      }
    }
    assert.throws(() => listFrom({ items: {} }, 'items'), UNREADABLE);
    assert.throws(() => objectFrom({ items: [] }, 'items'), UNREADABLE);
    assert.throws(() => countFrom({ items: '3' }, 'items'), UNREADABLE);
  });
});

describe('notAnswered', () => {
  it('says what the answer is not', () => {
    const { name, status, message } = notAnswered('a graph');
    assert.deepEqual({ name, status, message }, { ...UNREADABLE, message: 'The answer is not a graph.' });
  });
});
