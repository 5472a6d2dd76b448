/** The templates of the example company: their own tests, and what the linter says of them. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { lintTemplate } from '../lint/lint-template.ts';
import { readTemplateFiles } from '../lint/template-files.ts';
import { openTestEngine } from './engine.fixture.ts';
import { createRecordedHttp } from './recorded-http.ts';
import { runTemplateTests } from './run-template-tests.ts';

const FOLDER = fileURLToPath(new URL('../../../../examples/catalog/templates/', import.meta.url));
const NAMES = readdirSync(FOLDER, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? [one.name] : [],
);

describe('the example templates', () => {
  it('are there', () =>
    assert.deepEqual(NAMES.toSorted(), ['golden-image', 'new-service', 'terraform-module']));

  for (const name of NAMES) {
    it(`${name} does what its tests say`, async () => {
      const file = `${FOLDER}${name}/template.test.yaml`;
      const { diagnostics, cases } = await runTemplateTests({ file, openEngine: openTestEngine });
      assert.deepEqual(diagnostics, []);
      assert.ok(cases.length > 1);
      const failures = cases.flatMap((one) =>
        one.failures.map(({ what, message }) => `${one.name}: ${what}: ${message}`),
      );
      assert.deepEqual(failures, []);
    });

    it(`${name} has nothing that the linter complains about`, async () => {
      const file = `${FOLDER}${name}/template.yaml`;
      const { urls, fetch } = createRecordedHttp([], { fileOf: (path) => path });
      const { actions } = openTestEngine({ urls, fetch, catalog: NO_CATALOG });
      const files = await readTemplateFiles(dirname(file));
      const found = lintTemplate({ text: await readFile(file, 'utf8'), file, actions, files });
      assert.deepEqual(found, []);
    });
  }
});

const NO_CATALOG = {
  entity: async () => null,
  ownershipOf: async () => [],
  register: async () => [],
  preview: async () => [],
};
