/** The frame of every page: skip link, header with navigation, search and user, the bar for problems, the main landmark. */
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useNavigationType, NavigationType } from 'react-router-dom';
import { useServices } from '../api/services.ts';
import type { Identity } from '../api/session.ts';
import { messages } from '../messages.ts';
import { SearchIcon } from '../parts/icons.tsx';
import { Brand } from './brand.tsx';
import { Keys } from './keys.tsx';
import { NAV_ENTRIES } from './nav-entries.ts';
import { Navigation } from './navigation.tsx';
import { useOnDemand } from './on-demand.ts';
import { Progress } from './progress.tsx';
import { Said, type Saying } from './said.tsx';
import { listenForShortcuts, shortcutGroups, useShortcuts, type ShortcutGroup } from './shortcuts.ts';
import { StatusBar } from './status-bar.tsx';
import { UserMenu } from './user-menu.tsx';

export interface ShellProps {
  /** Null until somebody is signed in. */
  readonly identity: Identity | null;
  readonly children: ReactNode;
}

const loadPalette = () => import('./palette/palette.tsx');
const loadHelp = () => import('./help.tsx');

export function Shell({ identity, children }: ShellProps): ReactElement {
  const main = useRef<HTMLElement>(null);
  const palette = useOnDemand(loadPalette, { ahead: true });
  const help = useOnDemand(loadHelp, { ahead: false });
  const [hasPalette, setHasPalette] = useState(false);
  const [helpGroups, setHelpGroups] = useState<readonly ShortcutGroup[] | null>(null);
  const [isStale, setIsStale] = useState(false);
  const [saying, setSaying] = useState<Saying | null>(null);
  const say = (text: string): void => setSaying({ text });
  const signOut = useSignOut(say);
  useFocusOnNavigation(main);

  function openPalette(): void {
    // Asked for while the page is being signed in, it comes as soon as somebody is.
    setHasPalette(true);
    void palette.get().then((loaded) => setIsStale(loaded === null));
  }

  function openHelp(): void {
    setHelpGroups(shortcutGroups());
    void help.get().then((loaded) => setIsStale(loaded === null));
  }

  useShellShortcuts({ openPalette, openHelp });
  useEarlyLoad(() => void palette.get());

  return (
    <div className="cb-shell">
      <a
        className="cb-skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {messages.skipToContent}
      </a>
      <header className="cb-header">
        <Brand />
        <Navigation entries={NAV_ENTRIES} />
        {identity !== null && (
          <Button
            className="cb-find"
            variant="tertiary"
            aria-haspopup="dialog"
            onHoverStart={() => void palette.get()}
            onPress={openPalette}
          >
            <SearchIcon />
            <span className="cb-find-text">{messages.search}</span>
            <Keys keys="Mod+k" />
          </Button>
        )}
        <UserMenu identity={identity} onHelp={openHelp} onSignOut={signOut} />
      </header>
      <Progress />
      <StatusBar isStale={isStale} />
      <main className="cb-main" id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
      {hasPalette && palette.part !== null && identity !== null && (
        <palette.part.Palette onClose={() => setHasPalette(false)} onHelp={openHelp} onSaid={say} />
      )}
      {helpGroups !== null && help.part !== null && (
        <help.part.Help groups={helpGroups} onClose={() => setHelpGroups(null)} />
      )}
      <Said saying={saying} />
    </div>
  );
}

interface ShellCommands {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

function useShellShortcuts({ openPalette, openHelp }: ShellCommands): void {
  const navigate = useNavigate();
  useEffect(() => listenForShortcuts(document), []);
  useShortcuts(
    [
      { keys: 'Mod+k', title: messages.openPalette, run: openPalette },
      { keys: '?', title: messages.openHelp, run: openHelp },
      ...NAV_ENTRIES.map(({ keys, title, to }) => ({
        keys,
        title: messages.goTo(title),
        run: () => navigate(to),
      })),
      { keys: 'g s', title: messages.goTo(messages.settings), run: () => navigate('/settings') },
    ],
    messages.shortcutsEverywhere,
  );
}

/** Loads as soon as somebody reaches for the keys. */
function useEarlyLoad(load: () => void): void {
  const current = useRef(load);
  useEffect(() => {
    current.current = load;
  });
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (key === 'Control' || key === 'Meta') current.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Leaves, and forgets what was read. */
function useSignOut(say: (text: string) => void): () => void {
  const { session } = useServices();
  const client = useQueryClient();
  return () => {
    session.signOut().then(
      () => client.clear(),
      (thrown: unknown) => say(thrown instanceof Error ? thrown.message : String(thrown)),
    );
  };
}

/** A new page starts at its top, with the keyboard in it; going back keeps the scroll position, a redirect the keyboard. */
function useFocusOnNavigation(main: { readonly current: HTMLElement | null }): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (how !== NavigationType.Push) return;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, how, main]);
}
