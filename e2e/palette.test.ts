/** The command palette: one field over entities, pages and actions, by keyboard alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { PHONE, screenshot } from './browser.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';

describe('the command palette', () => {
  const stage = setStage();

  it('jumps to an entity, and gives the keyboard back when it is left', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const choice = page.getByRole('radio', { name: 'Light' });
      await choice.focus();
      await open(page);
      await screenshot(page, '21-palette');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await untilFocused(choice);

      await open(page);
      // Enter comes before the answer can be there, and waits for it.
      await page.keyboard.type('booking serv');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${SERVICE}`);
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      await untilFocused(page.getByRole('main'));
    });
  });

  it('opens with its button, and closes with the keys that open it', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const button = page.getByRole('button', { name: 'Search or jump to…' });
      await button.click();
      await untilFocused(page.getByRole('combobox', { name: 'Search or jump to' }));
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await untilFocused(button);
    });
  });

  it('opens also while somebody writes into a search field', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      const search = page.getByRole('searchbox', { name: 'Search the catalog' });
      await search.fill('booking');
      await page.keyboard.press('Control+k');
      await untilFocused(page.getByRole('combobox', { name: 'Search or jump to' }));
      await page.keyboard.press('Escape');
      await untilFocused(search);
      assert.equal(await search.inputValue(), 'booking');
    });
  });

  it('puts what begins with the words first, and goes through it with the keys of a list', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const field = await open(page);
      await page.keyboard.type('booking');
      const options = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
      await options.filter({ hasText: 'booking-db' }).waitFor();
      await page
        .getByRole('option', { name: /^Booking\s/ })
        .first()
        .waitFor();
      await screenshot(page, '21-palette-found');
      const total = await options.count();
      assert.ok(total > 8);
      const activeIs = async (at: number): Promise<void> => {
        const option = options.nth(at);
        await until(`line ${at} is active`, async () => {
          const [id, active] = [
            await option.getAttribute('id'),
            await field.getAttribute('aria-activedescendant'),
          ];
          return id === active && (await option.getAttribute('aria-selected')) === 'true';
        });
      };
      await activeIs(0);
      await page.keyboard.press('ArrowDown');
      await activeIs(1);
      await page.keyboard.press('PageDown');
      await activeIs(9);
      await page.keyboard.press('End');
      await activeIs(total - 1);
      await page.keyboard.press('ArrowDown');
      await activeIs(0);
      await page.keyboard.press('ArrowUp');
      await activeIs(total - 1);
      await page.keyboard.press('Home');
      await activeIs(0);
    });
  });

  it('opens in a new tab with Ctrl', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      await open(page);
      await page.keyboard.type('booking-service');
      await page.getByRole('option', { name: /^Booking service/ }).waitFor();
      const [tab] = await Promise.all([
        page.context().waitForEvent('page'),
        page.keyboard.press('Control+Enter'),
      ]);
      await tab.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      assert.equal(new URL(page.url()).pathname, '/settings');
    });
  });

  it('narrows down by kind, tag and owner', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const field = await open(page);
      for (const [typed, found, not] of [
        ['kind:api booking', /^Booking API/, /^Booking service/],
        ['#jav', /^Booking service/, /^Booking API/],
        ['@booking', /^Booking service/, /^Crane scheduler/],
      ] as const) {
        await field.fill(typed);
        await page.getByRole('option', { name: found }).waitFor();
        await until(
          `${typed} leaves out the others`,
          async () => (await page.getByRole('option', { name: not }).count()) === 0,
        );
      }
      await field.fill('nothing-has-this-name');
      await page.getByRole('option', { name: 'Search the catalog for “nothing-has-this-name”' }).waitFor();
      await field.fill('@nobody-at-all');
      await page.getByText('Nothing matches “@nobody-at-all”.').waitFor();
    });
  });

  it('acts on the entity that is shown', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE }, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      await act(page, 'copy ref', 'Copy the reference of this entity');
      assert.equal(
        await page.evaluate('navigator.clipboard.readText()'),
        'component:default/booking-service',
      );
      await page.getByText('Copied component:default/booking-service').waitFor();
      await screenshot(page, '21-palette-said');

      await act(page, 'star', 'Star this entity');
      await act(page, 'star', 'Take the star away from this entity');
      await act(page, 'refresh', 'Read this entity again from its source');
      await page.getByText('component:booking-service is being read again').waitFor();
      await act(page, 'graph', 'Show this entity in the graph');
      await page.waitForURL('**/catalog-graph?*booking-service*');
      await open(page);
      await page.keyboard.type('>star');
      await page.getByText('Nothing matches “>star”.').waitFor();
    });
  });

  it('changes the theme, and shows what was seen lately', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE }, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      await act(page, 'dark', 'Switch to the dark theme');
      await page.locator('html[data-theme-mode=dark]').waitFor();
      await open(page);
      const lately = page.getByRole('group', { name: 'Seen lately' });
      await lately.getByRole('option', { name: /^Booking service/ }).waitFor();
      await screenshot(page, '21-palette-dark');
    });
  });

  it('fits a phone', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings', size: PHONE }, async (page) => {
      await page.getByRole('button', { name: 'Search or jump to…' }).click();
      await page.getByRole('combobox', { name: 'Search or jump to' }).fill('booking');
      await page.getByRole('option', { name: /^Booking service/ }).waitFor();
      await screenshot(page, '21-palette-phone');
      await page.getByRole('option', { name: /^Booking service/ }).click();
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
    });
  });
});

/** Opens the palette by its keys, and answers its field. */
async function open(page: Page): Promise<Locator> {
  // The keys work once the page does.
  await page.getByRole('button', { name: 'Search or jump to…' }).waitFor();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or jump to' });
  await untilFocused(field);
  return field;
}

/** Finds an action and runs it. */
async function act(page: Page, typed: string, title: string): Promise<void> {
  await open(page);
  await page.keyboard.type(`>${typed}`);
  const option = page.getByRole('option', { name: title, exact: true });
  await option.waitFor();
  await until(`“${title}” is the first`, async () => (await option.getAttribute('aria-selected')) === 'true');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function untilFocused(target: Locator): Promise<void> {
  await target.and(target.page().locator(':focus')).waitFor();
}
