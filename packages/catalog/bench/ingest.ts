/**
 * How long files take to become entities that the API answers with, and how that grows: the catalog alone, in this
 * process, over a database file. Every answer is checked before it is timed.
 *
 *   node packages/catalog/bench/ingest.ts [--sizes 1250,10000] [--folder /tmp/callboard-bench]
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog, createMetrics, migrate, openDatabase } from '@callboard/kernel';
import { generateCatalog } from '../../../bench/catalog-data.ts';
import { catalogMigrations, createCatalog, parseCatalogConfig, type Catalog } from '../src/index.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1250,10000' },
    folder: { type: 'string', default: join(tmpdir(), 'callboard-bench') },
  },
});

interface Row {
  readonly entities: number;
  readonly ingestMs: number;
  readonly restartMs: number;
  readonly rssMb: number;
}

const rows: Row[] = [];
for (const size of values.sizes.split(',').map(Number)) rows.push(await measure(size));
console.table(rows);
const [first, last] = [rows[0], rows.at(-1)];
if (first !== undefined && last !== undefined && first !== last) {
  const growth = last.ingestMs / first.ingestMs;
  console.log(`${last.entities / first.entities} x the data takes ${growth.toFixed(1)} x the time`);
}

async function measure(entities: number): Promise<Row> {
  const folder = join(values.folder, String(entities));
  const file = join(values.folder, `${entities}.sqlite`);
  await generateCatalog({ entities, folder });
  for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true });

  const started = performance.now();
  {
    await using opened = await open(file, folder);
    await opened.catalog.start();
    await opened.catalog.engine.idle();
    check(opened.catalog, entities);
  }
  const ingestMs = performance.now() - started;

  const again = performance.now();
  await using opened = await open(file, folder);
  check(opened.catalog, entities);
  const restartMs = performance.now() - again;
  return {
    entities,
    ingestMs: Math.round(ingestMs),
    restartMs: Math.round(restartMs),
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}

async function open(file: string, folder: string): Promise<AsyncDisposable & { catalog: Catalog }> {
  const database = openDatabase({ client: 'sqlite', file });
  await migrate(database, [catalogMigrations], Date.now);
  const config: Record<string, unknown> = {
    'catalog.locations': [{ type: 'file', target: `${folder}/*.yaml` }],
    'catalog.rules': [
      { allow: ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location'] },
    ],
    'catalog.watch': false,
    'catalog.processingInterval': false,
  };
  const reader = { getOptional: (key: string) => config[key], getOptionalDuration: () => null };
  const catalog = await createCatalog({
    database,
    log: createLog({ level: 'warn', plain: true, write: (line) => process.stderr.write(line) }),
    metrics: createMetrics(),
    urls: {
      read: () => Promise.reject(new Error('no URL is read here')),
      resolveUrl: (url) => url,
      resolveEditUrl: () => null,
      folderUrl: () => null,
    },
    now: Date.now,
    random: Math.random,
    settings: parseCatalogConfig(reader, { cwd: '/' }).settings,
  });
  return {
    catalog,
    [Symbol.asyncDispose]: async () => {
      await catalog[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** All entities are there, and one in the middle has its relations. */
function check(catalog: Catalog, entities: number): void {
  assert.equal(catalog.index.size, entities + 1);
  const ordinal = catalog.index.ordinalOf('component:default/svc-1') ?? -1;
  assert.ok(catalog.index.relationsOf(ordinal).some((relation) => relation.type === 'ownedBy'));
}
