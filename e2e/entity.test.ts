/** The page of one entity: what it says of itself, what it has to do with others, its YAML, and where it is not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { parse } from 'yaml';
import { screenshot } from './browser.fixture.ts';
import { address, choose, untilAddress, untilCount } from './catalog-page.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';
const SERVICE_API = '/api/catalog/entities/by-name/component/default/booking-service';

describe('the entity page', () => {
  const stage = setStage();

  it('opens from the table, leads along relations both ways, and back to the filtered list', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog' }, async (page) => {
      await choose(page, 'Type', 'service');
      await untilCount(
        page,
        await stage.portal.total({ kind: 'component', 'spec.type': 'service' }),
        'Component',
      );
      await page.getByRole('table').getByRole('link', { name: 'Booking service' }).click();
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      assert.equal(address(page), SERVICE);
      assert.equal(await page.title(), 'Booking service · Component · Callboard');

      await page.getByText('Accepts bookings, checks them, holds space').waitFor();
      await page.getByRole('link', { name: 'Runbook' }).waitFor();
      assert.equal(
        await page.getByRole('link', { name: 'Runbook' }).getAttribute('rel'),
        'noopener noreferrer',
      );
      await page.getByText('Provides API', { exact: true }).waitFor();
      await page.getByText('Depends on', { exact: true }).waitFor();
      await screenshot(page, '05-entity');
      await screenshot(page, '05-entity-whole', { whole: true });

      // From the service to the database it depends on, and back along the other direction.
      await page.getByRole('link', { name: 'booking-db' }).click();
      await page.getByRole('heading', { level: 1, name: 'booking-db' }).waitFor();
      await page.getByText('Dependency of', { exact: true }).waitFor();
      await screenshot(page, '05-resource');
      await page.getByRole('link', { name: 'Booking service' }).click();
      await untilAddress(page, SERVICE);
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'booking-db' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      await page.goBack();
      await untilAddress(page, '/catalog?type=service');
      await untilCount(
        page,
        await stage.portal.total({ kind: 'component', 'spec.type': 'service' }),
        'Component',
      );
    });
  });

  it('marks a relation that leads to nothing, and offers what there is instead', async () => {
    await stage.chrome.visit(
      {
        url: stage.portal.url,
        path: '/catalog/default/component/edi-gateway-legacy',
        expects: [/^answer: 404 .*tariff-lookup-v1/, /^console: .* 404 .*tariff-lookup-v1/],
      },
      async (page) => {
        await page.getByText('1 reference leads to nothing').waitFor();
        await page.getByRole('main').getByText('missing', { exact: true }).waitFor();
        await screenshot(page, '05-missing-relation');
        await page.getByRole('link', { name: 'tariff-lookup-v1' }).click();
        await page.getByRole('heading', { name: 'is not in the catalog' }).waitFor();
        await page.getByRole('link', { name: 'Tariff classifier' }).waitFor();
        await screenshot(page, '05-missing-target');
      },
    );
  });

  it('shows people and teams by their names', async () => {
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog/default/group/booking' },
      async (page) => {
        await page.getByRole('heading', { level: 1, name: 'Booking' }).waitFor();
        await page.getByRole('heading', { level: 2, name: 'Members' }).waitFor();
        await page.getByRole('link', { name: 'Booking engineer' }).waitFor();
        await screenshot(page, '05-group', { whole: true });
        await page.goto('/catalog/default/user/web-lead');
        await page.getByRole('heading', { level: 1, name: 'Web lead' }).waitFor();
        await screenshot(page, '05-user');
      },
    );
  });

  it('shows the YAML that the API serves, and copies it', async () => {
    const entity = await stage.portal.ask(SERVICE_API);
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE }, async (page) => {
      await page.getByRole('link', { name: 'YAML', exact: true }).click();
      const text = page.getByRole('region', { name: 'YAML of the entity' });
      const yaml = await text.innerText();
      assert.deepEqual(parse(yaml), entity);
      assert.equal(address(page), `${SERVICE}/yaml`);
      await screenshot(page, '06-yaml');

      await page.getByRole('button', { name: 'Copy the YAML' }).click();
      await page.getByRole('status').getByText('Copied').waitFor();
      const copied = String(await page.evaluate('navigator.clipboard.readText()'));
      assert.deepEqual(parse(copied), entity);
      await page.getByRole('button', { name: 'Copy the reference' }).click();
      await until('the reference is in the clipboard', async () => {
        const now = await page.evaluate('navigator.clipboard.readText()');
        return now === 'component:default/booking-service';
      });
    });
  });

  it('says that an entity is not there, and which names are like it', async () => {
    await stage.chrome.visit(
      {
        url: stage.portal.url,
        path: '/catalog/default/component/booking-servce',
        expects: [/^answer: 404 .*booking-servce/, /^console: .* 404 .*booking-servce/],
      },
      async (page) => {
        await page
          .getByRole('heading', { name: 'component:default/booking-servce is not in the catalog' })
          .waitFor();
        await page.getByRole('link', { name: 'Booking service' }).waitFor();
        await screenshot(page, '10-unknown-entity');
        await page.getByRole('link', { name: 'Search the catalog for “booking”' }).click();
        await page.getByRole('table').getByRole('link', { name: 'Booking service' }).waitFor();

        await page.goto('/no/such/page');
        await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
        await screenshot(page, '10-unknown-page');
        await page.getByRole('link', { name: 'Go to the catalog' }).click();
        await untilAddress(page, '/catalog');
      },
    );
  });

  it('is served for names as people type them', async () => {
    const entity = await stage.portal.ask(SERVICE_API);
    assert.ok(isObject(entity));
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog/Default/COMPONENT/Booking-Service' },
      async (page) => {
        await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      },
    );
  });
});
