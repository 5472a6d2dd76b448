/**
 * The portal's look for @material-ui/core 4: its colours, in light and dark, taken from the tokens of theme.css and of the
 * tenant, and again when the theme changes. The page itself is not touched: no global styles are set.
 */
import { useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import {
  createGenerateClassName,
  createTheme,
  StylesProvider,
  ThemeProvider,
  type Theme,
} from '@material-ui/core/styles';

/** The class names of generated styles cannot meet those of the portal, or of a second copy of the library. */
const generateClassName = createGenerateClassName({ productionPrefix: 'extension', seed: 'portal' });

/** Popovers and menus stand above everything of the portal. */
const ABOVE = 2_000;

const themes = createThemeStore();

export function MaterialTheme({ children }: { readonly children: ReactNode }): ReactElement {
  const theme = useSyncExternalStore(themes.subscribe, themes.get);
  return (
    <StylesProvider generateClassName={generateClassName} injectFirst>
      <ThemeProvider theme={theme}>{children}</ThemeProvider>
    </StylesProvider>
  );
}

function createThemeStore(): {
  readonly get: () => Theme;
  readonly subscribe: (listener: () => void) => () => void;
} {
  const listeners = new Set<() => void>();
  let read: { readonly mode: string; readonly theme: Theme } | null = null;
  const observer = new MutationObserver(() => {
    for (const listener of listeners) listener();
  });
  return {
    get() {
      const mode = document.documentElement.dataset['themeMode'] ?? 'light';
      if (read?.mode !== mode) read = { mode, theme: readTheme(mode === 'dark') };
      return read.theme;
    },
    subscribe(listener) {
      if (listeners.size === 0) {
        observer.observe(document.documentElement, {
          attributes: true,
          attributeFilter: ['data-theme-mode'],
        });
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) observer.disconnect();
      };
    },
  };
}

function readTheme(isDark: boolean): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const token = (name: string, otherwise: string): string => {
    probe.style.color = '';
    probe.style.color = `var(${name})`;
    const { color } = getComputedStyle(probe);
    // The library reads numbers between commas and nothing newer.
    return /^rgba?\(\d+, /.test(color) ? color : otherwise;
  };
  try {
    const fontFamily = getComputedStyle(document.body).fontFamily;
    const surface = token('--bui-bg-neutral-1', isDark ? '#17191d' : '#ffffff');
    const danger = token('--cb-danger', isDark ? '#ff9a90' : '#b3261e');
    const warning = token('--cb-warning', isDark ? '#f0b45c' : '#9a5200');
    const accent = token('--cb-link', isDark ? '#9cc9ff' : '#1f5493');
    return createTheme({
      palette: {
        type: isDark ? 'dark' : 'light',
        primary: { main: accent },
        secondary: { main: accent },
        error: { main: danger },
        warning: { main: warning },
        background: { default: token('--bui-bg-app', surface), paper: surface },
        text: {
          primary: token('--bui-fg-primary', isDark ? '#e8eaed' : '#17191d'),
          secondary: token('--bui-fg-secondary', isDark ? '#9ba1ac' : '#5b616b'),
          disabled: token('--bui-fg-disabled', isDark ? '#5d626c' : '#a3a8b1'),
        },
        divider: token('--bui-border-2', isDark ? '#434851' : '#c4c8d0'),
      },
      typography: { fontFamily },
      zIndex: {
        mobileStepper: ABOVE,
        speedDial: ABOVE + 50,
        appBar: ABOVE + 100,
        drawer: ABOVE + 200,
        modal: ABOVE + 300,
        snackbar: ABOVE + 400,
        tooltip: ABOVE + 500,
      },
    });
  } finally {
    probe.remove();
  }
}
