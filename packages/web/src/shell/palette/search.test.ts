import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RowQuery } from '../../api/catalog.ts';
import type { EntityRow } from '../../api/entity.ts';
import { parseInput } from './input.ts';
import { rankRows, searchEntities } from './search.ts';

function row(name: string, more: Partial<EntityRow> = {}): EntityRow {
  return {
    ref: { kind: 'Component', namespace: 'default', name },
    name,
    title: null,
    description: null,
    type: null,
    lifecycle: null,
    owner: null,
    system: null,
    tags: [],
    hasErrors: false,
    ...more,
  };
}

const names = (rows: readonly EntityRow[]): readonly string[] => rows.map(({ name }) => name);

describe('rankRows', () => {
  it('puts the name itself first, then beginnings, words, the rest, and tags last', () => {
    const rows = [
      row('x', { tags: ['pay'] }),
      row('repay'),
      row('late-pay'),
      row('payments'),
      row('pays'),
      row('pay'),
      row('y', { title: 'Pay' }),
      row('other'),
    ];
    assert.deepEqual(names(rankRows(rows, parseInput('Pay'))), [
      'y',
      'pay',
      'pays',
      'payments',
      'late-pay',
      'repay',
      'x',
    ]);
  });

  it('wants every word, wherever it is', () => {
    const rows = [
      row('booking', { ref: { kind: 'API', namespace: 'default', name: 'booking' } }),
      row('booking-db'),
    ];
    assert.deepEqual(names(rankRows(rows, parseInput('booking api'))), ['booking']);
  });
});

describe('searchEntities', () => {
  const asking = (
    rows: readonly EntityRow[],
  ): {
    asked: RowQuery[];
    rows: (query: RowQuery) => Promise<{ rows: readonly EntityRow[]; total: number }>;
  } => {
    const asked: RowQuery[] = [];
    return {
      asked,
      rows: async (query) => {
        asked.push(query);
        return { rows, total: rows.length };
      },
    };
  };

  it('asks for beginnings apart, so that they are found among thousands, and names each entity once', async () => {
    const catalog = asking([row('booking'), row('abooking')]);
    assert.deepEqual(names(await searchEntities(parseInput('Book'), { catalog })), ['booking', 'abooking']);
    assert.deepEqual(
      catalog.asked.map(({ query, fullTextFilter }) => query ?? fullTextFilter?.term),
      [
        { $all: [{ 'metadata.name': { $hasPrefix: 'book' } }] },
        { $all: [{ 'metadata.title': { $hasPrefix: 'book' } }] },
        'book',
      ],
    );
  });

  it('asks once for marks without words, and not at all for nothing', async () => {
    const catalog = asking([row('booking')]);
    await searchEntities(parseInput('#java'), { catalog });
    assert.deepEqual(catalog.asked, [
      {
        query: { $all: [{ 'metadata.tags': { $hasPrefix: 'java' } }] },
        orderBy: [{ field: 'metadata.name', order: 'asc' }],
        offset: 0,
        limit: 20,
      },
    ]);
    assert.deepEqual(await searchEntities(parseInput(' # '), { catalog }), []);
    assert.equal(catalog.asked.length, 1);
  });
});
