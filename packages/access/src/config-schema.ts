/** JSON Schema of the keys that this room owns. `visibility: secret` marks what must never be shown. */
import type { JsonObject } from '@callboard/model';

const text = (description: string) => ({ type: 'string', description }) as const;
const secret = (description: string) => ({ type: 'string', description, visibility: 'secret' }) as const;
const textOrList = (description: string) =>
  ({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }], description }) as const;

const duration = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'].map((unit) => [
          unit,
          { type: 'number' },
        ]),
      ),
    },
  ],
  description: 'How long a user token is good, between 10 minutes and 24 hours. Default: 1 hour.',
} as const;

const accessRestrictions = {
  type: 'array',
  description: 'The plugins that the token opens. Default: all.',
  items: {
    type: 'object',
    required: ['plugin'],
    additionalProperties: false,
    properties: {
      plugin: text('The id of a plugin.'),
      permission: textOrList('Only these permissions of the plugin.'),
      permissionAttribute: {
        type: 'object',
        additionalProperties: false,
        properties: { action: textOrList('Only permissions to create, read, update or delete.') },
      },
    },
  },
} as const;

const externalEntry = (
  type: string,
  options: { required: readonly string[]; properties: JsonObject },
): JsonObject => ({
  type: 'object',
  required: ['type', 'options'],
  properties: {
    type: { type: 'string', const: type },
    options: { type: 'object', ...options },
    accessRestrictions,
  },
});

const subject = text('The name of the caller in credentials and logs.');

/** For the configuration room to collect. */
export const accessConfigSchema: {
  readonly id: 'access';
  readonly schema: JsonObject;
} = {
  id: 'access',
  schema: {
    type: 'object',
    properties: {
      auth: {
        type: 'object',
        properties: {
          backstageTokenExpiration: duration,
          omitIdentityTokenOwnershipClaim: {
            type: 'boolean',
            description: 'False puts the ownership references into user tokens as `ent`. Default: true.',
          },
          identityTokenAlgorithm: text('Only ES256 is supported.'),
          keyStore: {
            type: 'object',
            properties: { provider: text('Only database is supported.') },
          },
          providers: {
            type: 'object',
            properties: {
              guest: {
                type: 'object',
                description: 'Lets everybody in as one user, on a development machine.',
                properties: {
                  userEntityRef: text('Who a guest is. Default: user:development/guest.'),
                  ownershipEntityRefs: {
                    type: 'array',
                    items: { type: 'string' },
                    description:
                      'What a guest owns through, when the catalog has no such user. Default: the user.',
                  },
                  dangerouslyAllowOutsideDevelopment: {
                    type: 'boolean',
                    description: 'Lets guests in everywhere. Default: false.',
                  },
                },
              },
            },
          },
        },
      },
      backend: {
        type: 'object',
        properties: {
          baseUrl: {
            type: 'string',
            visibility: 'frontend',
            description: 'Where browsers reach this backend. Default: http://localhost:7007.',
          },
          auth: {
            type: 'object',
            properties: {
              dangerouslyDisableDefaultAuthPolicy: {
                type: 'boolean',
                description: 'Lets requests without identity through. Default: false.',
              },
              pluginKeyStore: {
                type: 'object',
                properties: { type: text('Only database is supported.') },
              },
              keys: {
                type: 'array',
                description: 'Replaced by externalAccess with type legacy.',
                items: {
                  type: 'object',
                  required: ['secret'],
                  properties: { secret: secret('The shared secret, in base64.'), accessRestrictions },
                },
              },
              externalAccess: {
                type: 'array',
                description: 'Callers outside the portal and how they prove who they are.',
                items: {
                  anyOf: [
                    externalEntry('static', {
                      required: ['token', 'subject'],
                      properties: { token: secret('A text of at least 8 characters.'), subject },
                    }),
                    externalEntry('legacy', {
                      required: ['secret', 'subject'],
                      properties: { secret: secret('The shared secret, in base64.'), subject },
                    }),
                    externalEntry('jwks', {
                      required: ['url'],
                      properties: {
                        url: text('Where the key set of the issuer is.'),
                        algorithm: textOrList('Accepted signature algorithms. Default: those of the keys.'),
                        issuer: textOrList('Accepted `iss` claims. Default: all.'),
                        audience: textOrList('Accepted `aud` claims. Default: all.'),
                        subjectPrefix: text('Put between `external:` and the `sub` claim.'),
                      },
                    }),
                  ],
                },
              },
            },
          },
        },
      },
    },
  },
};
