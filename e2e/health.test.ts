/** The portal about itself: figures, sources, problems, configuration. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { PHONE, screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const BROKEN = 'broken/catalog-info.yaml';
const NEVER_GOOD = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: never-good }
spec: { type: service }
`;
const SECRET = 'the-secret-of-this-test';

describe('the health pages', () => {
  const stage = setStage({
    files: {
      [BROKEN]: `${NEVER_GOOD}---\n${NEVER_GOOD.replace('never-good', 'fine').replace('type: service', 'type: service, lifecycle: production, owner: booking')}`,
    },
    locations: [COMPANY],
    catalog: {
      locations: [
        { type: 'file', target: `./${COMPANY}` },
        { type: 'file', target: `./${BROKEN}` },
        { type: 'file', target: './gone/catalog-info.yaml' },
      ],
    },
    auth: {
      providers: { guest: { userEntityRef: 'user:default/guest' } },
      keys: [{ secret: Buffer.from(SECRET).toString('base64') }],
    },
  });

  it('counts entities by state, and measures each stage', async () => {
    await until('everything is read', async () => (await stage.portal.total()) > 100);
    await until('what is broken is known', async () => {
      const answer = await stage.portal.ask('/api/catalog/problems?state=pending');
      return isObject(answer) && answer['total'] === 1;
    });
    await stage.chrome.visit({ url: stage.portal.url, path: '/health' }, async (page) => {
      // One was never good, so the API does not list it.
      const total = (await stage.portal.total()) + 1;
      await page.getByText(String(total), { exact: true }).first().waitFor();
      const stages = page.getByRole('table', { name: 'Stages of taking in' });
      for (const name of ['Read', 'Parse', 'Process', 'Store', 'Index']) {
        await stages.getByRole('row').filter({ hasText: name }).first().waitFor();
      }
      await page.getByRole('table', { name: 'Busiest routes' }).getByText('/api/catalog/status').waitFor();
      await screenshot(page, '21-health', { whole: true });
      await page.locator('.figure').filter({ hasText: 'Never good' }).getByRole('link').click();
      await page.getByRole('link', { name: 'never-good' }).waitFor();
    });
  });

  it('lists the sources with what went wrong, and reads one again', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/health/sources' }, async (page) => {
      const table = page.getByRole('table', { name: 'Sources' });
      const gone = table.getByRole('row').filter({ hasText: 'gone/catalog-info.yaml' });
      await gone.locator('.source-error').waitFor();
      await screenshot(page, '21-sources', { whole: true });
      const company = table.getByRole('row').filter({ hasText: COMPANY }).first();
      await company.getByRole('button', { name: /^Read .* again$/ }).click();
      await company.getByText('Asked').first().waitFor();
    });
  });

  it('narrows the problems by state, in the address', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/health/problems' }, async (page) => {
      await page.getByRole('button', { name: /^Never good/ }).click();
      await page.waitForURL('**/health/problems?state=pending');
      await page.getByRole('link', { name: 'never-good' }).waitFor();
      await screenshot(page, '21-problems', { whole: true });
      await page.goBack();
      await page.getByRole('button', { name: /^All/ }).and(page.locator('[aria-pressed=true]')).waitFor();
    });
  });

  it('shows the configuration in force, and no secret', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/health/configuration' }, async (page) => {
      const text = page.getByRole('region', { name: 'Configuration as YAML' });
      await text.getByText('better-sqlite3').waitFor();
      const shown = await text.innerText();
      assert.ok(shown.includes('gone/catalog-info.yaml'));
      assert.ok(!shown.includes(SECRET) && !shown.includes(Buffer.from(SECRET).toString('base64')));
      await screenshot(page, '21-configuration');
    });
  });

  it('fits a phone', async () => {
    const { url } = stage.portal;
    for (const view of ['', '/sources', '/problems', '/configuration']) {
      await stage.chrome.visit({ url, path: `/health${view}`, size: PHONE }, async (page) => {
        await page.getByRole('heading', { level: 1, name: 'Health' }).waitFor();
        await page.locator('table, .problem-rows, pre').first().waitFor();
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
        await screenshot(page, `21-health-phone${view.replace('/', '-')}`, { whole: true });
      });
    }
  });
});
