/** The server goes away while somebody reads, and comes back. */
import { describe, it } from 'node:test';
import { screenshot } from './browser.fixture.ts';
import { choose, untilCount } from './catalog-page.fixture.ts';
import { setStage } from './stage.fixture.ts';

/** What Chromium says of a server that is not there. */
const GONE = [/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE/];

describe('an outage of the server', () => {
  const stage = setStage();

  it('is told in words on every page, and is over by itself', async () => {
    const components = await stage.portal.total({ kind: 'component' });
    const services = await stage.portal.total({ kind: 'component', 'spec.type': 'service' });
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog?kind=component', expects: GONE },
      async (page) => {
        await untilCount(page, components, 'Component');
        // What comes next is loaded ahead, once the list is painted.
        await page.waitForLoadState('networkidle');
        await stage.portal.stop();
        const alert = page.getByRole('alert').filter({ hasText: 'could not be read' });
        // A page that is opened now: its code is there already, its data is not.
        await page.getByRole('table').getByRole('link', { name: 'Booking service' }).click();
        await alert.getByText('component:default/booking-service could not be read').waitFor();
        await alert.getByText('The server cannot be reached').waitFor();
        await screenshot(page, '14-outage-entity');

        // The list of before is still there; another one cannot be had.
        await page.goBack();
        await untilCount(page, components, 'Component');
        await choose(page, 'Type', 'service');
        await alert.getByText('The catalog could not be read').waitFor();
        await alert.getByText('The server cannot be reached').waitFor();
        const bar = page.locator('.cb-bar').filter({ hasText: 'The server cannot be reached.' });
        await bar.getByRole('button', { name: 'Try again' }).click();
        await screenshot(page, '14-outage-catalog');

        await stage.portal.start();
        await bar.waitFor({ state: 'detached' });
        await untilCount(page, services, 'Component');
        await alert.waitFor({ state: 'detached' });
        await page.getByRole('table').getByRole('link', { name: 'Booking service' }).click();
        await page.getByText('Provides API', { exact: true }).waitFor();
      },
    );
  });

  it('ends by itself for a page that was loaded while the API did not answer', async () => {
    const components = await stage.portal.total({ kind: 'component' });
    await stage.chrome.visit({ url: stage.portal.url, expects: [/ERR_FAILED/] }, async (page) => {
      await page.route('**/api/**', (route) => route.abort());
      await page.goto('/catalog?kind=component');
      await page.getByRole('heading', { level: 1, name: 'The server does not answer' }).waitFor();
      await screenshot(page, '14-outage-start');
      await page.unroute('**/api/**');
      await untilCount(page, components, 'Component');
    });
  });
});
