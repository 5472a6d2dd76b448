import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertProperty, dictionary, jsonValue, property, stringMatching } from 'fast-check';
import { actionBench } from '../action.fixture.ts';
import { createJsonMergeAction, createMergeAction } from './merge-actions.ts';
import { mergeValues } from './values.ts';

const json = createJsonMergeAction();
const merge = createMergeAction('roadiehq:utils:merge');

describe('mergeValues', () => {
  it('merges objects, and replaces or appends to lists', () => {
    const base = { a: { b: 1, c: [1, 2] }, d: [1], e: 1 };
    const more = { a: { c: [2, 3] }, d: 5, e: { f: 1 }, g: null };
    assert.deepEqual(mergeValues(base, more, 'replace'), {
      a: { b: 1, c: [2, 3] },
      d: 5,
      e: { f: 1 },
      g: null,
    });
    assert.deepEqual(mergeValues(base, more, 'append'), {
      a: { b: 1, c: [1, 2, 3] },
      d: [1, 5],
      e: { f: 1 },
      g: null,
    });
  });

  it('reaches nobody’s prototype', () => {
    const more = JSON.parse(
      '{"__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}, "toString": {"x": 1}}',
    );
    const merged = mergeValues({ a: 1 }, more, 'append');
    assert.equal(Reflect.get({}, 'x'), undefined);
    assert.equal(Reflect.get(Reflect.get({}, 'toString'), 'x'), undefined);
    assert.equal(Object.getPrototypeOf(merged), Object.prototype);
  });

  it('gives what is merged where nothing was, and is done after the first time', () => {
    const value = dictionary(stringMatching(/^[a-c]$/), jsonValue());
    assertProperty(
      property(value, value, (left, right) => {
        const [a, b] = [JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right))];
        const once = mergeValues(a, b, 'replace');
        assert.deepEqual(mergeValues(once, b, 'replace'), once);
        assert.deepEqual(mergeValues({}, b, 'replace'), b);
      }),
    );
  });
});

describe('roadiehq:utils:json:merge', () => {
  it('merges objects and their texts into a file, and makes one that is not there', async () => {
    await using bench = await actionBench({ 'a.json': '{\n    "a": [1],\n    "b": 1\n}' });
    await bench.run(json, { path: 'a.json', content: { a: [2] }, mergeArrays: true, matchFileIndent: true });
    assert.equal(await bench.read('a.json'), '{\n    "a": [\n        1,\n        2\n    ],\n    "b": 1\n}');
    await bench.run(json, { path: 'a.json', content: '{"a": [3]}' });
    assert.equal(await bench.read('a.json'), '{\n  "a": [\n    3\n  ],\n  "b": 1\n}');
    const { path } = await bench.run(json, { path: 'new/b.json', content: { x: 1 }, matchFileIndent: true });
    assert.equal(path, `${bench.workspace.root}/new/b.json`);
    assert.equal(await bench.read('new/b.json'), '{\n  "x": 1\n}');
  });

  it('names the file or the content that is no JSON, and leaves the file', async () => {
    await using bench = await actionBench({ 'a.json': '{', 'b.json': '{}' });
    await assert.rejects(bench.run(json, { path: 'a.json', content: {} }), {
      code: 'scaffolder/bad-data-file',
      message: /^a\.json is no JSON/,
    });
    await assert.rejects(bench.run(json, { path: 'b.json', content: '{x}' }), /^\w+: The content is no JSON/);
    assert.equal(await bench.read('b.json'), '{}');
  });
});

const COMMENTED = `# Top
spec: # inline
  # before owner
  owner: team-a # who
  tags:
    # first
    - one
  keep: &k { a: 1 }
other: *k
`;

describe('roadiehq:utils:merge', () => {
  it('keeps comments, order and anchors when it is told to', async () => {
    await using bench = await actionBench({ 'a.yaml': COMMENTED });
    const content = { spec: { owner: 'team-b', tags: ['one', 'two'], added: { x: [1] } } };
    await bench.run(merge, { path: 'a.yaml', content, mergeArrays: true, preserveYamlComments: true });
    assert.equal(
      await bench.read('a.yaml'),
      `# Top
spec:
  # inline
  # before owner
  owner: team-b # who
  tags:
    # first
    - one
    - two
  keep: &k { a: 1 }
  added:
    x:
      - 1
other: *k
`,
    );
  });

  it('writes plain YAML otherwise, with options, and JSON for a .json file', async () => {
    await using bench = await actionBench({ 'a.yml': COMMENTED, 'b.json': '{"a":1}' });
    await bench.run(merge, { path: 'a.yml', content: 'spec:\n  owner: b\n', options: { indent: 4 } });
    assert.equal(
      await bench.read('a.yml'),
      'spec:\n    owner: b\n    tags:\n        - one\n    keep: &a1\n        a: 1\nother: *a1\n',
    );
    await bench.run(merge, { path: 'b.json', content: { b: 2 } });
    assert.equal(await bench.read('b.json'), '{\n  "a": 1,\n  "b": 2\n}');
  });

  it('merges into the document that has a field, with and without comments', async () => {
    const text = '# A\nkind: A\nv: 1\n---\n# B\nkind: B\nmetadata:\n  name: b\n';
    await using bench = await actionBench({ 'a.yaml': text, 'b.yaml': text });
    const run = (path: string, key: string, value: string, more: object = {}) =>
      bench.run(merge, { path, content: { v: 2 }, useDocumentIncludingField: { key, value }, ...more });
    await run('a.yaml', 'kind', 'A');
    assert.equal(await bench.read('a.yaml'), 'kind: A\nv: 2\n---\nkind: B\nmetadata:\n  name: b\n');
    await run('b.yaml', 'metadata.name', 'b', { preserveYamlComments: true });
    assert.equal(
      await bench.read('b.yaml'),
      '# A\nkind: A\nv: 1\n---\n# B\nkind: B\nmetadata:\n  name: b\nv: 2\n',
    );
    await run('a.yaml', 'kind', 'C');
    assert.match(bench.log.at(-1) ?? '', /warn: No document of a\.yaml has kind = C/);
    await assert.rejects(bench.run(merge, { path: 'a.yaml', content: {} }), {
      code: 'scaffolder/invalid-input',
      message: /2 documents.*useDocumentIncludingField/,
    });
  });

  it('refuses a file that is not there, is empty, is broken, or of another kind', async () => {
    await using bench = await actionBench({ 'a.toml': 'a = 1', 'empty.yaml': '', 'bad.yaml': 'a: [1' });
    const run = (path: string) => bench.run(merge, { path, content: { b: 1 } });
    await assert.rejects(run('none.yaml'), { code: 'scaffolder/no-such-file' });
    await assert.rejects(run('empty.yaml'), { code: 'scaffolder/bad-data-file' });
    await assert.rejects(run('bad.yaml'), {
      code: 'scaffolder/bad-data-file',
      message: /^bad\.yaml is no YAML/,
    });
    await assert.rejects(run('a.toml'), { code: 'scaffolder/invalid-input' });
  });
});
