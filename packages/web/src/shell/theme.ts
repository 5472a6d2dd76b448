/**
 * The colour theme: the person's choice, kept in localStorage, and the colours that follow from it.
 * public/theme.js does the same before the first paint, with the colours of the tenant for both themes.
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
  /** What is seen now. */
  readonly shown: () => 'light' | 'dark';
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

  function shown(): 'light' | 'dark' {
    if (choice !== 'system') return choice;
    return deps.systemIsDark.matches ? 'dark' : 'light';
  }

  function apply(): void {
    deps.root.dataset['themeMode'] = shown();
  }

  deps.systemIsDark.addEventListener('change', apply);
  apply();

  return {
    choice: () => choice,
    shown,
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
