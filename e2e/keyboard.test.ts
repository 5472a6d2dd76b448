/** The portal without a mouse: everything can be reached, it is seen where the keyboard is, and shortcuts shorten the way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { screenshot } from './browser.fixture.ts';
import { choice, untilAddress, untilCount } from './catalog-page.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

/** A page with more stops than this is not worked with by keyboard. */
const MOST_STOPS = 120;
/** Equal pictures have equal bytes, and these are made in a tenth of the time of a PNG. */
const PICTURE = { type: 'jpeg', quality: 90, animations: 'disabled' } as const;

describe('the keyboard', () => {
  const stage = setStage();

  it('skips the header, filters, sorts, opens an entity and comes back', async () => {
    const services = await stage.portal.total({ kind: 'component', 'spec.type': 'service' });
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      await page.getByRole('row').nth(1).waitFor();
      await page.keyboard.press('Tab');
      assert.equal(await isFocused(page.getByRole('link', { name: 'Skip to content' })), true);
      await screenshot(page, '12-skip-link');
      await page.keyboard.press('Enter');
      assert.equal(await isFocused(page.getByRole('main')), true);

      await page.keyboard.press('Tab');
      assert.equal(await isFocused(page.getByRole('searchbox')), true);
      await tabTo(page, choice(page, 'Kind', 'Component'));
      await tabTo(page, choice(page, 'Type', 'service'));
      await page.keyboard.press('Space');
      await untilCount(page, services, 'Component');
      await untilAddress(page, '/catalog?type=service');
      assert.equal(await isFocused(choice(page, 'Type', 'service')), true);
      await screenshot(page, '12-filter');

      const byOwner = page.getByRole('columnheader').getByRole('button', { name: 'Owner' });
      await tabTo(page, byOwner);
      await page.keyboard.press('Enter');
      await untilAddress(page, '/catalog?type=service&sort=spec.owner');
      await page.locator('th[aria-sort=ascending]').getByRole('button', { name: 'Owner' }).waitFor();
      assert.equal(await isFocused(byOwner), true);

      await tabTo(page, page.getByRole('table').getByRole('link', { name: 'Booking service' }));
      await screenshot(page, '12-row');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      assert.equal(await isFocused(page.getByRole('main')), true);
      await tabTo(page, page.getByRole('link', { name: 'YAML', exact: true }));
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'YAML of the entity' }).waitFor();

      await page.goBack();
      await page.goBack();
      await untilAddress(page, '/catalog?type=service&sort=spec.owner');
      await untilCount(page, services, 'Component');
    });
  });

  it('picks a kind with the arrows, and clears with Escape what was searched for', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      await page.getByRole('row').nth(1).waitFor();
      await tabTo(page, page.getByRole('searchbox'));
      await page.keyboard.type('desk');
      await untilAddress(page, '/catalog?q=desk');
      await page.keyboard.press('Escape');
      await untilAddress(page, '/catalog');
      await untilCount(page, await stage.portal.total({ kind: 'component' }), 'Component');
      await tabTo(page, choice(page, 'Kind', 'Component'));
      await page.keyboard.press('ArrowUp');
      await untilAddress(page, '/catalog?kind=all');
      await untilCount(page, await stage.portal.total());
    });
  });

  it('is seen wherever it is', async () => {
    // High enough for whole pages: nothing scrolls, so every picture can be compared with the first one.
    const size = { width: 1280, height: 1_300 };
    await stage.chrome.visit({ url: stage.portal.url, size }, async (page) => {
      for (const [path, last] of [
        ['/catalog?type=library', 'Service kit'],
        ['/catalog/default/component/edi-gateway-legacy', 'EDI gateway (legacy) API'],
        ['/catalog/default/component/edi-gateway-legacy/source', 'location:harbourline-systems'],
        ['/settings', '1,234,567.89'],
        ['/settings/tokens', 'You have no tokens.'],
      ] as const) {
        await page.goto(path);
        await page.getByText(last).first().waitFor({ state: 'attached' });
        const { stops, unseen } = await tabThrough(page);
        assert.deepEqual(unseen, [], path);
        assert.ok(stops > 10 && stops < MOST_STOPS, `${stops} stops on ${path}`);
      }
    });
  });

  it('goes from page to page with two keys, and shows all of them with ?', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      await page.getByRole('heading', { level: 2, name: 'General' }).waitFor();
      for (const [keys, path, heading] of [
        ['gc', '/catalog', 'Catalog'],
        ['gg', '/catalog-graph', 'What should be in the middle?'],
        ['gs', '/settings', 'Settings'],
        ['gh', '/', 'Hello, Guest'],
      ] as const) {
        await page.keyboard.type(keys);
        await page.waitForURL(`**${path}`);
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await until(`the keyboard is in ${path}`, () => isFocused(page.getByRole('main')));
      }
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await help.getByText('Go to Catalog').waitFor();
      await screenshot(page, '12-shortcuts');
      // A dialog keeps the keys to itself.
      await page.keyboard.type('gc');
      await page.keyboard.press('Escape');
      await help.waitFor({ state: 'detached' });
      await untilAddress(page, '/');
    });
  });

  it('writes letters into fields, and goes nowhere with them', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings/tokens' }, async (page) => {
      const field = page.getByRole('textbox', { name: 'What it is for' });
      await field.focus();
      await page.keyboard.type('gc?gh');
      assert.equal(await field.inputValue(), 'gc?gh');
      await untilAddress(page, '/settings/tokens');
      // The palette comes from a field as well, and leads back to it.
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor();
      await page.keyboard.press('Escape');
      await until('the keyboard is back in the field', () => isFocused(field));
    });
  });

  it('has no shortcuts of single keys for people who turned them off', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const single = page.getByRole('switch', { name: 'Shortcuts without Ctrl or ⌘' });
      await tabTo(page, single);
      await page.keyboard.press('Space');
      await until('they are off', async () => !(await single.isChecked()));
      await page.keyboard.type('gc?');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor();
      await untilAddress(page, '/settings');
    });
  });

  it('opens the menus of the header, chooses in them and comes back', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/settings' }, async (page) => {
      const menu = page.getByRole('button', { name: 'Signed in as Guest' });
      await tabTo(page, menu);
      await page.keyboard.press('Enter');
      await page.getByRole('menu').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await until('the keyboard is back on the button', () => isFocused(menu));
      await page.keyboard.press('Enter');
      const dark = page.getByRole('menuitem', { name: 'Dark' });
      await dark.waitFor();
      for (let step = 0; step < 12 && !(await isFocused(dark)); step += 1)
        await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('html[data-theme-mode=dark]').waitFor();
    });
  });
});

/** Goes from stop to stop until the page is left; `unseen`: those that look as if nothing had the keyboard. */
async function tabThrough(
  page: Page,
): Promise<{ readonly stops: number; readonly unseen: readonly string[] }> {
  const resting = await page.screenshot(PICTURE);
  const unseen: string[] = [];
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) return { stops, unseen };
    const picture = await page.screenshot(PICTURE);
    if (picture.equals(resting)) unseen.push(await focused.ariaSnapshot());
  }
  return { stops: MOST_STOPS, unseen };
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${String(target)} in ${MOST_STOPS} steps`);
}

async function isFocused(target: Locator): Promise<boolean> {
  return (await target.and(target.page().locator(':focus')).count()) === 1;
}
