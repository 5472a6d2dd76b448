import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Resolution } from '@callboard/form';
import type { FormValues } from '../../../api/scaffolder.ts';
import type { Problem } from './check-page.ts';
import type { FieldExtension, Secrets } from './field-extension.ts';
import { decorate, DecoratorError, unknownDecorators } from './decorate.ts';
import { readFlags } from './flags.ts';
import type { WizardPage } from './pages.ts';
import { readRjsfAsModule } from '../rjsf.fixture.ts';

readRjsfAsModule();
const { toReview } = await import('../review/rows.ts');
const { checkPage } = await import('./check-page.ts');
const { parsePrefill, readDraft, withoutSecrets, writeDraft } = await import('./draft.ts');
const { humanized, labelAt, toWizardPages, valuesFor } = await import('./pages.ts');

const nothing = (): null => null;

function pagesOf(...schemas: readonly unknown[]): readonly WizardPage[] {
  return toWizardPages(
    schemas.map((schema) => ({ title: null, description: null, schema: Object(schema) })),
    {
      fields: new Set(['Secret', 'Even']),
      layouts: new Set(),
      widgets: { PasswordWidget: nothing },
      isFlagOn: () => false,
    },
  );
}

const EVEN: FieldExtension = {
  name: 'Even',
  component: nothing,
  validation: async (value, errors, { formData }) => {
    await Promise.resolve();
    if (value === 13) throw new Error('it is unlucky');
    if (Number(value) % 2 === 1) errors.addError(`must be even, ${String(formData['who'])}`);
  },
};

async function problemsOf(
  pages: readonly WizardPage[],
  values: FormValues,
  secrets: Secrets = {},
): Promise<readonly Problem[]> {
  const [page] = pages;
  assert.ok(page);
  const shown = valuesFor(page, pages, values);
  const resolution: Resolution = { values: {}, fields: new Map(), needs: [] };
  const fields = new Map([['Even', EVEN]]);
  return checkPage({ page, index: 0, resolution, shown, values, fields, secrets });
}

describe('toWizardPages', () => {
  it('leaves out pages whose flag is off', () => {
    assert.equal(
      pagesOf({ 'backstage:featureFlag': 'x' }, { 'ui:backstage': { featureFlag: 'x' } }, {}).length,
      1,
    );
  });

  it('knows every name that a page may ask for', () => {
    const [page] = pagesOf(
      JSON.parse(`{
        "properties": { "a": {} },
        "dependencies": { "a": { "oneOf": [{ "properties": { "b": {} } }] } },
        "allOf": [{ "then": { "properties": { "c": {} } }, "else": { "properties": { "d": {} } } }]
      }`),
    );
    assert.deepEqual([...(page?.keys ?? [])].toSorted(), ['a', 'b', 'c', 'd']);
  });
});

describe('valuesFor', () => {
  it('gives a page all values, but one that is closed only its own', () => {
    const pages = pagesOf({ properties: { a: {} } }, { properties: { b: {} }, additionalProperties: false });
    const values = { a: 1, b: 2, c: 3 };
    const [open, closed] = pages;
    assert.ok(open !== undefined && closed !== undefined);
    assert.equal(valuesFor(open, pages, values), values);
    assert.deepEqual(valuesFor(closed, pages, values), { b: 2, c: 3 });
  });
});

describe('checkPage', () => {
  const list = {
    properties: {
      list: {
        type: 'array',
        items: { type: 'object', properties: { n: { type: 'number', 'ui:field': 'Even' } } },
      },
      name: { type: 'string', title: 'The name' },
    },
    required: ['name'],
  };

  it('says what the schema and the fields say, with the values of all pages', async () => {
    const found = await problemsOf(pagesOf(list), { who: 'anna', list: [{ n: 2 }, { n: 3 }] });
    assert.deepEqual(found, [
      { path: ['list', 1, 'n'], message: 'must be even, anna' },
      { path: ['name'], message: 'is required' },
    ]);
  });

  it('takes a validation that fails for a problem of its field', async () => {
    const found = await problemsOf(pagesOf(list), { name: 'x', list: [{ n: 13 }] });
    assert.deepEqual(found, [
      { path: ['list', 0, 'n'], message: '“Even” could not be checked: it is unlucky' },
    ]);
  });

  it('holds a secret to its pattern, and not its asterisks (backstage#23836)', async () => {
    const pages = pagesOf({
      required: ['token'],
      properties: {
        token: { type: 'string', 'ui:field': 'Secret', pattern: '^tok-' },
        group: { properties: { spare: { type: 'string', 'ui:field': 'Secret', minLength: 8 } } },
      },
    });
    const wrong = { path: ['token'], message: 'has to match the pattern ^tok-' };
    const short = { path: ['group', 'spare'], message: 'has to have at least 8 characters' };
    assert.deepEqual(await problemsOf(pages, {}), [{ path: ['token'], message: 'is required' }]);
    assert.deepEqual(await problemsOf(pages, { token: '****' }, { token: 'kelp' }), [wrong]);
    assert.deepEqual(await problemsOf(pages, { token: '********' }, { token: 'tok-kelp' }), []);
    assert.deepEqual(
      await problemsOf(
        pages,
        { token: '*****', group: { spare: '****' } },
        { token: 'tok-1', spare: 'kelp' },
      ),
      [short],
    );
  });

  it('asks only for the branch that holds', async () => {
    const pages = pagesOf({
      properties: { kind: { enum: ['a', 'b'] } },
      dependencies: {
        kind: {
          oneOf: [
            {
              properties: { kind: { enum: ['a'] }, size: { type: 'number', 'ui:field': 'Even' } },
              required: ['size'],
            },
            { properties: { kind: { enum: ['b'] } } },
          ],
        },
      },
    });
    assert.deepEqual(await problemsOf(pages, { kind: 'b' }), []);
    assert.deepEqual(await problemsOf(pages, { kind: 'a' }), [{ path: ['size'], message: 'is required' }]);
    assert.equal((await problemsOf(pages, { kind: 'a', size: 3 }))[0]?.path.join(), 'size');
  });
});

describe('labelAt', () => {
  it('is the title of a field, else its name in words', () => {
    const [page] = pagesOf({
      properties: {
        list: { type: 'array', items: { properties: { n: { title: 'Number' } } } },
        repoUrl: { type: 'string' },
      },
    });
    assert.ok(page);
    assert.equal(labelAt(page, ['list', 0, 'n'], { list: [{}] }), 'Number');
    assert.equal(labelAt(page, ['repoUrl'], {}), 'Repo url');
    assert.equal(humanized('my_long-name'), 'My long name');
  });
});

describe('toReview', () => {
  const rows = (schema: unknown, values: FormValues): readonly string[] =>
    toReview(pagesOf(schema), values).flatMap((page) =>
      page.rows.map(({ name, texts }) => `${name}: ${texts.join(' | ')}`),
    );

  it('shows values by the name and the words of their fields, in the order of the page', () => {
    const schema = {
      'ui:order': ['size', '*'],
      properties: {
        yes: { type: 'boolean', title: 'Sure' },
        size: { type: 'string', enum: ['s', 'm'], enumNames: ['Small', 'Medium'] },
        pick: { type: 'string', oneOf: [{ const: 'p', title: 'Pea' }] },
        named: { type: 'string', 'ui:backstage': { review: { name: 'Called' } } },
        deep: { type: 'object', title: 'Deep', properties: { a: { type: 'number' } } },
        whole: { type: 'object', properties: { a: {} }, 'ui:backstage': { review: { explode: false } } },
        file: { type: 'string', format: 'data-url' },
        list: { type: 'array', items: { type: 'string' } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    };
    const values = {
      yes: false,
      size: 'm',
      pick: 'p',
      named: 'x',
      deep: { a: 1 },
      whole: { a: 1 },
      file: 'data:text/plain;name=a%20b.txt;base64,AA==',
      list: ['a', 'b'],
      labels: { tierOne: 'gold' },
      extra: 7,
    };
    assert.deepEqual(rows(schema, values), [
      'Size: Medium',
      'Sure: No',
      'Pick: Pea',
      'Called: x',
      'Deep › A: 1',
      'Whole: {"a":1}',
      'File: a b.txt',
      'List: a | b',
      'Labels › tierOne: gold',
      'Extra: 7',
    ]);
  });

  it('shows nothing of what is secret, masked or left out', () => {
    const schema = {
      properties: {
        pw: { type: 'string', 'ui:widget': 'password' },
        key: { type: 'string', 'ui:field': 'Secret' },
        iban: { type: 'string', 'ui:backstage': { review: { mask: 'xxxx' } } },
        gone: { type: 'string', 'ui:backstage': { review: { show: false } } },
        deep: { type: 'object', properties: { pw: { type: 'string', 'ui:widget': 'password' } } },
        list: {
          type: 'array',
          items: { type: 'object', properties: { pw: { type: 'string', 'ui:widget': 'password' } } },
        },
      },
    };
    const secret = 'hunter2';
    const values = {
      pw: secret,
      key: secret,
      iban: secret,
      gone: secret,
      deep: { pw: secret },
      list: [{ pw: secret }],
    };
    const shown = rows(schema, values);
    assert.deepEqual(shown, [
      'Pw: ******',
      'Key: ******',
      'Iban: xxxx',
      'Deep › Pw: ******',
      'List: {"pw":"******"}',
    ]);
  });

  it('shows nothing of a secret whose branch holds no longer', () => {
    const schema: unknown = JSON.parse(`{
      "properties": { "on": { "type": "boolean" } },
      "if": { "properties": { "on": { "const": true } }, "required": ["on"] },
      "then": { "properties": { "pw": { "type": "string", "ui:widget": "password" } } }
    }`);
    assert.deepEqual(rows(schema, { on: false, pw: 'hunter2' }), ['On: No']);
  });
});

describe('withoutSecrets', () => {
  it('takes secrets out wherever they are', () => {
    const pw = { type: 'string', 'ui:widget': 'password' };
    const pages = pagesOf({
      properties: {
        pw,
        key: { 'ui:field': 'Secret' },
        deep: { type: 'object', properties: { pw, a: {} } },
        list: { type: 'array', items: { type: 'object', properties: { pw } } },
        alt: { oneOf: [{ properties: { pw } }, { properties: { b: {} } }] },
      },
    });
    const values = {
      pw: 's',
      key: 's',
      deep: { pw: 's', a: 1 },
      list: [{ pw: 's', b: 2 }],
      alt: { pw: 's' },
      c: 3,
    };
    assert.deepEqual(withoutSecrets(values, pages), { deep: { a: 1 }, list: [{ b: 2 }], alt: {}, c: 3 });
  });
});

describe('readDraft', () => {
  it('reads what was written, and nothing from anything else', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const draft = { values: { a: 1 }, reached: 2, prefill: null };
    writeDraft(storage, 'k', draft);
    assert.deepEqual(readDraft(storage, 'k'), draft);
    for (const text of ['x', '7', '{}', '{"values":[]}']) {
      kept.set('k', text);
      assert.equal(readDraft(storage, 'k'), null);
    }
  });
});

describe('parsePrefill', () => {
  it('takes an object as JSON, and says when it is something else', () => {
    assert.deepEqual(parsePrefill('{"a":1}'), { kind: 'values', values: { a: 1 } });
    for (const text of ['{', '[]', '7', 'null']) assert.deepEqual(parsePrefill(text), { kind: 'bad' });
    assert.deepEqual(parsePrefill(null), { kind: 'none' });
  });
});

describe('readFlags', () => {
  it('reads the flags that Backstage keeps', () => {
    const isOn = readFlags({ getItem: () => '{"a":1,"b":0}' });
    assert.deepEqual(['a', 'b', 'c', 'toString'].map(isOn), [true, false, false, false]);
  });
});

describe('decorate', () => {
  it('runs what there is in order, and names what there is not', async () => {
    const start = { values: { a: 1 }, secrets: {} };
    const made = await decorate(
      start,
      [
        { id: 'one', input: { by: 2 } },
        { id: 'none', input: {} },
      ],
      [
        {
          id: 'one',
          decorate: ({ input, setFormState, setSecrets }) => {
            setFormState((now) => ({ ...now, b: input['by'] }));
            setSecrets((now) => ({ ...now, token: 't' }));
          },
        },
      ],
    );
    assert.deepEqual(made, { values: { a: 1, b: 2 }, secrets: { token: 't' } });
    assert.deepEqual(unknownDecorators([{ id: 'none', input: {} }], []), ['none']);
  });

  it('says which one failed', async () => {
    const failing = { id: 'bad', decorate: () => Promise.reject(new Error('no token')) };
    await assert.rejects(
      decorate({ values: {}, secrets: {} }, [{ id: 'bad', input: {} }], [failing]),
      (thrown: unknown) =>
        thrown instanceof DecoratorError && thrown.id === 'bad' && thrown.message === 'no token',
    );
  });
});
