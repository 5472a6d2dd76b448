/**
 * The keyboard shortcuts of the shell and of the page that is shown. A page says what it has with `useShortcuts`; the
 * help dialog shows what is there.
 */
import { useEffect, useRef } from 'react';
import { createMatcher } from './shortcut-matcher.ts';

export interface Shortcut {
  /**
   * What is pressed, as `KeyboardEvent.key` has it: `?`, `ArrowDown`; at once: `Mod+k`, where Mod is ⌘ or Ctrl; one
   * after the other: `g h`.
   */
  readonly keys: string;
  /** What it does, as "Go to the catalog". */
  readonly title: string;
  readonly run: () => void;
}

export interface ShortcutGroup {
  /** Null for those of the page. */
  readonly name: string | null;
  readonly shortcuts: readonly Shortcut[];
}

const OFF_KEY = 'callboard.singleKeys';

interface Entry {
  readonly name: string | null;
  readonly current: () => readonly Shortcut[];
}

const entries: Entry[] = [];

/**
 * Listens for these shortcuts while the component is shown. They do not fire while somebody types in a field, picks
 * from a list, or has a dialog open; with Ctrl or ⌘ they do fire in fields. Of two with the same keys the one that came
 * last wins, so a page may take over a key of the shell. `group`: the heading in the help. Default: "On this page".
 */
export function useShortcuts(shortcuts: readonly Shortcut[], group: string | null = null): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const entry: Entry = { name: group, current: () => current.current };
    entries.push(entry);
    return () => {
      entries.splice(entries.indexOf(entry), 1);
    };
  }, [group]);
}

/** What there is at this moment, for the help: those of the page first. */
export function shortcutGroups(): readonly ShortcutGroup[] {
  const names = [...new Set(entries.map(({ name }) => name))].toSorted((a, b) => rank(a) - rank(b));
  return names.flatMap((name) => {
    const shortcuts = entries.filter((entry) => entry.name === name).flatMap((entry) => entry.current());
    return shortcuts.length === 0 ? [] : [{ name, shortcuts }];
  });
}

function rank(name: string | null): number {
  return name === null ? 0 : 1;
}

/** Runs the shortcuts of the page. Returns the function that ends it. To be called once. */
export function listenForShortcuts(
  page: Pick<Document, 'addEventListener' | 'removeEventListener'>,
): () => void {
  // Fields of the component library keep their keys to themselves: those with Ctrl or ⌘ are heard before they get there.
  const onWayDown = createListener(isWithMod);
  const onWayUp = createListener((keys) => !isWithMod(keys));
  page.addEventListener('keydown', onWayDown, true);
  page.addEventListener('keydown', onWayUp);
  return () => {
    page.removeEventListener('keydown', onWayDown, true);
    page.removeEventListener('keydown', onWayUp);
  };
}

function createListener(takes: (keys: string) => boolean): (event: KeyboardEvent) => void {
  const matcher = createMatcher({ isApple: isApple() });
  return (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const all = entries
      .flatMap((entry) => entry.current())
      .filter(({ keys }) => takes(keys) && mayRun(event, keys));
    const found =
      all[
        matcher(
          event,
          all.map(({ keys }) => keys),
        )
      ];
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  };
}

function isWithMod(keys: string): boolean {
  return /^(?:Mod|Ctrl|Meta)\+/.test(keys);
}

/** True where the keyboard has ⌘. */
export function isApple(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}

/** Whether keys without Ctrl or ⌘ are shortcuts; people who speak to their machine turn them off (WCAG 2.1.4). */
export function hasSingleKeys(storage: Pick<Storage, 'getItem'>): boolean {
  try {
    return storage.getItem(OFF_KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setSingleKeys(storage: Pick<Storage, 'setItem' | 'removeItem'>, to: 'on' | 'off'): void {
  try {
    if (to === 'on') storage.removeItem(OFF_KEY);
    else storage.setItem(OFF_KEY, 'off');
  } catch {
    // Storage is blocked: nothing is remembered.
  }
}

/** Where letters are for something else: they are written, or they find an entry of a list. */
const TAKES_LETTERS =
  'input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=menu], [role=listbox], [role=textbox], [role=tree]';
const MODAL = 'dialog[open], [role=dialog], [role=alertdialog], [role=menu]';

function mayRun(event: KeyboardEvent, keys: string): boolean {
  // A key that is held goes through a list, but it is not pressed twice.
  if (event.repeat && keys.includes(' ')) return false;
  if (document.querySelector(MODAL) !== null) return false;
  if (isWithMod(keys)) return true;
  const isWriting = event.target instanceof Element && event.target.closest(TAKES_LETTERS) !== null;
  return !isWriting && hasSingleKeys(localStorage);
}
