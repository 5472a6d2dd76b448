/**
 * A catalog in a process of its own that kills itself, as `kill -9` would, right after a given number of commits.
 * Arguments: the database file, a target, after how many commits.
 */
import { createLog, createMetrics, migrate, openDatabase } from '@callboard/kernel';
import { createFakeUrls, settingsOf } from '../catalog.fixture.ts';
import { createCatalog } from '../catalog.ts';
import { catalogMigrations } from '../store/tables.ts';

const [file = '', target = '', commits = ''] = process.argv.slice(2);
const database = openDatabase({ client: 'sqlite', file });
await migrate(database, [catalogMigrations], Date.now);
const catalog = await createCatalog({
  database,
  urls: createFakeUrls(),
  log: createLog({ level: 'error', write: (line) => void process.stderr.write(line) }),
  metrics: createMetrics(),
  now: Date.now,
  random: Math.random,
  settings: settingsOf({ locations: [{ type: 'file', target }] }),
});
let left = Number(commits);
catalog.subscribe(() => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
await catalog.start();
await catalog.engine.idle();
await catalog[Symbol.asyncDispose]();
await database[Symbol.asyncDispose]();
