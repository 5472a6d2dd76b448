/** Every row of docs/compatibility.md is true, and every deviation that is known is a row there. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { DEVIATIONS } from './deviations.fixture.ts';
import { MEMORY_DEVIATIONS } from './memory-deviations.fixture.ts';
import { openTestPortal, type TestPortal } from './portal.fixture.ts';

let portal: TestPortal;
let memory: InMemoryCatalogClient;

before(async () => {
  portal = await openTestPortal();
  memory = new InMemoryCatalogClient({ entities: (await portal.client.getEntities()).items });
});
after(() => portal[Symbol.asyncDispose]());

describe("what Callboard does other than Backstage's catalog", () => {
  for (const { what, callboard, check } of DEVIATIONS) {
    it(`${what}: ${callboard}`, () => check(portal));
  }
});

describe("what Backstage's in-memory client does other than its catalog", () => {
  for (const { what, catalog, examples } of MEMORY_DEVIATIONS) {
    it(`${what}: ${catalog}`, async () => {
      for (const example of examples) {
        assert.deepEqual(await example.ask(portal.client), example.catalog);
        assert.deepEqual(await example.ask(memory), example.memory);
      }
    });
  }
});

describe('docs/compatibility.md', () => {
  it('has these rows and no others', async () => {
    const text = await readFile(new URL('../../../../docs/compatibility.md', import.meta.url), 'utf8');
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:What|---) /.test(line));
    assert.deepEqual(rows, [
      ...DEVIATIONS.map(
        ({ what, backstage, callboard, why }) => `| ${what} | ${backstage} | ${callboard} | ${why} |`,
      ),
      ...MEMORY_DEVIATIONS.map((row) => `| ${row.what} | ${row.memory} | ${row.catalog} |`),
    ]);
  });
});
