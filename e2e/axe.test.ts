/** Every page under the eyes of axe-core: in light, in dark, and on a phone. A new page is a line in PAGES. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeProblems } from './axe.fixture.ts';
import { DESK, PHONE } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { DIFFICULT, DIFFICULT_PAGE, RIGHT_TO_LEFT_PAGE } from './difficult.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { startTask, TEMPLATES, TEMPLATES_TEXT } from './templates.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';
const MISSING = '/catalog/default/component/nobody-has-this';

interface Case {
  readonly path: string;
  /** What is opened on the page before it is judged. Default: nothing. */
  readonly open?: (page: Page) => Promise<void>;
  /** Where it can be. Default: on both. */
  readonly on?: 'desk' | 'phone';
}

const PAGES: readonly Case[] = [
  { path: '/' },
  { path: '/catalog' },
  { path: '/catalog?kind=all&q=nothing-has-this' },
  { path: SERVICE },
  { path: `${SERVICE}/graph` },
  { path: `${SERVICE}/dependencies` },
  { path: `${SERVICE}/yaml` },
  { path: `${SERVICE}/history` },
  { path: `${SERVICE}/source` },
  { path: '/catalog/default/group/booking' },
  { path: '/catalog/default/group/booking/members' },
  { path: '/catalog/default/group/booking/ownership' },
  { path: '/catalog/default/group/booking/org' },
  { path: '/catalog/default/user/booking-lead' },
  { path: DIFFICULT_PAGE },
  { path: RIGHT_TO_LEFT_PAGE },
  { path: MISSING },
  { path: '/catalog-graph' },
  { path: '/catalog-graph?ref=component:default/booking-service' },
  { path: '/catalog-graph?ref=component:default/booking-service&view=list' },
  { path: '/catalog-import' },
  { path: '/health' },
  { path: '/health/sources' },
  { path: '/health/problems' },
  { path: '/health/configuration' },
  { path: '/images' },
  { path: '/images/findings' },
  { path: '/create' },
  { path: '/create/templates/default/new-service', open: pressNext },
  { path: '/create/tasks?by=all' },
  { path: '/create/tasks?by=all', open: openTask },
  { path: '/create/approvals?show=all' },
  { path: '/create/actions?name=fetch:template' },
  { path: '/create/fields?name=EntityPicker', open: waitForField },
  { path: '/create/edit?template=template:default/new-service', open: waitForEditor },
  { path: '/settings' },
  { path: '/settings/profile' },
  { path: '/settings/tokens' },
  { path: '/settings/starred' },
  { path: '/settings/device' },
  { path: '/no/such/page' },
  { path: '/settings', open: openPalette },
  { path: SERVICE, open: (page) => openPalette(page, 'booking') },
  { path: '/settings', open: openHelp, on: 'desk' },
  { path: '/settings', open: (page) => openMenu(page, 'Signed in as Guest') },
  { path: '/settings', open: (page) => openMenu(page, 'More pages'), on: 'phone' },
  { path: '/settings/tokens', open: openRevoke },
];

describe('axe-core', () => {
  const stage = setStage({
    files: { 'difficult/catalog-info.yaml': DIFFICULT, [TEMPLATES]: TEMPLATES_TEXT },
    locations: [COMPANY, 'difficult/catalog-info.yaml', TEMPLATES],
    // One that cannot be read: nothing listens there.
    images: { golden: [{ name: 'debian-12', image: '127.0.0.1:9/golden/debian:12', owner: 'booking' }] },
  });

  for (const [where, size, colours] of [
    ['desk', DESK, 'light'],
    ['desk', DESK, 'dark'],
    ['phone', PHONE, 'light'],
  ] as const) {
    it(`finds nothing serious on any page, on a ${where}, in ${colours}`, async () => {
      await startTask(stage.portal, { template: 'crane', values: { name: 'K4', hours: 2 } });
      const expects = [/^answer: 404 .*nobody-has-this/, /^console: .* 404 .*nobody-has-this/];
      await stage.chrome.visit({ url: stage.portal.url, size, colours, expects }, async (page) => {
        const problems: string[] = [];
        for (const { path, open, on = where } of PAGES) {
          if (on !== where) continue;
          await page.goto(path);
          await page.getByRole('heading', { level: 1 }).waitFor();
          // Pages with a form hold a stream of events, which never rests.
          if (open === undefined) await page.waitForLoadState('networkidle');
          else await open(page);
          for (const problem of await axeProblems(page)) problems.push(`${path}: ${problem}`);
        }
        assert.deepEqual(problems, []);
      });
    });
  }
});

async function openPalette(page: Page, text = ''): Promise<void> {
  await page.getByRole('button', { name: 'Search or jump to…' }).click();
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill(text);
  await page.getByRole('dialog').getByRole('option').first().waitFor();
}

async function pressNext(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('alert').waitFor();
}

async function openTask(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Crane time' }).first().click();
  await page.getByText('You are not among those who may decide.').waitFor();
}

async function waitForEditor(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Text of template.yaml' }).waitFor();
  await page.getByRole('textbox', { name: /^Name/ }).waitFor();
}

async function waitForField(page: Page): Promise<void> {
  await page.getByText('What the form gives').waitFor();
  await page.getByText('allowArbitraryValues').first().waitFor();
}

async function openHelp(page: Page): Promise<void> {
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
}

async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('menu').waitFor();
}

async function openRevoke(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'What it is for' }).fill('axe');
  await page.getByRole('button', { name: 'Create the token' }).click();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: 'Revoke axe' }).first().click();
  await page.getByRole('dialog', { name: 'Revoke this token?' }).waitFor();
}
