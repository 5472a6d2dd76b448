import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missingPasswords, takePasswords, withoutPasswords, withPasswords } from './passwords.ts';

const PATHS = [['pin'], ['db', 'lo/gin'], ['hosts', '*', 'key'], ['words', '*'], ['count'], ['gone']];
const VALUES = {
  pin: '1234',
  name: '1234',
  db: { 'lo/gin': 'kelp', user: 'anna' },
  hosts: [{ key: 'a' }, { key: '' }, { other: 1 }],
  words: ['x', 2],
  count: 7,
};

describe('takePasswords', () => {
  it('puts asterisks where passwords are, and nothing anywhere else; withPasswords puts them back', () => {
    const { values, passwords } = takePasswords(VALUES, PATHS);
    assert.deepEqual(values, {
      pin: '******',
      name: '1234',
      db: { 'lo/gin': '******', user: 'anna' },
      hosts: [{ key: '******' }, { key: '' }, { other: 1 }],
      words: ['******', 2],
      count: 7,
    });
    assert.deepEqual(passwords, {
      'password:/pin': '1234',
      'password:/db/lo~1gin': 'kelp',
      'password:/hosts/0/key': 'a',
      'password:/words/0': 'x',
    });
    assert.deepEqual(withPasswords(values, { ...passwords, token: 't' }), VALUES);
  });

  it('writes into no prototype, and makes no place that is not there', () => {
    const evil = { 'password:/__proto__/x': 'y', 'password:/constructor/name': 'y', 'password:/a/b': 'y' };
    assert.deepEqual(withPasswords({ a: 1 }, evil), { a: 1 });
    assert.equal(Reflect.get({}, 'x'), undefined);
  });
});

describe('missingPasswords', () => {
  it('names those that there are asterisks for and that nobody gave', () => {
    const { values } = takePasswords(VALUES, PATHS);
    assert.deepEqual(missingPasswords({ values, secrets: { 'password:/pin': '1' } }, PATHS), [
      'password:/db/lo~1gin',
      'password:/hosts/0/key',
      'password:/words/0',
    ]);
    assert.deepEqual(withoutPasswords({ 'password:/pin': '1', token: 't' }), { token: 't' });
  });
});
