import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FieldDeclaration } from '@callboard/plugin';
import { lintTemplate } from './lint-template.ts';

const NO_ACTIONS = { find: () => null, list: () => [] };
const HEAD = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: t }
spec:
  type: service
  output: { text: [{ content: "\${{ parameters | dump }}" }] }
  steps: []
  parameters:
`;
const PICKER: FieldDeclaration = {
  description: 'An account',
  schema: { returnValue: { type: 'string' } },
  expand: () => ({ 'ui:source': { provider: 'aws:accounts' } }),
};

/** Codes with line (that of the text that is given) and column, without those about steps. */
async function lint(
  parameters: string,
  declarations?: Record<string, FieldDeclaration>,
): Promise<readonly string[]> {
  const text = HEAD + parameters.replace(/^(?=.)/gm, '    ');
  const fields = Object.keys(declarations ?? {});
  const request = {
    text,
    actions: NO_ACTIONS,
    fields,
    ...(declarations === undefined ? {} : { declarations }),
  };
  const found = await lintTemplate(request);
  return found
    .filter(({ code }) => !code.startsWith('model/') && code !== 'template/unused-parameter')
    .map(({ code, line = 0, column = 0, severity }) => `${severity} ${code} ${line - 8}:${column - 4}`);
}

describe('checkFormGraph', () => {
  it('has nothing to say about rules that are good, in any spelling', async () => {
    const found = await lint(`- properties:
    service: { type: string }
    size: { type: integer }
    account:
      type: string
      ui:source:
        http: { endpoint: inventory, path: '/accounts?service=\${{ form.service }}' }
        items: accounts
        value: id
      ui:visible: form.size > 1
    team: { type: string, visible: { jqQuery: '.form.service != null' }, dependsOn: [service] }
- properties:
    region:
      type: string
      ui:widget: ActiveDropdown
      ui:props:
        fetch:url: $\${{backend.baseUrl}}/api/proxy/inventory/regions?account=$\${{current.account}}
        fetch:response:value: regions.id
`);
    assert.deepEqual(found, []);
  });

  it('names what is wrong with a rule where it is written', async () => {
    const found = await lint(`properties:
  a:
    type: string
    ui:visible: form.
  b:
    type: string
    ui:source: { provder: x }
  c:
    type: string
    ui:default: form.nothing
`);
    assert.deepEqual(found, [
      'error form/bad-expression 4:17',
      'error form/unknown-source 7:16',
      'warning form/unknown-key 7:18',
      'warning form/unknown-field 10:17',
    ]);
  });

  it('names each rule of a ring', async () => {
    const found = await lint(`properties:
  a: { type: string, ui:default: form.b }
  b: { type: string, ui:default: form.a }
`);
    assert.ok(found.length > 0);
    assert.ok(found.every((one) => one.startsWith('error form/cycle ')));
  });

  it('knows what the fields of plugins declare', async () => {
    const form = `properties:
  account: { type: string, ui:field: AccountPicker, ui:default: form.nothing }
`;
    assert.deepEqual(await lint(form, { AccountPicker: PICKER }), ['warning form/unknown-field 2:65']);
  });

  it('says nothing of fields that may be in another file', async () => {
    const found = await lint(`- properties: { a: { type: string, ui:visible: form.other } }
- $yaml: ./page.yaml
`);
    assert.deepEqual(found, []);
  });

  it('tells what Backstage makes of a form that works here', async () => {
    const found = await lint(`properties:
  token: { type: string, ui:field: Secret, pattern: '^[a-z]+$' }
  owner: { type: string, ui:field: OwnerPicker }
dependencies:
  owner:
    oneOf:
      - properties: { owner: { const: a }, more: { type: string } }
`);
    assert.deepEqual(found, ['info template/secret-pattern 2:44', 'info template/controlling-field 3:36']);
  });
});
