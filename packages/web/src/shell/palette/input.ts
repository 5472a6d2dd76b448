/**
 * What is typed into the palette: words, and marks that narrow it down. `>` is for actions alone, `#java` for a tag,
 * `@team` for an owner, `kind:api` for a kind. A mark may still be in the making: `#ja` finds `java`.
 */
import type { Predicate } from '../../api/catalog.ts';

export interface PaletteInput {
  /** `entities` as soon as there is a mark of entities. */
  readonly scope: 'all' | 'actions' | 'entities';
  /** In lower case. */
  readonly words: readonly string[];
  readonly kind: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
}

export function parseInput(text: string): PaletteInput {
  const given = text.trim().toLowerCase();
  if (given.startsWith('>')) {
    return { scope: 'actions', words: wordsOf(given.slice(1)), kind: null, owner: null, tags: [] };
  }
  const words: string[] = [];
  const marks: { kind: string | null; owner: string | null; tags: string[]; any: boolean } = {
    kind: null,
    owner: null,
    tags: [],
    any: false,
  };
  for (const word of wordsOf(given)) {
    const [, mark, value = ''] = /^(#|@|kind:)(.*)$/.exec(word) ?? [];
    if (mark === undefined) words.push(word);
    else marks.any = true;
    if (mark === 'kind:' && value !== '') marks.kind = value;
    if (mark === '@' && value !== '') marks.owner = value;
    if (mark === '#' && value !== '') marks.tags.push(value);
  }
  const { kind, owner, tags, any } = marks;
  return { scope: any ? 'entities' : 'all', words, kind, owner, tags };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** True when nothing is asked for yet. */
export function isEmptyInput({ words, kind, owner, tags }: PaletteInput): boolean {
  return words.length === 0 && kind === null && owner === null && tags.length === 0;
}

/** What the marks say, for the catalog; empty without marks. */
export function markPredicates({ kind, owner, tags }: PaletteInput): readonly Predicate[] {
  return [
    ...(kind === null ? [] : [{ kind: { $hasPrefix: kind } }]),
    ...tags.map((tag) => ({ 'metadata.tags': { $hasPrefix: tag } })),
    ...(owner === null ? [] : [ownedBy(owner)]),
  ];
}

/** `team` is a group or a user; `group:default/team` is meant as it is. */
function ownedBy(owner: string): Predicate {
  if (owner.includes(':')) return { 'relations.ownedBy': { $hasPrefix: owner } };
  const name = owner.includes('/') ? owner : `default/${owner}`;
  return {
    $any: ['group', 'user'].map((kind) => ({ 'relations.ownedBy': { $hasPrefix: `${kind}:${name}` } })),
  };
}
