import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileForm, loadExpressions } from '@callboard/form';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import * as fc from 'fast-check';
import { parseAwsConfig } from './config.ts';
import { accountNamedAfter, createFields } from './fields.ts';

const RUNS = process.env['CALLBOARD_LONG'] === '1' ? 20_000 : 400;
const language = await loadExpressions();

async function evaluate(text: JsonValue | undefined, input: JsonObject): Promise<JsonValue | undefined> {
  assert.ok(typeof text === 'string');
  const { expression, diagnostics } = language.parse(text, { at: 'here' });
  assert.deepEqual(diagnostics, []);
  assert.ok(expression !== null);
  const result = await language.evaluate(expression, {
    user: {},
    current: input['form'],
    item: null,
    ...input,
  });
  assert.ok('value' in result, JSON.stringify(result));
  return result.value;
}

const accountsOf = (...names: readonly string[]): JsonValue[] =>
  names.map((label, index) => ({ value: `id-${index}`, label, description: '' }));

const suggested = (
  service: JsonValue | undefined,
  ...names: readonly string[]
): Promise<JsonValue | undefined> =>
  evaluate(accountNamedAfter('service'), {
    form: service === undefined ? {} : { service },
    options: accountsOf(...names),
  });

/** The rule in other words. */
function expected(service: string, names: readonly string[]): string | undefined {
  if (service === '') return undefined;
  const wanted = `${service}-account`.toLowerCase();
  const named = names.map((name, index) => ({ name, id: `id-${index}` }));
  const fits = named.filter(({ name }) => wanted.includes(name.toLowerCase()));
  const longest = Math.max(...fits.map(({ name }) => name.length));
  const [first = null, ...rest] = fits.filter(({ name }) => name.length === longest);
  return rest.reduce((best, one) => (best !== null && one.name < best.name ? one : best), first)?.id;
}

describe('AwsAccountPicker', () => {
  it('suggests the account that the other field names, whatever the case', async () => {
    assert.equal(await suggested('booking', 'routing', 'Booking-Account', 'gate-account'), 'id-1');
    assert.equal(await suggested('BOOKING', 'booking'), 'id-0');
    assert.equal(await suggested('the-booking-service', 'gate', 'booking'), 'id-1');
    assert.equal(await suggested(42, '42-account'), 'id-0');
  });

  it('suggests nothing when no name fits, or nothing is entered', async () => {
    assert.equal(await suggested('tolls', 'booking', 'gate-account'), undefined);
    assert.equal(await suggested('', 'account', '-account'), undefined);
    assert.equal(await suggested(undefined, 'account'), undefined);
    assert.equal(await suggested('tolls'), undefined);
  });

  it('suggests the longest of several names, then the first by name', async () => {
    assert.equal(await suggested('booking', 'book', 'booking-account', 'booking'), 'id-1');
    assert.equal(await suggested('ab', 'b-acc', 'ab-ac', 'ab-ac'), 'id-1');
    assert.equal(await suggested('tolls', 'account'), 'id-0');
  });

  it('suggests as the rule says, for any names', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'booking',
        'Book',
        'ing',
        'account',
        '-',
        'a',
        'B',
        'ä',
        'ß',
        'İ',
        '🚢',
        ' ',
        '$',
        '"',
        '\\',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 3 }),
    );
    const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(''));
    const names = fc.array(
      text.filter((name) => name.trim() !== '' && !/\p{Surrogate}|🚢/u.test(name)),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(text, names, async (service, list) => {
        assert.equal(await suggested(service, ...list), expected(service, list));
      }),
      { numRuns: RUNS },
    );
  });

  it('watches a field by a path, by a pointer, with an odd name, and beside it in a list', () => {
    const reads = (field: string, listId: string | null = null): readonly string[] | undefined =>
      language.parse(accountNamedAfter(field), { at: 'here', listId }).expression?.reads;
    assert.deepEqual(reads('service'), ['/service']);
    assert.deepEqual(reads('form.service'), ['/service']);
    assert.deepEqual(reads('about.service'), ['/about/service']);
    assert.deepEqual(reads('/about/the~1service'), ['/about/the~1service']);
    assert.deepEqual(reads('my-service'), ['/my-service']);
    assert.deepEqual(reads('in'), ['/in']);
    assert.deepEqual(reads('item.service', '/stages/*'), ['/stages/*/service']);
  });
});

describe('AwsRolePicker and AwsRegionPicker', () => {
  const [byConfig, byAws] = [
    {},
    { identityCenter: { instanceArn: 'x', region: 'y' }, organizations: {} },
  ].map((config) => createFields(parseAwsConfig(config)));
  const suggestedBy = (
    fields: typeof byConfig,
    prefer: JsonValue | undefined,
    ...names: readonly string[]
  ) => {
    const text = fields?.['AwsRolePicker']?.expand(
      { ...(prefer !== undefined && { prefer }) },
      { key: 'role' },
    )['ui:default'];
    const options = names.map((value) => ({ value, label: value }));
    return evaluate(text, { form: {}, options });
  };

  it('suggest the first of the configuration, and of AWS only what is alone', async () => {
    assert.equal(await suggestedBy(byConfig, undefined, 'Deployer', 'Admin'), 'Deployer');
    assert.equal(await suggestedBy(byConfig, undefined), undefined);
    assert.equal(await suggestedBy(byAws, undefined, 'Admin', 'Deployer'), undefined);
    assert.equal(await suggestedBy(byAws, undefined, 'Deployer'), 'Deployer');
  });

  it('suggest the first of the preferred that there is', async () => {
    assert.equal(
      await suggestedBy(byAws, ['Deployer', 'ReadOnly'], 'Admin', 'ReadOnly', 'Deployer'),
      'Deployer',
    );
    assert.equal(await suggestedBy(byAws, ['Nobody', 'ReadOnly'], 'Admin', 'ReadOnly'), 'ReadOnly');
    assert.equal(await suggestedBy(byAws, 'ReadOnly', 'ReadOnly'), 'ReadOnly');
    assert.equal(await suggestedBy(byAws, ['Nobody'], 'Admin', 'ReadOnly'), undefined);
    assert.equal(await suggestedBy(byConfig, ['Nobody "quoted"'], 'Admin', 'ReadOnly'), 'Admin');
  });
});

describe('fields of the plugin', () => {
  const fields = createFields(parseAwsConfig({ accounts: [] }));
  const expanded = (field: string, options: JsonObject, key = 'x'): JsonObject => ({
    type: 'string',
    'ui:field': field,
    'ui:options': options,
    ...fields[field]?.expand(options, { key }),
  });

  it('are what a template could say itself, each after the account', async () => {
    const properties = {
      service: { type: 'string' },
      account: expanded('AwsAccountPicker', { autofillFrom: 'service', output: 'name' }),
      role: expanded('AwsRolePicker', { prefer: ['Deployer'] }),
      region: expanded('AwsRegionPicker', {}),
      environment: expanded('AwsEnvironmentPicker', { account: 'account' }),
    };
    const graph = await compileForm({ pages: [{ type: 'object', properties }] });
    assert.deepEqual(graph.diagnostics, []);
    assert.deepEqual(graph.byId.get('/account')?.dependsOn, ['/service']);
    assert.deepEqual(graph.byId.get('/account')?.rules?.source?.reads, []);
    for (const [id, provider] of [
      ['/role', 'aws:roles'],
      ['/region', 'aws:regions'],
      ['/environment', 'aws:environments'],
    ] as const) {
      const field = graph.byId.get(id);
      assert.deepEqual(field?.dependsOn, ['/account']);
      assert.deepEqual(field?.rules?.source?.reads, ['/account']);
      const request = field?.rules?.source?.request;
      assert.equal(request?.kind === 'provider' && request.provider, provider);
    }
  });

  it('say of an account what neither its name nor its group does', async () => {
    const source = expanded('AwsAccountPicker', {})['ui:source'];
    const text = isObject(source) ? source['description'] : undefined;
    assert.ok(typeof text === 'string');
    const { expression } = language.parse(text, { at: 'here', input: 'answer' });
    assert.ok(expression !== null);
    const described = (item: JsonObject) => language.evaluate(expression, item);
    assert.deepEqual(await described({ id: '1', environment: 'dev', group: 'dev' }), { value: '1' });
    assert.deepEqual(await described({ id: '1', environment: 'dev', group: 'Core' }), { value: '1 · dev' });
    assert.deepEqual(await described({ id: '1', group: 'Core' }), { value: '1' });
    assert.deepEqual(await described({ id: '1' }), { value: '1' });
  });

  it('say when there is nothing to choose from yet, and which environment is the account’s own', async () => {
    const { 'ui:disabled': disabled, 'ui:default': suggestion } = expanded('AwsEnvironmentPicker', {});
    assert.equal(await evaluate(disabled, { form: {} }), true);
    assert.equal(await evaluate(disabled, { form: { account: '' } }), true);
    assert.equal(await evaluate(disabled, { form: { account: '111111111111' } }), false);
    const own = { value: 'production', label: 'production' };
    const other = { value: 'dev', label: 'dev', group: 'Of other accounts' };
    assert.equal(await evaluate(suggestion, { form: {}, options: [own] }), 'production');
    assert.equal(await evaluate(suggestion, { form: {}, options: [other, other] }), undefined);
  });
});
