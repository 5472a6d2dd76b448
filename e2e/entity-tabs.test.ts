/** The tabs of an entity: which there are for its kind, what they show, and that they are for everybody. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import { axeProblems } from './axe.fixture.ts';
import { PHONE, screenshot } from './browser.fixture.ts';
import { untilAddress } from './catalog-page.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { HOSTILE, HOSTILE_PAGE } from './hostile.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const SERVICE = '/catalog/default/component/booking-service';
const FREIGHT = '/catalog/default/group/freight';

const HOSTILE_FILE = 'hostile/catalog-info.yaml';
const HUB_FILE = 'hub/catalog-info.yaml';
/** One that five hundred others depend on, and one without anything that can be left out. */
const HUB = [
  { name: 'hub', spec: { type: 'service', lifecycle: 'production', owner: 'booking' } },
  ...Array.from({ length: 500 }, (_, index) => ({
    name: `spoke-${index}`,
    spec: {
      type: index % 2 === 0 ? 'service' : 'library',
      lifecycle: 'x',
      owner: 'yard',
      dependsOn: ['component:hub'],
    },
  })),
]
  .map(({ name, spec }) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec,
  }))
  .map((entity) => JSON.stringify(entity))
  .join('\n---\n');
const FILES = { [HOSTILE_FILE]: HOSTILE, [HUB_FILE]: HUB };

describe('the tabs of an entity', () => {
  const stage = setStage({ files: FILES, locations: [COMPANY, ...Object.keys(FILES)] });

  it('are those of its kind', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE }, async (page) => {
      assert.deepEqual(await tabTitles(page), [
        'Overview',
        'Dependencies',
        'Relations',
        'YAML',
        'History',
        'Why?',
      ]);
      for (const [path, own] of [
        ['/catalog/default/group/booking', ['Ownership', 'Members', 'Org chart']],
        ['/catalog/default/user/web-lead', ['Ownership', 'Org chart']],
        ['/catalog/default/system/booking', ['Dependencies']],
        ['/catalog/default/api/booking-api', ['Dependencies']],
        ['/catalog/default/location/harbourline', []],
        ['/catalog/default/template/new-service', []],
      ] as const) {
        await page.goto(path);
        const titles = await tabTitles(page);
        assert.deepEqual(titles, ['Overview', ...own, 'Relations', 'YAML', 'History', 'Why?'], path);
      }
    });
  });

  it('have the addresses of Backstage as well, and say when there is no such view', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: `${SERVICE}/apis` }, async (page) => {
      await untilAddress(page, `${SERVICE}/dependencies`);
      await page.getByRole('heading', { level: 2, name: 'Consumes API' }).waitFor();
      for (const [other, path] of [
        ['/relations', '/graph'],
        ['/diagram', '/graph'],
        ['?inspect=yaml', '/yaml'],
        ['?inspect=ancestry', '/source'],
      ] as const) {
        await page.goto(`${SERVICE}${other}`);
        await untilAddress(page, `${SERVICE}${path}`);
      }
      await page.goto(`${SERVICE}/members`);
      await page.getByRole('heading', { level: 1, name: 'Booking service' }).waitFor();
      await page.getByRole('heading', { level: 2, name: 'This entity has no such view' }).waitFor();
      await screenshot(page, '24-no-such-view');
      await page.getByRole('link', { name: 'Go to the overview' }).click();
      await untilAddress(page, SERVICE);
    });
  });

  it('list five hundred dependencies, and find some by their facts', async () => {
    const path = '/catalog/default/component/hub/dependencies';
    await stage.chrome.visit({ url: stage.portal.url, path }, async (page) => {
      const table = page.getByRole('table', { name: 'Dependency of' });
      await table.getByRole('link', { name: 'Yard' }).first().waitFor();
      assert.equal(await table.getByRole('row').count(), 51);
      await page.getByRole('button', { name: '450 more: dependency of' }).click();
      assert.equal(await table.getByRole('row').count(), 251);
      await page.getByRole('searchbox').fill('library 499');
      await page.getByText('1 of 500').waitFor();
      await table.getByRole('link', { name: 'spoke-499' }).waitFor();
      await untilAddress(page, `${path}?q=library+499`);
      await screenshot(page, '24-dependencies');
      await page.getByRole('searchbox').fill('nothing like it');
      await page.getByText('Nothing fits the filter.').waitFor();
    });
  });

  it('say what a group owns, alone and with the groups below it', async () => {
    const direct = await stage.portal.total({ 'relations.ownedBy': 'group:default/freight' });
    await stage.chrome.visit({ url: stage.portal.url, path: `${FREIGHT}/ownership` }, async (page) => {
      const tables = page.getByRole('table');
      await tables.first().waitFor();
      assert.equal(await tables.getByRole('row').count(), direct + (await tables.count()));
      await page.getByRole('switch', { name: 'With sub-groups' }).press('Space');
      await page.getByRole('heading', { level: 2, name: /^Component/ }).waitFor();
      await untilAddress(page, `${FREIGHT}/ownership?reach=wide`);
      await tables.getByRole('link', { name: 'Booking service' }).waitFor();
      await tables.getByRole('link', { name: 'Routing engine' }).waitFor();
      await screenshot(page, '24-ownership', { whole: true });
      await page.getByRole('link', { name: 'Open in the catalog: System' }).click();
      await untilAddress(
        page,
        `/catalog?${new URLSearchParams([
          ['kind', 'system'],
          ['owner', 'group:default/freight'],
          ['owner', 'group:default/booking'],
          ['owner', 'group:default/routing'],
        ]).toString()}`,
      );
    });
  });

  it('lead through the organization by keyboard', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: `${FREIGHT}/org` }, async (page) => {
      const tree = page.getByRole('tree', { name: 'Organization' });
      const focused = tree.locator(':focus');
      await tree.getByRole('treeitem', { name: 'Freight' }).focus();
      assert.equal(await focused.getAttribute('aria-current'), 'true');
      assert.equal(await focused.getAttribute('aria-expanded'), 'true');

      // Into the team below, which opens, and down to its first member.
      await page.keyboard.press('ArrowRight');
      await untilFocused(page, 'Booking');
      await page.keyboard.press('ArrowRight');
      await tree.getByRole('treeitem', { name: 'Booking engineer' }).waitFor();
      assert.equal(await focused.getAttribute('aria-expanded'), 'true');
      await page.keyboard.press('ArrowRight');
      await untilFocused(page, 'Booking engineer');
      assert.equal(await focused.getAttribute('aria-level'), '5');
      await screenshot(page, '24-org-chart');

      // Back out, to the top, and by a letter to another unit.
      await page.keyboard.press('ArrowLeft');
      await untilFocused(page, 'Booking');
      await page.keyboard.press('Home');
      await untilFocused(page, 'Harbourline');
      await page.keyboard.press('o');
      await untilFocused(page, 'Operations');
      await page.keyboard.press('Space');
      await tree.getByRole('treeitem', { name: 'Vessel operations' }).waitFor();
      await page.keyboard.press('ArrowLeft');
      await tree.getByRole('treeitem', { name: 'Vessel operations' }).waitFor({ state: 'detached' });
      await page.keyboard.press('Enter');
      await untilAddress(page, '/catalog/default/group/operations');
    });
  });

  it('show the members of a group with their pictures, or letters in place of them', async () => {
    await stage.chrome.visit(
      { url: stage.portal.url, path: '/catalog/default/group/engineering/members' },
      async (page) => {
        await page.getByText('Nobody is a member of it.').waitFor();
        await page.getByRole('switch', { name: 'With sub-groups' }).press('Space');
        const table = page.getByRole('table', { name: 'Members' });
        await table.getByRole('link', { name: 'Booking lead' }).waitFor();
        await page.getByRole('searchbox').fill('web');
        await until(
          'the list is narrowed',
          async () => (await table.getByRole('link', { name: 'Booking lead' }).count()) === 0,
        );
        await table.getByRole('link', { name: 'web-lead@example.com' }).waitFor();
        await screenshot(page, '24-members');
      },
    );
  });

  it('scroll sideways on a phone, to the one that is open', async () => {
    const path = '/catalog/default/group/booking/source';
    await stage.chrome.visit({ url: stage.portal.url, path, size: PHONE }, async (page) => {
      const views = page.getByRole('navigation', { name: 'Views of the entity' });
      const why = views.getByRole('link', { name: 'Why?' });
      await why.waitFor();
      await until('the open tab is seen', async () => {
        const box = await why.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= PHONE.width;
      });
      const wider = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(wider, 0);
      await screenshot(page, '24-phone-tabs');
      await page.goto('/catalog/default/group/freight/org');
      await page.getByRole('treeitem', { name: 'Freight' }).waitFor();
      await screenshot(page, '24-phone-org-chart');
    });
  });

  for (const colours of ['light', 'dark'] as const) {
    it(`have nothing serious for axe, in ${colours}`, async () => {
      await stage.chrome.visit({ url: stage.portal.url, path: SERVICE, colours }, async (page) => {
        for (const [path, text] of [
          [SERVICE, 'Consumes API'],
          [`${SERVICE}/dependencies`, 'Consumes API'],
          [`${SERVICE}/yaml`, 'apiVersion:'],
          [`${SERVICE}/nothing`, 'This entity has no such view'],
          ['/catalog/default/api/booking-api', 'openapi: 3.1.0'],
          ['/catalog/default/system/booking', 'booking-db'],
          ['/catalog/default/template/new-service', 'Asks for'],
          ['/catalog/default/location/harbourline', './org.yaml'],
          [`${FREIGHT}/ownership?reach=wide`, 'Booking service'],
          ['/catalog/default/group/booking', 'Booking engineer'],
          ['/catalog/default/group/booking/members', 'Booking lead'],
          [`${FREIGHT}/org`, 'Routing'],
          ['/catalog/default/user/ops-lead', 'Vessel operations'],
          [HOSTILE_PAGE, 'A button'],
        ] as const) {
          await page.goto(path);
          await page.getByRole('main').getByText(text).first().waitFor();
          const problems = await axeProblems(page);
          assert.deepEqual(problems, [], path);
        }
      });
    });
  }
});

describe('the menu of an entity', () => {
  const stage = setStage();

  it('is worked with by keyboard, and gives back the focus', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE }, async (page) => {
      const more = page.getByRole('button', { name: 'More', exact: true });
      await more.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Copy the link' }).waitFor();
      await screenshot(page, '24-menu');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Copied').waitFor();
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), `${stage.portal.url}${SERVICE}`);
      await until(
        'the button has the focus again',
        async () => (await more.and(page.locator(':focus')).count()) === 1,
      );

      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Copy as YAML' }).click();
      await until('the YAML is in the clipboard', async () => {
        const copied: unknown = parse(String(await page.evaluate('navigator.clipboard.readText()')));
        return isObject(copied) && copied['kind'] === 'Component';
      });
    });
  });

  it('stands beside the star, which is kept, and the visit is remembered', async () => {
    await stage.chrome.visit({ url: stage.portal.url, path: SERVICE }, async (page) => {
      const star = page.getByRole('button', { name: 'Star Booking service' });
      await star.click();
      await page.locator('[aria-pressed=true]').and(star).waitFor();
      await page.goto('/');
      await until('the first page has it twice', async () => {
        return (await page.getByRole('main').getByRole('link', { name: 'Booking service' }).count()) >= 2;
      });
    });
  });

  it('says so when the star is not kept, until it is', async () => {
    const path = '/catalog/default/component/route-planner';
    const expects = [/status of 500/, /500 .*user-settings/];
    await stage.chrome.visit({ url: stage.portal.url, path, expects }, async (page) => {
      const star = page.getByRole('button', { name: /^Star / });
      await page.locator('[aria-pressed=false]').and(star).waitFor();
      const settings = '**/api/user-settings/**/entityRefs';
      await page.route(settings, (route) =>
        route.request().method() === 'PUT' ? route.fulfill({ status: 500, body: 'no' }) : route.continue(),
      );
      await star.click();
      const bar = page.getByRole('alert').filter({ hasText: 'was not saved' });
      await bar.waitFor();
      await page.locator('[aria-pressed=false]').and(star).waitFor();
      await screenshot(page, '27-not-saved');
      await page.unroute(settings);
      await star.click();
      await bar.waitFor({ state: 'detached' });
      await page.locator('[aria-pressed=true]').and(star).waitFor();
    });
  });
});

async function tabTitles(page: Page): Promise<readonly string[]> {
  const links = page.getByRole('navigation', { name: 'Views of the entity' }).getByRole('link');
  await links.first().waitFor();
  return links.allInnerTexts();
}

async function untilFocused(page: Page, name: string): Promise<void> {
  await until(`${name} has the focus`, async () => {
    const text = await page.getByRole('tree').locator(':focus .cb-link').innerText();
    assert.equal(text, name);
    return true;
  });
}
