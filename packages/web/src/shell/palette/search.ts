/**
 * The entities for what is typed into the palette. The server finds; it does not rank, so the beginnings of names and
 * titles are asked for apart from what has the text anywhere, and the answers are put in order here.
 */
import { stringifyRef } from '@callboard/model';
import type { CatalogApi, Predicate, RowQuery } from '../../api/catalog.ts';
import type { EntityRow } from '../../api/entity.ts';
import { compareText } from '../../messages.ts';
import { isEmptyInput, markPredicates, type PaletteInput } from './input.ts';
import { bestScore } from './match.ts';

const FIELDS = ['metadata.name', 'metadata.title', 'spec.profile.displayName', 'metadata.tags'];
/** Rows of each request; what matches worse than so many others is not shown. */
const ASKED = 20;
const SHOWN = 20;

export interface SearchDeps {
  readonly catalog: Pick<CatalogApi, 'rows'>;
  readonly signal?: AbortSignal;
}

/** The best first; at most 20. */
export async function searchEntities(input: PaletteInput, deps: SearchDeps): Promise<readonly EntityRow[]> {
  if (isEmptyInput(input)) return [];
  const pages = await Promise.all(toQueries(input).map((query) => deps.catalog.rows(query, deps.signal)));
  const found = new Map<string, EntityRow>();
  for (const row of pages.flatMap((page) => page.rows)) found.set(stringifyRef(row.ref), row);
  return rankRows([...found.values()], input).slice(0, SHOWN);
}

/** Those that match every word, the best first; the shorter of two that match alike. */
export function rankRows(rows: readonly EntityRow[], { words }: PaletteInput): readonly EntityRow[] {
  return rows
    .map((row) => ({ row, score: scoreOf(row, words) }))
    .filter(({ score }) => score > 0)
    .toSorted(
      (a, b) =>
        b.score - a.score ||
        a.row.name.length - b.row.name.length ||
        compareText(a.row.name, b.row.name) ||
        compareText(a.row.ref.kind, b.row.ref.kind),
    )
    .map(({ row }) => row);
}

export function scoreOf(row: EntityRow, words: readonly string[]): number {
  const titles = [row.name, ...(row.title === null ? [] : [row.title])];
  const score = bestScore(titles, words);
  // A tag or the kind helps to find, but counts less than any name.
  return score > 0 ? score : bestScore([...titles, ...row.tags, row.ref.kind], words) / 10;
}

function toQueries(input: PaletteInput): readonly RowQuery[] {
  const marks = markPredicates(input);
  const asked = (extra: readonly Predicate[]): Pick<RowQuery, 'query' | 'offset' | 'limit'> => {
    const all = [...marks, ...extra];
    return { ...(all.length > 0 && { query: { $all: all } }), offset: 0, limit: ASKED };
  };
  const byField = (field: string): Pick<RowQuery, 'orderBy'> => ({ orderBy: [{ field, order: 'asc' }] });
  const phrase = input.words.join(' ');
  if (phrase === '') return [{ ...asked([]), ...byField('metadata.name') }];
  // Of several words the longest has to be in one field; whether the others are there as well is seen here.
  const term = input.words.toSorted((a, b) => b.length - a.length)[0] ?? phrase;
  return [
    ...['metadata.name', 'metadata.title'].map((field) => ({
      ...asked([{ [field]: { $hasPrefix: phrase } }]),
      ...byField(field),
    })),
    { ...asked([]), fullTextFilter: { term, fields: FIELDS }, limit: input.words.length > 1 ? 100 : ASKED },
  ];
}
