import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { actionOf, runAction, type ActionRun } from '../files/action.fixture.ts';
import { createNotificationActions, type NotificationPort } from './notification-actions.ts';

function run(input: JsonObject, notifications: NotificationPort | null): Promise<ActionRun> {
  const action = actionOf(createNotificationActions({ notifications }), 'notification:send');
  return runAction(action, { input, workspacePath: '/' });
}

describe('createNotificationActions', () => {
  it('sends to entities and to everybody', async () => {
    const sent: unknown[] = [];
    const port: NotificationPort = {
      send: (notification) => {
        sent.push(notification);
        return Promise.resolve();
      },
    };
    const entityRefs = ['user:default/anna'];
    await run({ recipients: 'entity', entityRefs, title: 'new', info: 'more', severity: 'high' }, port);
    await run({ recipients: 'broadcast', title: 'all' }, port);
    assert.deepEqual(sent, [
      {
        recipients: { type: 'entity', entityRef: entityRefs },
        payload: { title: 'new', description: 'more', severity: 'high' },
      },
      { recipients: { type: 'broadcast' }, payload: { title: 'all' } },
    ]);
    await assert.rejects(run({ recipients: 'entity', title: 'x' }, port), {
      code: 'scaffolder/invalid-input',
    });
  });

  it('fails without a way to send and when sending fails, unless it is optional', async () => {
    const broken: NotificationPort = { send: () => Promise.reject(new Error('no line')) };
    const input = { recipients: 'broadcast', title: 'all' };
    await assert.rejects(run(input, null), { code: 'scaffolder/no-notifications', status: 501 });
    await assert.rejects(run(input, broken), /no line/);
    const { log } = await run({ ...input, optional: true }, null);
    assert.match(log[0] ?? '', /^The notification was not sent: This portal has nothing/);
    await run({ ...input, optional: true }, broken);
  });
});
