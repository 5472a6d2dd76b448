import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTheme, type Theme } from './theme.ts';

interface Browser {
  readonly theme: Theme;
  readonly stored: Map<string, string>;
  readonly shown: () => string | undefined;
  readonly setSystemDark: (dark: boolean) => void;
}

function browser(options: { readonly stored?: string; readonly blocked?: boolean } = {}): Browser {
  const stored = new Map(options.stored === undefined ? [] : [['callboard.theme', options.stored]]);
  const events = new EventTarget();
  const system = { matches: false, addEventListener: events.addEventListener.bind(events) };
  const root = { dataset: {} as DOMStringMap };
  const check = (): void => {
    if (options.blocked === true) throw new Error('storage is blocked');
  };
  const theme = createTheme({
    storage: {
      getItem: (key) => (check(), stored.get(key) ?? null),
      setItem: (key, value) => (check(), void stored.set(key, value)),
      removeItem: (key) => (check(), void stored.delete(key)),
    },
    systemIsDark: system,
    root,
  });
  return {
    theme,
    stored,
    shown: () => root.dataset['themeMode'],
    setSystemDark(dark) {
      system.matches = dark;
      events.dispatchEvent(new Event('change'));
    },
  };
}

describe('createTheme', () => {
  it('follows the system until something is chosen', () => {
    const page = browser();
    assert.equal(page.shown(), 'light');
    page.setSystemDark(true);
    assert.equal(page.shown(), 'dark');
    page.theme.choose('light');
    assert.equal(page.shown(), 'light');
    page.setSystemDark(false);
    page.setSystemDark(true);
    assert.equal(page.shown(), 'light');
  });

  it('remembers a choice, and forgets it for the system', () => {
    const page = browser({ stored: 'dark' });
    assert.equal(page.theme.choice(), 'dark');
    assert.equal(page.shown(), 'dark');
    page.theme.choose('light');
    assert.equal(page.stored.get('callboard.theme'), 'light');
    page.theme.choose('system');
    assert.equal(page.stored.size, 0);
  });

  it('takes nonsense for the system', () => {
    assert.equal(browser({ stored: 'purple' }).theme.choice(), 'system');
  });

  it('works without storage', () => {
    const page = browser({ blocked: true });
    page.theme.choose('dark');
    assert.equal(page.shown(), 'dark');
  });

  it('tells its listeners', () => {
    const { theme } = browser();
    const seen: string[] = [];
    const end = theme.subscribe(() => seen.push(theme.choice()));
    theme.choose('dark');
    end();
    theme.choose('light');
    assert.deepEqual(seen, ['dark']);
  });
});
