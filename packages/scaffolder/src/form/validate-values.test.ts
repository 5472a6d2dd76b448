import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '@callboard/model';
import * as fc from 'fast-check';
import { validateValues, type ValueError } from './validate-values.ts';

function errorsOf(page: JsonObject, values: JsonObject): readonly ValueError[] {
  return validateValues({ pages: [page], values }).errors;
}

function facts(errors: readonly ValueError[]): readonly (readonly [string, string, JsonValue])[] {
  return errors.map(({ property, name, argument }) => [property, name, argument]);
}

/** A controlling choice whose answer opens further fields, as most real templates have one. */
const CLOUD: JsonObject = {
  type: 'object',
  required: ['cloud'],
  properties: { cloud: { type: 'string', enum: ['aws', 'none'], enumNames: ['Amazon', 'Nothing'] } },
  dependencies: {
    cloud: {
      oneOf: [
        { properties: { cloud: { const: 'none' } } },
        {
          required: ['region'],
          properties: { cloud: { const: 'aws' }, region: { type: 'string', pattern: '^[a-z]+-' } },
        },
      ],
    },
  },
};

const BRANCHES: JsonObject = JSON.parse(`{
  "properties": { "kind": { "type": "string" } },
  "allOf": [
    {
      "if": { "properties": { "kind": { "const": "db" } } },
      "then": { "required": ["size"] },
      "else": { "required": ["port"] }
    },
    {
      "if": { "properties": { "kind": { "const": "web" } } },
      "then": { "properties": { "port": { "type": "integer" } } }
    }
  ]
}`);

const LIST: JsonObject = {
  properties: {
    tags: {
      type: 'array',
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      items: { type: 'string', minLength: 2, maxLength: 4 },
    },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false },
    members: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: { 'full name': { type: 'string' } } },
    },
  },
};

const LIMITS: JsonObject = {
  additionalProperties: false,
  properties: {
    mail: { type: 'string', format: 'email' },
    site: { type: 'string', format: 'uri' },
    colour: { type: 'string', format: 'color' },
    file: { type: 'string', format: 'data-url' },
    odd: { type: 'string', format: 'unheard-of' },
    cpu: { type: 'number', minimum: 0.5, exclusiveMaximum: 8, multipleOf: 0.1 },
    old: { type: 'integer', maximum: 3, exclusiveMaximum: true },
    maybe: { type: 'string', nullable: true },
    map: { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: { type: 'number' } },
  },
};

const CASES: readonly (readonly [
  string,
  JsonObject,
  JsonObject,
  readonly (readonly [string, string, JsonValue])[],
])[] = [
  ['a choice', CLOUD, { cloud: 'none' }, []],
  ['what a choice opens', CLOUD, { cloud: 'aws', region: 'eu-west-1' }, []],
  [
    'what is missing in the branch that was chosen',
    CLOUD,
    { cloud: 'aws' },
    [['instance', 'required', 'region']],
  ],
  ['what is wrong in it', CLOUD, { cloud: 'aws', region: '7' }, [['instance.region', 'pattern', '^[a-z]+-']]],
  ['what is missing', CLOUD, {}, [['instance', 'required', 'cloud']]],
  [
    'a value beside the choices',
    { properties: { c: { enum: ['a', 1] } } },
    { c: 'b' },
    [['instance.c', 'enum', ['a', 1]]],
  ],
  ['then', BRANCHES, { kind: 'db' }, [['instance', 'required', 'size']]],
  ['else', BRANCHES, { kind: 'web' }, [['instance', 'required', 'port']]],
  ['two conditions', BRANCHES, { kind: 'web', port: 'x' }, [['instance.port', 'type', ['integer']]]],
  ['both conditions held', BRANCHES, { kind: 'web', port: 80 }, []],
  ['a list', LIST, { tags: ['ab', 'abcd'], pair: ['a', 1], members: [{ name: 'anna' }] }, []],
  ['an empty list', LIST, { tags: [] }, [['instance.tags', 'minItems', 1]]],
  [
    'items',
    LIST,
    { tags: ['a', 7] },
    [
      ['instance.tags[0]', 'minLength', 2],
      ['instance.tags[1]', 'type', ['string']],
    ],
  ],
  ['an item twice', LIST, { tags: ['ab', 'ab'] }, [['instance.tags', 'uniqueItems', true]]],
  ['a tuple', LIST, { pair: ['a', 1, 2] }, [['instance.pair', 'additionalItems', 2]]],
  [
    'objects in a list',
    LIST,
    { members: [{}, { name: 'eva', 'full name': 1 }] },
    [
      ['instance.members[0]', 'required', 'name'],
      ['instance.members[1]["full name"]', 'type', ['string']],
    ],
  ],
  [
    'formats',
    LIMITS,
    {
      mail: 'anna@example.com',
      site: 'https://example.com',
      colour: '#0af',
      file: 'data:text/plain;name=a.txt;base64,YQ==',
      odd: 'x',
    },
    [],
  ],
  ['a wrong format', LIMITS, { mail: 'anna' }, [['instance.mail', 'format', 'email']]],
  ['numbers', LIMITS, { cpu: 1.1, old: 2, maybe: null }, []],
  [
    'numbers at their limits',
    LIMITS,
    { cpu: 8, old: 3 },
    [
      ['instance.cpu', 'exclusiveMaximum', 8],
      ['instance.old', 'exclusiveMaximum', 3],
    ],
  ],
  [
    'names of properties',
    LIMITS,
    { map: { a: 1, B: 'x' } },
    [
      ['instance.map', 'propertyNames', 'B'],
      ['instance.map.B', 'type', ['number']],
    ],
  ],
  ['a property too many', LIMITS, { more: 1 }, [['instance', 'additionalProperties', 'more']]],
  [
    '`required: true` of draft 3',
    { properties: { a: { type: 'string', required: true } } },
    {},
    [['instance', 'required', 'a']],
  ],
  ['a list of dependencies', { dependencies: { a: ['b'] } }, { a: 1 }, [['instance', 'dependencies', 'b']]],
  [
    'a reference',
    { definitions: { n: { type: 'number' } }, properties: { a: { $ref: '#/definitions/n' } } },
    { a: 'x' },
    [['instance.a', 'type', ['number']]],
  ],
  [
    'words that are no schema',
    {
      type: 'objekt',
      required: 'a',
      properties: { a: { type: 'strin', enum: 'x', 'ui:options': { rows: 3 } } },
    },
    { a: 1 },
    [],
  ],
  ['nothing to choose from', { properties: { a: { enum: [] } } }, { a: 1 }, [['instance.a', 'not', true]]],
  [
    'one of several ways',
    { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    {},
    [['instance', 'anyOf', true]],
  ],
  ['names from the prototype', { required: ['toString'] }, {}, [['instance', 'required', 'toString']]],
];

/** Keywords of all drafts, and names that mean something elsewhere. */
const WORDS =
  'type enum const properties required items oneOf allOf if then not pattern format minimum maxLength dependencies $ref $id id $schema nullable definitions additionalProperties ui:field discriminator __proto__ constructor patternProperties propertyNames contains uniqueItems multipleOf $async a'.split(
    ' ',
  );

describe('validateValues', () => {
  for (const [title, page, values, expected] of CASES) {
    it(`judges ${title}: ${JSON.stringify(values).slice(0, 60)}`, () => {
      const errors = errorsOf(page, values);
      const sorted = (list: readonly (readonly [string, string, JsonValue])[]): readonly string[] =>
        list.map((one) => JSON.stringify(one)).toSorted();
      assert.deepEqual(sorted(facts(errors)), sorted(expected));
      for (const { stack, property, message } of errors) assert.equal(stack, `${property} ${message}`);
    });
  }

  it('gives an error in the look of jsonschema', () => {
    assert.deepEqual(errorsOf(LIST, { members: [{}] }), [
      {
        path: ['members', 0],
        property: 'instance.members[0]',
        message: 'requires property "name"',
        name: 'required',
        argument: 'name',
        stack: 'instance.members[0] requires property "name"',
        schema: { required: 'name' },
        instance: {},
      },
    ]);
  });

  it('takes times with a zone and without, as forms write them', () => {
    const page = { properties: { at: { type: 'string', format: 'time' } } };
    assert.deepEqual(errorsOf(page, { at: '10:30:00' }), []);
    assert.deepEqual(errorsOf(page, { at: '10:30:00Z' }), []);
    assert.equal(errorsOf(page, { at: 'noon' }).length, 1);
  });

  it('checks the values of all pages, and keeps those of none', () => {
    const pages = [
      { required: ['a'], additionalProperties: false, properties: { a: {} } },
      { properties: { b: { type: 'string' } } },
    ];
    const good = validateValues({ pages, values: { a: 1, b: 'x' } });
    assert.deepEqual(good, { errors: [], values: { a: 1, b: 'x' }, passwords: {} });
    assert.deepEqual(facts(validateValues({ pages, values: { b: 1, c: 1 } }).errors), [
      ['instance', 'required', 'a'],
      ['instance', 'additionalProperties', 'c'],
      ['instance.b', 'type', ['string']],
    ]);
    const loose = validateValues({ pages: [{ properties: {} }], values: { more: { deep: [1] } } });
    assert.deepEqual(loose, { errors: [], values: { more: { deep: [1] } }, passwords: {} });
  });

  it('asks nobody for what is shown with a feature flag only, but checks what comes', () => {
    for (const flag of [
      { 'backstage:featureFlag': 'beta' },
      { 'ui:backstage': { featureFlag: 'beta' } },
      { 'ui:backstage.featureFlag': 'beta' },
    ]) {
      const page = { ...flag, required: ['a'], properties: { a: { type: 'string' }, b: {} } };
      assert.deepEqual(errorsOf(page, {}), []);
      assert.deepEqual(facts(errorsOf(page, { b: 1 })), [['instance', 'required', 'a']]);
      const property = { required: ['a'], properties: { a: { type: 'string', ...flag } } };
      assert.deepEqual(errorsOf(property, {}), []);
      assert.deepEqual(facts(errorsOf(property, { a: 1 })), [['instance.a', 'type', ['string']]]);
    }
  });

  it('checks what is typed into password inputs, and keeps it apart from the values', () => {
    const login = { type: 'string', minLength: 3, 'ui:widget': 'password' };
    const keys = { type: 'array', items: { type: 'string', 'ui:options': { widget: 'password' } } };
    const pages = [{ required: ['login'], properties: { login, keys } }];
    assert.deepEqual(validateValues({ pages, values: { login: 'kelp', keys: ['a'] } }), {
      errors: [],
      values: { login: '******', keys: ['******'] },
      passwords: { 'password:/login': 'kelp', 'password:/keys/0': 'a' },
    });
    assert.deepEqual(facts(errorsOf(pages[0] ?? {}, { login: 'k' })), [['instance.login', 'minLength', 3]]);
  });

  it('checks secrets where they are, says nothing of their values, and lets none into what is kept', () => {
    const token = { type: 'string', pattern: '^ghp_', minLength: 6, 'ui:field': 'Secret' };
    const pages = [{ required: ['token'], properties: { token, name: { type: 'string' } } }];
    const given = validateValues({ pages, values: { name: 'a' }, secrets: { token: 'ghp_123' } });
    assert.deepEqual(given, { errors: [], values: { name: 'a' }, passwords: {} });
    const masked = validateValues({ pages, values: { token: '*******' }, secrets: { token: 'ghp_123' } });
    assert.deepEqual(masked, { errors: [], values: { token: '*******' }, passwords: {} });
    const wrong = validateValues({ pages, values: {}, secrets: { token: 'hunter2' } }).errors;
    assert.deepEqual(facts(wrong), [['secrets.token', 'pattern', '^ghp_']]);
    assert.ok(!JSON.stringify(wrong).includes('hunter2'));
    assert.deepEqual(facts(validateValues({ pages, values: {} }).errors), [
      ['instance', 'required', 'token'],
    ]);
    assert.deepEqual(validateValues({ pages, values: { token: 'ghp_123' } }).values, { token: '******' });
  });

  it('masks fields of secrets wherever they are', () => {
    const item = { properties: { key: { 'ui:field': 'Secret' }, name: {} } };
    const pages = [
      {
        properties: { list: { type: 'array', items: item }, deep: { properties: { one: item } } },
        dependencies: { list: { oneOf: [{ properties: { later: { 'ui:options': { field: 'Secret' } } } }] } },
      },
    ];
    const secret = { key: 'hunter2', name: 'n' };
    const { values } = validateValues({
      pages,
      values: { list: [secret, 7], deep: { one: secret }, later: { any: 'hunter2' } },
    });
    const hidden = { key: '******', name: 'n' };
    assert.deepEqual(values, { list: [hidden, 7], deep: { one: hidden }, later: '******' });
  });

  it('checks secrets against their own schema', () => {
    const secretsSchema = { required: ['token'], properties: { token: { minLength: 3 } } };
    const facing = (secrets: Readonly<Record<string, string>>): unknown =>
      validateValues({ pages: [], values: {}, secretsSchema, secrets }).errors.map(({ stack }) => stack);
    assert.deepEqual(facing({ token: 'abc', other: 'x' }), []);
    assert.deepEqual(facing({}), ['secrets requires property "token"']);
    assert.deepEqual(facing({ token: 'ab' }), ['secrets.token has to have at least 3 characters']);
  });

  it('ends when a pattern would try for ever', () => {
    const values = { a: `${'a'.repeat(60)}!` };
    assert.throws(() => errorsOf({ properties: { a: { pattern: '^(a+)+$' } } }, values), {
      code: 'scaffolder/form-unusable',
      status: 400,
    });
  });

  it('refuses forms that nothing can be checked with', () => {
    let deep: JsonObject = {};
    for (let level = 0; level < 5_000; level += 1) deep = { properties: { a: deep } };
    const wide = { properties: Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`p${i}`, {}])) };
    for (const page of [
      { properties: { a: { pattern: '(' } } },
      { properties: { a: { $ref: 'https://example.com/schema.json' } } },
      { properties: { a: { $ref: '#/definitions/none' } } },
      { allOf: [{ $ref: '#' }] },
      deep,
      wide,
    ]) {
      assert.throws(() => errorsOf(page, { a: 'x' }), { code: 'scaffolder/form-unusable' });
    }
  });

  it('refuses values that are nested without end, and gives 100 errors at most', () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    assert.deepEqual(facts(errorsOf({}, { deep })), [['instance', 'depth', 64]]);
    const many = Array.from({ length: 5_000 }, () => 'x');
    const numbers = { properties: { many: { items: { type: 'number' } } } };
    assert.equal(errorsOf(numbers, { many }).length, 100);
  });

  it('never fails in another way, whatever the form and the values are', () => {
    const word = fc.constantFrom(...WORDS);
    const json: fc.Memo<JsonValue> = fc.memo((n) =>
      n === 0
        ? fc.oneof(
            fc.constantFrom('string', 'object', 'Secret', '#', 'a', '[', true, null, 0, -1, 0.5),
            fc.string(),
          )
        : fc.oneof(
            json(0),
            fc.array(json(n - 1), { maxLength: 3 }),
            fc.dictionary(word, json(n - 1), { maxKeys: 4 }),
          ),
    );
    fc.assert(
      fc.property(fc.dictionary(word, json(3)), fc.dictionary(word, json(2)), (page, values) => {
        try {
          const { errors } = validateValues({ pages: [page], values, secrets: { a: 'x' } });
          assert.ok(errors.every(({ stack }) => stack.length > 0));
        } catch (error) {
          assert.ok(error instanceof Error && 'code' in error, String(error));
          assert.equal(error.code, 'scaffolder/form-unusable', String(error));
        }
      }),
      { numRuns: 150 },
    );
  });
});
