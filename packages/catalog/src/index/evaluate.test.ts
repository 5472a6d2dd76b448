import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toStoredJson } from './compose.ts';
import { EntityIndex, type StoredEntity } from './entity-index.ts';
import { containing } from './evaluate.ts';

function toStored(name: string, title: string): StoredEntity {
  const metadata = { name, namespace: 'default', title };
  return {
    uid: `00000000-0000-7000-8000-00000000000${name}`,
    ref: `component:default/${name}`,
    entity: toStoredJson({ apiVersion: 'x/v1', kind: 'Component', metadata }),
    emitted: [],
    errors: null,
    sources: ['provider:p'],
  };
}

function found(index: EntityIndex, text: string, keys = ['metadata.name', 'metadata.title']): string[] {
  return [...containing(index, keys, text)].map((ordinal) => index.entityOf(ordinal).metadata.name);
}

describe('containing', () => {
  it('finds a text in any of the keys, whatever its case there', () => {
    const index = new EntityIndex();
    index.apply({ upserted: [toStored('1', 'Booking'), toStored('2', 'Yard')], deleted: [] });
    assert.deepEqual(found(index, 'ook'), ['1']);
    assert.deepEqual(found(index, '2'), ['2']);
    assert.deepEqual(found(index, 'ook', ['metadata.name']), []);
    assert.deepEqual(found(index, 'none'), []);
  });

  it('gives the same set again until something changes', () => {
    const index = new EntityIndex();
    index.apply({ upserted: [toStored('1', 'Booking')], deleted: [] });
    const keys = ['metadata.title'];
    const first = containing(index, keys, 'ook');
    assert.equal(containing(index, keys, 'ook'), first);
    index.apply({ upserted: [toStored('2', 'Book')], deleted: [] });
    assert.deepEqual(found(index, 'ook', keys), ['1', '2']);
    index.apply({ upserted: [], deleted: ['component:default/1'] });
    assert.deepEqual(found(index, 'ook', keys), ['2']);
  });

  it('finds letter by letter what it finds at once, also after a change', () => {
    const index = new EntityIndex();
    const titles = ['Booking', 'Books', 'Boot', 'Yard', 'The bookkeeper', 'Ob'];
    index.apply({ upserted: titles.map((title, at) => toStored(String(at), title)), deleted: [] });
    const type = (): void => {
      for (const text of ['b', 'bo', 'boo', 'book', 'books', 'book', 'boot', 'o', 'oo', 'ook']) {
        const afresh = new EntityIndex();
        const upserted = [...index.live].map((ordinal) => {
          const { metadata } = index.entityOf(ordinal);
          return toStored(metadata.name, String(metadata.title));
        });
        afresh.apply({ upserted, deleted: [] });
        assert.deepEqual(found(index, text), found(afresh, text), text);
      }
    };
    type();
    index.apply({ upserted: [toStored('9', 'Bookshelf')], deleted: ['component:default/0'] });
    type();
    assert.deepEqual(found(index, 'bookshelf'), ['9']);
  });

  it('keeps only the searches of late', () => {
    const index = new EntityIndex();
    index.apply({ upserted: [toStored('1', 'Booking')], deleted: [] });
    const keys = ['metadata.title'];
    const first = containing(index, keys, 'ook');
    for (let n = 0; n < 100; n += 1) containing(index, keys, `text ${n}`);
    assert.notEqual(containing(index, keys, 'ook'), first);
    assert.deepEqual(found(index, 'ook', keys), ['1']);
  });
});
