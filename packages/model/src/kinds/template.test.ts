import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { change } from '../model.cases.ts';
import { createModel } from '../model.ts';
import { template } from './template.ts';

const model = createModel({ kinds: [template] });

const GOOD = {
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: { name: 'service', title: 'Service' },
  spec: {
    type: 'service',
    owner: 'team-a',
    lifecycle: 'production',
    parameters: [
      {
        title: 'About',
        required: ['name'],
        properties: { name: { type: 'string', 'ui:field': 'EntityNamePicker' } },
        'backstage:permissions': { tags: ['admin'] },
      },
    ],
    secrets: { schema: { type: 'object' } },
    presentation: { buttonLabels: { createButtonText: 'Go' } },
    formDecorators: [{ id: 'x', input: {} }],
    steps: [
      { id: 'fetch', name: 'Fetch', action: 'fetch:template', input: { url: '${{ parameters.name }}' } },
      { action: 'debug:log', if: true, each: [1, 2] },
      { action: 'debug:log', if: '${{ parameters.name }}', 'backstage:permissions': { tags: [] } },
    ],
    output: {
      links: [{ title: 'Repository', url: '${{ steps.fetch.output.url }}', if: false }],
      text: [{ title: 'Done', content: '' }],
      remoteUrl: '${{ steps.fetch.output.url }}',
    },
    anything: [1],
  },
};

/** Values by place: those that the format takes, and those that it does not. */
const ROWS: readonly (readonly [path: string, good: readonly unknown[], bad: readonly unknown[]])[] = [
  ['apiVersion', [], ['scaffolder.backstage.io/v1beta2', 'backstage.io/v1alpha1']],
  ['spec.type', ['x'], [undefined, '', 5]],
  ['spec.owner', [undefined, 'user:a'], ['', 5, 'user:']],
  ['spec.lifecycle', [undefined], ['', null]],
  ['spec.parameters', [undefined, {}, [], [{}]], [null, 'x', ['x'], { 'backstage:permissions': 5 }]],
  ['spec.parameters[0]["backstage:permissions"].tags', [undefined, []], ['x', [5]]],
  ['spec.secrets', [undefined, {}], [null, [], { schema: 'x' }]],
  ['spec.presentation.buttonLabels.createButtonText', [undefined, ''], [5, null]],
  ['spec.formDecorators', [undefined, [], [{}]], [{}, ['x'], [{ id: 5 }]]],
  [
    'spec.EXPERIMENTAL_recovery',
    [{}, { EXPERIMENTAL_strategy: 'none' }],
    [null, { EXPERIMENTAL_strategy: 5 }],
  ],
  ['spec.steps', [[]], [undefined, null, {}, 'x', ['x'], [{}]]],
  ['spec.steps[0].action', [''], [undefined, 5, null]],
  ['spec.steps[0].id', [undefined, ''], [5, null]],
  ['spec.steps[0].input', [undefined, {}], ['x', [], null]],
  ['spec.steps[0].if', [undefined, '', true, false], [5, null, []]],
  ['spec.steps[0].each', [undefined, 'x', {}], []],
  ['spec.output', [undefined, {}], [null, [], { other: 5 }, { other: {} }]],
  ['spec.output.links', [undefined, [], [{}]], [{}, ['x'], [{ url: '' }], [{ title: '' }], [{ if: 5 }]]],
  ['spec.output.text', [undefined, [], [{ content: '' }]], [{}, ['x'], [{ icon: '' }], [{ content: 5 }]]],
];

describe('template', () => {
  it('takes a template that uses everything', () => {
    assert.deepEqual(model.check(GOOD), []);
  });

  it('takes what the format takes and refuses the rest', () => {
    for (const [path, good, bad] of ROWS) {
      for (const value of good) assert.deepEqual(model.check(change(GOOD, path, value)), [], path);
      for (const value of bad) {
        const problems = model.check(change(GOOD, path, value));
        assert.notDeepEqual(problems, [], `${path} = ${JSON.stringify(value)}`);
      }
    }
  });

  it('says what the condition of a step may be', () => {
    assert.deepEqual(model.check(change(GOOD, 'spec.steps[1].if', 5)), [
      {
        path: 'spec.steps[1].if',
        code: 'model/wrong-type',
        message: 'spec.steps[1].if must be a string or true or false, but is a number.',
      },
    ]);
  });

  it('is owned by a group', () => {
    const parsed = model.parse(GOOD);
    assert.ok(parsed.ok);
    assert.deepEqual(model.relationsOf(parsed.entity)[0], {
      sourceRef: 'template:default/service',
      type: 'ownedBy',
      targetRef: 'group:default/team-a',
    });
  });
});
