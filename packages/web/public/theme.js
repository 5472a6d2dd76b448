// Sets the colours before the first paint, so that a dark page never flashes white and a tenant's page never blue.
// A file and not an inline script: the content security policy refuses inline scripts. It needs nothing else.
//
// The light or dark theme is the person's choice, kept in localStorage; src/shell/theme.ts goes on from here.
// The tenant's colours are in the configuration that the server writes into the page, `app.branding.theme.light` and
// `.dark`: primaryColor, headerColor1, headerColor2, navigationIndicatorColor, each any colour of CSS.
// They become the tokens of theme.css, for both themes at once. A colour that text could not be read in or on is
// mixed with black or white in small steps until the contrast of WCAG 2 (1.4.3) is 4.5, or 3 for a mere line (1.4.11).
{
  const BLACK = [0, 0, 0];
  const WHITE = [255, 255, 255];
  // The background with the least contrast that a link may stand on, --bui-bg-neutral-4, and where readable lies.
  const GROUNDS = {
    light: { ground: [0xe0, 0xe2, 0xe7], bar: WHITE, away: BLACK },
    dark: { ground: [0x36, 0x39, 0x41], bar: [0x17, 0x19, 0x1d], away: WHITE },
  };

  function attempt(use) {
    try {
      return use();
    } catch {
      return null; // Storage is blocked, or the configuration is no JSON.
    }
  }

  // Any colour of CSS as red, green and blue; null for anything else. What is see-through is taken for solid.
  function parse(text) {
    if (typeof text !== 'string') return null;
    const hex = /^#([\da-f]{3,8})$/i.exec(text.trim())?.[1] ?? '';
    if (hex.length === 3 || hex.length === 4) return [0, 1, 2].map((at) => 17 * Number.parseInt(hex[at], 16));
    if (hex.length > 5) return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    const rgb = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*[),/]/i.exec(text.trim());
    if (rgb !== null) return rgb.slice(1).map((part) => Math.min(255, Number(part)));
    const known = attempt(() => canonical(text));
    return known === null || known === text ? null : parse(known);
  }

  // Names and hsl() are the browser's to read; it writes them as #rrggbb or rgba().
  function canonical(text) {
    const brush = new OffscreenCanvas(1, 1).getContext('2d');
    const unlikely = '#010203';
    brush.fillStyle = unlikely;
    brush.fillStyle = text;
    return brush.fillStyle === unlikely ? null : brush.fillStyle;
  }

  function luminance(colour) {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  const mix = (colour, into, share) => colour.map((part, at) => Math.round(part + (into[at] - part) * share));
  const css = (colour) => `rgb(${colour.join(' ')})`;
  const opposite = (colour) => (colour === WHITE ? BLACK : WHITE);
  const stands = (colour, grounds, least) => grounds.every((ground) => contrast(colour, ground) >= least);

  // The colour, or the nearest step on the way to `away` that stands out from all the grounds.
  function readable(colour, { grounds, least, away }) {
    for (let step = 0; step < 50; step += 1) {
      const mixed = mix(colour, away, step / 50);
      if (stands(mixed, grounds, least)) return mixed;
    }
    return away;
  }

  // White on every colour where it can be read; black is then readable on all the others.
  const letters = (grounds) => (grounds.every((ground) => contrast(WHITE, ground) >= 4.5) ? WHITE : BLACK);

  function accent(primary, { ground, away }) {
    const text = letters([primary]);
    const hover = mix(primary, opposite(text), 0.12);
    const pressed = mix(primary, opposite(text), 0.24);
    const link = css(readable(primary, { grounds: [ground], least: 4.5, away }));
    return [
      `--cb-link: ${link}; --bui-ring: ${link};`,
      ...['--bui-bg-solid', '--bui-accent-bg'].map(
        (name) => `${name}: ${css(primary)}; ${name}-hover: ${css(hover)}; ${name}-pressed: ${css(pressed)};`,
      ),
      `--bui-fg-solid: ${css(text)}; --bui-accent-fg: ${css(text)};`,
    ].join(' ');
  }

  function header(given) {
    const text = letters(given);
    // Between two colours there may be none that is readable on both: they give way.
    const [from, to] = given.map((colour) =>
      readable(colour, { grounds: [text], least: 4.5, away: opposite(text) }),
    );
    const faint = (colour, share) => css(colour).replace(')', ` / ${share})`);
    const rules = [
      `--cb-header-bg: linear-gradient(90deg, ${css(from)}, ${css(to)}); --cb-header-solid: ${css(from)};`,
      ...['fg', 'quiet', 'ring'].map((name) => `--cb-header-${name}: ${css(text)};`),
      `--cb-header-hover: ${faint(opposite(text), 0.16)}; --cb-header-edge: ${faint(text, 0.4)};`,
      `--cb-indicator: ${css(text)};`,
    ].join(' ');
    return { grounds: [from, to], away: text, rules };
  }

  function tokens(theme, surface) {
    const primary = parse(theme.primaryColor);
    const first = parse(theme.headerColor1) ?? parse(theme.headerColor2);
    const second = parse(theme.headerColor2) ?? first;
    const line = parse(theme.navigationIndicatorColor);
    const bar =
      first === null ? { grounds: [surface.bar], away: surface.away, rules: '' } : header([first, second]);
    return [
      primary === null ? '' : accent(primary, surface),
      bar.rules,
      line === null ? '' : `--cb-indicator: ${css(readable(line, { ...bar, least: 3 }))};`,
    ].join('');
  }

  // Of several contexts the later ones win, as in Backstage.
  const script = document.querySelector('script[type="backstage.io/config"]');
  const contexts = attempt(() => JSON.parse(script?.textContent ?? '[]'));
  let rules = '';
  for (const mode of ['light', 'dark']) {
    let theme = {};
    for (const context of Array.isArray(contexts) ? contexts : []) {
      theme = { ...theme, ...context?.data?.app?.branding?.theme?.[mode] };
    }
    const found = tokens(theme, GROUNDS[mode]);
    if (found !== '')
      rules += `${mode === 'light' ? ':root, ' : ''}[data-theme-mode='${mode}'] { ${found} }\n`;
  }
  if (rules !== '') {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  }

  const choice = attempt(() => localStorage.getItem('callboard.theme'));
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.themeMode = dark ? 'dark' : 'light';
}
