/** The pages of the main navigation, in their order. */
import { messages } from '../messages.ts';

export interface NavEntry {
  readonly to: string;
  readonly title: string;
  /** True of a page whose address begins the addresses of others. */
  readonly end: boolean;
  /** The shortcut that leads there, as in `useShortcuts`. */
  readonly keys: string;
}

export const NAV_ENTRIES: readonly NavEntry[] = [
  { to: '/', title: messages.homePage, end: true, keys: 'g h' },
  { to: '/catalog', title: messages.catalog, end: false, keys: 'g c' },
  { to: '/catalog-graph', title: messages.graph, end: false, keys: 'g g' },
  { to: '/create', title: messages.create, end: false, keys: 'g n' },
  { to: '/images', title: messages.images, end: false, keys: 'g i' },
  { to: '/health', title: messages.health, end: false, keys: 'g e' },
];
