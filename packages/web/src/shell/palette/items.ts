/** The lines of the palette: what is offered for what was typed, in groups, the best first. */
import { stringifyRef } from '@callboard/model';
import type { EntityRow } from '../../api/entity.ts';
import { entityPath, kindName, shortName } from '../../parts/ref-text.ts';
import type { PaletteAction } from './actions.ts';
import type { PaletteInput } from './input.ts';
import { bestScore } from './match.ts';
import { messages } from './messages.ts';
import { scoreOf } from './search.ts';

export interface PaletteItem {
  /** One of a kind in the palette. */
  readonly id: string;
  readonly title: string;
  /** What tells it from others of its name, as "Component · platform". */
  readonly hint: string | null;
  readonly keys: string | null;
  readonly does:
    | { readonly kind: 'go'; readonly to: string }
    | { readonly kind: 'act'; readonly action: PaletteAction };
}

export interface PaletteGroup {
  readonly title: string;
  readonly items: readonly PaletteItem[];
}

export interface PalettePage {
  readonly to: string;
  readonly title: string;
  readonly keys: string | null;
}

export interface Offer {
  readonly input: PaletteInput;
  /** As typed. */
  readonly text: string;
  readonly entities: readonly EntityRow[];
  readonly recent: readonly EntityRow[];
  readonly starred: readonly EntityRow[];
  readonly pages: readonly PalettePage[];
  /** Those that apply. */
  readonly actions: readonly PaletteAction[];
}

interface Ranked extends PaletteGroup {
  readonly score: number;
}

/** The group with the best match comes first; entities do when several match alike. */
export function toGroups(offer: Offer): readonly PaletteGroup[] {
  const { input, text, entities, recent, starred, pages } = offer;
  const { words, scope } = input;
  if (scope === 'all' && words.length === 0) {
    const others = starred.filter((row) => !recent.some((seen) => sameRef(seen, row)));
    const actionsAbout = (about: PaletteAction['about']): readonly PaletteItem[] =>
      offer.actions.filter((action) => action.about === about).map(toActionItem);
    const groups = [
      { title: messages.recent, items: recent.map((row) => toEntityItem(row, 'recent')) },
      { title: messages.starred, items: others.map((row) => toEntityItem(row, 'starred')) },
      { title: messages.thisEntity, items: actionsAbout('entity') },
      { title: messages.pages, items: pages.map(toPageItem) },
      { title: messages.actions, items: actionsAbout('portal') },
    ];
    return groups.filter(({ items }) => items.length > 0);
  }
  const found: Ranked = {
    title: messages.entities,
    items: entities.map((row) => toEntityItem(row, 'found')),
    score: Math.max(0, ...entities.map((row) => scoreOf(row, words))),
  };
  const groups: readonly Ranked[] = [
    ...(scope === 'actions' ? [] : [found]),
    ...(scope === 'all' ? [rankPages(pages, words)] : []),
    ...(scope === 'entities' ? [] : [rankActions(offer.actions, words)]),
  ];
  const ranked = groups.filter(({ items }) => items.length > 0).toSorted((a, b) => b.score - a.score);
  return scope === 'all' ? [...ranked, { title: messages.catalog, items: [toCatalogItem(text)] }] : ranked;
}

function rankPages(pages: readonly PalettePage[], words: readonly string[]): Ranked {
  const scored = pages.map((page) => ({ page, score: bestScore([page.title], words) }));
  const kept = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score);
  return {
    title: messages.pages,
    items: kept.map(({ page }) => toPageItem(page)),
    score: kept[0]?.score ?? 0,
  };
}

function rankActions(actions: readonly PaletteAction[], words: readonly string[]): Ranked {
  const scored = actions.map((action) => {
    const inTitle = bestScore([action.title], words);
    // A further word helps to find an action, but no name gives way to it.
    return {
      action,
      score: inTitle > 0 ? inTitle : bestScore([...action.keywords, action.title], words) / 10,
    };
  });
  const kept = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score);
  return {
    title: messages.actions,
    items: kept.map(({ action }) => toActionItem(action)),
    score: kept[0]?.score ?? 0,
  };
}

function toEntityItem(row: EntityRow, group: string): PaletteItem {
  const title = row.title ?? row.name;
  const kind = row.type === null ? kindName(row.ref.kind) : `${kindName(row.ref.kind)} · ${row.type}`;
  const name = row.title === null || row.title === row.name ? null : row.name;
  const place = row.ref.namespace === 'default' ? null : row.ref.namespace;
  const owner = row.owner === null ? null : shortName(row.owner, 'group');
  return {
    id: `${group} ${stringifyRef(row.ref)}`,
    title,
    hint: [name, place, kind, owner].filter((part) => part !== null).join(' · '),
    keys: null,
    does: { kind: 'go', to: entityPath(row.ref) },
  };
}

function toPageItem({ to, title, keys }: PalettePage): PaletteItem {
  return { id: `page ${to}`, title, hint: null, keys, does: { kind: 'go', to } };
}

function toActionItem(action: PaletteAction): PaletteItem {
  const { id, title, keys = null } = action;
  return { id: `action ${id}`, title, hint: null, keys, does: { kind: 'act', action } };
}

function toCatalogItem(text: string): PaletteItem {
  const words = text.trim();
  const to = `/catalog?kind=all&q=${encodeURIComponent(words)}`;
  return {
    id: 'catalog',
    title: messages.searchCatalog(words),
    hint: null,
    keys: null,
    does: { kind: 'go', to },
  };
}

function sameRef(one: EntityRow, other: EntityRow): boolean {
  return stringifyRef(one.ref) === stringifyRef(other.ref);
}
