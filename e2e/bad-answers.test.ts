/**
 * Every page while the API answers nothing, late, failures or nonsense: it says so in words, offers a way on that
 * works once all is well again, keeps what was typed, and does not break.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { setStage } from './stage.fixture.ts';
import { API, LATE, LATE_MS, meet, TROUBLES, type Requests } from './trouble.fixture.ts';

interface View {
  readonly name: string;
  readonly path: string;
  /** The requests that are met. Default: all but the sign-in. */
  readonly requests?: Requests;
  /** Answers that are errors, and right. Default: none. */
  readonly expects?: readonly RegExp[];
  /** What a person does before the trouble is seen. Default: nothing. */
  readonly act?: (page: Page) => Promise<void>;
  /** Where the trouble is told. Default: the alerts of the page. */
  readonly told?: (page: Page) => Locator;
  /** Leads on once all is well again. Default: what is told has a button for it. */
  readonly goOn?: (page: Page) => Promise<void>;
  /** What is there while the answers are late. Default: words that they are on their way. */
  readonly meanwhile?: (page: Page) => Locator;
  /** Troubles that are a good answer here. Default: none. */
  readonly isFine?: readonly string[];
  /** What is there when all is well. */
  readonly content: (page: Page) => Locator;
  /** Fails unless what was typed is still there. Default: nothing was typed. */
  readonly kept?: (page: Page) => Promise<void>;
}

const ENTITY = '/catalog/default/component/booking-service';
const TYPED = 'booking';
const ADDRESS = 'http://127.0.0.1:9/catalog-info.yaml';

const link = (name: string) => (page: Page) => page.getByRole('main').getByRole('link', { name }).first();
const text = (words: string) => (page: Page) => page.getByRole('main').getByText(words).first();
const table = (name: string) => (page: Page) => page.getByRole('table', { name });
const asked =
  (part: string): Requests =>
  (path) =>
    path.startsWith('/api/') && path.includes(part);

const VIEWS: readonly View[] = [
  {
    name: 'before anybody is signed in',
    path: '/catalog',
    requests: (path) => path.startsWith('/api/'),
    told: (page) => page.getByRole('main').filter({ has: page.getByRole('heading', { level: 1 }) }),
    content: link('Booking service'),
  },
  { name: 'the first page', path: '/', content: link('Booking service') },
  { name: 'the catalog', path: '/catalog', content: link('Booking service') },
  { name: 'an entity', path: ENTITY, content: text('Provides API') },
  {
    name: 'its dependencies',
    path: `${ENTITY}/dependencies`,
    requests: asked('/entities/by-refs'),
    // References are known at once; the answers are their titles.
    meanwhile: link('booking-worker'),
    content: link('Booking worker'),
  },
  { name: 'its YAML', path: `${ENTITY}/yaml`, content: text('kind: Component') },
  {
    name: 'its history',
    path: `${ENTITY}/history`,
    requests: asked('/history'),
    content: text('This is all that is known.'),
  },
  {
    name: 'its source',
    path: `${ENTITY}/source`,
    requests: asked('/diagnostics'),
    content: text('How it got here'),
  },
  {
    name: 'the graph',
    path: '/catalog-graph?ref=component:default/booking-service&depth=1',
    requests: asked('/graph'),
    content: (page) => page.locator('.graph-svg .graph-card-title').first(),
  },
  {
    name: 'the settings',
    path: '/settings/tokens',
    requests: asked('/personal-tokens'),
    content: text('no tokens'),
  },
  { name: 'the health', path: '/health', content: table('Stages of taking in') },
  { name: 'the sources', path: '/health/sources', content: table('Sources') },
  { name: 'the problems', path: '/health/problems', content: text('Nothing is wrong') },
  { name: 'the golden images', path: '/images', content: text('debian-12') },
  {
    name: 'the findings',
    path: '/images/findings',
    content: text('No finding is open'),
  },
  { name: 'the templates', path: '/create', content: link('New service') },
  {
    name: 'the form of a template',
    path: '/create/templates/default/new-service',
    content: (page) => page.getByRole('textbox', { name: /^What it does/ }),
  },
  { name: 'the tasks', path: '/create/tasks?by=all', content: text('Nobody has started anything yet') },
  {
    name: 'a task',
    path: '/create/tasks/nobody-has-this',
    expects: [/answer: 404/, /status of 404/],
    // A list of other things than tasks is no answer about one.
    content: text('There is no such task'),
  },
  { name: 'the approvals', path: '/create/approvals', content: text('Nothing awaits your word') },
  {
    name: 'the actions',
    path: '/create/actions',
    isFine: ['an empty list'],
    content: link('fetch:template'),
  },
  {
    name: 'the fields',
    path: '/create/fields',
    requests: asked('/v2/fields'),
    isFine: ['an empty list'],
    content: link('EntityPicker'),
  },
  {
    name: 'the editor of templates',
    path: '/create/edit?template=template:default/new-service',
    requests: asked('/by-name/template'),
    content: (page) => page.getByRole('textbox', { name: 'Text of template.yaml' }),
  },
  {
    name: 'the configuration',
    path: '/health/configuration',
    content: (page) => page.getByRole('region', { name: 'Configuration as YAML' }),
  },
  {
    name: 'the palette',
    path: '/settings',
    act: async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('Control+k');
      await paletteField(page).fill(TYPED);
    },
    told: (page) => page.getByRole('dialog').getByRole('alert'),
    goOn: (page) => page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click(),
    content: (page) => page.getByRole('option', { name: 'Booking service' }).first(),
    kept: async (page) => assert.equal((await paletteField(page).inputValue()).trim(), TYPED),
  },
  {
    name: 'registering',
    path: '/catalog-import',
    requests: asked('/locations'),
    expects: [/answer: 400/, /status of 400/],
    act: async (page) => {
      await page.getByRole('textbox').fill(ADDRESS);
      await page.getByRole('textbox').press('Enter');
    },
    goOn: (page) => alerts(page).getByRole('button', { name: 'Try again' }).click(),
    // The real server says no to this address, in its own words.
    content: (page) => page.getByRole('alert').getByText('127.0.0.1').first(),
    kept: async (page) => assert.equal(await page.getByRole('textbox').inputValue(), ADDRESS),
  },
];

/** Words for programmers, which nobody else understands. */
const RAW = /undefined|\[object|TypeError|SyntaxError|in JSON at|is not a function|null/;

const SIGN_IN = '/api/auth/guest/refresh';
/** What waits says so. */
const WAITS = /Still loading|still collecting|Reading…|Searching…/;

const paletteField = (page: Page): Locator => page.getByRole('dialog').getByRole('combobox');
const alerts = (page: Page): Locator => page.getByRole('main').getByRole('alert');

describe('bad answers', { concurrency: 10 }, () => {
  const stage = setStage({
    user: 'user:default/booking-lead',
    // Nothing listens there, which has nothing to do with the troubles of the page.
    images: { golden: [{ name: 'debian-12', image: '127.0.0.1:9/golden/debian:12', owner: 'booking' }] },
  });

  for (const view of VIEWS) {
    const { requests = API, told = alerts, goOn = pressRetry } = view;
    it(`are told in words by ${view.name}, which then goes on`, async () => {
      const { url } = stage.portal;
      const expects = [...TROUBLES, view].flatMap((one) => one.expects ?? []);
      await stage.chrome.visit({ url, path: '/no/such/page', expects }, async (page) => {
        for (const trouble of TROUBLES) {
          if (view.isFine?.includes(trouble.name) === true) continue;
          const over = await meet(page, trouble, requests);
          await page.goto(view.path);
          await view.act?.(page);
          await told(page).first().waitFor();
          await assertWords(page, told(page), `${view.name}, ${trouble.name}`);
          await view.kept?.(page);
          await over();
          await goOn(page);
          await view.content(page).waitFor();
          await view.kept?.(page);
        }
      });
    });

    const isSigningIn = requests(SIGN_IN);
    it(`say that they are on their way in ${view.name}, and arrive`, async () => {
      const { url } = stage.portal;
      await stage.chrome.visit({ url, path: '/no/such/page', expects: view.expects ?? [] }, async (page) => {
        await meet(page, LATE, requests);
        const asks = page.waitForRequest((request) => requests(new URL(request.url()).pathname));
        await page.goto(view.path);
        await view.act?.(page);
        await asks;
        // The outline while code is on its way says it too, and is not meant.
        await page
          .locator(isSigningIn ? 'h1' : 'h1:not(.cb-hidden)')
          .first()
          .waitFor();
        const waits = view.meanwhile?.(page) ?? page.getByText(WAITS).first();
        await waits.waitFor({ timeout: LATE_MS });
        await view.kept?.(page);
        await view.content(page).waitFor();
        await view.kept?.(page);
      });
    });
  }
});

async function assertWords(page: Page, told: Locator, where: string): Promise<void> {
  const words = await told.first().innerText();
  assert.match(words, /could not|cannot|does not answer|failed/, where);
  assert.doesNotMatch(words, RAW, where);
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${where}: one heading of the page`);
}

/** What recovers by itself needs no press. */
async function pressRetry(page: Page): Promise<void> {
  const retry = page.getByRole('main').getByRole('button', { name: 'Try again' });
  while ((await retry.count()) > 0) {
    await retry
      .first()
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    await pause(100);
  }
}
