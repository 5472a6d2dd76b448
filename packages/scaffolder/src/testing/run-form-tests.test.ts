import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openTestEngine } from './engine.fixture.ts';
import { runFormTests } from './run-form-tests.ts';
import { isPassed, type TemplateTestReport } from './run-template-tests.ts';

const TEMPLATE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: berth }
spec:
  type: service
  parameters:
    - required: [name]
      properties:
        name: { type: string, minLength: 3 }
        kind: { type: string, 'ui:enum': [service, library] }
        plain: { type: string }
        port: { type: integer, 'ui:visible': form.kind = 'service' }
        account:
          type: string
          ui:source: { provider: 'harbourline:accounts', value: id, label: name }
          ui:default: options[$contains($lowercase($$.form.name), $lowercase(label))][0].value
        region:
          type: string
          ui:source:
            http: { url: 'https://api.example.com/accounts/\${{ form.account }}/regions' }
          ui:disabled: $not($exists(form.account))
          ui:required: $exists(form.account)
        owner:
          type: string
          ui:source: { catalog: { kind: Group } }
        mail: { type: string, 'ui:default': user.email }
  steps: []
`;

const OUTSIDE = `    options: { 'harbourline:accounts': [{ id: '1', name: crane }, { id: '2', name: dock }] }
    http:
      - request: { url: 'https://api.example.com/accounts/1/regions' }
        response: { json: [north, south] }
    catalog:
      - { apiVersion: backstage.io/v1alpha1, kind: Group, metadata: { name: pilots }, spec: { type: team, children: [] } }
    user:
      ref: user:default/anna
      groups: [group:default/pilots]
      entity:
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: anna }
        spec: { profile: { email: anna@example.com }, memberOf: [pilots] }
`;

async function run(tests: string): Promise<TemplateTestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-form-tests-'));
  try {
    await writeFile(join(folder, 'template.yaml'), TEMPLATE);
    const file = join(folder, 'form.test.yaml');
    await writeFile(file, tests);
    return await runFormTests({
      file,
      openForms: (outside) =>
        openTestEngine(outside, { allow: [{ host: 'api.example.com', paths: ['/'] }] }).forms,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const said = ({ cases }: TemplateTestReport): readonly string[] =>
  cases.flatMap(({ failures }) => failures.map(({ what, message }) => `${what}: ${message}`));

describe('runFormTests', () => {
  it('holds a form to what is expected of its fields, options and errors', async () => {
    const report = await run(`cases:
  - name: a service in the account of its name
    values: { name: crane-log, kind: service, owner: group:default/pilots, region: east }
${OUTSIDE}
    expect:
      visible: [name, port, plain]
      enabled: [region, plain]
      required: [name, region]
      optional: [plain, owner]
      values: { account: '1', region: null, mail: anna@example.com }
      suggested: { account: '1' }
      replaced: { region: east }
      options: { account: ['1', '2'], region: { contains: [north], lacks: [east], count: 2 }, owner: { count: 1 } }
      errors: { region: is not one of the options }
  - name: nothing entered
    values: {}
${OUTSIDE}
    expect: { hidden: [port], disabled: [region], optional: [region], errors: { name: requires property } }
`);
    assert.deepEqual([report.diagnostics, said(report)], [[], []]);
    assert.equal(isPassed(report), true);
  });

  it('says what differs, and which expression with which values made it so', async () => {
    const report = await run(`- name: all wrong
  values: { name: dock, kind: library, account: '2' }
${OUTSIDE.replaceAll(/^ {2}/gm, '')}
  expect:
    visible: [port, prot]
    disabled: [plain]
    values: { account: '1' }
    options: { plain: [a], account: { contains: ['3'] }, region: { count: 2 } }
    errors: {}
`);
    const all = said(report).join('\n');
    assert.match(
      all,
      /visible: \/port is not visible\n\s+form\.kind = 'service' gives false with \/kind = "library"/,
    );
    assert.match(all, /There is no field \/prot\. .*port/);
    assert.match(all, /disabled: \/plain is not disabled/);
    assert.match(all, /values\.account: account is "2", and not "1"/);
    assert.match(all, /options\[\/plain\]: The field has no options/);
    assert.match(all, /options\[\/account\]: "3" is not among "1", "2"/);
    assert.match(all, /options\[\/region\]: There are no options: .*accounts\/2\/regions.*is recorded/);
    assert.match(all, /errors: The form does not take the values:/);
    assert.equal(isPassed(report), false);
  });

  it('names what is wrong with the tests themselves, with the place', async () => {
    const report = await run(`cases:
  - name: one
    values: []
    expect: { visable: [name], options: { account: { count: many } } }
  - name: one
`);
    assert.deepEqual(
      report.diagnostics.map(({ code, line, summary }) => `${code} ${line ?? 0} ${summary}`),
      [
        'template/test-file 3 cases[0].values is not an object',
        "template/test-file 4 'visable' means nothing here",
        'template/test-file 4 It is no number',
        'template/test-file 5 Nothing is expected',
        "template/test-file 5 Two cases are called 'one'",
      ],
    );
    assert.equal(isPassed(report), false);
  });
});
