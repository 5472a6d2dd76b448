/**
 * The tenant's own logo and colours, `app.branding`, under the names that Red Hat Developer Hub gave them. What
 * cannot be shown is left out with a warning; the page then has its own.
 */
import { isObject, type Diagnostic } from '@callboard/model';
import { parseColour } from './colour.ts';
import { readLogo } from './logo.ts';

const MODES = ['light', 'dark'] as const;
const COLOURS = ['primaryColor', 'headerColor1', 'headerColor2', 'navigationIndicatorColor'] as const;
const ROOT = 'app.branding';
const WIDTH = /^(\d{1,4}(?:\.\d{1,3})?)(px|em|rem|%)?$/;

type Mode = (typeof MODES)[number];

type ByMode<T> = Readonly<Partial<Record<Mode, T>>>;

/** One image for both modes, or one for each; a mode that is absent has the portal's own. */
type BrandLogo = string | ByMode<string>;

type Palette = Readonly<Partial<Record<(typeof COLOURS)[number], string>>>;

/** As the page gets it. Images are data URIs or https URLs, colours are colours of CSS. */
export interface Branding {
  readonly fullLogo?: BrandLogo;
  readonly iconLogo?: BrandLogo;
  /** A length of CSS, such as `110px`. */
  readonly fullLogoWidth?: string;
  readonly theme?: ByMode<Palette>;
}

interface Reading {
  /** What the paths of files are relative to. */
  readonly cwd: string;
  readonly diagnostics: Diagnostic[];
}

/** `value`: what the configuration has at `app.branding`. Files are read. */
export function parseBranding(
  value: unknown,
  { cwd }: { readonly cwd: string },
): { readonly branding: Branding; readonly diagnostics: readonly Diagnostic[] } {
  const reading: Reading = { cwd, diagnostics: [] };
  const written = isObject(value) ? value : {};
  const fullLogo = parseLogo(written['fullLogo'], { key: 'fullLogo', reading });
  const iconLogo = parseLogo(written['iconLogo'], { key: 'iconLogo', reading });
  const fullLogoWidth = parseWidth(written['fullLogoWidth'], reading);
  const themes = isObject(written['theme']) ? written['theme'] : {};
  const theme = byMode((mode) => parsePalette(themes[mode], { mode, reading }));
  const branding = {
    ...(fullLogo !== undefined && { fullLogo }),
    ...(iconLogo !== undefined && { iconLogo }),
    ...(fullLogoWidth !== undefined && { fullLogoWidth }),
    ...(theme !== undefined && { theme }),
  };
  return { branding, diagnostics: reading.diagnostics };
}

/** What is there for at least one mode. */
function byMode<T>(parse: (mode: Mode) => T | undefined): ByMode<T> | undefined {
  const found: Partial<Record<Mode, T>> = {};
  for (const mode of MODES) {
    const parsed = parse(mode);
    if (parsed !== undefined) found[mode] = parsed;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

interface LogoKey {
  readonly key: string;
  readonly reading: Reading;
}

function parseLogo(value: unknown, { key, reading }: LogoKey): BrandLogo | undefined {
  if (!isObject(value)) return parseImage(value, { key, reading });
  return byMode((mode) => parseImage(value[mode], { key: `${key}.${mode}`, reading }));
}

function parseImage(value: unknown, { key, reading }: LogoKey): string | undefined {
  if (typeof value !== 'string') return undefined;
  const logo = readLogo(value, reading);
  if (logo.kind === 'logo') return logo.url;
  reading.diagnostics.push({
    severity: 'warning',
    code: 'server/logo-unusable',
    summary: `${ROOT}.${key} ${logo.why}; the portal's own logo is shown.`,
    detail: 'Write the path of an image of at most 64 KiB, an https URL, or a data URI.',
    path: `${ROOT}.${key}`,
  });
  return undefined;
}

/** A number of pixels, or a length with a unit. */
function parseWidth(value: unknown, { diagnostics }: Reading): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'number' ? `${value}` : value;
  const [, amount, unit = 'px'] = (typeof text === 'string' && WIDTH.exec(text.trim())) || [];
  if (amount !== undefined && Number(amount) > 0) return `${amount}${unit}`;
  diagnostics.push({
    severity: 'warning',
    code: 'server/logo-width',
    summary: `${ROOT}.fullLogoWidth is not a width; the logo has its usual one.`,
    detail: 'Write a number of pixels, or a number with px, em, rem or %.',
    path: `${ROOT}.fullLogoWidth`,
  });
  return undefined;
}

function parsePalette(
  value: unknown,
  { mode, reading }: { readonly mode: Mode; readonly reading: Reading },
): Palette | undefined {
  const written = isObject(value) ? value : {};
  const palette: Partial<Record<(typeof COLOURS)[number], string>> = {};
  for (const name of COLOURS) {
    const text = written[name];
    const colour = typeof text === 'string' ? parseColour(text) : undefined;
    if (typeof colour === 'string') palette[name] = colour;
    if (colour !== null) continue;
    const path = `${ROOT}.theme.${mode}.${name}`;
    reading.diagnostics.push({
      severity: 'warning',
      code: 'server/colour-unknown',
      summary: `${path} is not a colour; the portal's own is shown.`,
      detail: "Write '#0a7ea4' (in quotes), rgb(10 126 164), hsl(195 89% 34%), or a name such as teal.",
      path,
    });
  }
  return Object.keys(palette).length === 0 ? undefined : palette;
}
