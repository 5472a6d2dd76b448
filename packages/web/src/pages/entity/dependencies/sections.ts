/** What an entity depends on and what depends on it, as sections of rows, and the rows that fit a text. */
import { stringifyRef, type Entity } from '@callboard/model';
import { relationsOf, type EntityRow } from '../../../api/entity.ts';
import { groupRelations, type RelationGroup } from '../overview/relation-groups.ts';
import type { RelatedRow } from '../related-table.tsx';

/** Relations of other tabs, and those in the header. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'ownedBy',
  'ownerOf',
  'partOf',
  'memberOf',
  'hasMember',
  'childOf',
  'parentOf',
]);

export function dependencyGroups(entity: Entity): readonly RelationGroup[] {
  return groupRelations(relationsOf(entity).filter(({ type }) => !ELSEWHERE.has(type)));
}

/** The rows of a group whose name, title, kind, type, owner or lifecycle have every word of the text. Sorted by name. */
export function fittingRows(
  group: RelationGroup,
  { rows, text }: { readonly rows: ReadonlyMap<string, EntityRow | null>; readonly text: string },
): readonly RelatedRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = group.targets.map((reference) => ({ reference, row: rows.get(reference) }));
  const fitting = words.length === 0 ? all : all.filter((one) => fits(one, words));
  return fitting.map((one) => ({ ...one, name: nameOf(one) })).toSorted((a, b) => compare(a.name, b.name));
}

function fits({ reference, row }: RelatedRow, words: readonly string[]): boolean {
  const owner = row?.owner == null ? '' : stringifyRef(row.owner);
  const text = [reference, row?.title, row?.type, owner, row?.lifecycle].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function nameOf({ reference, row }: RelatedRow): string {
  return (row?.title ?? reference.slice(reference.indexOf('/') + 1)).toLowerCase();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
