/**
 * What can be done from the palette, as plain data. An action says itself where it applies; a plugin adds its own to
 * the list in the same form.
 */
import { stringifyRef, type EntityRef } from '@callboard/model';
import { shortName } from '../../parts/ref-text.ts';
import type { ThemeChoice } from '../theme.ts';
import { messages } from './messages.ts';

/** What an action may know and use. */
export interface ActionContext {
  /** Whose page is shown; null on other pages. */
  readonly entity: EntityRef | null;
  /** Null while it is not known what is starred. */
  readonly isStarred: boolean | null;
  readonly isSignedIn: boolean;
  /** What is shown now, whatever was chosen. */
  readonly shownTheme: 'light' | 'dark';
  readonly themeChoice: ThemeChoice;
  readonly chooseTheme: (choice: ThemeChoice) => void;
  readonly toggleStar: (ref: EntityRef) => void;
  /** Rejects when the server does not take it. */
  readonly refresh: (ref: EntityRef) => Promise<void>;
  readonly goTo: (path: string) => void;
  /** The address of the page that is shown. */
  readonly address: string;
  /** False when the browser does not let the page copy. */
  readonly copy: (text: string) => Promise<boolean>;
  readonly showHelp: () => void;
  readonly signOut: () => Promise<void>;
  /** Tells the person what happened. */
  readonly say: (text: string) => void;
}

export interface PaletteAction {
  readonly id: string;
  readonly title: string;
  /** Actions about the entity whose page is shown stand before all others. */
  readonly about: 'entity' | 'portal';
  /** Further words that find it. */
  readonly keywords: readonly string[];
  /** A shortcut that does the same, as in `useShortcuts`. */
  readonly keys?: string;
  readonly appliesTo: (context: ActionContext) => boolean;
  /** What it throws is told to the person. */
  readonly run: (context: ActionContext) => void | Promise<void>;
}

const always = (): boolean => true;
const onEntity = ({ entity }: ActionContext): boolean => entity !== null;

export const ACTIONS: readonly PaletteAction[] = [
  {
    id: 'star',
    title: messages.star,
    about: 'entity',
    keywords: ['favourite', 'bookmark'],
    appliesTo: ({ entity, isStarred }) => entity !== null && isStarred === false,
    run: star,
  },
  {
    id: 'unstar',
    title: messages.unstar,
    about: 'entity',
    keywords: ['favourite', 'bookmark', 'remove', 'unstar'],
    appliesTo: ({ entity, isStarred }) => entity !== null && isStarred === true,
    run: star,
  },
  {
    id: 'copy-ref',
    title: messages.copyRef,
    about: 'entity',
    keywords: ['clipboard', 'entityref'],
    appliesTo: onEntity,
    run: (context) => (context.entity === null ? undefined : copy(context, stringifyRef(context.entity))),
  },
  {
    id: 'refresh',
    title: messages.refresh,
    about: 'entity',
    keywords: ['refresh', 'reload', 'update'],
    appliesTo: onEntity,
    run: async ({ entity, refresh, say }) => {
      if (entity === null) return;
      await refresh(entity);
      say(messages.refreshed(shortName(entity)));
    },
  },
  {
    id: 'graph',
    title: messages.graph,
    about: 'entity',
    keywords: ['relations', 'neighbours', 'dependencies'],
    appliesTo: onEntity,
    run: ({ entity, goTo }) => {
      if (entity !== null) goTo(graphPath(entity));
    },
  },
  {
    id: 'theme-dark',
    title: messages.toDark,
    about: 'portal',
    keywords: ['toggle', 'colour', 'color', 'mode', 'night'],
    appliesTo: ({ shownTheme }) => shownTheme === 'light',
    run: ({ chooseTheme }) => chooseTheme('dark'),
  },
  {
    id: 'theme-light',
    title: messages.toLight,
    about: 'portal',
    keywords: ['toggle', 'colour', 'color', 'mode', 'day'],
    appliesTo: ({ shownTheme }) => shownTheme === 'dark',
    run: ({ chooseTheme }) => chooseTheme('light'),
  },
  {
    id: 'theme-system',
    title: messages.toSystem,
    about: 'portal',
    keywords: ['toggle', 'colour', 'color', 'mode', 'auto'],
    appliesTo: ({ themeChoice }) => themeChoice !== 'system',
    run: ({ chooseTheme }) => chooseTheme('system'),
  },
  {
    id: 'copy-address',
    title: messages.copyAddress,
    about: 'portal',
    keywords: ['clipboard', 'url', 'link', 'share'],
    appliesTo: always,
    run: (context) => copy(context, context.address),
  },
  {
    id: 'settings',
    title: messages.settings,
    about: 'portal',
    keywords: ['preferences', 'language', 'theme', 'profile'],
    keys: 'g s',
    appliesTo: always,
    run: ({ goTo }) => goTo('/settings'),
  },
  {
    id: 'tokens',
    title: messages.tokens,
    about: 'portal',
    keywords: ['api', 'key', 'access', 'curl'],
    appliesTo: ({ isSignedIn }) => isSignedIn,
    run: ({ goTo }) => goTo('/settings/tokens'),
  },
  {
    id: 'help',
    title: messages.help,
    about: 'portal',
    keywords: ['keys', 'help', 'hotkeys'],
    keys: '?',
    appliesTo: always,
    run: ({ showHelp }) => showHelp(),
  },
  {
    id: 'sign-out',
    title: messages.signOut,
    about: 'portal',
    keywords: ['log out', 'logout', 'leave'],
    appliesTo: ({ isSignedIn }) => isSignedIn,
    run: ({ signOut }) => signOut(),
  },
];

function graphPath(ref: EntityRef): string {
  return `/catalog-graph?ref=${encodeURIComponent(stringifyRef(ref))}`;
}

function star({ entity, toggleStar }: ActionContext): void {
  if (entity !== null) toggleStar(entity);
}

async function copy({ copy: write, say }: ActionContext, text: string): Promise<void> {
  say((await write(text)) ? messages.copied(text) : messages.copyFailed);
}
