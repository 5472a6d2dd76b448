import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import * as fc from 'fast-check';
import { baseUrlOf } from './base-url.ts';
import { parseTemplate, WRITTEN_ID } from './parse-template.ts';
import { toTaskSpec } from './to-task-spec.ts';
import { templateVersion } from './version.ts';

function entity(spec: JsonObject, annotations: Record<string, string> = {}) {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: 'Service', namespace: 'sea', annotations },
    spec: { type: 'service', ...spec },
  };
}

const STEP = { action: 'debug:log' };

function parsed(spec: JsonObject) {
  const { template, diagnostics } = parseTemplate(entity(spec));
  assert.ok(template !== null, JSON.stringify(diagnostics));
  return { template, diagnostics };
}

describe('parseTemplate', () => {
  it('takes a template with everything, and keeps what it does not know', () => {
    const { template, diagnostics } = parsed({
      parameters: [{ title: 'One', required: ['name'], properties: { name: { type: 'string' } } }, {}],
      secrets: { schema: { required: ['token'] } },
      steps: [{ id: 'a', name: 'First', action: 'x:y', input: { z: 1 }, 'other:key': [1] }, STEP],
      output: { links: [{ url: 'https://harbourline.example' }], more: 'x' },
      'callboard:approval': 'group:default/platform',
      somethingElse: true,
    });
    assert.deepEqual(diagnostics, []);
    assert.equal(template.ref, 'template:sea/service');
    assert.equal(template.pages.length, 2);
    assert.deepEqual(template.steps, [
      { id: 'a', name: 'First', action: 'x:y', input: { z: 1 }, 'other:key': [1] },
      { id: 'step-2', name: 'debug:log', action: 'debug:log' },
    ]);
    assert.deepEqual(template.output, { links: [{ url: 'https://harbourline.example' }], more: 'x' });
    assert.deepEqual(template.secretsSchema, { required: ['token'] });
    assert.deepEqual(template.approval, { by: ['group:default/platform'] });
  });

  it('takes one page in place of a list, none, and no steps', () => {
    assert.deepEqual(parsed({ parameters: { title: 'One' }, steps: [] }).template.pages, [{ title: 'One' }]);
    assert.deepEqual(parsed({ steps: [] }).template.pages, []);
  });

  it('takes an entity as the catalog gives it', () => {
    const found = { ...entity({ steps: [STEP] }), relations: [], status: {} };
    assert.notEqual(parseTemplate(found).template, null);
  });

  it('gives steps of one id ids of their own, and a warning', () => {
    const steps = [
      { ...STEP, id: 'p' },
      { ...STEP, id: 'p' },
      { ...STEP, id: 'p-2' },
      { ...STEP, id: 'p' },
    ];
    const { template, diagnostics } = parsed({ steps });
    assert.deepEqual(
      template.steps.map((step) => [step.id, step[WRITTEN_ID]]),
      [
        ['p', undefined],
        ['p-3', 'p'],
        ['p-2', undefined],
        ['p-4', 'p'],
      ],
    );
    assert.deepEqual(
      diagnostics.map(({ severity, code, path }) => [severity, code, path]),
      [
        ['warning', 'scaffolder/repeated-step-id', 'spec.steps[1].id'],
        ['warning', 'scaffolder/repeated-step-id', 'spec.steps[3].id'],
      ],
    );
  });

  const broken: Readonly<Record<string, readonly [spec: JsonObject, path: string]>> = {
    'a step without an action': [{ steps: [STEP, { id: 'x' }] }, 'spec.steps[1].action'],
    'steps that are no list': [{ steps: {} }, 'spec.steps'],
    'no steps': [{}, 'spec.steps'],
    'an input that is a text': [{ steps: [{ ...STEP, input: 'x' }] }, 'spec.steps[0].input'],
    'an if that is a list': [{ steps: [{ ...STEP, if: [] }] }, 'spec.steps[0].if'],
    'an each of a number': [{ steps: [{ ...STEP, each: 3 }] }, 'spec.steps[0].each'],
    'a reserved id': [{ steps: [{ ...STEP, id: 'constructor' }] }, 'spec.steps[0].id'],
    'a page that is a text': [{ steps: [], parameters: ['x'] }, 'spec.parameters[0]'],
    'properties that are a list': [
      { steps: [], parameters: [{}, { properties: [] }] },
      'spec.parameters[1].properties',
    ],
    'links that are no list': [{ steps: [], output: { links: {} } }, 'spec.output.links'],
  };
  for (const [what, [spec, path]] of Object.entries(broken)) {
    it(`names the place of ${what}`, () => {
      const { template, diagnostics } = parseTemplate(entity(spec));
      assert.equal(template, null);
      assert.ok(
        diagnostics.some((found) => found.path === path && found.severity === 'error'),
        JSON.stringify(diagnostics),
      );
    });
  }

  it('names the version that it does not run', () => {
    const old = { ...entity({ steps: [] }), apiVersion: 'backstage.io/v1beta2' };
    const [found] = parseTemplate(old).diagnostics;
    assert.equal(found?.path, 'apiVersion');
    assert.match(found?.detail ?? '', /v1beta3/);
  });

  it('answers any JSON with a template or at least one error', () => {
    const spec = fc.record({ steps: fc.jsonValue(), parameters: fc.jsonValue(), output: fc.jsonValue() });
    const anything = fc.oneof(
      fc.jsonValue(),
      spec.map((value) => ({ ...entity({}), spec: { type: 'x', ...value } })),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const { template, diagnostics } = parseTemplate(value);
        assert.equal(
          template === null,
          diagnostics.some(({ severity }) => severity === 'error'),
        );
      }),
    );
    let deep: JsonObject = {};
    for (let level = 0; level < 20_000; level += 1) deep = { deep };
    assert.equal(parseTemplate(entity({ steps: [], deep })).template, null);
  });
});

describe('templateVersion', () => {
  it('is the annotation, else follows from the spec whatever the order of its keys', () => {
    assert.equal(templateVersion(entity({}, { 'backstage.io/template-version': '2.1' })), '2.1');
    const one = templateVersion(entity({ a: { x: 1, y: [1, 2] } }));
    assert.match(one, /^[0-9a-f]{12}$/);
    assert.equal(templateVersion(entity({ a: { y: [1, 2], x: 1 } })), one);
    assert.notEqual(templateVersion(entity({ a: { y: [2, 1], x: 1 } })), one);
  });
});

describe('baseUrlOf', () => {
  const SOURCE = 'backstage.io/source-location';
  const MANAGED = 'backstage.io/managed-by-location';
  const cases: readonly [annotations: Record<string, string>, url: string | null][] = [
    [
      { [SOURCE]: 'url:https://h.example/t/', [MANAGED]: 'url:https://h.example/t.yaml' },
      'https://h.example/t/',
    ],
    [{ [MANAGED]: 'url:https://h.example/t.yaml' }, 'https://h.example/t.yaml'],
    [{ [MANAGED]: 'file:/srv/a b/t.yaml' }, 'file:///srv/a%20b/t.yaml'],
    [{ [SOURCE]: 'file:/srv/t/' }, 'file:///srv/t/'],
    [{ [MANAGED]: 'file:t.yaml' }, null],
    [{ [MANAGED]: 'bootstrap:bootstrap' }, null],
    [{}, null],
  ];
  for (const [annotations, url] of cases) {
    it(`is ${url} for ${JSON.stringify(Object.values(annotations))}`, () => {
      assert.equal(baseUrlOf(entity({}, annotations)), url);
    });
  }
});

describe('toTaskSpec', () => {
  it('has the steps, values and template of the task, and no more', () => {
    const { template } = parsed({
      steps: [STEP],
      EXPERIMENTAL_recovery: { EXPERIMENTAL_strategy: 'startOver' },
      'callboard:approval': { by: ['user:default/anna'] },
    });
    assert.deepEqual(toTaskSpec({ template, values: { a: 1 }, user: { ref: 'user:default/eva' } }), {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      parameters: { a: 1 },
      steps: [{ id: 'step-1', name: 'debug:log', action: 'debug:log' }],
      output: {},
      templateInfo: { entityRef: 'template:sea/service', entity: { metadata: template.entity.metadata } },
      user: { ref: 'user:default/eva' },
      'callboard:approval': { by: ['user:default/anna'] },
      EXPERIMENTAL_recovery: { EXPERIMENTAL_strategy: 'startOver' },
    });
  });
});
