/** The page of an entity that goes away, is slow to come, comes as nonsense, wants to run code, or has 20 MB. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import { PHONE, screenshot } from './browser.fixture.ts';
import { address, untilAddress } from './catalog-page.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { HOSTILE, HOSTILE_PAGE, HOSTILE_USER_PAGE } from './hostile.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';
const HOSTILE_FILE = 'hostile/catalog-info.yaml';
const LEAVING_FILE = 'leaving/catalog-info.yaml';
const LEAVING = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: leaving, title: Leaving soon, description: what it was }
spec: { type: service, lifecycle: production, owner: booking }
`;
const FILES = { [HOSTILE_FILE]: HOSTILE, [LEAVING_FILE]: LEAVING };

describe('the page of an entity', () => {
  const stage = setStage({ files: FILES, locations: [COMPANY, ...Object.keys(FILES)] });

  it('stays when the entity goes, says so, and shows it again when it is back', async () => {
    const { company, total } = stage.portal;
    const path = '/catalog/default/component/leaving';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      await page.getByText('what it was').waitFor();
      await company.write(LEAVING_FILE, '# nothing\n');
      await until('it is gone', async () => (await total({ 'metadata.name': 'leaving' })) === 0);
      await comeBack(page);
      const notice = page.getByRole('alert').filter({ hasText: 'component:default/leaving was removed' });
      await notice.waitFor();
      await page.getByText('what it was').waitFor();
      await page.getByRole('link', { name: 'YAML', exact: true }).click();
      await page.getByRole('region', { name: 'YAML of the entity' }).getByText('what it was').waitFor();
      await screenshot(page, '24-removed-while-open');

      await company.write(LEAVING_FILE, LEAVING.replace('what it was', 'what it is now'));
      await until('it is back', async () => (await total({ 'metadata.name': 'leaving' })) === 1);
      await comeBack(page);
      await notice.waitFor({ state: 'detached' });
      await page.getByRole('region', { name: 'YAML of the entity' }).getByText('what it is now').waitFor();

      await company.write(LEAVING_FILE, '# nothing\n');
      await until('it is gone again', async () => (await total({ 'metadata.name': 'leaving' })) === 0);
      await comeBack(page);
      await notice.getByRole('link', { name: 'Go to the catalog' }).click();
      await untilAddress(page, '/catalog?kind=component');
    });
  });

  it('is waited for in words, and kept when the server fails or talks nonsense', async () => {
    const byName = '**/api/catalog/entities/by-name/component/default/booking-service';
    const byRefs = '**/api/catalog/entities/by-refs';
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await stage.chrome.visit(
      {
        url: stage.portal.url,
        path: SERVICE,
        expects: [/^answer: 500 .*by-refs/, /^console: .* 500 .*by-refs/],
        before: async (page) => {
          await page.route(byName, async (route) => {
            await asked;
            await route.continue();
          });
        },
      },
      async (page) => {
        await page.getByRole('heading', { level: 1, name: 'booking-service' }).waitFor();
        await page.getByText('Still loading').waitFor();
        await screenshot(page, '24-slow');
        answer();
        await page.getByText('Accepts bookings, checks them').waitFor();

        const failed = page.getByRole('alert').filter({ hasText: 'could not be read again' });
        for (const [status, body] of [
          [500, '{"error":{"name":"Error","message":"the disk is full"}}'],
          [200, '<html>a proxy</html>'],
          [200, '{"items":"none"}'],
        ] as const) {
          await page.route(byRefs, (route) =>
            route.fulfill({ status, body, contentType: 'application/json' }),
          );
          await comeBack(page);
          await failed.waitFor();
          await page.getByText('Accepts bookings, checks them').waitFor();
          if (status === 500) await screenshot(page, '24-not-read-again');
          await page.unroute(byRefs);
          await failed.getByRole('button', { name: 'Try again' }).click();
          await failed.waitFor({ state: 'detached' });
        }
      },
    );
  });

  it('can be asked for again when the first answer is no entity', async () => {
    const byName = '**/api/catalog/entities/by-name/component/default/booking-service';
    const before = (page: Page): Promise<void> =>
      page
        .route(byName, (route) => route.fulfill({ body: '[]', contentType: 'application/json' }))
        .then(() => undefined);
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE, before }, async (page) => {
      const failed = page.getByRole('alert').filter({ hasText: 'booking-service could not be read' });
      await failed.waitFor();
      await page.unroute(byName);
      await failed.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('Accepts bookings, checks them').waitFor();
    });
  });

  it('runs nothing of what somebody wrote, and keeps in shape', async () => {
    for (const size of [PHONE, { width: 1280, height: 800 }]) {
      await stage.chrome.visit({ url: stage.portal.url, path: HOSTILE_PAGE, size }, async (page) => {
        for (const path of ['', '/dependencies', '/graph', '/yaml', '/history', '/source']) {
          await page.goto(`${HOSTILE_PAGE}${path}`);
          await page.getByRole('heading', { level: 1, name: 'onerror' }).waitFor();
          await page.waitForLoadState('networkidle');
          await harmless(page);
        }
        await page.goto(HOSTILE_PAGE);
        await page.getByText(/^\d+ annotations$/).click();
        await harmless(page);
        await screenshot(page, `24-hostile-${size === PHONE ? 'phone' : 'desk'}`, { whole: true });
        await page.goto(HOSTILE_USER_PAGE);
        await page.getByText('a@example.com?bcc=b@example.com').waitFor();
        assert.equal(await page.getByRole('main').locator('a[href^=mailto]').count(), 0);
        assert.equal(await page.getByRole('main').locator('img').count(), 0);
        await harmless(page);
        await page.goto('/catalog/default/group/booking/members');
        await page.getByRole('table', { name: 'Members' }).getByText('onerror').waitFor();
        await harmless(page);
      });
    }
  });
});

describe('an API with a definition of 20 MB', () => {
  const line = 'x'.repeat(99);
  const definition = `openapi: 3.1.0\n${`# ${line.slice(2)}\n`.repeat(200_000)}`;
  const huge = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { name: 'huge', title: 'Huge API' },
    spec: { type: 'openapi', lifecycle: 'production', owner: 'booking', definition },
  };
  const odd = {
    ...huge,
    metadata: { name: 'odd' },
    spec: { ...huge.spec, definition: '<html>not found</html>' },
  };
  const file = 'huge/catalog-info.yaml';
  const stage = setStage({
    files: { [file]: `${JSON.stringify(huge)}\n---\n${JSON.stringify(odd)}` },
    locations: [COMPANY, file],
  });

  it('shows its beginning, and gives the whole as a file', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog/default/api/huge' }, async (page) => {
      await page.getByText('Only the beginning is shown. The whole is 20 MB').waitFor();
      assert.ok((await textLength(page)) < 50_000);
      await screenshot(page, '24-huge');
      const [whole] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download the definition, 20 MB' }).click(),
      ]);
      assert.equal(whole.suggestedFilename(), 'huge.yaml');
      assert.ok((await readFile(await whole.path(), 'utf8')) === definition);

      await page.getByRole('link', { name: 'YAML', exact: true }).click();
      await page.getByText('spec.definition', { exact: true }).waitFor();
      assert.ok((await textLength(page)) < 50_000);
      await screenshot(page, '24-huge-yaml');
      const [yaml] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ]);
      const entity: unknown = parse(await readFile(await yaml.path(), 'utf8'));
      assert.ok(isObject(entity) && isObject(entity['spec']));
      assert.ok(entity['spec']['definition'] === definition);
    });
  });

  it('says of a definition that it is not what its type says', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: '/catalog/default/api/odd' }, async (page) => {
      await page.getByText('This does not look like a definition of type openapi.').waitFor();
      await page.getByText('<html>not found</html>').waitFor();
    });
  });
});

/** As somebody does who looked at another window. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
}

async function textLength(page: Page): Promise<number> {
  return Number(await page.evaluate('document.body.textContent.length'));
}

/** Nothing ran, nothing can be pressed that would run, and nothing is wider than the screen. */
async function harmless(page: Page): Promise<void> {
  assert.equal(await page.evaluate('window.hostile'), undefined, address(page));
  const links: unknown = await page.evaluate(
    "[...document.querySelectorAll('a[href], area[href], iframe, object, embed')].map((one) => one.href ?? one.tagName)",
  );
  assert.ok(Array.isArray(links));
  const odd = links.filter((link) => !/^(https?|mailto):/.test(String(link)));
  assert.deepEqual(odd, [], address(page));
  const wider = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(wider, 0, `${address(page)} is wider than the screen`);
}
