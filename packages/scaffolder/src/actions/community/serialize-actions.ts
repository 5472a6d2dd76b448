/** `roadiehq:utils:serialize:json` and `:yaml`: data as text. */
import { defineAction, type Action } from '@callboard/plugin';
import { stringify } from 'yaml';
import { toJson } from './jsonata-actions.ts';
import { toYamlOptions, YAML_OPTIONS } from './yaml-options.ts';

const DATA = { type: 'object', title: 'Data' } as const;
const REPLACER = {
  type: 'array',
  items: { type: 'string' },
  description: 'Members that the text has; default: all.',
} as const;
const OUTPUT = {
  type: 'object',
  properties: { serialized: { type: 'string', title: 'The text' } },
} as const;

export function createSerializeJsonAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:serialize:json',
    description: 'Writes data as JSON.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['data'],
        properties: {
          data: DATA,
          replacer: REPLACER,
          space: { type: 'string', description: 'What the text is indented with.' },
        },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { input } = context;
      const { data, replacer, space } = input;
      context.output('serialized', toJson(data, { replacer, space }));
    },
  });
}

export function createSerializeYamlAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:serialize:yaml',
    description: 'Writes data as YAML.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['data'],
        properties: { data: DATA, replacer: REPLACER, options: YAML_OPTIONS },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { input } = context;
      const { data, replacer, options } = input;
      const kept = replacer === undefined || replacer.length === 0 ? null : [...replacer];
      context.output('serialized', stringify(data, kept, toYamlOptions(options)));
    },
  });
}
