/** How pages look on a phone, in the dark, with data that is hard to lay out, and with no data at all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { PHONE, screenshot } from './browser.fixture.ts';
import { choice, choose, listed, untilAddress, untilCount } from './catalog-page.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { DIFFICULT, DIFFICULT_PAGE, RIGHT_TO_LEFT_PAGE } from './difficult.fixture.ts';
import { setStage } from './stage.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';

describe('the look of the portal', () => {
  const stage = setStage({
    files: { 'difficult/catalog-info.yaml': DIFFICULT },
    locations: [COMPANY, 'difficult/catalog-info.yaml'],
  });

  for (const colours of ['light', 'dark'] as const) {
    it(`fits a phone, in ${colours}`, async () => {
      await stage.chrome.visit(
        { url: stage.portal.url, path: '/catalog', size: PHONE, colours },
        async (page) => {
          await untilCount(page, await stage.portal.total({ kind: 'component' }), 'Component');
          await listed(page);
          await fits(page);
          await screenshot(page, `13-phone-catalog-${colours}`);

          assert.equal(await choice(page, 'Type', 'service').count(), 0);
          await page.getByRole('button', { name: 'Filters' }).click();
          await choose(page, 'Type', 'service');
          await untilAddress(page, '/catalog?type=service');
          await fits(page);
          await screenshot(page, `13-phone-filters-${colours}`);
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
          await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Owner');
          await untilAddress(page, '/catalog?type=service&sort=spec.owner');

          await page.getByRole('link', { name: 'Booking service' }).click();
          await page.getByText('Consumes API', { exact: true }).waitFor();
          await fits(page);
          await screenshot(page, `13-phone-entity-${colours}`, { whole: true });
          for (const view of colours === 'light' ? (['yaml', 'source'] as const) : (['source'] as const)) {
            await page.goto(`${SERVICE}/${view}`);
            await page
              .getByRole(view === 'yaml' ? 'region' : 'listitem')
              .first()
              .waitFor();
            await fits(page);
            await screenshot(page, `13-phone-${view}-${colours}`);
          }
        },
      );
    });
  }

  it('follows the system, and the choice of a person above it', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog', colours: 'dark' }, async (page) => {
      await listed(page);
      await page.locator('html[data-theme-mode=dark]').waitFor();
      await screenshot(page, '13-dark-catalog');
      await page.goto('/settings');
      await page.getByRole('radio', { name: 'Light' }).check();
      await page.locator('html[data-theme-mode=light]').waitFor();
      await page.reload();
      await page.locator('html[data-theme-mode=light]').waitFor();
      await page.getByRole('radio', { name: 'Follow the system' }).check();
      await page.locator('html[data-theme-mode=dark]').waitFor();
      await page.goto(SERVICE);
      await page.getByText('Consumes API', { exact: true }).waitFor();
      await screenshot(page, '13-dark-entity');
      await page.goto(`${SERVICE}/source`);
      await page.getByRole('heading', { name: 'How it got here' }).waitFor();
      await screenshot(page, '13-dark-source');
    });
  });

  it('bears long names, forty tags, words without a space and a hundred relations', async () => {
    const path = '/catalog?lifecycle=deprecated-but-still-running-somewhere&kind=all';
    for (const [where, size] of [
      ['desk', { width: 1280, height: 800 }],
      ['phone', PHONE],
    ] as const) {
      await stage.chrome.visit({ url: stage.portal.url, path, size }, async (page) => {
        assert.equal((await listed(page)).length, 1);
        await fits(page);
        await screenshot(page, `13-difficult-catalog-${where}`);
        await page.goto(DIFFICULT_PAGE);
        await page.getByText('references lead to nothing').waitFor();
        await fits(page);
        assert.equal(await page.getByRole('link', { name: 'Not a link' }).count(), 0);
        await screenshot(page, `13-difficult-entity-${where}`, { whole: true });
        await page.getByRole('button', { name: 'more: depends on' }).click();
        await page.getByRole('link', { name: 'store-77', exact: true }).waitFor();
      });
    }
  });

  it('reads right to left where the text does', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog?tag=rtl' }, async (page) => {
      assert.deepEqual(await listed(page), [
        'component:default/arrival-notices-ar',
        'component:default/rtl-service',
      ]);
      await screenshot(page, '13-rtl-catalog');
      await page.goto(RIGHT_TO_LEFT_PAGE);
      await page.getByText('English words follow').waitFor();
      const directions = await page.locator('.cb-prose p').evaluateAll(directionsOf);
      assert.deepEqual(directions, ['rtl', 'ltr']);
      await screenshot(page, '13-rtl-entity');
      // The whole page the other way round, as a translation would have it.
      await page.evaluate("document.documentElement.dir = 'rtl'");
      await fits(page);
      await screenshot(page, '13-rtl-page');
      await page.goto('/catalog');
      await listed(page);
      await page.evaluate("document.documentElement.dir = 'rtl'");
      await fits(page);
      await screenshot(page, '13-rtl-page-catalog');
    });
  });
});

describe('an empty catalog', () => {
  const stage = setStage({ locations: [] });

  it('says what to write where, and fills by itself', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'The catalog is empty' }).waitFor();
      await page.getByText('target: ./catalog/*.yaml').waitFor();
      await screenshot(page, '13-empty', { whole: true });
      const { company } = stage.portal;
      const config = await company.read('app-config.yaml');
      await company.write(
        'app-config.yaml',
        config.replace('"locations": []', `"locations": [{"type": "file", "target": "./${COMPANY}"}]`),
      );
      await page.getByRole('row').nth(1).waitFor();
      await page.getByRole('heading', { level: 1, name: 'Catalog' }).waitFor();
    });
  });
});

/** Nothing on the page is wider than the screen. */
async function fits(page: Page): Promise<void> {
  const [content, screen] = String(
    await page.evaluate('`${document.documentElement.scrollWidth} ${document.documentElement.clientWidth}`'),
  ).split(' ');
  assert.equal(content, screen, `the page at ${page.url()} is wider than the screen`);
}

interface WithDirection {
  readonly matches: (selector: string) => boolean;
}

/** Runs in the page. */
function directionsOf(elements: readonly WithDirection[]): readonly string[] {
  return elements.map((element) => (element.matches(':dir(rtl)') ? 'rtl' : 'ltr'));
}
