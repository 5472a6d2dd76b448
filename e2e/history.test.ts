/** What an entity was before, and how it goes: history, differences, unregistering. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { startPortal, type Portal } from './portal.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { launchChrome, type Chrome } from './browser.fixture.ts';
import { until } from './until.fixture.ts';

const FILE = 'own/catalog-info.yaml';
const FIRST = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ledger, title: Ledger, description: the first words }
spec: { type: service, lifecycle: experimental, owner: booking }
`;
const SECOND = FIRST.replace('the first words', 'the second words').replace('experimental', 'production');
const PAGE = '/catalog/default/component/ledger';
const API = '/api/catalog/entities/by-name/component/default/ledger';

describe('the history of an entity', () => {
  const stage = setStage({ files: { [FILE]: FIRST }, locations: [COMPANY, FILE] });

  it('shows each change, and what differs', async () => {
    const { company, ask } = stage.portal;
    const changes = async (): Promise<readonly unknown[]> => {
      const answer = await ask(`${API}/history`);
      const items: unknown = isObject(answer) ? answer['items'] : [];
      return Array.isArray(items) ? items.map((item: unknown) => isObject(item) && item['change']) : [];
    };
    await company.write(FILE, SECOND);
    await until('the change is known', async () => (await changes()).length === 2);
    await company.write(FILE, SECOND.replace(', owner: booking', ''));
    await until('the failure is known', async () => (await changes()).length === 3);
    await company.write(FILE, SECOND);
    await until('the repair is known', async () => (await changes()).length === 4);
    assert.deepEqual(await changes(), ['repaired', 'failing', 'changed', 'added']);

    await stage.chrome.visit({ url: stage.portal.url, path: PAGE }, async (page) => {
      await page.getByRole('link', { name: 'History' }).click();
      const changed = page.locator('.version').filter({ hasText: 'Changed' });
      await changed.getByText('metadata.description, spec.lifecycle').waitFor();
      await changed.getByRole('button', { name: 'Show what changed' }).click();
      const diff = changed.getByRole('region');
      await diff.getByText('the first words').waitFor();
      assert.match(await diff.innerText(), /−[^]*the first words[^]*\+[^]*the second words/);
      const failing = page.locator('.version').filter({ hasText: 'Failing' });
      await failing.getByText('spec.owner is missing').waitFor();
      await screenshot(page, '22-history', { whole: true });
    });
  });

  it('remembers an entity that is gone', async () => {
    await stage.portal.company.write(FILE, '# nothing\n');
    await until(
      'the entity is gone',
      async () => (await stage.portal.total({ 'metadata.name': 'ledger' })) === 0,
    );
    const expects = [/^answer: 404 .*ledger/, /^console: .* 404 .*ledger/];
    await stage.chrome.visit({ url: stage.portal.url, path: PAGE, expects }, async (page) => {
      await page.getByText('It was in the catalog until it was removed').waitFor();
      await screenshot(page, '22-removed', { whole: true });
    });
  });
});

describe('registering and unregistering', () => {
  let forge: Server;
  let portal: Portal;
  let chrome: Chrome;
  let target = '';

  before(async () => {
    forge = createServer((_request, response) => {
      response.end(
        `${FIRST}---\n${FIRST.replace('name: ledger', 'name: ledger-api').replace('title: Ledger', 'title: Ledger archive')}`,
      );
    }).listen(0, '127.0.0.1');
    await once(forge, 'listening');
    const address = forge.address();
    const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    target = `http://${host}/shop/catalog-info.yaml`;
    portal = await startPortal({ backend: { reading: { allow: [{ host }] } } });
    chrome = await launchChrome();
  });
  after(async () => {
    await chrome[Symbol.asyncDispose]();
    await portal[Symbol.asyncDispose]();
    forge.close();
  });

  it('shows what a file brings, registers it, and takes it away again', async () => {
    await chrome.visit({ url: portal.url }, async (page) => {
      await page.getByRole('link', { name: 'Register what exists' }).click();
      const field = page.getByRole('textbox', { name: 'URL of the file' });
      await field.fill('not a url');
      await page.getByRole('button', { name: 'Look at it first' }).click();
      await page.getByText('This is not the URL of a file').waitFor();
      assert.equal(await field.inputValue(), 'not a url');
      await field.fill(target);
      await page.getByRole('button', { name: 'Look at it first' }).click();
      await page.getByText('It brings 2 entities').waitFor();
      await screenshot(page, '23-register');
      await page.getByRole('button', { name: 'Register', exact: true }).click();
      await page.getByText('The portal is reading the file now').waitFor();
      await until(
        'they are in the catalog',
        async () => (await portal.total({ 'metadata.title': 'Ledger archive' })) === 1,
      );

      await page.goto(PAGE);
      await page.getByRole('heading', { level: 1, name: 'Ledger' }).waitFor();
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: /Unregister/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('component:default/ledger-api').waitFor();
      await screenshot(page, '23-unregister');
      await dialog.getByRole('button', { name: 'Unregister', exact: true }).click();
      await page.waitForURL('**/catalog');
    });
    assert.equal(await portal.total({ 'metadata.title': 'Ledger archive' }), 0);
    assert.deepEqual(await portal.ask('/api/catalog/locations'), []);
  });

  it('says why what the configuration brings cannot be unregistered here', async () => {
    await chrome.visit(
      { url: portal.url, path: '/catalog/default/component/booking-service' },
      async (page) => {
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('menuitem', { name: /Unregister/ }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText('catalog.locations of the configuration').waitFor();
        await screenshot(page, '23-configured');
        await dialog.getByRole('button', { name: 'Close' }).first().click();
        await dialog.waitFor({ state: 'detached' });
      },
    );
  });
});
