/** What the palette offers for a text, and whether that is the last word. */
import { useServices } from '../../api/services.ts';
import { useStarred } from '../../api/starred.ts';
import { NAV_ENTRIES } from '../nav-entries.ts';
import type { PaletteAction } from './actions.ts';
import { parseInput } from './input.ts';
import { toGroups, type PaletteGroup, type PalettePage } from './items.ts';
import { messages } from './messages.ts';
import { rankRows } from './search.ts';
import { useFoundEntities, useKnownEntities } from './use-entities.ts';

/** Lines of what was seen lately, and of what is starred. */
const MOST_KEPT = 6;

const PAGES: readonly PalettePage[] = [
  ...NAV_ENTRIES,
  { to: '/catalog-import', title: messages.register, keys: null },
];

export interface ShownOffer {
  readonly groups: readonly PaletteGroup[];
  /** False while the server has not answered for this text. */
  readonly isSettled: boolean;
  /** Why no entities could be had; null when they could. */
  readonly error: string | null;
  /** Asks again. */
  readonly retry: () => void;
}

export interface OfferOptions {
  readonly text: string;
  /** Those that apply. */
  readonly actions: readonly PaletteAction[];
}

export function useOffer({ text, actions }: OfferOptions): ShownOffer {
  const { visits } = useServices();
  const starred = useStarred();
  const input = parseInput(text);
  const found = useFoundEntities(input);
  const recent = useKnownEntities(
    visits
      .list()
      .slice(0, MOST_KEPT)
      .map(({ ref }) => ref),
  );
  const kept = useKnownEntities(starred.refs.toReversed().slice(0, MOST_KEPT));
  const isSettled = input.scope === 'actions' || (!found.isPlaceholderData && !found.isPending);
  // Until the answer is there, those of before that match as well.
  const rows = found.data ?? [];
  const entities = isSettled ? rows : rankRows(rows, input);
  return {
    groups: toGroups({ input, text, entities, recent, starred: kept, pages: PAGES, actions }),
    isSettled,
    error: input.scope === 'actions' || found.error === null ? null : found.error.message,
    retry: () => void found.refetch(),
  };
}
