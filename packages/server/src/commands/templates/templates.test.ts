import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openBench, TEMPLATE, TEMPLATE_FILES } from './templates.fixture.ts';

describe('callboard templates lint', () => {
  it('finds templates in folders, and says what is wrong with them and where', async () => {
    await using bench = await openBench({
      ...TEMPLATE_FILES,
      'b/template.yaml': TEMPLATE.replace('fetch:template', 'fetch:tmplate'),
      'b/skeleton/a': '${{ values.name }}${{ values.port }}',
      'skeleton/${{ values.name }}.yaml': 'kind: Template\nspec: ${{ values.name }}: 1',
      'other.yaml': 'kind: Component',
      'template.test.yaml': 'kind: Template',
    });
    const { code, out } = await bench.run('lint');
    assert.equal(code, 1);
    assert.match(
      out,
      /^b\/template\.yaml:9:15 error template\/unknown-action: There is no action 'fetch:tmplate'\n {4}Did you mean/,
    );
    assert.match(out, /\n2 files: 1 error\n$/);
    const good = await bench.run('lint', 'template.yaml', '--strict');
    assert.deepEqual([good.code, good.out], [0, '1 file: no problems\n']);
  });

  it('gives programs JSON, fails for a missing file, and for warnings when it is strict', async () => {
    await using bench = await openBench({
      'template.yaml': TEMPLATE.replace('{ type: integer }', '{ type: integer, ui:field: Odd }'),
      'skeleton/a': '${{ values.name }}${{ values.port }}',
    });
    const { code, out } = await bench.run('lint', '--json', 'template.yaml', 'gone.yaml');
    const { diagnostics, ...rest } = JSON.parse(out);
    assert.deepEqual([code, rest], [1, { files: 1, errors: 1, warnings: 1 }]);
    assert.deepEqual(
      diagnostics.map((one: { code: string }) => one.code),
      ['catalog/source-missing', 'template/unknown-field'],
    );
    const lenient = await bench.run('lint', 'template.yaml');
    const strict = await bench.run('lint', 'template.yaml', '--strict');
    assert.deepEqual([lenient.code, strict.code], [0, 1]);
  });
});

describe('callboard templates test', () => {
  const CASES = `- name: good
  values: { name: yard }
  expect: { files: { README.md: { equals: "# yard\\n" } }, snapshot: snapshots/good }
- name: bad
  values: { name: gate }
  expect: { files: { README.md: { equals: "# yard\\n" } } }
`;

  it('shows each case, and the difference where one does not hold', async () => {
    await using bench = await openBench({ ...TEMPLATE_FILES, 'template.test.yaml': CASES });
    const updated = await bench.run('test', '--update', '--only', 'good');
    assert.equal(updated.code, 0, updated.out);
    assert.match(
      updated.out,
      /^template\.test\.yaml\n {2}✓ good \d+ ms\n {2}written: snapshots\/good\n1 of 1 case holds\n$/,
    );
    assert.equal(await bench.read('snapshots/good/Dockerfile'), 'EXPOSE 80\n');
    const { code, out } = await bench.run('test');
    assert.equal(code, 1);
    assert.match(
      out,
      / {2}✗ bad .*\n {4}files\["README\.md"\]: The file is another:\n(?:.*\n)* {6}-# yard\n {6}\+# gate\n/,
    );
    assert.match(out, /\n1 of 2 cases hold\n$/);
    const [report] = JSON.parse((await bench.run('test', '--json')).out);
    assert.deepEqual(
      report.cases.map((one: { failures: unknown[] }) => one.failures.length),
      [0, 1],
    );
    assert.deepEqual(bench.published, []);
  });

  it('fails when there are no tests, or they cannot be read', async () => {
    await using bench = await openBench({ ...TEMPLATE_FILES, 'b/template.test.yaml': '- nmae: x' });
    const broken = await bench.run('test');
    assert.equal(broken.code, 1);
    assert.match(
      broken.out,
      /b\/template\.test\.yaml:1:3 error template\/test-file: 'nmae' means nothing here/,
    );
    const none = await bench.run('test', 'skeleton');
    assert.deepEqual(
      [none.code, none.out],
      [1, 'There are no tests here. They are files called template.test.yaml or form.test.yaml.\n'],
    );
  });
});

describe('callboard templates run', () => {
  it('writes what the steps write into a folder, and publishes nothing', async () => {
    await using bench = await openBench({ ...TEMPLATE_FILES, 'values.yaml': 'name: yard\nport: 8080\n' });
    const { code, out, err } = await bench.run(
      'run',
      'template.yaml',
      '--values',
      'values.yaml',
      '--out',
      'result',
    );
    assert.equal(code, 0, err);
    assert.match(out, /^2 files in result\n/);
    assert.match(err, /Skipping because publish:git does not support dry-run/);
    assert.equal(await bench.read('result/Dockerfile'), 'EXPOSE 8080\n');
    assert.deepEqual(bench.published, []);
    const again = await bench.run('run', 'template.yaml', '--values', 'values.yaml', '--out', 'result');
    assert.deepEqual([again.code, again.err], [2, '--out: result is not empty']);
  });

  it('says which values are not taken, and how it is called', async () => {
    await using bench = await openBench({ ...TEMPLATE_FILES, 'values.yaml': 'port: much\n' });
    const { code, err } = await bench.run(
      'run',
      'template.yaml',
      '--values',
      'values.yaml',
      '--out',
      'result',
    );
    assert.equal(code, 1);
    assert.match(err, /^The form does not take the values:\n(?: {2}.*\n){2}$/);
    for (const args of [
      [],
      ['a', 'b'],
      ['template.yaml'],
      ['template.yaml', '--out', 'r', '--values', 'gone.yaml'],
    ]) {
      assert.equal((await bench.run('run', ...args)).code, 2, args.join(' '));
    }
  });
});
