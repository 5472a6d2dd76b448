/** What journeys through templates need: templates of their own, tasks by the API, and what became of a task. */
import assert from 'node:assert/strict';
import { isObject } from '@callboard/model';
import type { Portal } from './portal.fixture.ts';
import { until } from './until.fixture.ts';

/** To be written into the folder of the portal and named in its locations. */
export const TEMPLATES = 'own/templates.yaml';
/** A template that does nothing but take values, in a file of its own, where it can be changed. */
export const QUAY = 'own/quay.yaml';

export const TEMPLATES_TEXT = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: slow-tide
  title: Slow tide
  description: Waits a little between two lines.
spec:
  type: test
  owner: group:default/yard
  parameters:
    - title: The tide
      required: [name]
      properties:
        name: { type: string, title: Name }
  steps:
    - id: ebb
      name: Ebb
      action: debug:log
      input: { message: 'Ebb at \${{ parameters.name }}' }
    - id: slack
      name: Slack water
      action: debug:wait
      input: { seconds: 2 }
    - id: flood
      name: Flood
      action: debug:log
      input: { message: 'Flood at \${{ parameters.name }}' }
  output:
    text:
      - title: The tide
        content: It has turned at **\${{ parameters.name }}**.
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: crane
  title: Crane time
  description: Books a crane, when the yard agrees.
spec:
  type: test
  owner: group:default/yard
  parameters:
    - title: The crane
      required: [name]
      properties:
        name: { type: string, title: Name }
        hours: { type: integer, title: Hours, default: 2 }
  steps:
    - id: look
      name: Look at the plan
      action: debug:log
      input: { message: 'Crane \${{ parameters.name }}' }
    - id: book
      name: Book the crane
      action: debug:log
      callboard:approval:
        by: [group:default/yard]
        message: May **\${{ parameters.name }}** be taken for \${{ parameters.hours }} hours?
        expiresAfter: 2d
      input: { message: 'Booked \${{ parameters.name }}' }
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: lock
  title: Lock
  description: Says what nobody must hear.
spec:
  type: test
  owner: group:default/yard
  parameters:
    - title: The lock
      required: [name, code]
      properties:
        name: { type: string, title: Name }
        code: { type: string, title: Code, ui:field: Secret }
  steps:
    - id: say
      name: Say it
      action: debug:log
      input: { message: 'The code of \${{ parameters.name }} is \${{ secrets.code }}' }
    - id: write
      name: Write it down
      action: roadiehq:utils:fs:write
      input: { path: code.txt, content: '\${{ secrets.code }}' }
    - id: read
      name: Read it
      action: debug:log
      input: { listWorkspace: with-contents }
    - id: break
      name: Break on it
      action: fs:delete
      input: { files: ['../\${{ secrets.code }}'] }
`;

export const QUAY_TEXT = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: quay
  title: Quay
  description: Takes a name, and does nothing with it.
spec:
  type: test
  owner: group:default/yard
  parameters:
    - title: The quay
      required: [name]
      properties:
        name: { type: string, title: Name, maxLength: 40 }
    - title: The rest
      properties:
        note: { type: string, title: Note }
  steps:
    - id: say
      name: Say it
      action: debug:log
      input: { message: '\${{ parameters.name }}' }
`;

interface StartedTask {
  readonly template: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The id of the task. `template`: its name. */
export async function startTask({ ask }: Portal, { template, ...rest }: StartedTask): Promise<string> {
  const body = { templateRef: `template:default/${template}`, ...rest };
  const answer = await ask('/api/scaffolder/v2/tasks', body);
  assert.ok(isObject(answer) && typeof answer['id'] === 'string');
  return answer['id'];
}

async function statusOf({ ask }: Portal, taskId: string): Promise<unknown> {
  const answer = await ask(`/api/scaffolder/v2/tasks/${taskId}`);
  return isObject(answer) ? answer['status'] : null;
}

export async function untilStatus(portal: Portal, taskId: string, status: string): Promise<void> {
  await until(`the task is ${status}`, async () => (await statusOf(portal, taskId)) === status);
}

/** How often a step has begun, through all runs of the task. */
export async function timesBegun({ ask }: Portal, taskId: string, stepId: string): Promise<number> {
  const events = await ask(`/api/scaffolder/v2/tasks/${taskId}/events`);
  assert.ok(Array.isArray(events));
  const list: readonly unknown[] = events;
  return list.filter((event) => {
    const body = isObject(event) ? event['body'] : null;
    return isObject(body) && body['stepId'] === stepId && body['status'] === 'processing';
  }).length;
}
