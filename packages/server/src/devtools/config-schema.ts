/** The `devTools.*` keys, as Backstage has them; all packages are shown, so none has to be named. */
import type { ConfigSchema } from '@callboard/kernel';

const text = { type: 'string' };

export const devtoolsConfigSchema: ConfigSchema = {
  id: 'devtools',
  schema: {
    type: 'object',
    properties: {
      devTools: {
        type: 'object',
        properties: {
          externalDependencies: {
            type: 'object',
            properties: {
              endpoints: {
                type: 'array',
                description: 'Other services, whose health is asked for when somebody looks.',
                items: {
                  type: 'object',
                  required: ['name', 'type', 'target'],
                  properties: {
                    name: text,
                    type: { type: 'string', enum: ['fetch', 'ping'] },
                    target: { type: 'string', description: 'A URL for fetch, a host for ping.' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
