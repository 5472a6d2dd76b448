/** Forms of one test: templates written as objects, custom fields written as files, and what a person does with a form. */
import { isObject, type JsonObject } from '@callboard/model';
import type { Page } from 'playwright-core';
import type { Portal } from './portal.fixture.ts';

/** To be written into the folder of the portal and named in its locations. */
export const FORMS = 'own/forms.yaml';

/** Pages by the name of the template. Each template has one step, which says that it ran. */
export type Forms = Readonly<Record<string, readonly JsonObject[]>>;

/** The text of a file that has all of them. */
export function toTemplates(forms: Forms): string {
  return Object.entries(forms)
    .map(([name, parameters]) => JSON.stringify(toTemplate(name, parameters), null, 2))
    .join('\n---\n');
}

function toTemplate(name: string, parameters: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name, title: name },
    spec: {
      type: 'test',
      owner: 'group:default/yard',
      parameters,
      steps: [{ id: 'say', name: 'Say it', action: 'debug:log', input: { message: 'it ran' } }],
    },
  };
}

/** The address of a form in the portal. */
export function pathOf(name: string): string {
  return `/create/templates/default/${name}`;
}

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).last().click();
}

/** Types into a field that begins with this label. */
export function fill(page: Page, label: string, text: string): Promise<void> {
  return page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(text);
}

export function atPage(page: Page, title: string): Promise<void> {
  return page.getByRole('heading', { level: 2, name: title }).waitFor();
}

export function atReview(page: Page): Promise<void> {
  return atPage(page, 'Check what you entered');
}

/** Sends the form from its review; answers the parameters that the task has. */
export async function create(portal: Portal, page: Page): Promise<unknown> {
  await press(page, 'Create');
  await page.waitForURL('**/create/tasks/*');
  await page.getByText('Done', { exact: true }).first().waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const task = await portal.ask(`/api/scaffolder/v2/tasks/${id}`);
  const spec = isObject(task) ? task['spec'] : null;
  return isObject(spec) ? spec['parameters'] : null;
}

/** What a custom field of a test shows of itself, in an element with this id. */
export async function shownIn(page: Page, testId: string): Promise<string> {
  return (await page.getByTestId(testId).textContent()) ?? '';
}
