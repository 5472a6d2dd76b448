import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createValuesStore, fillMissing, mergeChange } from './values-store.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');

describe('createValuesStore', () => {
  it('keeps what every field writes before anything is shown again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true }),
        fc.array(fc.tuple(key, fc.integer()), { maxLength: 12 }),
        (shown, writes) => {
          const store = createValuesStore(shown);
          // Each field makes its values from what was last shown, as fields of rjsf 5 do.
          for (const [name, value] of writes) store.change(shown, { ...shown, [name]: value });
          // A write of what is shown already says nothing new.
          const expected = { ...shown };
          for (const [name, value] of writes) {
            if (!Object.is(shown[name], value)) expected[name] = value;
          }
          assert.deepEqual(store.get(), expected);
        },
      ),
    );
  });

  it('keeps what fields within one object, and items of one list, write', () => {
    const shown = { place: { host: '', owner: '' }, list: ['a', 'b'] };
    const store = createValuesStore(shown);
    store.change(shown, { ...shown, place: { ...shown.place, host: 'h' } });
    store.change(shown, { ...shown, place: { ...shown.place, owner: 'o' } });
    store.change(shown, { ...shown, list: ['a', 'B'] });
    store.change(shown, { ...shown, list: ['A', 'b'] });
    assert.deepEqual(store.get(), { place: { host: 'h', owner: 'o' }, list: ['A', 'B'] });
  });

  it('leaves the values of other pages alone when a page shows only its own', () => {
    const store = createValuesStore({ other: 1, own: 2, gone: 3 });
    const view = store.change({ own: 2, gone: 3 }, { own: 4 });
    assert.deepEqual(store.get(), { other: 1, own: 4 });
    assert.deepEqual(view, { own: 4 });
  });

  it('tells its listeners of a change, and of none when nothing changed', () => {
    const store = createValuesStore({ a: 1 });
    let told = 0;
    const stop = store.subscribe(() => (told += 1));
    store.change({ a: 1 }, { a: 1 });
    assert.equal(told, 0);
    store.change({ a: 1 }, { a: 2 });
    assert.equal(told, 1);
    stop();
    store.set({});
    assert.equal(told, 1);
  });

  it('fills in defaults, but not where somebody emptied a field', () => {
    const store = createValuesStore({ emptied: undefined, part: { a: 1 } });
    store.addMissing({ emptied: 'x', part: { a: 2, b: 3 }, added: true });
    assert.deepEqual(store.get(), { emptied: undefined, part: { a: 1, b: 3 }, added: true });
  });
});

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
});
