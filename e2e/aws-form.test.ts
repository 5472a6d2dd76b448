/** A form whose fields follow each other: AWS account, role and region, and a custom field that is compiled while the portal runs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Locator, Page } from 'playwright-core';
import { parse } from 'yaml';
import { axeProblems } from './axe.fixture.ts';
import { screenshot } from './browser.fixture.ts';
import { COMPANY } from './company.fixture.ts';
import type { Portal } from './portal.fixture.ts';
import { setStage } from './stage.fixture.ts';
import { until } from './until.fixture.ts';

const LOOSE = 'own/loose.yaml';
const LOOSE_TEXT = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: loose-account
  title: Loose account
  description: Takes an account by a field that is a file.
spec:
  type: test
  owner: group:default/sre
  parameters:
    - title: Where
      required: [service, account]
      properties:
        service: { type: string, title: Service }
        account:
          type: string
          title: AWS account
          ui:field: LooseAwsAccountPicker
          ui:options: { autofillFrom: service }
  steps:
    - id: say
      name: Say it
      action: debug:log
      input: { message: '\${{ parameters.account }}' }
`;
const EXTENSION = 'extensions/LooseAwsAccountPicker.tsx';
const FORM = '/create/templates/default/aws-workload';
const BOOKING = '210987654301';
const ROUTING = '210987654302';
/** Only for the platform people. */
const PLATFORM = '210987654305';

const textOf = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
/** The accounts that `npm start` has. */
const EXAMPLE: unknown = parse(textOf('app-config.yaml'));

describe('a form with AWS accounts', () => {
  const stage = setStage({
    user: 'user:default/booking-lead',
    files: { [LOOSE]: LOOSE_TEXT, [EXTENSION]: textOf('examples/extensions/LooseAwsAccountPicker.tsx') },
    locations: [COMPANY, LOOSE],
    plugins: ['@callboard/plugin-aws'],
    extra: { aws: isObject(EXAMPLE) ? EXAMPLE['aws'] : null },
    integrations: { git: [{ host: 'local', folder: './data/repositories' }] },
    scaffolder: { defaultEnvironment: { parameters: { gitServer: 'file://local/harbourline' } } },
  });

  it('follows the service, and the task gets exactly what is seen', async () => {
    const { portal, chrome } = stage;
    await chrome.visit({ url: portal.url, path: FORM }, async (page) => {
      await begin(page, 'booking');
      await shows(page, { 'AWS account': 'booking-account', Role: 'Deployer', Region: 'eu-central-1' });
      await shows(page, { Environment: 'production' });
      await page.getByRole('textbox', { name: /^Who agreed/ }).waitFor();
      await picture(page, '70-aws-form');
      assert.deepEqual(await axeProblems(page), []);

      await rename(page, 'routing');
      await shows(page, { 'AWS account': 'routing-account', Role: 'Deployer', Region: 'eu-west-1' });
      await shows(page, { Environment: 'staging' });
      await page.getByRole('textbox', { name: /^Who agreed/ }).waitFor({ state: 'detached' });
      await picture(page, '70-aws-form-followed');

      await press(page, 'Review');
      await page.getByRole('heading', { level: 2, name: 'Check what you entered' }).waitFor();
      await picture(page, '71-aws-review');
      await press(page, 'Create');
      await page.waitForURL('**/create/tasks/*');
      await page.getByText('Done', { exact: true }).first().waitFor();
      await page.getByText(`routing goes to ${ROUTING} in eu-west-1 as Deployer`).first().waitFor();
      await picture(page, '71-aws-task');
      assert.deepEqual(await parametersOf(portal, page), {
        service: 'routing',
        owner: 'group:default/booking',
        account: ROUTING,
        role: 'Deployer',
        region: 'eu-west-1',
        environment: 'staging',
      });
    });
  });

  it('keeps what somebody chose, until they want the suggestion back', async () => {
    const { portal, chrome } = stage;
    await chrome.visit({ url: portal.url, path: FORM }, async (page) => {
      await begin(page, 'booking');
      await shows(page, { 'AWS account': 'booking-account' });
      await pick(page, 'AWS account', 'gate-account');
      await shows(page, { 'AWS account': 'gate-account', Role: 'Deployer', Region: 'eu-central-1' });
      await rename(page, 'routing');
      await shows(page, { 'AWS account': 'gate-account' });
      const restore = page.getByRole('button', { name: /^Restore suggestion.*routing-account/ });
      await restore.waitFor();
      await picture(page, '72-aws-chosen');
      assert.deepEqual(await axeProblems(page), []);
      await restore.click();
      await shows(page, { 'AWS account': 'routing-account', Region: 'eu-west-1' });
      await rename(page, 'booking');
      await shows(page, { 'AWS account': 'booking-account', Region: 'eu-central-1' });
    });
  });

  it('keeps a role or region that the next account has as well, and says which one it does not', async () => {
    const { portal, chrome } = stage;
    await chrome.visit({ url: portal.url, path: FORM }, async (page) => {
      await begin(page, 'booking');
      await shows(page, { Role: 'Deployer', Region: 'eu-central-1' });
      await pick(page, 'Role', 'ReadOnly');
      await pick(page, 'Region', 'eu-west-1');
      await pick(page, 'AWS account', 'routing-account');
      await shows(page, { Role: 'Deployer', Region: 'eu-west-1', Environment: 'staging' });
      await page
        .getByText(/“ReadOnly” is no(?:t| longer) possible/)
        .first()
        .waitFor();
      await picture(page, '73-aws-replaced');
      assert.deepEqual(await axeProblems(page), []);
      // It was not forgotten.
      await pick(page, 'AWS account', 'booking-account');
      await shows(page, { Role: 'ReadOnly', Region: 'eu-west-1' });
    });
  });

  it('offers only accounts that the person may use', async () => {
    const { portal, chrome } = stage;
    await chrome.visit({ url: portal.url, path: FORM }, async (page) => {
      await begin(page, 'unheard-of');
      const box = field(page, 'AWS account');
      await box.click();
      await page.getByRole('option', { name: /sandbox/ }).waitFor();
      assert.equal(await page.getByRole('option').count(), 4);
      assert.equal(await page.getByRole('option', { name: /platform-tools/ }).count(), 0);
      assert.equal(await box.inputValue(), '');
      assert.equal(await field(page, 'Role').isDisabled(), true);
      await picture(page, '74-aws-choices');
    });
  });

  const VALUES = { service: 'booking', owner: 'group:default/booking', approver: 'booking-lead' };
  const REFUSED: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['an account that is not there', { ...VALUES, account: '000000000000' }, 'account'],
    ['an account of others', { ...VALUES, account: PLATFORM }, 'account'],
    ['the name of an account for its id', { ...VALUES, account: 'booking-account' }, 'account'],
    ['a role of another account', { ...VALUES, account: BOOKING, role: 'RouteEditor' }, 'role'],
    ['a region of another account', { ...VALUES, account: BOOKING, region: 'eu-north-1' }, 'region'],
    ['a field that is not asked for', { ...VALUES, service: 'routing', account: ROUTING }, 'approver'],
  ];
  for (const [what, values, at] of REFUSED) {
    it(`refuses ${what}, sent straight to the API, at its field`, async () => {
      const { ask } = stage.portal;
      const body = { templateRef: 'template:default/aws-workload', values };
      await assert.rejects(ask('/api/scaffolder/v2/tasks', body), (error) => {
        assert.match(String(error), /: 400 /);
        assert.match(String(error), new RegExp(`"(?:property|field|path)":"?[^"]*\\b${at}\\b`));
        return true;
      });
    });
  }

  it('takes what nobody sent from the suggestions, for the API as in the browser', async () => {
    const { ask } = stage.portal;
    const task = await ask('/api/scaffolder/v2/tasks', {
      templateRef: 'template:default/aws-workload',
      values: VALUES,
    });
    assert.ok(isObject(task) && typeof task['id'] === 'string');
    const read = await ask(`/api/scaffolder/v2/tasks/${task['id']}`);
    assert.deepEqual(parametersIn(read), {
      ...VALUES,
      account: BOOKING,
      role: 'Deployer',
      region: 'eu-central-1',
      environment: 'production',
    });
  });

  it('suggests nothing in the place of a field that has code of its own', async () => {
    const { ask } = stage.portal;
    const body = { templateRef: 'template:default/loose-account', values: { service: 'routing' } };
    await assert.rejects(ask('/api/scaffolder/v2/tasks', body), /: 400 .*account/);
  });

  it('shows its authors what depends on what, with live values, and why', async () => {
    const { portal, chrome } = stage;
    const path = '/create/edit?template=template:default/aws-workload';
    await chrome.visit({ url: portal.url, path }, async (page) => {
      const pane = page.getByRole('region', { name: 'Form and dry-run' });
      await pane.getByRole('textbox', { name: /^Service/ }).fill('routing');
      await pane.getByRole('button', { name: 'Fields', exact: true }).click();
      const drawn = pane.getByRole('region', { name: 'What depends on what' });
      await drawn.getByRole('button', { name: /Role.*Deployer/ }).waitFor();
      await drawn.getByRole('button', { name: /Who agreed.*hidden/ }).click();
      await pane.getByText(/It is hidden: .*environment = 'production'.*staging/).waitFor();
      await picture(page, '76-editor-fields');
      assert.deepEqual(await axeProblems(page), []);
    });
  });

  it('runs a field that is a loose file, and shows at once what is saved in it', async () => {
    const { portal, chrome } = stage;
    await chrome.visit({ url: portal.url, path: '/create/templates/default/loose-account' }, async (page) => {
      await page.getByRole('textbox', { name: /^Service/ }).fill('booking');
      await page.getByText(`booking-account (${BOOKING})`).waitFor();
      await page.getByRole('textbox', { name: /^Service/ }).fill('routing');
      await page.getByText(`routing-account (${ROUTING})`).waitFor();
      // What it does with `autofillFrom` is its own business: the form has no suggestion besides.
      assert.equal(await page.getByText('Restore suggestion').count(), 0);
      await picture(page, '75-aws-loose');
      await portal.company.edit(
        EXTENSION,
        '{account.name} ({account.id})',
        '{account.name}, number {account.id}',
      );
      await page.getByText(`routing-account, number ${ROUTING}`).waitFor();
      await picture(page, '75-aws-loose-saved');
      await press(page, 'Review');
      await press(page, 'Create');
      await page.waitForURL('**/create/tasks/*');
      await page.getByText('Done', { exact: true }).first().waitFor();
      assert.deepEqual(await parametersOf(portal, page), { service: 'routing', account: ROUTING });
    });
  });
});

/** Fills in the first page, and goes to the second. */
async function begin(page: Page, service: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Service/ }).fill(service);
  await pick(page, 'Owner', 'booking');
  await press(page, 'Next');
  await page.getByRole('heading', { level: 2, name: 'Where' }).waitFor();
}

/** Goes back for another service, from the second page. */
async function rename(page: Page, service: string): Promise<void> {
  await press(page, 'Back');
  await page.getByRole('textbox', { name: /^Service/ }).fill(service);
  await press(page, 'Next');
  await page.getByRole('heading', { level: 2, name: 'Where' }).waitFor();
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).last().click();
}

function field(page: Page, label: string): Locator {
  return page.getByRole('combobox', { name: new RegExp(`^${label}`) });
}

/** Waits until each field has that label chosen. */
async function shows(page: Page, expected: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(expected)) {
    const box = field(page, label);
    await until(`${label} is ${text}`, async () => (await box.inputValue()) === text);
  }
}

async function pick(page: Page, label: string, text: string): Promise<void> {
  await field(page, label).fill(text);
  await page
    .getByRole('option', { name: new RegExp(text, 'i') })
    .first()
    .click();
}

async function parametersOf({ ask }: Portal, page: Page): Promise<unknown> {
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  return parametersIn(await ask(`/api/scaffolder/v2/tasks/${id}`));
}

function parametersIn(task: unknown): unknown {
  const spec = isObject(task) ? task['spec'] : null;
  return isObject(spec) ? spec['parameters'] : null;
}

/** Of the whole page, whatever part of it was seen. */
async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  await screenshot(page, name, { whole: true });
}
