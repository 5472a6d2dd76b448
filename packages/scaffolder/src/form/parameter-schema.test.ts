import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FormUser } from '@callboard/form';
import type { JsonObject } from '@callboard/model';
import type { Template } from '../template/template.ts';
import { BUILT_IN_FIELDS, parameterSchema, type ParameterSchema } from './parameter-schema.ts';

function templateOf(spec: JsonObject, fields: Partial<Template> = {}): Template {
  const parameters = spec['parameters'];
  const pages = [parameters ?? []].flat().filter((page): page is JsonObject => typeof page === 'object');
  return {
    ref: 'template:default/service',
    entity: {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'service', description: 'A service.' },
      spec,
    },
    version: '1.2.0',
    baseUrl: null,
    pages,
    steps: [{ id: 'log', name: 'Log', action: 'debug:log' }],
    output: {},
    secretsSchema: null,
    approval: null,
    ...fields,
  };
}

const actions = {
  find: (id: string) => (id === 'debug:log' ? { id, handler: async () => undefined } : null),
};

const USER: FormUser = { ref: 'user:default/anna', name: 'anna', displayName: null, email: null, groups: [] };

function shownOf(template: Template, fields: readonly string[] = []): ParameterSchema {
  return parameterSchema(template, {
    actions,
    fields,
    expanded: { pages: template.pages, warnings: [] },
    user: USER,
  });
}

describe('parameterSchema', () => {
  it('gives the pages with their titles, and everything else that forms read', () => {
    const first = { title: 'Who', description: 'Names.', properties: { name: { type: 'string' } } };
    const second = { 'backstage:featureFlag': 'beta', properties: {} };
    const decorators = [{ id: 'token' }];
    const presentation = { buttonLabels: { createButtonText: 'Go' } };
    const spec = { parameters: [first, second], presentation, EXPERIMENTAL_formDecorators: decorators };
    assert.deepEqual(shownOf(templateOf(spec)), {
      title: 'service',
      description: 'A service.',
      presentation,
      steps: [
        { title: 'Who', description: 'Names.', schema: first },
        { title: 'Step 2', schema: second },
      ],
      formDecorators: decorators,
      EXPERIMENTAL_formDecorators: decorators,
      templateVersion: '1.2.0',
      warnings: [],
      user: USER,
    });
  });

  it('says who is going to be asked', () => {
    const approval = { message: 'Is it paid for?', by: ['group:default/finance', 7] };
    const shown = shownOf(templateOf({}, { approval }));
    assert.deepEqual(shown.approval, { message: 'Is it paid for?', by: ['group:default/finance'] });
    const short = shownOf(templateOf({}, { approval: { by: 'group:default/a' } }));
    assert.deepEqual(short.approval?.by, ['group:default/a']);
  });

  it('warns of actions and fields that nobody has, and of passwords that are kept, each with its place', () => {
    const steps = [{ id: 'one', name: 'One', action: 'acme:make' }];
    const page = {
      properties: {
        name: { 'ui:field': 'EntityNamePicker' },
        acme: { 'ui:field': 'AcmePicker', default: { 'ui:field': 'Nobody' } },
        keys: { type: 'array', items: { type: 'string', 'ui:widget': 'password' } },
      },
    };
    const listed = shownOf(templateOf({ parameters: [{}, page] }, { steps }));
    assert.deepEqual(
      listed.warnings.map(({ code, path, severity }) => [code, path, severity]),
      [
        ['template/unknown-action', 'spec.steps[0].action', 'error'],
        ['template/unknown-field', 'spec.parameters[1].properties.acme["ui:field"]', 'warning'],
      ],
    );
    const alone = shownOf(templateOf({ parameters: page }), ['AcmePicker']);
    assert.deepEqual(
      alone.warnings.map(({ path }) => path),
      [],
    );
    assert.equal(BUILT_IN_FIELDS.length, 11);
  });
});
