/**
 * Template: a form and the steps that are run with its answers. Only the shape is checked here; what the
 * steps do and whether their actions exist is the scaffolder's business.
 */
import { defineKind } from '../kind.ts';
import { anyObject, anyText, text, type EitherShape, type ListShape, type ObjectShape } from '../shape.ts';
import { owner } from './core.ts';

const permissions: ObjectShape = {
  is: 'object',
  optional: { tags: { is: 'list', of: anyText } },
};

/** One page of the form: a JSON schema. */
const page: ObjectShape = { is: 'object', optional: { 'backstage:permissions': permissions } };

const condition: EitherShape = { is: 'either', of: [anyText, { is: 'boolean' }] };

const step: ObjectShape = {
  is: 'object',
  required: { action: anyText },
  optional: {
    id: anyText,
    name: anyText,
    input: anyObject,
    if: condition,
    'backstage:permissions': permissions,
  },
};

const decorators: ListShape = {
  is: 'list',
  of: { is: 'object', optional: { id: anyText, input: anyObject } },
};

const output: ObjectShape = {
  is: 'object',
  optional: {
    links: {
      is: 'list',
      of: { is: 'object', optional: { if: condition, url: text, entityRef: text, title: text, icon: text } },
    },
    text: {
      is: 'list',
      of: { is: 'object', optional: { if: condition, title: text, icon: text, content: anyText } },
    },
  },
  others: anyText,
};

export const template = defineKind({
  kind: 'Template',
  apiVersions: ['scaffolder.backstage.io/v1beta3'],
  description: 'A form, and the steps that are run with its answers to create or change something.',
  spec: {
    required: { type: text, steps: { is: 'list', of: step } },
    optional: {
      owner: text,
      lifecycle: text,
      parameters: { is: 'either', of: [page, { is: 'list', of: page }] },
      secrets: { is: 'object', optional: { schema: anyObject } },
      presentation: {
        is: 'object',
        optional: {
          buttonLabels: {
            is: 'object',
            optional: { backButtonText: anyText, createButtonText: anyText, reviewButtonText: anyText },
          },
        },
      },
      EXPERIMENTAL_recovery: { is: 'object', optional: { EXPERIMENTAL_strategy: anyText } },
      formDecorators: decorators,
      EXPERIMENTAL_formDecorators: decorators,
      output,
    },
  },
  relations: [owner],
});
