import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Entity } from './entity.ts';
import { FIELD_RULES } from './fields.ts';
import { defineKind } from './kind.ts';
import { BUILTIN_KINDS } from './kinds/builtin.ts';
import { change, ENTITY_CASES, GOOD_ENTITIES } from './model.cases.ts';
import { createModel } from './model.ts';
import type { EmittedRelation } from './relate.ts';
import { RELATION_PAIRS } from './relations.ts';
import { text, texts } from './shape.ts';

const model = createModel({ kinds: BUILTIN_KINDS });

const widget = defineKind({
  kind: 'Widget',
  apiVersions: ['example.com/v1'],
  description: 'A widget.',
  spec: { required: { maker: { is: 'object', required: { name: text }, optional: { helpers: texts } } } },
  relations: [
    { path: 'spec.maker.name', pair: { type: 'madeBy', reverse: 'makerOf' }, defaultKind: 'User' },
    {
      path: 'spec.maker.helpers',
      pair: RELATION_PAIRS.dependsOn,
      defaultKind: 'User',
      allowedKinds: ['User'],
    },
  ],
  variants: [{ type: 'toy', spec: {}, relations: [] }],
});

/** `path code` of each problem. */
function problemsOf(value: unknown, by = model): string[] {
  return by.check(value).map(({ path, code }) => `${path} ${code}`);
}

function parsed(value: unknown, by = model): Entity {
  const result = by.parse(value);
  assert.ok(result.ok, JSON.stringify(result));
  return result.entity;
}

function lines(relations: readonly EmittedRelation[]): string[] {
  return relations.map(({ sourceRef, type, targetRef }) => `${sourceRef} ${type} ${targetRef}`);
}

describe('createModel', () => {
  it('refuses two definitions of the same kind and version', () => {
    assert.throws(() => createModel({ kinds: [widget, ...BUILTIN_KINDS, widget] }), {
      code: 'model/duplicate-kind',
    });
  });

  it('knows a kind under several versions, each with its own rules', () => {
    const second = defineKind({ ...widget, apiVersions: ['example.com/v2'], spec: {}, relations: [] });
    const both = createModel({ kinds: [widget, second] });
    const document = { apiVersion: 'example.com/v2', kind: 'Widget', metadata: { name: 'a' }, spec: {} };
    assert.deepEqual(problemsOf(document, both), []);
    assert.deepEqual(problemsOf({ ...document, apiVersion: 'example.com/v1' }, both), [
      'spec.maker model/missing-field',
    ]);
  });

  it('takes other rules for the form of fields', () => {
    const name = { test: (value: unknown) => value === 'a b', expects: 'a b' };
    const own = createModel({ kinds: BUILTIN_KINDS, fields: { name } });
    assert.deepEqual(problemsOf(change(GOOD_ENTITIES.user, 'metadata.name', 'a b'), own), []);
    assert.equal(FIELD_RULES.name.test('a b'), false);
  });
});

describe('Model.check', () => {
  it('reports every problem, the envelope first and the kind last', () => {
    const document = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'a b',
        title: 5,
        tags: ['Java'],
        labels: { '-': 'x', ok: 'x y' },
        links: [{ url: 'x' }],
      },
      spec: { type: 'service', dependsOn: 'component:x' },
      relations: [],
    };
    assert.deepEqual(problemsOf(document), [
      'metadata.title model/wrong-type',
      'relations model/unknown-field',
      'metadata.name model/invalid-format',
      'metadata.labels["-"] model/invalid-format',
      'metadata.labels.ok model/invalid-format',
      'metadata.tags[0] model/invalid-format',
      'metadata.links[0].url model/invalid-format',
      'spec.lifecycle model/missing-field',
      'spec.owner model/missing-field',
      'spec.dependsOn model/wrong-type',
    ]);
  });

  it('does not report the same thing twice', () => {
    for (const { entity, name } of ENTITY_CASES) {
      const places = model.check(entity).map(({ path, message }) => `${path} ${message}`);
      assert.equal(new Set(places).size, places.length, name);
    }
  });

  it('says which kinds there are when a kind is unknown, and which one was meant', () => {
    const hintFor = (path: string, value: string) => {
      const problems = model.check(change(GOOD_ENTITIES.component, path, value));
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['model/unknown-kind'],
      );
      return problems[0]?.hint;
    };
    assert.match(
      hintFor('kind', 'Widget') ?? '',
      /^The kinds known here are Component, API, .*, AiResource\.$/,
    );
    const meant = 'Use kind: Component with apiVersion: backstage.io/v1alpha1 or backstage.io/v1beta1.';
    assert.equal(hintFor('kind', 'component'), meant);
    assert.equal(hintFor('apiVersion', 'backstage.io/v1'), meant);
  });

  it('asks for the kind of a reference that needs one', () => {
    const problems = model.check(change(GOOD_ENTITIES.component, 'spec.dependsOn', ['component:a', 'foo']));
    assert.deepEqual(problems, [
      {
        path: 'spec.dependsOn[1]',
        code: 'model/invalid-ref',
        message: 'spec.dependsOn[1] does not say which kind of entity "foo" is.',
        hint: 'Write the kind before it: "component:foo" or "resource:foo".',
      },
    ]);
  });

  it('explains the form of a reference that cannot be read', () => {
    assert.deepEqual(model.check(change(GOOD_ENTITIES.component, 'spec.owner', 'user:')), [
      {
        path: 'spec.owner',
        code: 'model/invalid-ref',
        message: 'spec.owner is not a reference to an entity: "user:".',
        hint: 'Write it as [kind:][namespace/]name, with no part empty.',
      },
    ]);
  });

  it('says what a missing spec needs', () => {
    const [problem] = model.check(change(GOOD_ENTITIES.system, 'spec', undefined));
    assert.deepEqual(problem, {
      path: 'spec',
      code: 'model/missing-field',
      message: 'spec is missing.',
      hint: 'It needs owner.',
    });
  });

  it('stops at a hundred problems', () => {
    const tags = Array.from({ length: 500 }, () => 5);
    assert.equal(model.check(change(GOOD_ENTITIES.user, 'metadata.tags', tags)).length, 100);
  });

  it('never throws on JSON data', () => {
    const envelope = fc.record(
      {
        apiVersion: fc.constantFrom<unknown>('backstage.io/v1alpha1', 'scaffolder.backstage.io/v1beta3', 5),
        kind: fc.constantFrom<unknown>(...BUILTIN_KINDS.map((definition) => definition.kind), null),
        metadata: fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom('name', 'tags', 'links'), fc.jsonValue()),
        ),
        spec: fc.dictionary(
          fc.constantFrom('type', 'owner', 'steps', 'dependencyOf', 'children'),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), envelope), (value) => {
        const result = model.parse(value);
        assert.equal(result.ok, model.check(value).length === 0);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('Model.relationsOf', () => {
  it('emits both directions in the order of the fields, with full references', () => {
    const entity = parsed({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'Web', namespace: 'shop' },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: 'Team-A',
        providesApis: ['pets', 'other/mail'],
        dependencyOf: 'component:default/app',
      },
    });
    assert.deepEqual(lines(model.relationsOf(entity)), [
      'component:shop/web ownedBy group:shop/team-a',
      'group:shop/team-a ownerOf component:shop/web',
      'component:shop/web providesApi api:shop/pets',
      'api:shop/pets apiProvidedBy component:shop/web',
      'component:shop/web providesApi api:other/mail',
      'api:other/mail apiProvidedBy component:shop/web',
      'component:shop/web dependencyOf component:default/app',
      'component:default/app dependsOn component:shop/web',
    ]);
  });

  it('passes over references to kinds that a field does not allow', () => {
    const skill = parsed(
      change(GOOD_ENTITIES.skill, 'spec', {
        ...GOOD_ENTITIES.skill.spec,
        owner: 'component:a',
        system: 'group:b',
        dependsOn: ['AIRESOURCE:c', 'component:d'],
      }),
    );
    assert.deepEqual(lines(model.relationsOf(skill)), [
      'airesource:default/x dependsOn airesource:default/c',
      'airesource:default/c dependencyOf airesource:default/x',
    ]);
  });

  it('reads fields of a plugin kind at any depth, by the variant that holds', () => {
    const own = createModel({ kinds: [widget] });
    const document = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { maker: { name: 'ann', helpers: ['bob', 'group:team'] } },
    };
    assert.deepEqual(lines(own.relationsOf(parsed(document, own))), [
      'widget:default/w madeBy user:default/ann',
      'user:default/ann makerOf widget:default/w',
      'widget:default/w dependsOn user:default/bob',
      'user:default/bob dependencyOf widget:default/w',
    ]);
    assert.deepEqual(own.relationsOf(parsed({ ...document, spec: { type: 'toy', maker: 5 } }, own)), []);
  });

  it('is empty for a kind that is not known, and passes over references that cannot be read', () => {
    const entity = { apiVersion: 'v1', kind: 'Widget', metadata: { name: 'w' }, spec: { owner: 'a' } };
    assert.deepEqual(model.relationsOf(entity), []);
    const component = parsed(GOOD_ENTITIES.component);
    const broken = { ...component, spec: { owner: 'a:', dependsOn: ['foo', 5, 'api:b'] } };
    assert.deepEqual(
      model.relationsOf(broken).map(({ type }) => type),
      ['dependsOn', 'dependencyOf'],
    );
  });
});

describe('BUILTIN_KINDS', () => {
  it('holds the ten kinds', () => {
    assert.deepEqual(
      BUILTIN_KINDS.map(({ kind }) => kind).toSorted(),
      [
        'AiResource',
        'API',
        'Component',
        'Domain',
        'Group',
        'Location',
        'Resource',
        'System',
        'Template',
        'User',
      ].toSorted(),
    );
  });

  it('gives every relation field a shape of references, or none at all', () => {
    for (const definition of BUILTIN_KINDS) {
      for (const { spec, relations } of [definition, ...(definition.variants ?? [])]) {
        const shapes = { ...spec.required, ...spec.optional };
        for (const { path } of relations) {
          const shape = shapes[path.slice('spec.'.length)];
          assert.ok(
            shape === text || shape === texts || path === 'spec.dependencyOf',
            `${definition.kind} ${path}`,
          );
        }
      }
    }
  });
});
