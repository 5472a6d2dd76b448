/** The relations of an entity, both directions, grouped by type in the order in which people ask for them. */
import type { EntityRelation } from '@callboard/model';
import { compareText } from '../../../messages.ts';
import { relationTitles } from '../messages.ts';

export interface RelationGroup {
  /** As `ownedBy`. */
  readonly type: string;
  /** As "Owned by". */
  readonly title: string;
  /** Lower-case references, sorted. */
  readonly targets: readonly string[];
}

/** Known types come first, in the order of `relationTitles`; the others follow by title. */
export function groupRelations(relations: readonly EntityRelation[]): readonly RelationGroup[] {
  const byType = Map.groupBy(relations, ({ type }) => type);
  const groups = [...byType].map(([type, members]) => ({
    type,
    title: relationTitle(type),
    targets: [...new Set(members.map(({ targetRef }) => targetRef))].toSorted(),
  }));
  return groups.toSorted((a, b) => rank(a.type) - rank(b.type) || compareText(a.title, b.title));
}

/** The human title of a relation type; one that nobody named is taken apart: `deployedTo` is "Deployed to". */
export function relationTitle(type: string): string {
  const known = relationTitles.get(type);
  if (known !== undefined) return known;
  const words = type
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function rank(type: string): number {
  const index = [...relationTitles.keys()].indexOf(type);
  return index === -1 ? relationTitles.size : index;
}
