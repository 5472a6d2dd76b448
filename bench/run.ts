/**
 * `npm run bench`: the whole portal as its users start it, in a process of its own. Ingest, start-up, memory and
 * reads, each beside a limit: a bare node:http server that sends the same bytes, and the same data at an eighth of
 * the size. Answers are checked before anything is timed. Prints the tables of README.md.
 *
 *   npm run bench [-- --sizes 1250,10000,12500,100000 --reads 10000,100000 --seconds 2 --rounds 3]
 */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateCatalog } from './catalog-data.ts';
import { startMeasured, type MeasuredProcess } from './measure.ts';
import { measureReads } from './reads.ts';

const TOKEN = 'bench-token-not-secret';
const PORT = 7391;
const URL = `http://127.0.0.1:${PORT}`;
const HEADERS = { authorization: `Bearer ${TOKEN}` };
const BIN = new globalThis.URL('../packages/server/bin/callboard.mjs', import.meta.url).pathname;
/** As package.json starts it. */
const START = ['--max-semi-space-size=4', BIN, 'start', '--json', '--config'];

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1250,10000,12500,100000' },
    reads: { type: 'string', default: '10000,100000' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: join(tmpdir(), 'callboard-bench') },
  },
});

const sizes = values.sizes.split(',').map(Number);
console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}\n`);

console.log(
  '| entities | files to final | restart to ready | resident after restart | resident while ingesting |',
);
console.log('|---|---|---|---|---|');
const empty = await prepare(0);
await (await start(empty)).stop();
{
  await using portal = await start(empty);
  await pause(3_000);
  const { rss } = await portal.memory();
  console.log(`| 0 | – | ${seconds(portal.readyMs)} | ${megabytes(rss)} | – |`);
}
const ingestTimes = new Map<number, number>();
for (const size of sizes) {
  const config = await prepare(size);
  const ingest = await ingestOnce(config, size);
  ingestTimes.set(size, ingest.ms);
  await using portal = await start(config);
  await expectEntities(size);
  await pause(3_000);
  const { rss } = await portal.memory();
  console.log(
    `| ${size} | ${seconds(ingest.ms)} | ${seconds(portal.readyMs)} | ${megabytes(rss)} | ${megabytes(ingest.peakRss)} |`,
  );
}
for (const size of sizes) {
  const smaller = ingestTimes.get(size / 8);
  if (smaller === undefined) continue;
  const growth = (ingestTimes.get(size) ?? 0) / smaller;
  console.log(`\n8 x the data (${size / 8} → ${size}) takes ${growth.toFixed(1)} x the time.`);
}

for (const size of values.reads.split(',').map(Number)) {
  if (!sizes.includes(size)) continue;
  await using portal = await start(await configFile(size));
  await expectEntities(size);
  assert.ok(portal.pid > 0);
  console.log(`\n### Reads with ${size} entities, 8 connections\n`);
  await measureReads({
    url: URL,
    headers: HEADERS,
    entities: size,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
  });
}

/** Data and an empty database; returns the configuration file. */
async function prepare(size: number): Promise<string> {
  const folder = join(values.folder, `data-${size}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (size > 0) await generateCatalog({ entities: size, folder });
  const file = await configFile(size);
  for (const suffix of ['', '-wal', '-shm']) {
    await rm(join(values.folder, `${size}.sqlite${suffix}`), { force: true });
  }
  return file;
}

async function configFile(size: number): Promise<string> {
  const file = join(values.folder, `${size}.yaml`);
  const config = {
    backend: {
      listen: { host: '127.0.0.1', port: PORT },
      database: { client: 'better-sqlite3', connection: { filename: join(values.folder, `${size}.sqlite`) } },
      auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'bench' } }] },
    },
    catalog: {
      rules: [{ allow: ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location'] }],
      locations: size === 0 ? [] : [{ type: 'file', target: join(values.folder, `data-${size}`, '*.yaml') }],
    },
  };
  await mkdir(values.folder, { recursive: true });
  await writeFile(file, JSON.stringify(config));
  return file;
}

function start(config: string): Promise<MeasuredProcess> {
  return startMeasured({
    command: process.execPath,
    args: [...START, config],
    ready: /"ready":true/,
    timeoutSeconds: 120,
  });
}

/** From the start of the process until the API answers with every entity. */
async function ingestOnce(config: string, size: number): Promise<{ ms: number; peakRss: number }> {
  await using portal = await start(config);
  const ready = performance.now();
  await expectEntities(size);
  const ms = performance.now() - ready;
  const { peakRss } = await portal.memory();
  return { ms, peakRss };
}

async function expectEntities(size: number): Promise<void> {
  const deadline = performance.now() + 120_000;
  const wanted = size + 1;
  for (;;) {
    const response = await fetch(`${URL}/api/catalog/entities/by-query?limit=0`, { headers: HEADERS });
    const body: unknown = await response.json();
    const total = typeof body === 'object' && body !== null && 'totalItems' in body ? body.totalItems : null;
    if (total === wanted) return;
    if (performance.now() > deadline)
      throw new Error(`${String(total)} of ${wanted} entities after two minutes`);
    await pause(10);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
