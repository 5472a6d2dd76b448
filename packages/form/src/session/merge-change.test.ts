import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedPlaces, fillMissing, mergeChange } from './merge-change.ts';

describe('mergeChange', () => {
  it('keeps the place of a key that got another name', () => {
    const shown = { one: 1, two: 2, three: 3 };
    const merged = mergeChange(shown, { one: 1, zwei: 2, three: 3 }, shown);
    assert.deepEqual(Object.keys(Object(merged)), ['one', 'zwei', 'three']);
  });

  it('takes a list of another length as a whole', () => {
    assert.deepEqual(mergeChange({ a: [1, 2] }, { a: [1] }, { a: [1, 3], b: 1 }), { a: [1], b: 1 });
  });

  it('answers the same object when nothing differs', () => {
    const now = { a: { b: [1] } };
    assert.equal(mergeChange({ a: { b: [1] } }, { a: { b: [1] } }, now), now);
    assert.equal(fillMissing(now, { a: {} }), now);
  });

  it('merges what two fields change within one object and one list', () => {
    const shown = { place: { host: '', owner: '' }, list: ['a', 'b'] };
    const first = mergeChange(shown, { ...shown, place: { host: 'h', owner: '' }, list: ['A', 'b'] }, shown);
    const both = mergeChange(shown, { ...shown, place: { host: '', owner: 'o' }, list: ['a', 'B'] }, first);
    assert.deepEqual(both, { place: { host: 'h', owner: 'o' }, list: ['A', 'B'] });
  });

  it('takes only what was changed of values that nobody entered', () => {
    const shown = { aws: { account: 'suggested', region: 'suggested' } };
    const next = { aws: { account: 'suggested', region: 'mine' } };
    assert.deepEqual(mergeChange(shown, next, {}), { aws: { region: 'mine' } });
    assert.deepEqual(mergeChange({ a: 'suggested' }, { a: undefined }, {}), { a: undefined });
  });

  it('finds items again after one was added, taken away or moved', () => {
    const shown = [
      { a: 1, b: 'suggested' },
      { a: 2, b: 'suggested' },
    ];
    const now = [{ a: 1 }, { a: 2 }];
    const [first, second] = shown;
    assert.deepEqual(mergeChange(shown, [...shown, { a: 3 }], now), [{ a: 1 }, { a: 2 }, { a: 3 }]);
    assert.deepEqual(mergeChange(shown, [second], now), [{ a: 2 }]);
    assert.deepEqual(mergeChange(shown, [second, first], now), [{ a: 2 }, { a: 1 }]);
  });

  it('puts keys of prototypes nowhere but into the values', () => {
    const next: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
    const merged = mergeChange({}, next, {});
    assert.ok(Object.hasOwn(Object(merged), '__proto__'));
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
});

describe('fillMissing', () => {
  it('fills in defaults, but not where somebody emptied a field', () => {
    const filled = fillMissing(
      { emptied: undefined, part: { a: 1 } },
      { emptied: 'x', part: { a: 2, b: 3 }, added: true },
    );
    assert.deepEqual(filled, { emptied: undefined, part: { a: 1, b: 3 }, added: true });
  });
});

describe('changedPlaces', () => {
  it('names what differs, with lists as a whole', () => {
    assert.deepEqual(changedPlaces({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [2] }, d: 1, e: 1 }), [
      '/a/b',
      '/a/c',
      '/e',
    ]);
  });
});
