import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import { parseTemplate } from '../template/parse-template.ts';
import { createFormChecks, type CheckedForm, type FormOfTemplate } from './check-form.ts';
import type { FieldDeclarations } from './expand-fields.ts';
import { createSources } from './sources/sources.ts';

const ACCOUNTS = [
  { id: '1', name: 'shop-account', regions: ['eu', 'us'] },
  { id: '2', name: 'yard-account', regions: ['eu'] },
];

const PICKER: FieldDeclarations = {
  AccountPicker: {
    description: 'Picks an account.',
    schema: {
      returnValue: { type: 'string' },
      uiOptions: { properties: { autofillFrom: { type: 'string' } }, additionalProperties: false },
    },
    expand: ({ autofillFrom }) => ({
      'ui:source': { provider: 'harbourline:accounts', value: 'id', label: 'name' },
      ...(typeof autofillFrom === 'string' && {
        'ui:default': `options[label = $$.form.${autofillFrom} & '-account'][0].value`,
      }),
    }),
  },
};

const PAGES: readonly JsonObject[] = [
  {
    required: ['service', 'account'],
    properties: {
      service: { type: 'string', 'ui:validate': "$length(value) > 3 ? '' : 'is too short'" },
      account: { type: 'string', 'ui:field': 'AccountPicker', 'ui:options': { autofillFrom: 'service' } },
      region: {
        type: 'string',
        'ui:source': { provider: 'harbourline:regions', with: { account: '${{ form.account }}' } },
        'ui:default': "options[value = 'eu'][0].value",
      },
    },
  },
  {
    properties: {
      reason: { type: 'string', 'ui:visible': "form.region = 'us'", 'ui:required': "form.region = 'us'" },
      size: { type: 'string', enum: ['s', 'm'], 'ui:disabled': "form.account = '1'", 'ui:default': "'s'" },
      token: { type: 'string', 'ui:field': 'Secret' },
    },
  },
];

interface Given {
  readonly pages?: readonly JsonObject[];
  readonly values: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly accounts?: () => Promise<readonly JsonValue[]>;
}

/** What the providers were asked. */
const asked: JsonObject[] = [];

function checksFor(accounts: () => Promise<readonly JsonValue[]>) {
  const catalog = {
    entity: async (): Promise<Entity | null> => null,
    query: async ({ filter, refs = [] }: { readonly filter: unknown; readonly refs?: readonly string[] }) => {
      const isFound = refs.includes('group:default/board') && !JSON.stringify(filter).includes('"User"');
      return { entities: [], total: isFound ? 1 : 0 };
    },
  };
  const sources = createSources({
    settings: { endpoints: new Map(), allow: [] },
    catalog,
    providers: {
      'harbourline:accounts': accounts,
      'harbourline:regions': async ({ input }) => {
        asked.push(input);
        return ACCOUNTS.find(({ id }) => id === input['account'])?.regions ?? [];
      },
    },
    request: async () => {
      throw new Error('There is no network.');
    },
    now: () => 0,
  });
  return createFormChecks({ sources, declarations: PICKER, catalog });
}

function templateOf(pages: readonly JsonObject[]): FormOfTemplate {
  const { template, diagnostics } = parseTemplate({
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: 'workload' },
    spec: { type: 'service', parameters: pages, steps: [{ id: 'a', action: 'debug:log' }] },
  });
  assert.ok(template, JSON.stringify(diagnostics));
  return template;
}

async function check(given: Given): Promise<CheckedForm & { readonly said: readonly string[] }> {
  const { pages = PAGES, values, secrets = {}, accounts = async () => ACCOUNTS } = given;
  const user = {
    ref: 'user:default/anna',
    name: 'anna',
    displayName: null,
    email: null,
    groups: ['user:default/anna'],
  };
  const checked = await checksFor(accounts).check({
    template: templateOf(pages),
    values,
    secrets,
    user,
    signal: new AbortController().signal,
  });
  return { ...checked, said: checked.errors.map(({ stack }) => stack) };
}

describe('createFormChecks', () => {
  it('fills in what nobody sent with what is suggested', async () => {
    const { values, said } = await check({ values: { service: 'yard', extra: 7 } });
    assert.deepEqual(said, []);
    assert.deepEqual(values, { extra: 7, service: 'yard', account: '2', region: 'eu', size: 's' });
  });

  it('takes what was entered when it is one of the options', async () => {
    const sent = { service: 'yard', account: '1', region: 'us', reason: 'near', size: 's' };
    const { values, said } = await check({ values: sent });
    assert.deepEqual(said, []);
    assert.deepEqual(values, sent);
  });

  it('refuses what the form could not have held, field by field', async () => {
    const values = { service: 'yard', account: '2', region: 'us', reason: 'because' };
    const { said, errors } = await check({ values });
    assert.ok(said.includes('instance.region is not one of the options'), said.join('\n'));
    assert.ok(
      said.some((text) => text.startsWith('instance.reason is not asked for')),
      said.join('\n'),
    );
    assert.deepEqual(errors.find(({ path }) => path[0] === 'region')?.name, 'not-an-option');
    const fixed = await check({ values: { service: 'shop', size: 'm' } });
    assert.match(fixed.said.join('\n'), /instance\.size cannot be changed now/);
    const short = await check({ values: { service: 'sho', account: '1' } });
    assert.deepEqual(short.said, ['instance.service is too short']);
    const needed = await check({ values: { service: 'shop', region: 'us' } });
    assert.match(needed.said.join('\n'), /requires property "reason"/);
    const made = await check({ values: { service: 'shop', account: '999' } });
    assert.match(made.said.join('\n'), /instance\.account is not one of the options/);
  });

  it('checks by the schema what the rules leave', async () => {
    const { said } = await check({ values: { service: 7, account: '2', size: 'xl' } });
    assert.match(said.join('\n'), /instance\.service has to be of type string/);
    assert.match(said.join('\n'), /instance\.size has to be one of/);
  });

  it('says of a source that fails what it is, at the field that needs it', async () => {
    const accounts = async () => Promise.reject(new Error('The directory is closed.'));
    const { said } = await check({ values: { service: 'shop', account: '1' }, accounts });
    assert.match(said.join('\n'), /instance\.account .*The directory is closed/);
  });

  it('keeps secrets out of what is kept', async () => {
    const { values, said } = await check({
      values: { service: 'yard', token: 'hunter22' },
      secrets: { token: 'hunter22' },
    });
    assert.deepEqual(said, []);
    assert.equal(values['token'], '******');
  });

  it('looks up entities where nothing else is taken', async () => {
    const pages = [
      {
        properties: {
          owner: { type: 'string', 'ui:field': 'OwnerPicker', 'ui:options': { allowArbitraryValues: false } },
          any: { type: 'string', 'ui:field': 'EntityPicker' },
          all: {
            type: 'array',
            items: { type: 'string' },
            'ui:field': 'MultiEntityPicker',
            'ui:options': { allowArbitraryValues: false, catalogFilter: { kind: 'Group' } },
          },
        },
      },
    ];
    const good = await check({ pages, values: { any: 'x', all: ['group:default/board'] } });
    assert.deepEqual(good.said, []);
    const bad = await check({ pages, values: { owner: 'nobody', all: ['group:board', 'nobody'] } });
    assert.deepEqual(
      bad.errors.map(({ path, name }) => [path, name]),
      [
        [['owner'], 'not-an-option'],
        [['all', 1], 'not-an-option'],
      ],
    );
  });

  it('asks nothing about a form without rules, and says the same as ever', async () => {
    const pages = [{ required: ['name'], properties: { name: { type: 'string' } } }];
    const { resolution, said, values } = await check({ pages, values: { extra: 1 } });
    assert.deepEqual([resolution, said, values], [null, ['instance requires property "name"'], { extra: 1 }]);
  });

  it('leaves out pages for people with a flag that have no value', async () => {
    const flagged = {
      'backstage:featureFlag': 'beta',
      required: ['beta'],
      properties: { beta: { type: 'string', 'ui:required': 'true', 'ui:source': { static: ['a'] } } },
    };
    const pages = [{ properties: { name: { type: 'string', 'ui:default': "'x'" } } }, flagged];
    assert.deepEqual((await check({ pages, values: {} })).said, []);
    assert.match(
      (await check({ pages, values: { beta: 'b' } })).said.join(),
      /beta is not one of the options/,
    );
  });

  it('ends at values without end', async () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 1_000; level += 1) deep = [deep];
    const { said } = await check({ values: { service: deep } });
    assert.match(said.join(), /nested deeper/);
  });
});
