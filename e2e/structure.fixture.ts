/**
 * What a page has to be for people who do not see it, or see it badly: landmarks, headings in order, a name for every
 * control, and text that stands out from its background. What axe-core finds is in axe.test.ts.
 */
import type { Page } from 'playwright-core';

const CONTROLS = new Set([
  'button',
  'checkbox',
  'combobox',
  'link',
  'radio',
  'radiogroup',
  'searchbox',
  'textbox',
  'table',
  'navigation',
  'complementary',
  'region',
  'group',
]);
/** Of WCAG 2.1, 1.4.3: for text of usual size, and for large or bold text. */
const CONTRAST = 4.5;
const CONTRAST_LARGE = 3;

interface Node {
  readonly role: string;
  readonly name: string;
  /** Of a heading; 0 otherwise. */
  readonly level: number;
}

/** Sentences about what is wrong with the page; none when all is well. */
export async function structureProblems(page: Page): Promise<readonly string[]> {
  const nodes = parseSnapshot(await page.locator('body').ariaSnapshot());
  const problems = [
    ...((await page.locator('html[lang]').count()) === 1 ? [] : ['the page does not say its language']),
    ...landmarkProblems(nodes),
    ...headingProblems(nodes),
  ];
  const bare = await page.locator('img:not([alt])').count();
  if (bare > 0) problems.push(`${bare} pictures have no text`);
  for (const { role, name } of nodes) {
    if (CONTROLS.has(role) && name === '') problems.push(`a ${role} has no name`);
  }
  return problems;
}

function landmarkProblems(nodes: readonly Node[]): readonly string[] {
  const problems: string[] = [];
  for (const role of ['main', 'banner']) {
    const found = nodes.filter((node) => node.role === role).length;
    if (found !== 1) problems.push(`the page has ${found} landmarks of the role ${role}`);
  }
  const names = nodes.filter(({ role }) => role === 'navigation').map(({ name }) => name);
  if (new Set(names).size !== names.length) problems.push(`navigations share a name: ${names.join(', ')}`);
  return problems;
}

function headingProblems(nodes: readonly Node[]): readonly string[] {
  const headings = nodes.filter(({ role }) => role === 'heading');
  const problems: string[] = [];
  const first = headings.filter(({ level }) => level === 1).length;
  if (first !== 1) problems.push(`the page has ${first} headings of level 1`);
  let before = 0;
  for (const { level, name } of headings) {
    if (level > before + 1) problems.push(`the heading “${name}” skips a level, from ${before} to ${level}`);
    if (name === '') problems.push('a heading is empty');
    before = level;
  }
  return problems;
}

/** The lines of Playwright's snapshot of the accessibility tree, as `- heading "About" [level=2]`. */
export function parseSnapshot(snapshot: string): readonly Node[] {
  return snapshot.split('\n').flatMap((line) => {
    const match = /^\s*- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?(.*)$/.exec(line);
    const [, role, given, rest = ''] = match ?? [];
    if (role === undefined || role === 'text') return [];
    // A group that opens (`details`) is known by the text that opens it.
    const name = given ?? (role === 'group' ? /^: (.+)$/.exec(rest)?.[1] : undefined) ?? '';
    return [{ role, name, level: Number(/\[level=(\d)\]/.exec(rest)?.[1] ?? 0) }];
  });
}

/** What runs in the page knows of it by this much; nothing else of the browser is declared here. */
interface PageElement {
  readonly parentElement: PageElement | null;
  readonly tagName: string;
  readonly textContent: string;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string }>;
  readonly getBoundingClientRect: () => { readonly width: number; readonly height: number };
  readonly closest: (selector: string) => PageElement | null;
}
interface PageStyle {
  readonly color: string;
  readonly backgroundColor: string;
  readonly fontSize: string;
  readonly fontWeight: string;
  readonly visibility: string;
  readonly opacity: string;
}
declare const document: { readonly querySelectorAll: (selector: string) => Iterable<PageElement> };
declare const getComputedStyle: (element: PageElement) => PageStyle;

/** Texts that do not stand out enough from the background they are on. */
export async function contrastProblems(page: Page): Promise<readonly string[]> {
  return page.evaluate(weakTexts, { usual: CONTRAST, large: CONTRAST_LARGE });
}

/** Runs in the page. */
function weakTexts(least: { readonly usual: number; readonly large: number }): readonly string[] {
  type Colour = readonly [number, number, number, number];
  const parse = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return text.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = ([r, g, b, a]: Colour, [br, bg, bb]: Colour): Colour => [
    r * a + br * (1 - a),
    g * a + bg * (1 - a),
    b * a + bb * (1 - a),
    1,
  ];
  const backgroundOf = (element: PageElement | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const colour = parse(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, backgroundOf(element.parentElement));
  };
  const luminance = (colour: Colour): number => {
    const [r = 0, g = 0, b = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const weak = new Set<string>();
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent.trim() !== '',
    );
    const { width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const isShown = style.visibility === 'visible' && width > 1 && height > 1;
    // What cannot be used may be pale (WCAG 1.4.3), and scripts are no text.
    const isExempt = element.closest(':disabled, [aria-disabled=true], script, style') !== null;
    if (!hasText || !isShown || isExempt) continue;
    const background = backgroundOf(element);
    const lights = [luminance(over(parse(style.color), background)), luminance(background)].toSorted(
      (a, b) => a - b,
    );
    const [dark = 0, light = 0] = lights;
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? least.large : least.usual)) {
      weak.add(
        `${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)} (${style.color} on ${background.join(' ')})`,
      );
    }
  }
  return [...weak];
}
