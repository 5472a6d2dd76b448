import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../../api/client.ts';
import { listIn, numberIn, objectIn, textIn } from '../../api/entity.ts';
import { collectRefs, readSelection } from './collect.ts';
import { readList, readRefs, readWindow } from './read-rows.ts';
import { NOTHING, selectAll, withRefs } from './selection.ts';

const SORTED = { query: { part: 'sorted' } };
const REST = { query: { part: 'rest' } };
const signal = new AbortController().signal;
const all = { fields: null, signal };

/** A server whose list has two parts of so many entities, `sorted-0` and so on; `limits`: what it was asked for. */
function serve(sizes: Readonly<Record<string, number>>): {
  readonly client: Client;
  readonly limits: number[];
} {
  const limits: number[] = [];
  const client: Client = async ({ path, body }) => {
    if (path.endsWith('/by-refs')) {
      const refs = listIn(body, 'entityRefs').map(String);
      return { items: refs.map((ref) => (ref.includes('gone') ? null : named(ref))) };
    }
    const limit = numberIn(body, 'limit');
    limits.push(limit);
    const [goesOn, from] = (textIn(body, 'cursor') ?? '').split('@');
    const part = textIn(objectIn(body, 'query'), 'part') ?? goesOn ?? '';
    const start = from === undefined ? numberIn(body, 'offset') : Number(from);
    const total = sizes[part] ?? 0;
    const end = Math.min(total, start + limit);
    const items = Array.from({ length: Math.max(0, end - start) }, (_, index) =>
      named(`${part}-${start + index}`),
    );
    return { items, totalItems: total, pageInfo: end < total ? { nextCursor: `${part}@${end}` } : {} };
  };
  return { client, limits };
}

function named(name: string): unknown {
  return { kind: 'Component', metadata: { name: name.replace(/^.*\//, '') } };
}

describe('readWindow', () => {
  const query = { request: { sorted: SORTED, rest: REST }, fields: [] };

  it('reads across the border between the two parts of an order', async () => {
    const { client } = serve({ sorted: 130, rest: 500 });
    const { rows, total } = await readWindow(client, { ...query, window: 1 }, signal);
    assert.equal(total, 630);
    assert.equal(rows.length, 100);
    assert.deepEqual([rows[29]?.name, rows[30]?.name, rows[99]?.name], ['sorted-129', 'rest-0', 'rest-69']);
  });

  it('goes on in the second part wherever the window is', async () => {
    const { client } = serve({ sorted: 130, rest: 500 });
    const { rows } = await readWindow(client, { ...query, window: 4 }, signal);
    assert.deepEqual([rows[0]?.name, rows[99]?.name], ['rest-270', 'rest-369']);
  });

  it('says how long the whole list is also before the border', async () => {
    const { client } = serve({ sorted: 130, rest: 500 });
    const { rows, total } = await readWindow(client, { ...query, window: 0 }, signal);
    assert.deepEqual([rows.length, rows[99]?.name, total], [100, 'sorted-99', 630]);
  });
});

describe('readList', () => {
  it('reads both parts to their ends, in pages of a thousand', async () => {
    const { client, limits } = serve({ sorted: 2_100, rest: 3 });
    const names: unknown[] = [];
    const totals: number[] = [];
    for await (const page of readList(client, { sorted: SORTED, rest: REST }, all)) {
      names.push(...page.entities);
      totals.push(page.total);
    }
    assert.equal(names.length, 2_103);
    assert.deepEqual(totals, [2_100, 2_100, 2_100, 2_103]);
    assert.deepEqual(limits, [1_000, 1_000, 1_000, 1_000]);
    assert.deepEqual(names.at(-1), named('rest-2'));
  });
});

describe('readRefs', () => {
  it('leaves out what is gone', async () => {
    const { client } = serve({});
    const refs = ['component:default/a', 'component:default/gone', 'component:default/b'];
    const pages = [];
    for await (const page of readRefs(client, refs, all)) pages.push(page);
    assert.deepEqual(pages, [{ entities: [named('a'), named('b')], total: 3 }]);
  });
});

describe('readSelection', () => {
  it('leaves out of a list what was taken out of the selection', async () => {
    const { client } = serve({ sorted: 4 });
    const everything = selectAll({ sorted: SORTED, rest: null }, 4);
    const selection = withRefs(everything, ['component:default/sorted-1'], 'remove');
    const pages = [];
    for await (const page of readSelection(client, selection, all)) pages.push(page);
    assert.deepEqual(pages, [
      { entities: [named('sorted-0'), named('sorted-2'), named('sorted-3')], total: 3 },
    ]);
  });
});

describe('collectRefs', () => {
  it('needs no request for what was picked one by one', async () => {
    const { client, limits } = serve({});
    const selection = withRefs(NOTHING, ['api:shop/a'], 'add');
    assert.deepEqual(await collectRefs(client, selection, signal), [
      { kind: 'api', namespace: 'shop', name: 'a' },
    ]);
    assert.deepEqual(limits, []);
  });

  it('reads the references of a list', async () => {
    const { client } = serve({ sorted: 2 });
    const refs = await collectRefs(client, selectAll({ sorted: SORTED, rest: null }, 2), signal);
    assert.deepEqual(
      refs.map(({ name }) => name),
      ['sorted-0', 'sorted-1'],
    );
  });
});
