/** `notification:send`: tells people something, when the portal has a way to. */
import { CodedError, messageOf, type ErrorStatus } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import { runError } from '../../run/errors.ts';

/** What a template needs to tell people something. */
export interface NotificationPort {
  send(notification: {
    /** Full references of entities; everybody. */
    readonly recipients:
      | { readonly type: 'entity'; readonly entityRef: readonly string[] }
      | { readonly type: 'broadcast' };
    readonly payload: {
      readonly title: string;
      readonly description?: string;
      readonly link?: string;
      readonly severity?: 'critical' | 'high' | 'normal' | 'low';
      readonly scope?: string;
      readonly topic?: string;
    };
  }): Promise<void>;
}

/** Code → HTTP status. */
const NOTIFICATION_ERRORS = {
  /** A step sends a notification, and the portal has nothing to send it with. */
  'scaffolder/no-notifications': 501,
} as const satisfies Record<string, ErrorStatus>;

/** `notification:send`. Without a port it fails, unless the step says that it is optional. */
export function createNotificationActions({
  notifications,
}: {
  readonly notifications: NotificationPort | null;
}): readonly Action[] {
  return [sendNotification(notifications)];
}

function sendNotification(notifications: NotificationPort | null): Action {
  return defineAction({
    id: 'notification:send',
    description: 'Sends a notification to users and groups, or to everybody.',
    examples: [
      {
        description: 'Tell a group about its new service.',
        example: `steps:
  - id: notify
    name: Notify
    action: notification:send
    input:
      recipients: entity
      entityRefs: [group:default/platform]
      title: A new service
      info: \${{ parameters.name }} is ready
      link: https://callboard.harbourline.example/catalog/default/component/shipping
      severity: normal
`,
      },
      {
        description: 'Tell everybody, when notifications can be sent.',
        example: `steps:
  - id: notify
    name: Notify
    action: notification:send
    input:
      recipients: broadcast
      title: A new service
      optional: true
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['recipients', 'title'],
        properties: {
          recipients: { enum: ['broadcast', 'entity'], description: 'Everybody, or `entityRefs`.' },
          entityRefs: {
            type: 'array',
            items: { type: 'string' },
            description: 'References of users and groups.',
          },
          title: { type: 'string', description: 'What it is about.' },
          info: { type: 'string', description: 'More about it.' },
          link: { type: 'string', description: 'URL to go to.' },
          severity: {
            enum: ['low', 'normal', 'high', 'critical'],
            description: 'How much it matters. Default: normal.',
          },
          scope: { type: 'string', description: 'A later one with the same scope replaces it.' },
          topic: { type: 'string', description: 'What people can choose not to hear of.' },
          optional: {
            type: 'boolean',
            description: 'The step goes on when it cannot be sent. Default: false.',
          },
        },
      },
    },
    async handler({ input, logger }) {
      const { recipients, entityRefs, title, info, link, severity, scope, topic, optional = false } = input;
      try {
        if (notifications === null) throw unavailable();
        if (recipients !== 'broadcast' && entityRefs === undefined) {
          throw runError('scaffolder/invalid-input', 'entityRefs is missing: who is it for?');
        }
        await notifications.send({
          recipients:
            recipients === 'broadcast'
              ? { type: 'broadcast' }
              : { type: 'entity', entityRef: entityRefs ?? [] },
          payload: {
            title,
            ...(info !== undefined && { description: info }),
            ...(link !== undefined && { link }),
            ...(severity !== undefined && { severity }),
            ...(scope !== undefined && { scope }),
            ...(topic !== undefined && { topic }),
          },
        });
        logger.info(`Sent the notification '${title}'`);
      } catch (error) {
        if (!optional) throw error;
        logger.warn(`The notification was not sent: ${messageOf(error)}`);
      }
    },
  });
}

function unavailable(): CodedError {
  const code = 'scaffolder/no-notifications';
  return new CodedError(
    NOTIFICATION_ERRORS[code],
    code,
    'This portal has nothing to send notifications with. Set optional to go on without them.',
  );
}
