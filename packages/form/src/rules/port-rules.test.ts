import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { given, read } from './reading.fixture.ts';

const jq = (jqQuery: string): JsonObject => ({ jqQuery });

describe("Port's spelling", () => {
  it('reads visible, disabled, required, default and enum', async () => {
    const { rules, said } = await read({
      visible: jq('.form.language == "python"'),
      disabled: jq('.form.locked'),
      required: jq('.form.size > 3'),
      default: jq('.user.email'),
      enum: jq('if .form.language == "javascript" then ["Node 16", "Node 18"] else ["Python 3.8"] end'),
    });
    assert.deepEqual(said, []);
    const input = { form: { language: 'python', size: 4 }, user: { email: 'anna@harbourline.example' } };
    const all = [rules?.visible, rules?.disabled, rules?.required, rules?.suggest, rules?.options];
    assert.deepEqual(await Promise.all(all.map((rule) => given(rule, input))), [
      true,
      false,
      true,
      'anna@harbourline.example',
      ['Python 3.8'],
    ]);
  });

  it('reads literals of visible and disabled', async () => {
    const { rules } = await read({ visible: false, disabled: true });
    assert.deepEqual(rules?.visible, { kind: 'literal', value: false });
    assert.deepEqual(rules.disabled, { kind: 'literal', value: true });
  });

  it('reads the choices of a list at the list', async () => {
    const schema = { type: 'array', items: { enum: jq('.form.all') } };
    assert.deepEqual(await given((await read(schema)).rules?.options, { form: { all: ['a'] } }), ['a']);
    assert.equal((await read(schema.items, { key: '*', id: '/x/*' })).rules, null);
  });

  it('disables a field until those that it depends on have values', async () => {
    const { rules } = await read({ dependsOn: ['language', 'odd name'] });
    for (const [form, expected] of [
      [{}, true],
      [{ language: 'a' }, true],
      [{ language: '', 'odd name': 1 }, true],
      [{ language: null, 'odd name': 1 }, true],
      [{ language: false, 'odd name': 0 }, false],
    ] satisfies [JsonObject, boolean][]) {
      assert.equal(await given(rules?.disabled, { form }), expected, JSON.stringify(form));
    }
    assert.deepEqual((await read({ dependsOn: [3] })).said, ['form/bad-rule p.x.dependsOn[0]']);
  });

  it('reads visible and required of a page', async () => {
    const page = {
      at: 'p',
      schema: {
        visible: jq('.form.clouds | index("aws") != null'),
        required: jq('if .form.strict then ["x", "y"] else ["y"] end'),
      },
    };
    const { rules } = await read({}, { page });
    assert.equal(await given(rules?.visible, { form: { clouds: ['gcp', 'aws'] } }), true);
    assert.equal(await given(rules?.visible, { form: {} }), false);
    assert.equal(await given(rules?.required, { form: { strict: true } }), true);
    assert.equal(await given(rules?.required, { form: {} }), false);
  });

  it('makes a filter of the catalog of blueprint and dataset', async () => {
    const { rules, said } = await read({
      format: 'entity',
      blueprint: 'service',
      dataset: {
        combinator: 'and',
        rules: [
          { property: '$team', operator: 'containsAny', value: jq('[.user.teamsIdentifiers[]]') },
          { property: 'lifecycle', operator: '=', value: 'production' },
          { property: 'metadata.labels.tier', operator: 'isNotEmpty' },
          { property: '$identifier', operator: 'in', value: jq('.form.names') },
        ],
      },
    });
    assert.deepEqual(said, []);
    assert.ok(rules?.source?.request.kind === 'catalog');
    assert.deepEqual(rules.source.reads, ['/names']);
    const { filter } = rules.source.request;
    assert.ok(filter.kind === 'object');
    const { 'spec.owner': owner, 'metadata.name': name, ...plain } = filter.entries;
    assert.deepEqual([owner?.kind, name?.kind], ['expression', 'expression']);
    assert.deepEqual(plain, {
      kind: { kind: 'literal', value: 'component' },
      'spec.type': { kind: 'literal', value: 'service' },
      'spec.lifecycle': { kind: 'literal', value: 'production' },
      'metadata.labels.tier': { kind: 'literal', value: { exists: true } },
    });
  });

  it('makes a list of filters of or, and takes catalogFilter where there is no blueprint', async () => {
    const { rules } = await read({
      'ui:field': 'EntityPicker',
      'ui:options': { catalogFilter: { kind: 'Component' } },
      dataset: {
        combinator: 'or',
        rules: [
          { property: 'type', operator: '=', value: 'a' },
          { property: 'type', operator: '=', value: 'b' },
        ],
      },
    });
    assert.ok(rules?.source?.request.kind === 'catalog' && rules.source.request.filter.kind === 'list');
    assert.equal(rules.source.request.filter.items.length, 2);
  });

  it('names what cannot be said here', async () => {
    const dataset = (...rules: readonly JsonObject[]): JsonObject => ({
      blueprint: 'service',
      dataset: { combinator: 'and', rules },
    });
    const same = { property: 'type', operator: '=', value: 'a' };
    for (const [schema, ...expected] of [
      [{ visible: jq('.entity.title == "x"') }, 'form/jq-unsupported p.x.visible.jqQuery'],
      [{ visible: jq('.form.a |') }, 'form/jq-unsupported p.x.visible.jqQuery'],
      [{ visible: { jqQuery: 3 } }, 'form/bad-rule p.x.visible.jqQuery'],
      [
        dataset({ property: 'type', operator: '!=', value: 1 }),
        'form/unsupported p.x.dataset.rules[0].operator',
      ],
      [dataset({ operator: 'relatedTo', value: 'x' }), 'form/unsupported p.x.dataset.rules[0]'],
      [dataset({ combinator: 'or', rules: [] }), 'form/unsupported p.x.dataset.rules[0]'],
      [dataset(same, same), 'form/unsupported p.x.dataset'],
      [{ blueprint: 'service', dataset: { rules: 1 } }, 'form/bad-rule p.x.dataset'],
      [{ format: 'entity', blueprint: 'cluster' }, 'form/unsupported p.x.blueprint'],
      [{ encryption: 'aes256-gcm' }, 'form/unsupported p.x.encryption'],
    ] satisfies [JsonObject, ...string[]][]) {
      const { rules, said } = await read(schema);
      assert.deepEqual([rules, said], [null, expected], JSON.stringify(schema));
    }
  });
});
