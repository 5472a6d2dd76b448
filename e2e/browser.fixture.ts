/**
 * The system's Chromium, driven through the pages of a portal. A journey fails when the page does anything that it
 * must not: an error in the console or in a script, a request to another host, an answer that is an error, or a
 * violation of the Content Security Policy (Chromium writes those to the console).
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));
/** One wait for something on a page, in milliseconds. */
const PATIENCE_MS = 15_000;

export const DESK = { width: 1280, height: 800 } as const;
export const PHONE = { width: 390, height: 844 } as const;

export interface VisitOptions {
  /** The address of the portal. */
  readonly url: string;
  /** Default: `/`. */
  readonly path?: string;
  /** Default: `DESK`. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Default: `light`. */
  readonly colours?: 'light' | 'dark';
  /** Problems that belong to this journey, such as the 404 of an entity that is not there. Each has to occur. */
  readonly expects?: readonly RegExp[];
  /** Runs before the address is opened, as to meet its requests. Default: nothing. */
  readonly before?: (page: Page) => Promise<void>;
}

export interface Chrome extends AsyncDisposable {
  /** Opens the page in a profile of its own, runs the journey, and rejects when either went wrong. */
  readonly visit: (options: VisitOptions, journey: (page: Page) => Promise<void>) => Promise<void>;
}

/** `env`: added to the environment of the browser. */
export async function launchChrome(env: Readonly<Record<string, string>> = {}): Promise<Chrome> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `there is no ${CHROMIUM}: install it (apt-get install chromium), or name one in CHROMIUM`,
    );
  }
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ARGUMENTS,
    env: { ...process.env, ...env },
  });
  return {
    visit: (options, journey) => visit(browser, options, journey),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** A picture of what is on the screen, in `e2e/screenshots/`. */
export async function screenshot(
  page: Page,
  name: string,
  { whole = false }: { readonly whole?: boolean } = {},
): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: whole, animations: 'disabled' });
}

async function visit(
  browser: Browser,
  options: VisitOptions,
  journey: (page: Page) => Promise<void>,
): Promise<void> {
  const { url, path = '/', size = DESK, colours = 'light', expects = [], before } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: size,
    colorScheme: colours,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    const page = await context.newPage();
    const problems = watch(page, new URL(url).origin);
    try {
      await before?.(page);
      await page.goto(path);
      await journey(page);
    } catch (cause) {
      await screenshot(page, `failed${new URL(page.url()).pathname.replaceAll('/', '-')}`).catch(
        () => undefined,
      );
      throw new Error(`the journey failed at ${page.url()}${listed(problems)}`, { cause });
    }
    judge(problems, expects);
  } finally {
    await context.close();
  }
}

/** What the page does that it must not, as it happens. */
function watch(page: Page, origin: string): readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => problems.push(`script: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    const isLocal = protocol === 'data:' || protocol === 'blob:' || asked === origin;
    if (!isLocal) problems.push(`request to another host: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown';
    // The page takes back requests whose answer it no longer needs.
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`answer: ${response.status()} ${response.url()}`);
  });
  return problems;
}

function judge(problems: readonly string[], expects: readonly RegExp[]): void {
  const unexpected = problems.filter((problem) => !expects.some((expected) => expected.test(problem)));
  if (unexpected.length > 0) throw new Error(`the page did what it must not${listed(unexpected)}`);
  for (const expected of expects) {
    if (!problems.some((problem) => expected.test(problem))) {
      throw new Error(`the journey expects ${String(expected)}, and it did not occur${listed(problems)}`);
    }
  }
}

function listed(problems: readonly string[]): string {
  return problems.map((problem) => `\n  ${problem}`).join('');
}
