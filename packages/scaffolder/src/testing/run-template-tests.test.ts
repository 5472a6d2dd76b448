import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { openTestEngine } from './engine.fixture.ts';
import {
  isPassed,
  runTemplateTests,
  type TemplateTestReport,
  type TemplateTestRequest,
} from './run-template-tests.ts';

const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: service }
spec:
  type: service
  parameters:
    required: [name]
    properties:
      name: { type: string, pattern: '^[a-z]+$' }
      docs: { type: boolean, default: false }
      token: { type: string, ui:field: Secret }
  steps:
    - id: fetch
      action: fetch:template
      input: { url: ./skeleton, values: { name: '\${{ parameters.name }}', by: '\${{ user.ref }}' } }
    - id: docs
      if: \${{ parameters.docs }}
      action: fetch:plain
      input: { url: 'https://git.example.com/docs/tree/main', targetPath: docs }
    - id: ask
      action: harbourline:asks
      input: { url: 'https://api.example.com/\${{ parameters.name }}' }
    - id: publish
      each: [one, two]
      action: publish:git
      input: { remoteUrl: 'https://git.example.com/\${{ each.value }}', token: '\${{ secrets.token }}' }
    - id: tell
      action: publish:git
      input: { remoteUrl: '\${{ steps.ask.output.answer.url }}' }
  output:
    url: \${{ steps.tell.output.remoteUrl }}
`;

const FILES = {
  'template.yaml': TEMPLATE,
  'skeleton/README.md': '# ${{ values.name }}\n\nby ${{ values.by }}\n',
  'recorded/docs/index.md': 'Docs\n',
};

const HTTP = `http:
      - request: { url: 'https://api.example.com/yard' }
        response: { json: { url: 'https://git.example.com/told' } }
      - request: { url: 'https://git.example.com/docs/tree/main' }
        response: { file: recorded/docs }`;

async function tested(
  files: Readonly<Record<string, string>>,
  more: Partial<TemplateTestRequest> = {},
): Promise<TemplateTestReport & { readonly read: Readonly<Record<string, string>> }> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-tests-'));
  try {
    for (const [path, text] of Object.entries({ ...FILES, ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const file = join(folder, 'template.test.yaml');
    const report = await runTemplateTests({ file, openEngine: openTestEngine, ...more });
    const written = await Promise.all(
      report.updated.map(async (path): Promise<[string, string]> => {
        return [path.slice(folder.length + 1), await readFile(join(path, 'README.md'), 'utf8')];
      }),
    );
    return { ...report, read: Object.fromEntries(written) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `what: first line` of each failure. */
function told({ cases }: TemplateTestReport): readonly string[] {
  return cases.flatMap(({ failures }) =>
    failures.map(({ what, message }) => `${what}: ${message.split('\n')[0]}`),
  );
}

describe('runTemplateTests', () => {
  it('runs the steps by the real engine and holds all that is expected against what they did', async () => {
    const report = await tested({
      'template.test.yaml': `cases:
  - name: with docs
    values: { name: yard, docs: true }
    secrets: { token: hush-hush }
    user: user:default/anna
    ${HTTP}
    expect:
      steps:
        fetch: completed
        docs: { status: completed }
        publish: { runs: 2, input: { remoteUrl: https://git.example.com/two, token: hush-hush } }
        tell: { input: { remoteUrl: https://git.example.com/told } }
      files:
        README.md: { contains: '# yard', matches: '^by user:' , equals: "# yard\\n\\nby user:default/anna\\n" }
        docs/index.md: { contains: [Docs] }
        package.json: { absent: true }
      output: { url: <example> }
      log: [it said 200, 'publish:git is recorded']
  - name: without docs
    values: { name: yard }
    ${HTTP}
    actions:
      publish:git: { output: { remoteUrl: https://git.example.com/mine } }
    expect:
      steps: { docs: skipped }
      files: { docs/index.md: { absent: true } }
      output: { url: https://git.example.com/mine }
`,
    });
    assert.deepEqual([report.diagnostics, told(report)], [[], []]);
    assert.deepEqual(
      report.cases.map(({ name }) => name),
      ['with docs', 'without docs'],
    );
    assert.ok(isPassed(report));
  });

  it('says of everything that does not hold where, and what is there in its place', async () => {
    const report = await tested({
      'template.test.yaml': `- name: wrong
  values: { name: yard }
  ${HTTP.replaceAll('\n  ', '\n')}
  expect:
    steps:
      fetch: skipped
      dcs: completed
      publish: { runs: 1, input: { remoteUrl: x } }
      docs: { input: {} }
    files:
      REDME.md: {}
      README.md: { absent: true }
    output: { url: other }
    log: nothing like that
- name: wrong files
  values: { name: yard }
  ${HTTP.replaceAll('\n  ', '\n')}
  expect:
    files:
      README.md: { equals: '# yard', contains: harbour, matches: ^x$ }
`,
    });
    assert.deepEqual(told(report), [
      'steps["fetch"]: The step is completed, and not skipped',
      'steps["dcs"]: There is no such step. Did you mean \'docs\'?',
      'steps["publish"].runs: It ran 2 times, and not 1',
      'steps["publish"].input: input.remoteUrl is another:',
      'steps["docs"].input: The step did not run, so it had no input',
      'files["REDME.md"]: There is no such file. Did you mean \'README.md\'?',
      'files["README.md"]: The file is there',
      'output: output.url is another:',
      "log: The log does not have 'nothing like that':",
      'files["README.md"]: The file is another:',
      'files["README.md"]: The file does not have \'harbour\':',
      'files["README.md"]: The file does not match /^x$/:',
    ]);
    const difference = report.cases[1]?.failures[0]?.message ?? '';
    assert.match(difference, /\n {4}-# yard\n.*\n {4}\+# yard\n/s);
    assert.equal(isPassed(report), false);
  });

  it('expects mistakes in the values, and failures of steps', async () => {
    const report = await tested({
      'template.test.yaml': `cases:
  - { name: bad name, values: { name: A1 }, expect: { errors: [name has to match] } }
  - { name: not so bad, values: { name: a }, expect: { errors: [name] } }
  - { name: unexpected, values: {} }
  - name: fails
    values: { name: yard }
    ${HTTP}
    actions: { publish:git: { fails: no room } }
    expect: { error: no room, steps: { publish: failed, tell: skipped } }
  - { name: not recorded, values: { name: yard }, expect: { steps: { ask: completed } } }
`,
    });
    const [bad, notSoBad, unexpected, fails, notRecorded] = report.cases.map(({ failures }) => failures);
    assert.deepEqual([bad, fails], [[], []]);
    assert.match(notSoBad?.[0]?.message ?? '', /takes the values without a complaint/);
    assert.match(unexpected?.[0]?.message ?? '', /does not take the values:\n {4}requires property "name"/);
    assert.match(
      notRecorded?.[0]?.message ?? '',
      /No answer to GET https:\/\/api\.example\.com\/yard is recorded/,
    );
  });

  it('writes a snapshot when asked to, and says what differs from it', async () => {
    const test = (expect: string) => ({
      'template.test.yaml': `- { name: s, values: { name: yard }, expect: { ${expect} }, actions: { harbourline:asks: { output: { answer: { url: x } } } } }\n`,
    });
    const first = await tested(test('snapshot: snapshots/s'));
    assert.match(told(first)[0] ?? '', /There is no snapshot snapshots\/s\. Run the tests with --update/);
    const written = await tested(
      { ...test('snapshot: snapshots/s'), 'snapshots/s/old.txt': 'x' },
      { snapshots: 'update' },
    );
    assert.deepEqual([told(written), written.read], [[], { 'snapshots/s': '# yard\n\nby \n' }]);
    const differs = await tested({
      ...test('snapshot: snapshots/s'),
      'snapshots/s/README.md': '# yarn\n\nby \n',
      'snapshots/s/gone.md': '',
    });
    assert.deepEqual(told(differs), [
      'snapshot["README.md"]: The file is another:',
      'snapshot["gone.md"]: The file is not there any more',
    ]);
    for (const outside of ['.', '..', '/tmp', 'a/../..']) {
      const refused = await tested(test(`snapshot: '${outside}'`), { snapshots: 'update' });
      assert.match(told(refused)[0] ?? '', /is not below that of the tests/, outside);
    }
  });

  it('gives steps the secrets of the environment that the case has; actions still take it as a dry-run', async () => {
    const template = TEMPLATE.replace("'${{ secrets.token }}'", "'${{ environment.secrets.deploy }}'");
    const report = await tested({
      'template.yaml': `${template.slice(0, template.indexOf('  output:'))}    - id: wait
      action: roadiehq:utils:sleep
      input: { amount: 600, note: '\${{ environment.secrets.deploy }}' }
`,
      'template.test.yaml': `- name: s
  values: { name: yard }
  environment: { secrets: { deploy: hush-hush } }
  actions: { harbourline:asks: { output: { answer: { url: x } } } }
  expect:
    steps:
      publish: { input: { remoteUrl: https://git.example.com/two, token: hush-hush } }
      wait: { status: completed, input: { note: hush-hush } }
    log: [Not run]
- name: none
  values: { name: yard }
  actions: { harbourline:asks: { output: { answer: { url: x } } } }
  expect: { steps: { publish: { input: { token: hush-hush } } } }
`,
    });
    assert.deepEqual(
      [report.diagnostics, told(report)],
      [[], ['steps["publish"].input: input.token is another:']],
    );
  });

  it('names what is wrong with the tests and the template, with the place', async () => {
    const wrong = async (test: string, template = TEMPLATE): Promise<readonly string[]> => {
      const { diagnostics } = await tested({ 'template.test.yaml': test, 'template.yaml': template });
      return diagnostics.map(({ code, summary, line }) => `${code}:${line ?? ''} ${summary}`);
    };
    assert.deepEqual(
      await wrong(
        '- name: x\n  vales: {}\n  expect: { status: done }\n- name: x\n  http: [{ request: { url: x } }]',
      ),
      [
        "template/test-file:2 'vales' means nothing here",
        'template/test-file:3 A task is completed or failed',
        "template/test-file:5 'x' is no URL",
        "template/test-file:4 Two cases are called 'x'",
      ],
    );
    assert.deepEqual(await wrong(''), ['template/test-file:1 There are no tests in it']);
    assert.deepEqual(await wrong('a: ['), [
      'template/test-file:1 It is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ]);
    assert.match(
      (await wrong('template: ./other.yaml\ncases: [{ name: x }]'))[0] ?? '',
      /other\.yaml cannot be read$/,
    );
    assert.match(
      (await wrong('- name: x', 'kind: Component'))[0] ?? '',
      /^template\/none: There is no template in it/,
    );
    assert.match(
      (await wrong('- name: x', `${TEMPLATE}\n  steps: 1`))[0] ?? '',
      /^template\/yaml:\d+ It is no YAML/,
    );
  });
});
