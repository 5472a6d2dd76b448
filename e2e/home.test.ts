/** The first page of somebody who owns something, and of somebody who does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { PHONE, screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const OWNER = 'group:default/booking';
const FAILING = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: berth-planner, title: Berth planner }
spec: { type: service, lifecycle: production, owner: booking }
`;
const FILE = 'mine/catalog-info.yaml';

describe('the first page', () => {
  const stage = setStage({
    user: 'user:default/booking-lead',
    files: { [FILE]: FAILING },
    locations: [COMPANY, FILE],
  });

  it('shows what I own, by kind', async () => {
    const owned = await stage.portal.total({ kind: 'component', 'relations.ownedBy': OWNER });
    assert.ok(owned > 0);
    await stage.chrome.visit({ url: stage.portal.url }, async (page) => {
      await page.getByRole('heading', { level: 1, name: /^Hello, / }).waitFor();
      await page.getByRole('heading', { level: 3, name: 'Component' }).waitFor();
      await page.getByRole('link', { name: 'Booking service' }).first().waitFor();
      await screenshot(page, '20-home', { whole: true });
    });
  });

  it('says what of mine is failing, and leads to all of it', async () => {
    const { company, ask } = stage.portal;
    await company.write(FILE, FAILING.replace(', owner: booking', ''));
    await until('the API says that it fails', async () => {
      const answer = await ask(`/api/catalog/problems?owner=${encodeURIComponent(OWNER)}&state=failing`);
      return isObject(answer) && answer['total'] === 1;
    });
    await stage.chrome.visit({ url: stage.portal.url }, async (page) => {
      const card = page
        .getByRole('listitem')
        .filter({ hasText: 'Berth planner' })
        .filter({ hasText: 'Failing' });
      await card.getByText('spec.owner').waitFor();
      await screenshot(page, '20-home-failing', { whole: true });
      await page.getByRole('link', { name: '1 Failing' }).click();
      await page.waitForURL('**/health/problems?state=failing');
      await page.locator('.health .problem-rows').getByRole('link', { name: 'Berth planner' }).click();
      await page.getByRole('heading', { level: 1, name: 'Berth planner' }).waitFor();
    });
    await company.write(FILE, FAILING);
  });

  it('keeps stars and visits, also after a reload', async () => {
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog/default/component/booking-service' },
      async (page) => {
        await page.getByRole('button', { name: 'Star Booking service' }).click();
        await page.getByRole('link', { name: 'Home', exact: true }).click();
        const starred = page.locator('.home-card').filter({ hasText: 'Starred' });
        await starred.getByRole('link', { name: 'Booking service' }).waitFor();
        const recent = page.locator('.home-card').filter({ hasText: 'Recent' });
        await recent.getByRole('link', { name: 'Booking service' }).waitFor();
        await until('the star is on the server', async () => {
          const answer = await stage.portal.ask('/api/user-settings/multiget', {
            items: [{ bucket: 'starredEntities', key: 'entityRefs' }],
          });
          return JSON.stringify(answer).includes('component:default/booking-service');
        });
        await page.reload();
        await starred.getByRole('link', { name: 'Booking service' }).waitFor();
        await recent.getByRole('link', { name: 'Booking service' }).waitFor();
      },
    );
  });

  it('fits a phone and the dark', async () => {
    const { url } = stage.portal;
    await stage.chrome.visit({ url, size: PHONE, colours: 'dark' }, async (page) => {
      await page.getByRole('heading', { level: 3, name: 'Component' }).waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
      await screenshot(page, '20-home-phone-dark', { whole: true });
    });
  });
});

describe('the first page of somebody who owns nothing', () => {
  const stage = setStage();

  it('says what would count, and shows how the whole catalog is', async () => {
    await stage.chrome.visit({ url: stage.portal.url }, async (page) => {
      await page.getByText('You own nothing yet.').waitFor();
      await page.getByRole('link', { name: 'group:guests' }).waitFor();
      await page.getByRole('radio', { name: 'Everything', checked: true }).waitFor();
      await screenshot(page, '20-home-guest', { whole: true });
    });
  });
});
