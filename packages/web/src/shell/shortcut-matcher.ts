/**
 * Which shortcut a key completes. Keys are what the layout writes, not where they lie: `?` is `?` wherever it is on the
 * keyboard. Where the layout writes no Latin letters, the place of the key counts, so that `g h` also works there.
 */

/** The part of a KeyboardEvent that is looked at. */
export interface Press {
  readonly key: string;
  /** The place of the key, as `KeyG`. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  /** Milliseconds since some moment. */
  readonly timeStamp: number;
}

export interface MatcherOptions {
  /** `Mod` is ⌘ on Apple's machines and Ctrl on all others. */
  readonly isApple: boolean;
}

/** Of the keys that belong to one shortcut, the next has to follow within this time. */
const WITHIN_MS = 1_500;
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Fn']);

/**
 * Answers the index of the shortcut that this press completes, or -1. `shortcuts` are as in `useShortcuts`; of two with
 * the same keys the later one wins. What was pressed before is remembered for shortcuts of several keys.
 */
export type Matcher = (press: Press, shortcuts: readonly string[]) => number;

export function createMatcher({ isApple }: MatcherOptions): Matcher {
  let before: readonly string[] = [];
  let last = 0;

  return (press, shortcuts) => {
    if (MODIFIERS.has(press.key)) return -1;
    const stroke = toStroke(press, { isApple });
    const kept = press.timeStamp - last <= WITHIN_MS ? before : [];
    last = press.timeStamp;
    // The longest run of keys that is or begins a shortcut; `g x g h` ends in `g h`.
    for (let from = 0; from <= kept.length; from += 1) {
      const run = [...kept.slice(from), stroke];
      const found = shortcuts.findLastIndex((keys) => keys === run.join(' '));
      const begins = shortcuts.some((keys) => keys.startsWith(`${run.join(' ')} `));
      if (found === -1 && !begins) continue;
      before = found === -1 ? run : [];
      return found;
    }
    before = [];
    return -1;
  };
}

/** `g`, `?`, `Mod+k`, `Alt+ArrowUp`. Shift is part of the character that a key writes, and is named for all others. */
function toStroke(press: Press, { isApple }: MatcherOptions): string {
  const isCharacter = Array.from(press.key).length === 1;
  // AltGr counts as Ctrl and Alt on Windows, where it only helps to write a character.
  const helps = isCharacter && press.ctrlKey && press.altKey;
  const mod = isApple ? press.metaKey : press.ctrlKey;
  const other = isApple ? press.ctrlKey : press.metaKey;
  const names = [
    ...(mod && !helps ? ['Mod'] : []),
    ...(other && !helps ? [isApple ? 'Ctrl' : 'Meta'] : []),
    ...(press.altKey && !helps && !(isApple && isCharacter) ? ['Alt'] : []),
    ...(press.shiftKey && !isCharacter ? ['Shift'] : []),
    isCharacter ? toCharacter(press) : press.key,
  ];
  return names.join('+');
}

function toCharacter({ key, code, ctrlKey, metaKey }: Press): string {
  const place = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  const isForeign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
  if (place !== undefined && isForeign) return place;
  // With Ctrl or ⌘ the case says nothing: Caps Lock may be on.
  return ctrlKey || metaKey ? key.toLowerCase() : key;
}

/** The keys as people know them: `⌘ K` or `Ctrl K`, `G then H`. Each inner list is pressed at once. */
export function keyNames(keys: string, { isApple }: MatcherOptions): readonly (readonly string[])[] {
  return keys.split(' ').map((stroke) =>
    // A plus sign may itself be the key.
    (stroke.match(/[^+]+|\+$/g) ?? []).map((name) => {
      if (name === 'Mod') return isApple ? '⌘' : 'Ctrl';
      if (name === 'Shift' || name === 'Alt') return isApple ? { Shift: '⇧', Alt: '⌥' }[name] : name;
      return NAMES[name] ?? name.toUpperCase();
    }),
  );
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: 'Enter',
  Home: 'Home',
  End: 'End',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Delete: 'Delete',
  Tab: 'Tab',
};
