/**
 * The colour theme: the person's choice, kept in localStorage, and the colours that follow from it.
 * public/theme.js does the same before the first paint.
 */

export type ThemeChoice = 'light' | 'dark' | 'system';

export const THEME_CHOICES: readonly ThemeChoice[] = ['light', 'dark', 'system'];
const KEY = 'callboard.theme';

export interface ThemeDeps {
  /** Throws when the browser blocks storage; the choice then lasts until the page is left. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly systemIsDark: Pick<MediaQueryList, 'matches' | 'addEventListener'>;
  readonly root: Pick<HTMLElement, 'dataset'>;
}

export interface Theme {
  readonly choice: () => ThemeChoice;
  readonly choose: (choice: ThemeChoice) => void;
  /** Calls `listener` after every choice. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createTheme(deps: ThemeDeps): Theme {
  const listeners = new Set<() => void>();
  let choice = stored();

  function stored(): ThemeChoice {
    const text = attempt(() => deps.storage.getItem(KEY));
    return THEME_CHOICES.find((known) => known === text) ?? 'system';
  }

  function apply(): void {
    const dark = choice === 'dark' || (choice === 'system' && deps.systemIsDark.matches);
    deps.root.dataset['themeMode'] = dark ? 'dark' : 'light';
  }

  deps.systemIsDark.addEventListener('change', apply);
  apply();

  return {
    choice: () => choice,
    choose(next) {
      choice = next;
      attempt(() => (next === 'system' ? deps.storage.removeItem(KEY) : deps.storage.setItem(KEY, next)));
      apply();
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Null when storage is blocked. */
function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
