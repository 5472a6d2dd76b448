/** What public/theme.js does before anything is painted, run in a page of its own. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import * as fc from 'fast-check';

type Rgb = readonly [number, number, number];

const SCRIPT = await readFile(new URL('../../public/theme.js', import.meta.url), 'utf8');
const THEME_CSS = await readFile(new URL('../theme.css', import.meta.url), 'utf8');
const LEAST = 4.5;

interface Painted {
  readonly mode: string | undefined;
  /** The tokens by theme. */
  readonly light: ReadonlyMap<string, string>;
  readonly dark: ReadonlyMap<string, string>;
}

function paint(config: string | null, stored: string | null = null): Painted {
  const dataset: Record<string, string> = {};
  const sheets: string[] = [];
  class Sheet {
    replaceSync(text: string): void {
      sheets.push(text);
    }
  }
  const page = createContext({
    document: {
      documentElement: { dataset },
      adoptedStyleSheets: [],
      querySelector: () => (config === null ? null : { textContent: config }),
    },
    CSSStyleSheet: Sheet,
    localStorage: { getItem: () => stored },
    matchMedia: () => ({ matches: true }),
  });
  runInContext(SCRIPT, page);
  const rules = sheets.join('');
  return { mode: dataset['themeMode'], light: tokensOf(rules, 'light'), dark: tokensOf(rules, 'dark') };
}

function tokensOf(rules: string, mode: string): ReadonlyMap<string, string> {
  const body = new RegExp(`data-theme-mode='${mode}'\\] \\{([^}]*)\\}`).exec(rules)?.[1] ?? '';
  return new Map(
    [...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function branded(light: unknown, dark: unknown = light): string {
  return JSON.stringify([{ context: 'app', data: { app: { branding: { theme: { light, dark } } } } }]);
}

function colours(text: string | undefined): readonly Rgb[] {
  return [...(text ?? '').matchAll(/rgb\((\d+) (\d+) (\d+)\)/g)].map(
    ([, r, g, b]) => [Number(r), Number(g), Number(b)] as const,
  );
}

function colour(tokens: ReadonlyMap<string, string>, name: string): Rgb {
  const [found] = colours(tokens.get(name));
  assert.ok(found !== undefined, `${name} is not set`);
  return found;
}

/** As WCAG 2 has it, written down a second time to judge the first. */
function contrast(one: Rgb, other: Rgb): number {
  const light = (rgb: Rgb): number => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  };
  const [low = 0, high = 0] = [light(one), light(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The backgrounds of theme.css that text may stand on. */
function grounds(mode: 'light' | 'dark'): readonly Rgb[] {
  const [, light = '', dark = ''] = THEME_CSS.split('[data-theme-mode=');
  const found = (mode === 'light' ? light : dark).matchAll(/--bui-bg-(?:app|neutral-\d): #(..)(..)(..);/g);
  return [...found].map(
    ([, r = '', g = '', b = '']) =>
      [Number.parseInt(r, 16), Number.parseInt(g, 16), Number.parseInt(b, 16)] as const,
  );
}

describe('public/theme.js', () => {
  it('follows the choice that was kept, and the system otherwise', () => {
    assert.equal(paint(null).mode, 'dark');
    assert.equal(paint(null, 'light').mode, 'light');
    assert.equal(paint(null, 'nonsense').mode, 'dark');
  });

  it('leaves the colours alone without a configuration, and with one that makes no sense', () => {
    for (const config of [null, '', '{', 'null', '5', '[null]', '[{"data":{"app":{"branding":7}}}]']) {
      const { light, dark, mode } = paint(config);
      assert.equal(light.size + dark.size, 0, String(config));
      assert.equal(mode, 'dark');
    }
    assert.equal(paint(branded({ primaryColor: 'red; } * { display: none', headerColor1: 7 })).light.size, 0);
  });

  it('keeps a colour that can be read, in each of the ways to write one', () => {
    for (const primaryColor of [
      '#036',
      '#0368',
      ' #003366 ',
      '#00336680',
      'rgb(0, 51, 102)',
      'RGB(0 51 102 / 0.5)',
    ]) {
      const { light } = paint(branded({ primaryColor }));
      assert.equal(light.get('--cb-link'), 'rgb(0 51 102)');
      assert.equal(light.get('--bui-bg-solid'), 'rgb(0 51 102)');
      assert.equal(light.get('--bui-fg-solid'), 'rgb(255 255 255)');
    }
  });

  it('lets the later of several contexts win', () => {
    const one = { data: { app: { branding: { theme: { light: { primaryColor: '#f00' } } } } } };
    const two = { data: { app: { branding: { theme: { light: { primaryColor: '#036' } } } } } };
    assert.equal(paint(JSON.stringify([one, two, {}])).light.get('--bui-bg-solid'), 'rgb(0 51 102)');
  });

  it('knows the backgrounds of theme.css', () => {
    for (const mode of ['light', 'dark'] as const) assert.equal(grounds(mode).length, 5);
  });

  it('makes text readable in and on any colour, in both themes', () => {
    const part = fc.integer({ min: 0, max: 255 });
    const any = fc.tuple(part, part, part).map((rgb) => `rgb(${rgb.join(', ')})`);
    fc.assert(
      fc.property(any, any, any, any, (primaryColor, headerColor1, headerColor2, indicator) => {
        const given = { primaryColor, headerColor1, headerColor2, navigationIndicatorColor: indicator };
        const painted = paint(branded(given));
        for (const mode of ['light', 'dark'] as const) {
          const tokens = painted[mode];
          for (const ground of grounds(mode))
            assert.ok(contrast(colour(tokens, '--cb-link'), ground) >= LEAST);
          const text = colour(tokens, '--bui-fg-solid');
          for (const name of ['--bui-bg-solid', '--bui-bg-solid-hover', '--bui-bg-solid-pressed']) {
            assert.ok(contrast(text, colour(tokens, name)) >= LEAST, name);
          }
          for (const ground of colours(tokens.get('--cb-header-bg'))) {
            assert.ok(contrast(colour(tokens, '--cb-header-fg'), ground) >= LEAST);
            assert.ok(contrast(colour(tokens, '--cb-indicator'), ground) >= 3);
          }
        }
      }),
    );
  });
});
