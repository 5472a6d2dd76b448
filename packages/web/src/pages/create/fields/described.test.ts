import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readdir, readFile } from 'node:fs/promises';
import { compileForm } from '@callboard/form';
import { parse } from 'yaml';
import { DESCRIBED_FIELDS, FIELD_BY_RULES } from './described.ts';

const HERE = new URL('./', import.meta.url);

describe('DESCRIBED_FIELDS', () => {
  it('describes every field that the portal has, with an example that uses it', async () => {
    const source = await readFile(new URL('builtin.ts', HERE), 'utf8');
    const names = [...source.matchAll(/name: '(\w+)'/g)].map(([, name]) => String(name));
    assert.deepEqual(Object.keys(DESCRIBED_FIELDS), names);
    for (const name of names) {
      const { example = '' } = DESCRIBED_FIELDS[name] ?? {};
      assert.match(example, new RegExp(`ui:field: ${name}\\n`));
      assert.deepEqual((await compileForm({ pages: [{ properties: parse(example) }] })).diagnostics, []);
    }
  });

  it('names no option that no field reads', async () => {
    const files = (await readdir(HERE)).filter((file) => /^(?!described).*(?<!\.test)\.tsx?$/.test(file));
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, HERE), 'utf8')));
    const all = sources.join('\n');
    for (const [name, { schema }] of Object.entries(DESCRIBED_FIELDS)) {
      for (const option of Object.keys(schema.uiOptions?.['properties'] ?? {})) {
        assert.match(all, new RegExp(`['\\s.]${option}\\b`), `${name}: ${option}`);
      }
    }
  });
});

describe('FIELD_BY_RULES', () => {
  it('has an example in which one field follows from another', async () => {
    const { fields, diagnostics } = await compileForm({
      pages: [{ properties: parse(FIELD_BY_RULES.example) }],
    });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(fields.find(({ id }) => id === '/machine')?.dependsOn, ['/size']);
  });
});
