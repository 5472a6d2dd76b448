import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiHolder, createApiRef } from '../apis/api-ref.ts';
import { corePluginApi } from '../shims/core-plugin-api.ts';
import {
  createFormField,
  createScaffolderFormDecorator,
  FormDecoratorBlueprint,
  FormFieldBlueprint,
} from '../shims/form-field.ts';
import { frontendPluginApi } from '../shims/frontend-plugin-api.ts';
import { createScaffolderFieldExtension, createScaffolderLayout } from '../shims/field-extension.ts';
import { makeFieldSchema } from '../shims/field-schema.ts';
import { collect } from './collect.ts';

const component = (): null => null;
const plugin = corePluginApi.createPlugin({ id: 'scaffolder' });

async function namesOf(module: object): Promise<readonly string[]> {
  return (await collect(module)).fields.map(({ name }) => name);
}

describe('collect', () => {
  it('finds a field in each of the spellings', async () => {
    const names = await namesOf({
      options: { name: 'Plain', component, validation: () => undefined },
      provided: plugin.provide(createScaffolderFieldExtension({ name: 'Provided', component })),
      unprovided: createScaffolderFieldExtension({ name: 'Unprovided', component }),
      formField: createFormField({ name: 'FormField', component }),
      blueprint: FormFieldBlueprint.make({
        name: 'blueprint',
        params: { field: async () => createFormField({ name: 'Blueprint', component }) },
      }),
      default: frontendPluginApi.createFrontendModule({
        pluginId: 'scaffolder',
        extensions: [
          FormFieldBlueprint.make({
            params: { field: () => createFormField({ name: 'InModule', component }) },
          }),
        ],
      }),
      list: [{ name: 'InList', component }],
      helper: () => 'no field',
      text: 'text',
    });
    assert.deepEqual(names.toSorted(), [
      'Blueprint',
      'FormField',
      'InList',
      'InModule',
      'Plain',
      'Provided',
      'Unprovided',
    ]);
  });

  it('takes an export that is also the default once', async () => {
    const field = { name: 'One', component };
    assert.deepEqual(await namesOf({ field, default: field, all: [field] }), ['One']);
  });

  it('takes components by their names from a file that registers nothing', async () => {
    function AwsAccountPicker(): null {
      return null;
    }
    assert.deepEqual(
      await namesOf({ AwsAccountPicker, default: AwsAccountPicker, helper: () => 1, LIMIT: 3 }),
      ['AwsAccountPicker'],
    );
    assert.deepEqual(await namesOf({ AwsAccountPicker, other: { name: 'Other', component } }), ['Other']);
  });

  it('reads the schema of both spellings', async () => {
    const schema = makeFieldSchema({ output: (zod) => zod.string() });
    const { fields } = await collect({
      a: createFormField({ name: 'A', component, schema }),
      b: { name: 'B', component, schema: { returnValue: { type: 'number' }, uiOptions: {} } },
    });
    const schemas = Object.fromEntries(fields.map((field) => [field.name, field.schema]));
    assert.deepEqual(schemas, {
      A: { returnValue: { type: 'string' } },
      B: { returnValue: { type: 'number' }, uiOptions: {} },
    });
  });

  it('finds layouts, and decorators with their input and services', async () => {
    const ref = createApiRef({ id: 'test.tokens' });
    const decorator = createScaffolderFormDecorator({
      id: 'token',
      schema: {
        input: {
          size: (zod: { number: () => { default: (value: number) => unknown } }) => zod.number().default(3),
        },
      },
      deps: { tokens: ref },
      decorator: async (
        context: { readonly input: unknown; readonly setSecrets: (change: () => object) => void },
        { tokens }: { readonly tokens: unknown },
      ) => context.setSecrets(() => ({ token: `${String(tokens)} ${JSON.stringify(context.input)}` })),
    });
    const { layouts, decorators } = await collect({
      layout: plugin.provide(createScaffolderLayout({ name: 'Wide', component })),
      decorator: FormDecoratorBlueprint.make({ params: { decorator } }),
      factory: frontendPluginApi.createApiFactory({ api: ref, deps: {}, factory: () => 'tokens' }),
    });
    assert.deepEqual(layouts, [{ name: 'Wide', component }]);
    assert.equal(apiHolder.get(ref), 'tokens');
    const secrets: unknown[] = [];
    const context = {
      formState: {},
      setFormState: () => undefined,
      setSecrets: (change: (now: Readonly<Record<string, string>>) => unknown) => secrets.push(change({})),
    };
    const [found] = decorators;
    assert.equal(found?.id, 'token');
    await found?.decorate({ ...context, input: {} });
    assert.deepEqual(secrets, [{ token: 'tokens {"size":3}' }]);
    await assert.rejects(async () => found?.decorate({ ...context, input: { size: 'x' } }), /“token”.*size/);
  });

  it('says which export is not what it was meant to be', async () => {
    const { fields, problems } = await collect({
      a: createScaffolderFieldExtension({ name: 'NoComponent' }),
      b: createFormField({ component }),
      c: FormFieldBlueprint.make({
        name: 'lazy',
        params: { field: () => Promise.reject(new Error('gone')) },
      }),
    });
    assert.deepEqual(fields, []);
    assert.equal(problems.length, 3);
    assert.ok(problems.some((text) => text.includes('“NoComponent” has no component')));
    assert.ok(problems.some((text) => text.includes('“lazy” could not be loaded. gone')));
  });

  it('ends for lists that hold themselves', async () => {
    const list: unknown[] = [{ name: 'In', component }];
    list.push(list);
    assert.deepEqual(await namesOf({ list }), ['In']);
  });
});
