/** The part of the OpenAPI document about open forms. */
import {
  ANY_FAILURE,
  answer,
  closed,
  COUNT,
  failure,
  jsonBody,
  oneOf,
  open,
  schema,
  TEXT,
  TEXT_OR_NULL,
  TEXTS,
  type Paths,
  type Schemas,
} from '@callboard/kernel/openapi';
import { ANY, ANY_OBJECT, FLAG, listOf } from './openapi-forms.ts';

const FORMS = { tags: ['Templates'] };
const TEMPLATE = {
  description: 'Reference of a template, or the entity of one that is being written.',
  anyOf: [TEXT, ANY_OBJECT],
};

export const FORM_PATHS: Paths = {
  '/v2/fields': {
    get: {
      operationId: 'ListFormFields',
      ...FORMS,
      summary: 'Lists the fields of forms that plugins declare.',
      responses: {
        200: answer('All of them.', closed({ fields: listOf(schema('FormField')) })),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/forms/expand': {
    post: {
      operationId: 'ExpandForm',
      ...FORMS,
      summary:
        'Gives the pages of a form with the fields of plugins written out as the rules that they stand for.',
      requestBody: jsonBody(open({ template: TEMPLATE })),
      responses: {
        200: answer(
          'The pages, and the fields that are left as they are written.',
          closed({ pages: listOf(ANY_OBJECT), warnings: listOf(schema('Diagnostic')) }),
        ),
        404: failure('There is no such template.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/forms/options': {
    post: {
      operationId: 'ListFormOptions',
      ...FORMS,
      summary:
        'Gives what a field of a form can be set to, by whom who asks, and with what was entered so far.',
      requestBody: jsonBody(
        open({ template: TEMPLATE, need: schema('FormNeed'), search: { ...TEXT, maxLength: 200 } }, [
          'search',
        ]),
      ),
      responses: {
        200: answer('The options, or a value.', schema('FormOptions')),
        404: failure('There is no such template, or no such field with a source in it.'),
        503: failure(
          'The source gave no answer that can be used; the message is for the person at the form.',
        ),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/forms/check': {
    post: {
      operationId: 'CheckForm',
      ...FORMS,
      summary: 'Says what a form would make of values, and what is wrong with them. Nothing is started.',
      requestBody: jsonBody(
        open({ template: TEMPLATE, values: ANY_OBJECT, secrets: schema('Secrets') }, ['secrets']),
      ),
      responses: {
        200: answer('What it makes of them.', schema('CheckedForm')),
        404: failure('There is no such template.'),
        ...ANY_FAILURE,
      },
    },
  },
};

export const FORM_SCHEMAS: Schemas = {
  FormField: closed({
    name: { ...TEXT, description: 'As templates write it, in `ui:field`.' },
    plugin: { ...TEXT_OR_NULL, description: 'Where it is from; null when that is not known.' },
    description: TEXT,
    schema: closed(
      {
        returnValue: { ...ANY_OBJECT, description: 'JSON Schema of its value.' },
        uiOptions: { ...ANY_OBJECT, description: 'JSON Schema of its `ui:options`.' },
      },
      ['uiOptions'],
    ),
    examples: listOf(closed({ description: TEXT, example: TEXT })),
  }),
  FormUser: {
    ...closed({
      ref: TEXT_OR_NULL,
      name: TEXT,
      displayName: TEXT_OR_NULL,
      email: TEXT_OR_NULL,
      groups: { ...TEXTS, description: 'References of what they own things as.' },
    }),
    description: 'Who fills the form in; `user` in its expressions.',
  },
  FormNeed: open(
    {
      field: { ...TEXT, pattern: '^/', maxLength: 1_000, description: 'Pointer; items of lists are `*`.' },
      what: oneOf(['options', 'check']),
      form: { ...ANY_OBJECT, description: 'The values that the source reads.' },
      item: { type: ['object', 'null'], description: 'The item of a list that the field stands in.' },
      holds: {
        ...listOf(ANY),
        maxItems: 1_000,
        description: 'Values that were entered: those that are options are named, when not all are sent.',
      },
    },
    ['what', 'item', 'holds'],
  ),
  FormOption: closed({ value: ANY, label: TEXT, description: TEXT, group: TEXT }, ['description', 'group']),
  FormOptions: closed(
    {
      options: { ...listOf(schema('FormOption')), maxItems: 1_000 },
      total: { ...COUNT, description: 'Of all options, where only the first are sent.' },
      isTruncated: FLAG,
      held: listOf(schema('FormOption')),
      value: { ...ANY, description: 'Of a source that gives a value; of a check its messages.' },
    },
    ['value'],
  ),
  CheckedForm: closed({
    values: { ...ANY_OBJECT, description: 'What a task would get.' },
    errors: listOf(schema('ValidationError')),
    fields: {
      type: 'object',
      additionalProperties: schema('CheckedField'),
      description: 'Fields with rules, by pointer.',
    },
  }),
  CheckedField: closed(
    {
      visible: FLAG,
      disabled: FLAG,
      required: FLAG,
      present: { ...FLAG, description: 'False: in a branch that does not hold now.' },
      value: ANY,
      origin: oneOf(['entered', 'suggested', 'none']),
      suggested: ANY,
      options: {
        description: 'Null: any value will do.',
        anyOf: [
          { type: 'null' },
          open({ status: oneOf(['waiting']), for: TEXTS }),
          open({ status: oneOf(['loading']) }),
          open({
            status: oneOf(['ready']),
            options: listOf(schema('FormOption')),
            total: COUNT,
            isTruncated: FLAG,
          }),
          open({ status: oneOf(['failed']), message: TEXT }),
        ],
      },
      replaced: {
        description: 'What was entered and does not count.',
        anyOf: [{ type: 'null' }, closed({ entered: ANY })],
      },
      problems: listOf(closed({ kind: TEXT, message: TEXT })),
      reasons: listOf(
        closed({ what: TEXT, text: TEXT, at: TEXT, result: ANY, read: ANY_OBJECT, failure: TEXT_OR_NULL }, [
          'result',
        ]),
      ),
    },
    ['value', 'suggested'],
  ),
};
