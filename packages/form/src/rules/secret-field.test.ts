import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import type { GraphField } from '../graph.ts';
import { read } from './reading.fixture.ts';
import { isSecretField, secretReads } from './secret-field.ts';

async function field(id: string, schema: JsonObject): Promise<GraphField> {
  const { rules } = await read(schema, { at: `p${id.replaceAll('/', '.')}`, id });
  return { id, page: 0, title: id.slice(1), schema, at: 'p', conditions: [], rules, dependsOn: [] };
}

describe('isSecretField', () => {
  it('knows each spelling of a secret', () => {
    for (const schema of [
      { 'ui:field': 'Secret' },
      { 'ui:widget': 'password' },
      { 'ui:options': { field: 'Secret' } },
      { encryption: 'aes256-gcm' },
    ]) {
      assert.equal(isSecretField(schema), true);
    }
    assert.equal(isSecretField({ 'ui:field': 'EntityPicker', 'ui:widget': 'text' }), false);
  });
});

describe('secretReads', () => {
  it('names every rule that reads a secret', async () => {
    const fields = [
      await field('/token', { 'ui:field': 'Secret' }),
      await field('/a', { 'ui:default': 'form.token', 'ui:visible': 'form.other' }),
      await field('/b', { 'ui:source': { http: { endpoint: 'x', headers: { auth: '${{ form.token }}' } } } }),
      await field('/c', { 'ui:validate': 'value = form.token' }),
    ];
    assert.deepEqual(
      secretReads(fields).map(({ code, path }) => [code, path]),
      [
        ['form/reads-secret', 'p.a["ui:default"]'],
        ['form/reads-secret', 'p.b["ui:source"].http.headers.auth'],
        ['form/reads-secret', 'p.c["ui:validate"]'],
      ],
    );
    assert.deepEqual(secretReads(fields.slice(1)), []);
  });
});
