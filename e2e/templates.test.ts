/** Software templates: from the form to the repository and the entity, and what happens when something goes wrong on the way. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Locator, Page } from 'playwright-core';
import { startGitServer } from '../packages/scaffolder/src/git/http-backend.fixture.ts';
import { axeProblems } from './axe.fixture.ts';
import { PHONE, screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import { setStage } from './stage.fixture.ts';
import {
  QUAY,
  QUAY_TEXT,
  startTask,
  TEMPLATES,
  TEMPLATES_TEXT,
  timesBegun,
  untilStatus,
} from './templates.fixture.ts';
import { until } from './until.fixture.ts';

/** With what the tests before have left; and words that are there when the page is. */
const PAGES = [
  ['templates', '/create', /^\d+ templates$/],
  ['templates-none', '/create?q=nothing-has-this', 'No template fits this choice'],
  ['form', '/create/templates/default/terraform-module', 'Environments'],
  ['form-missing', '/create/templates/default/nobody-has-this', 'There is no such template'],
  ['tasks', '/create/tasks?by=all', 'tide-tables'],
  ['tasks-none', '/create/tasks?status=cancelled&template=template:default/quay', 'No task fits'],
  ['task-missing', '/create/tasks/nobody-has-this', 'There is no such task'],
  ['approvals', '/create/approvals?show=all', 'K4'],
  ['actions', '/create/actions?name=fetch:template', 'copyWithoutRender'],
  ['fields', '/create/fields?name=EntityPicker', 'allowArbitraryValues'],
  ['expressions', '/create/templating-extensions', 'parseRepoUrl'],
  ['editor', '/create/edit?template=template:default/new-service', 'No problems found'],
] as const;

const LOGIN = { username: 'robot', password: 'quay-side-7' };
const server = await startGitServer({ auth: LOGIN });

describe('software templates', () => {
  const stage = setStage({
    user: 'user:default/booking-lead',
    files: { [TEMPLATES]: TEMPLATES_TEXT, [QUAY]: QUAY_TEXT },
    locations: [COMPANY, TEMPLATES, QUAY],
    integrations: {
      git: [{ host: server.host, baseUrl: server.url, token: LOGIN.password, username: LOGIN.username }],
    },
    scaffolder: {
      defaultEnvironment: { parameters: { gitServer: `${server.url}/harbourline` } },
      // So that a task of a process that was killed goes on soon.
      taskRecovery: { staleTimeout: '2s' },
    },
  });
  after(() => server[Symbol.asyncDispose]());

  it('make a repository and an entity, which remembers the template', async () => {
    await server.createRepository('harbourline/berth-planner');
    const { url, ask } = stage.portal;
    await stage.chrome.visit({ url, path: '/create' }, async (page) => {
      await page.getByText(/^\d+ templates$/).waitFor();
      await picture(page, '40-templates');
      await page.getByRole('link', { name: 'New service' }).click();

      const name = page.getByRole('textbox', { name: /^Name/ });
      await name.fill('Berth Planner');
      await next(page);
      const wrong = page.getByRole('alert').filter({ hasText: 'missing or wrong' });
      await wrong.waitFor();
      await picture(page, '41-form-problems');
      assert.deepEqual(await axeProblems(page), []);
      await name.fill('berth-planner');
      await page.getByRole('textbox', { name: /^What it does/ }).fill('Plans which vessel lies where.');
      await pick(page, 'Owner', 'yard');
      await pick(page, 'System', 'yard');
      await wrong.waitFor({ state: 'detached' });
      await picture(page, '41-form');
      await next(page);

      await page.getByRole('heading', { level: 2, name: 'How it runs' }).waitFor();
      assert.equal(await page.getByRole('textbox', { name: /^Runbook/ }).count(), 0);
      await page.getByRole('combobox', { name: /^Tier/ }).selectOption('1');
      await page.getByRole('textbox', { name: /^Runbook/ }).fill('https://runbooks.example.com/berths');
      await picture(page, '42-form-conditional');
      await next(page);
      await page.getByRole('heading', { level: 2, name: 'Where it goes' }).waitFor();
      await picture(page, '42-form-third');
      await page.getByRole('button', { name: 'Review', exact: true }).last().click();
      await page.getByRole('heading', { level: 2, name: 'Check what you entered' }).waitFor();
      await page.getByText('https://runbooks.example.com/berths').waitFor();
      await picture(page, '43-review');
      assert.deepEqual(await axeProblems(page), []);
      await page.getByRole('button', { name: 'Create', exact: true }).click();

      await page.waitForURL('**/create/tasks/*');
      await page.getByRole('heading', { level: 1, name: /New service berth-planner/ }).waitFor();
      await page.getByText('Done', { exact: true }).first().waitFor();
      await page.getByText('berth-planner for group:default/yard').first().waitFor();
      // The page stands for itself, without what was said on the way to it.
      await page.reload();
      await page.getByText('berth-planner for group:default/yard').first().waitFor();
      await picture(page, '44-task');
      assert.deepEqual(await axeProblems(page), []);
      const taskUrl = new URL(page.url()).pathname;

      await page.getByRole('link', { name: 'In the catalog' }).click();
      await page.getByRole('heading', { level: 1, name: 'berth-planner' }).waitFor();
      await page.getByRole('heading', { name: 'Made by a template' }).waitFor();
      await picture(page, '45-entity');
      assert.equal(await page.locator(`a[href="${taskUrl}"]`).count(), 1);
    });
    const files = await server.git('harbourline/berth-planner', 'ls-tree', '-r', '--name-only', 'main');
    assert.ok(files.split('\n').includes('src/server.ts'), files);
    const info = await server.git('harbourline/berth-planner', 'show', 'main:catalog-info.yaml');
    assert.match(info, /runbooks\.example\.com\/berths/);
    const entity = await ask('/api/catalog/entities/by-name/component/default/berth-planner');
    assert.ok(isObject(entity));
    assert.match(JSON.stringify(entity), /"backstage.io\/source-template":"template:default\/new-service"/);
  });

  it('go on from the failed step once the server takes pushes again', async () => {
    const { portal, chrome } = stage;
    await server.createRepository('harbourline/tide-tables');
    server.refusePushes('The quota of harbourline is used up.');
    const task = await startTask(portal, {
      template: 'new-service',
      values: {
        name: 'tide-tables',
        description: 'Tides of every port we call at.',
        owner: 'group:default/routing',
      },
    });
    await chrome.visit({ url: portal.url, path: `/create/tasks/${task}` }, async (page) => {
      const failure = page.getByRole('alert').filter({ hasText: 'Fill the repository' });
      await failure.getByText('The quota of harbourline is used up.').waitFor();
      await page.getByText('Failed', { exact: true }).first().waitFor();
      await picture(page, '46-task-failed');
      assert.deepEqual(await axeProblems(page), []);
      server.refusePushes(null);
      await page.getByRole('button', { name: 'Retry…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Retry this task?' });
      await dialog.getByLabel('Token for it').waitFor();
      await picture(page, '46-task-retry');
      await dialog.getByRole('button', { name: 'Retry' }).click();
      await page.getByText('Done', { exact: true }).first().waitFor();
      await page.getByRole('link', { name: 'In the catalog' }).waitFor();
      assert.equal(await page.getByRole('alert').count(), 0);
    });
    assert.equal(await timesBegun(portal, task, 'files'), 1);
    assert.equal(await timesBegun(portal, task, 'publish'), 2);
    const commits = await server.git('harbourline/tide-tables', 'rev-list', '--count', 'main');
    assert.equal(commits, '1');
  });

  it('wait for people to agree, also through a restart', async () => {
    const { portal, chrome } = stage;
    const { url } = portal;
    const task = await startTask(portal, { template: 'crane', values: { name: 'K4', hours: 2 } });
    await chrome.visit({ url, path: `/create/tasks/${task}` }, async (page) => {
      await page.getByText('Needs approval').first().waitFor();
      await page.getByText('You are not among those who may decide.').waitFor();
      await picture(page, '47-task-waits');
      assert.deepEqual(await axeProblems(page), []);
    });
    assert.equal(await timesBegun(portal, task, 'book'), 0);
    await portal.stop();
    await portal.start({ user: 'user:default/yard-lead' });
    await chrome.visit({ url, path: '/create' }, async (page) => {
      await page.getByRole('link', { name: /^Approvals/ }).click();
      const card = page.getByRole('article').filter({ hasText: 'K4' });
      await card.getByText('May K4 be taken for 2 hours?').waitFor();
      await picture(page, '48-approvals');
      assert.deepEqual(await axeProblems(page), []);
      await card.getByRole('textbox', { name: 'Reason' }).fill('The berth is free until noon');
      await card.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Nothing awaits your word').waitFor();
      await picture(page, '48-approvals-none');
      await page.getByRole('button', { name: 'Decided by me' }).click();
      await page.getByText('The berth is free until noon').waitFor();
      await picture(page, '48-approvals-decided');
      await page.getByRole('link', { name: 'Show the task' }).click();
      await page.getByText('Done', { exact: true }).first().waitFor();
      await page.getByText(/Approved by user:default\/yard-lead/).waitFor();
      await picture(page, '48-task-approved');
    });
    await untilStatus(portal, task, 'completed');
    assert.equal(await timesBegun(portal, task, 'look'), 1);
  });

  it('go on after the portal was killed in the middle of a step, before the eyes of who watches', async () => {
    const { portal, chrome } = stage;
    const task = await startTask(portal, { template: 'slow-tide', values: { name: 'the lock' } });
    const expects = [/ERR_/];
    await chrome.visit({ url: portal.url, path: `/create/tasks/${task}`, expects }, async (page) => {
      await page.getByRole('button', { name: /^Running: Slack water/ }).waitFor();
      const log = page.getByRole('main');
      await log.getByText('Ebb at the lock', { exact: true }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await picture(page, '49-task-runs');
      await portal.kill();
      await page.getByText('Interrupted; connecting again…').waitFor();
      await picture(page, '49-task-interrupted');
      await portal.start({ user: 'user:default/booking-lead' });
      await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 40_000 });
      await log.getByText('Flood at the lock', { exact: true }).waitFor();
      assert.equal(await log.getByText('Ebb at the lock', { exact: true }).count(), 1);
      await picture(page, '49-task-done');
    });
    assert.equal(await timesBegun(portal, task, 'ebb'), 1);
  });

  it('never show a secret, whatever the steps do with it', async () => {
    const { portal, chrome } = stage;
    const secret = 'Zephyr-4711-under-the-third-bollard';
    const shows = new RegExp(secret);
    await chrome.visit({ url: portal.url, path: '/create/templates/default/lock' }, async (page) => {
      await page.getByRole('textbox', { name: /^Name/ }).fill('gate 3');
      await page.getByLabel(/^Code/).fill(secret);
      await page.getByRole('button', { name: 'Review', exact: true }).last().click();
      await page.getByRole('heading', { level: 2, name: 'Check what you entered' }).waitFor();
      await picture(page, '50-secret-review');
      assert.doesNotMatch(await page.content(), shows);
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.waitForURL('**/create/tasks/*');
      await page.getByText('Failed', { exact: true }).first().waitFor();
      await page.getByText('The code of gate 3 is ***', { exact: true }).waitFor();
      await page.getByText('Values', { exact: true }).click();
      await picture(page, '50-secret-task');
      assert.doesNotMatch(await page.content(), shows);
      const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      for (const part of ['', '/events']) {
        const answer = JSON.stringify(await portal.ask(`/api/scaffolder/v2/tasks/${id}${part}`));
        assert.ok(answer.includes(id));
        assert.doesNotMatch(answer, shows, part);
      }
      assert.equal(await timesBegun(portal, id, 'break'), 1);
    });
    // One that is kept, because its task goes on later.
    await startTask(portal, {
      template: 'crane',
      values: { name: 'K6', hours: 2 },
      secrets: { code: secret },
    });
    await until('it is kept', async () => {
      const answer = await portal.ask('/api/scaffolder/v2/approvals');
      return JSON.stringify(answer).includes('May **K6** be taken');
    });
    assert.doesNotMatch(portal.said.join('\n'), shows);
    const folder = portal.company.path('data');
    const files = (await readdir(folder)).filter((name) => name.startsWith('callboard.sqlite'));
    const contents = await Promise.all(files.map((file) => readFile(join(folder, file))));
    assert.ok(contents.some((bytes) => bytes.includes('May **K6** be taken')));
    assert.ok(contents.every((bytes) => !bytes.includes(secret)));
  });

  it('say at the field what only the server knows to be wrong', async () => {
    const { portal, chrome } = stage;
    const expects = [/^answer: 400 .*\/v2\/tasks/, /^console: .* 400 /];
    const visit = { url: portal.url, path: '/create/templates/default/quay', expects };
    await chrome.visit(visit, async (page) => {
      await page.getByRole('textbox', { name: /^Name/ }).fill('the quay of the old customs house');
      // Somebody changes the template while another one fills in its form.
      await portal.company.edit(QUAY, 'maxLength: 40', 'maxLength: 12');
      await until('the template is the new one', async () => {
        const form = await portal.ask('/api/scaffolder/v2/templates/default/template/quay/parameter-schema');
        return JSON.stringify(form).includes('"maxLength":12');
      });
      await next(page);
      await page.getByRole('textbox', { name: /^Note/ }).fill('Mind the gap');
      await page.getByRole('button', { name: 'Review', exact: true }).last().click();
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      const name = page.getByRole('textbox', { name: /^Name/, description: /12 characters/ });
      await name.waitFor();
      assert.equal(await name.getAttribute('aria-invalid'), 'true');
      await picture(page, '51-form-refused');
      assert.deepEqual(await axeProblems(page), []);
      await name.fill('the old quay');
      await page.getByRole('alert').first().waitFor({ state: 'detached' });
      await next(page);
      await page.getByRole('button', { name: 'Review', exact: true }).last().click();
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.waitForURL('**/create/tasks/*');
      await page.getByText('Done', { exact: true }).first().waitFor();
    });
  });

  it('are filled in and sent by keyboard alone, on a phone too', async () => {
    const { portal, chrome } = stage;
    await chrome.visit({ url: portal.url, path: '/create', size: PHONE, colours: 'dark' }, async (page) => {
      const press = (key: string): Promise<void> => page.keyboard.press(key);
      await page.getByText(/^\d+ templates$/).waitFor();
      await tabTo(page, page.getByRole('link', { name: 'Crane time' }));
      await press('Enter');
      await page.getByRole('textbox', { name: /^Name/ }).waitFor();
      await assertFits(page);
      await picture(page, '52-phone-form');
      await tabTo(page, page.getByRole('textbox', { name: /^Name/ }));
      await page.keyboard.type('K5');
      // From any field, as in every form.
      await press('Enter');
      await page.getByRole('heading', { level: 2, name: 'Check what you entered' }).waitFor();
      await assertFits(page);
      await picture(page, '52-phone-review');
      await tabTo(page, page.getByRole('button', { name: 'Create', exact: true }));
      await press('Enter');
      await page.waitForURL('**/create/tasks/*');
      await page.getByText('Needs approval').first().waitFor();
      await assertFits(page);
      await picture(page, '52-phone-task');
      await tabTo(page, page.getByRole('button', { name: 'Cancel…' }));
      await press('Enter');
      const confirm = page.getByRole('dialog').getByRole('button', { name: 'Cancel the task' });
      await tabTo(page, confirm);
      await press('Enter');
      await page.getByText('Cancelled', { exact: true }).first().waitFor();
    });
  });

  it('are written in an editor with their form, a dry-run and what is wrong', async () => {
    const { portal, chrome } = stage;
    const folder = portal.company.path('catalog/templates/new-service');
    await chrome.visit({ url: portal.url, path: '/create/edit' }, async (page) => {
      await page.getByRole('button', { name: 'Open a folder…' }).waitFor();
      await picture(page, '53-editor-start');
      await page.locator('input[type=file]').setInputFiles(folder);
      const code = page.getByRole('textbox', { name: 'Text of template.yaml' });
      await code.waitFor();
      await page.getByText('No problems found').waitFor();
      const form = page.getByRole('region', { name: 'Form and dry-run' });
      await form.getByRole('textbox', { name: /^Name/ }).fill('tug-orders');
      await form.getByRole('textbox', { name: /^What it does/ }).fill('Orders tugs for vessels.');
      await pick(page, 'Owner', 'yard');
      await picture(page, '53-editor');
      await page.getByRole('button', { name: 'Dry-run', exact: true }).last().click();
      const results = page.getByRole('region', { name: 'What the dry-run gave' });
      await results.getByRole('button', { name: 'package.json' }).click();
      await results.getByText('"name": "tug-orders"').waitFor();
      await picture(page, '54-editor-dry-run');
      assert.deepEqual(await axeProblems(page), []);

      // Another name, and what it changes.
      await form.getByRole('button', { name: 'Form', exact: true }).click();
      await form.getByRole('textbox', { name: /^Name/ }).fill('pilot-orders');
      await page.getByRole('button', { name: 'Dry-run', exact: true }).last().click();
      await results.getByRole('checkbox', { name: /Show changes/ }).check();
      await results.getByRole('button', { name: /^package\.json/ }).click();
      await results.getByText('"name": "pilot-orders"').waitFor();
      await results.getByText('"name": "tug-orders"').waitFor();
      await picture(page, '55-editor-diff');
      assert.deepEqual(await axeProblems(page), []);

      await code.press('Control+End');
      await code.getByText('catalog:register').click();
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Escape');
      const problems = page.getByRole('region', { name: 'Problems' });
      await problems.getByRole('button', { name: /catalog:registe\b/ }).waitFor();
      await page.locator('.cm-lint-marker-error').waitFor();
      await picture(page, '56-editor-lint');
      assert.deepEqual(await axeProblems(page), []);
    });
  });

  it('fit on a phone, in the dark, all of their pages', async () => {
    const { url } = stage.portal;
    const expects = [/nobody-has-this/];
    await stage.chrome.visit({ url, size: PHONE, colours: 'dark', expects }, async (page) => {
      for (const [name, path, words] of PAGES) {
        await page.goto(path);
        await page.getByRole('main').getByText(words).first().waitFor();
        await picture(page, `57-phone-${name}`);
        await assertFits(page);
      }
    });
  });
});

/** A picture of the whole page, whatever part of it was seen. */
async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  await screenshot(page, name, { whole: true });
}

/** A form with more stops than this is not worked with by keyboard. */
const MOST_STOPS = 60;

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${String(target)} in ${MOST_STOPS} steps`);
}

/** Nothing is wider than the screen. */
async function assertFits(page: Page): Promise<void> {
  assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, page.url());
}

function next(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Next', exact: true }).click();
}

/** Types into the picker, and takes the first choice. */
async function pick(page: Page, field: string, text: string): Promise<void> {
  const box = page.getByRole('combobox', { name: new RegExp(`^${field}`) });
  await box.fill(text);
  await page
    .getByRole('option', { name: new RegExp(text, 'i') })
    .first()
    .click();
}
