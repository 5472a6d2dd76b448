import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Action } from '@callboard/plugin';
import yauzl from 'yauzl';
import { actionBench } from '../action.fixture.ts';
import { createCommunityActions } from './index.ts';

const portal = { baseUrl: 'http://127.0.0.1:1', tokenFor: async () => null, fetch };
const actions = createCommunityActions({ portal, maxSleep: 2, bounds: { timeout: 400, memory: 64 } });

function the(id: string): Action {
  const action = actions.find((candidate) => candidate.id === id);
  assert.ok(action, id);
  return action;
}

describe('createCommunityActions', () => {
  it('gives all of them, each for dry-runs too and with an object as its input schema', () => {
    const ids = actions.map(({ id }) => id);
    assert.deepEqual(ids.toSorted(), [
      'http:backstage:request',
      'roadiehq:utils:fs:append',
      'roadiehq:utils:fs:parse',
      'roadiehq:utils:fs:replace',
      'roadiehq:utils:fs:write',
      'roadiehq:utils:json:merge',
      'roadiehq:utils:jsonata',
      'roadiehq:utils:jsonata:json:transform',
      'roadiehq:utils:jsonata:yaml:transform',
      'roadiehq:utils:merge',
      'roadiehq:utils:serialize:json',
      'roadiehq:utils:serialize:yaml',
      'roadiehq:utils:sleep',
      'roadiehq:utils:yaml:merge',
      'roadiehq:utils:zip',
    ]);
    for (const { supportsDryRun, schema } of actions) {
      assert.deepEqual([supportsDryRun, schema?.input?.['type']], [true, 'object']);
    }
  });

  it('touches nothing outside of the workspace', async () => {
    await using bench = await actionBench({ 'a.json': '{}' });
    await symlink('/etc', join(bench.workspace.root, 'etc'));
    const outside = ['../x.json', '/etc/passwd', 'etc/passwd', 'etc/new.json', 'a/../../x.json'];
    const inputs: Readonly<Record<string, (path: string) => Readonly<Record<string, string>>>> = {
      'roadiehq:utils:fs:parse': (path) => ({ path }),
      'roadiehq:utils:fs:write': (path) => ({ path, content: 'x' }),
      'roadiehq:utils:fs:append': (path) => ({ path, content: 'x' }),
      'roadiehq:utils:json:merge': (path) => ({ path, content: '{}' }),
      'roadiehq:utils:merge': (path) => ({ path, content: '{}' }),
      'roadiehq:utils:jsonata:json:transform': (path) => ({ path, expression: '$' }),
      'roadiehq:utils:jsonata:yaml:transform': (path) => ({ path, expression: '$' }),
      'roadiehq:utils:zip': (path) => ({ path, outputPath: 'x.zip' }),
    };
    for (const [id, inputFor] of Object.entries(inputs)) {
      for (const path of outside) {
        const label = `${id} ${path}`;
        await assert.rejects(
          bench.run(the(id), inputFor(path)),
          { code: 'scaffolder/outside-workspace' },
          label,
        );
      }
    }
    for (const file of outside.filter((path) => !path.startsWith('etc'))) {
      const failing = bench.run(the('roadiehq:utils:fs:replace'), {
        files: [{ file, find: 'a', replaceWith: 'b' }],
      });
      await assert.rejects(failing, { code: 'scaffolder/outside-workspace' }, file);
    }
    const zip = bench.run(the('roadiehq:utils:zip'), { path: 'a.json', outputPath: '../x.zip' });
    await assert.rejects(zip, { code: 'scaffolder/outside-workspace' });
  });
});

describe('roadiehq:utils:fs', () => {
  it('parses text, JSON, YAML and several documents of it', async () => {
    await using bench = await actionBench({ a: '{"x": [1]}', b: 'x: 1\n---\ny: &a 2\nz: *a\n' });
    const parse = async (path: string, parser?: string) =>
      (await bench.run(the('roadiehq:utils:fs:parse'), { path, ...(parser !== undefined && { parser }) }))[
        'content'
      ];
    assert.equal(await parse('a'), '{"x": [1]}');
    assert.deepEqual(await parse('a', 'json'), { x: [1] });
    assert.deepEqual(await parse('a', 'yaml'), { x: [1] });
    assert.deepEqual(await parse('b', 'multiyaml'), [{ x: 1 }, { y: 2, z: 2 }]);
    await assert.rejects(parse('b', 'json'), {
      code: 'scaffolder/bad-data-file',
      message: /^b is no JSON: /,
    });
    await assert.rejects(parse('c'), { code: 'scaffolder/no-such-file' });
  });

  it('refuses YAML that grows when it is read', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    await using bench = await actionBench({ bomb: ['l0: &l0 [x]', ...levels].join('\n') });
    const failing = bench.run(the('roadiehq:utils:fs:parse'), { path: 'bomb', parser: 'yaml' });
    await assert.rejects(failing, { code: 'scaffolder/bad-data-file', message: /alias/i });
  });

  it('writes and appends, and gives a path that later steps take', async () => {
    await using bench = await actionBench();
    const written = await bench.run(the('roadiehq:utils:fs:write'), {
      path: 'deep/a.json',
      content: '{"a":1}',
      preserveFormatting: true,
    });
    assert.equal(await bench.read('deep/a.json'), '{\n  "a": 1\n}');
    await bench.run(the('roadiehq:utils:fs:append'), { path: written['path'] ?? '', content: '\n' });
    await bench.run(the('roadiehq:utils:fs:append'), { path: 'new.txt', content: 'x' });
    assert.deepEqual(
      [await bench.read('deep/a.json'), await bench.read('new.txt')],
      ['{\n  "a": 1\n}\n', 'x'],
    );
  });

  it('replaces text in files that patterns match, by text or regular expression', async () => {
    await using bench = await actionBench({ 'src/a.ts': 'a.b a.b', 'src/b.md': 'a.b', 'src/.c.ts': 'a.b' });
    const replace = (file: object) => bench.run(the('roadiehq:utils:fs:replace'), { files: [{ ...file }] });
    await replace({ file: 'src/**/*.ts', find: 'a.b', replaceWith: '<$&>' });
    await replace({
      file: './src/*',
      find: '(\\w)\\.(\\w)',
      matchRegex: true,
      replaceWith: '$2$1',
      includeDotFiles: true,
    });
    const all = await Promise.all(['src/a.ts', 'src/b.md', 'src/.c.ts'].map((path) => bench.read(path)));
    assert.deepEqual(all, ['<ba> <ba>', 'ba', 'ba']);
    await replace({ file: '*.none', find: 'x', replaceWith: '' });
    assert.match(bench.log.at(-1) ?? '', /warn: No file of the workspace matches \*\.none/);
  });

  it('stops a regular expression that does not end', async () => {
    await using bench = await actionBench({ a: `${'a'.repeat(40)}!` });
    const files = [{ file: 'a', find: '^(a+)+$', matchRegex: true, replaceWith: '' }];
    const failing = bench.run(the('roadiehq:utils:fs:replace'), { files });
    await assert.rejects(failing, { code: 'scaffolder/expression-too-long' });
    const wrong = [{ file: 'a', find: '(', matchRegex: true, replaceWith: '' }];
    await assert.rejects(bench.run(the('roadiehq:utils:fs:replace'), { files: wrong }), {
      code: 'scaffolder/expression-failed',
      message: /Invalid regular expression/,
    });
  });
});

describe('roadiehq:utils:zip', () => {
  it('packs a folder by what is in it, and a file by its name, the same each time', async () => {
    await using bench = await actionBench({ 'out/a.txt': 'a', 'out/deep/b.txt': 'b', 'c.txt': 'c' });
    const zip = the('roadiehq:utils:zip');
    assert.deepEqual(await bench.run(zip, { path: 'out', outputPath: 'out/x.zip' }), {
      outputPath: 'out/x.zip',
    });
    const first = await bench.workspace.readFile('out/x.zip');
    await bench.run(zip, { path: 'out', outputPath: 'out/x.zip' });
    assert.deepEqual(await bench.workspace.readFile('out/x.zip'), first);
    assert.deepEqual(await unpacked(first), { 'a.txt': 'a', 'deep/b.txt': 'b' });
    await bench.run(zip, { path: 'c.txt', outputPath: 'c.zip' });
    assert.deepEqual(await unpacked(await bench.workspace.readFile('c.zip')), { 'c.txt': 'c' });
    await assert.rejects(bench.run(zip, { path: 'nope', outputPath: 'c.zip' }), {
      code: 'scaffolder/no-such-file',
    });
  });
});

async function unpacked(bytes: Buffer): Promise<Record<string, string>> {
  const archive = await yauzl.fromBufferPromise(bytes);
  const files: Record<string, string> = {};
  for await (const entry of archive.eachEntry()) {
    files[entry.fileName] = (await buffer(await archive.openReadStreamPromise(entry))).toString('utf8');
  }
  return files;
}

describe('roadiehq:utils:sleep', () => {
  it('ends when the task is cancelled, does not wait in a dry-run, and refuses what is too long', async () => {
    await using bench = await actionBench();
    const sleep = the('roadiehq:utils:sleep');
    await bench.run(sleep, { amount: 0.01 });
    await bench.run(sleep, { amount: 2 }, { isDryRun: true });
    const stop = new AbortController();
    const sleeping = bench.run(sleep, { amount: 2 }, { signal: stop.signal });
    await delay(5);
    stop.abort();
    await assert.rejects(sleeping, { name: 'AbortError' });
    for (const amount of [3, -1, Number.NaN]) {
      await assert.rejects(bench.run(sleep, { amount }), { code: 'scaffolder/invalid-input' });
    }
  });
});

describe('roadiehq:utils:jsonata', () => {
  it('transforms data, and files of JSON and YAML', async () => {
    await using bench = await actionBench({ 'a.json': '{"a":[1,2]}', 'b.yaml': 'a: 1\n---\na: 2\n' });
    const result = async (id: string, input: object) => (await bench.run(the(id), { ...input }))['result'];
    const data = { items: ['item1'] };
    assert.deepEqual(
      await result('roadiehq:utils:jsonata', { data, expression: '$ ~> |$|{"items": [items, "item2"]}|' }),
      { items: ['item1', 'item2'] },
    );
    const json = { path: 'a.json', expression: '{"sum": $sum(a), "no": 1}' };
    const transform = 'roadiehq:utils:jsonata:json:transform';
    assert.equal(await result(transform, { ...json, replacer: ['sum'], space: ' ' }), '{\n "sum": 3\n}');
    assert.deepEqual(await result(transform, { ...json, as: 'object' }), { sum: 3, no: 1 });
    const yaml = { path: 'b.yaml', expression: '{"all": a}', loadAll: true };
    const options = { collectionStyle: 'flow' };
    const yamlTransform = 'roadiehq:utils:jsonata:yaml:transform';
    assert.equal(await result(yamlTransform, { ...yaml, options }), '{ all: [ 1, 2 ] }\n');
    assert.deepEqual(await result(yamlTransform, { ...yaml, as: 'object' }), { all: [1, 2] });
  });

  it('says what is wrong with an expression, and stops one that does not end or takes too much', async () => {
    await using bench = await actionBench();
    const run = (expression: string) => bench.run(the('roadiehq:utils:jsonata'), { data: {}, expression });
    await assert.rejects(run('a ~>'), { code: 'scaffolder/expression-failed', message: /"a ~>" failed: \S/ });
    await assert.rejects(run('($f := function($x) { $f($x + 1) }; $f(0))'), {
      code: 'scaffolder/expression-too-long',
    });
    const grows = '($f := function($x) { $f($append($x, $x)) }; $f([1..1000]))';
    await assert.rejects(run(grows), { code: /scaffolder\/expression-(too-long|failed)/ });
    assert.deepEqual(await run('nothing.here'), {});
  });
});

describe('roadiehq:utils:serialize', () => {
  it('writes JSON and YAML', async () => {
    await using bench = await actionBench();
    const text = async (id: string, input: object) =>
      (await bench.run(the(`roadiehq:utils:serialize:${id}`), { ...input }))['serialized'];
    const data = { b: { a: 'x' }, c: 1 };
    assert.equal(await text('json', { data }), '{"b":{"a":"x"},"c":1}');
    assert.equal(await text('json', { data, replacer: ['c'], space: '\t' }), '{\n\t"c": 1\n}');
    assert.equal(await text('json', { data, replacer: [] }), '{"b":{"a":"x"},"c":1}');
    const options = { indent: 4, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' };
    assert.equal(await text('yaml', { data, options }), 'b:\n    a: "x"\nc: 1\n');
    assert.equal(await text('yaml', { data }), 'b:\n  a: x\nc: 1\n');
  });
});
