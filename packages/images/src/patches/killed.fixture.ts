/**
 * A portal in a process of its own, until it is killed, over a database file and a registry that outlive it:
 * `node killed.fixture.ts <file> <registry> <folder> <generation> <images>`. It says `ready` when it works, and ends by
 * itself when every golden image is promoted. Each generation begins a lease after the one before it was killed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobs, createLog, jobsMigrations, migrate, openDatabase } from '@callboard/kernel';
import { createImages } from '../create-images.ts';
import { createRegistryClient } from '../image/registry.ts';
import { imagesMigrations } from '../migrations.ts';
import { createPlanner } from '../plan/planner.ts';
import { createFakeMachine } from './fake-machine.fixture.ts';
import { OPENSSL, settingsOf } from './world.fixture.ts';

const LEASE = 61_000;
const [file = '', registry = '', folder = '', generation = '', images = ''] = process.argv.slice(2);
const names = images.split(',');
const now = (): number => Date.now() + Number(generation) * LEASE;

const database = openDatabase({ client: 'sqlite', file });
await migrate(database, [jobsMigrations, imagesMigrations], now);
const log = createLog({ level: 'error', write: (line) => void process.stderr.write(line) });
const jobs = createJobs(
  { database, log, now, random: Math.random, owner: `generation ${generation}` },
  { pollInterval: 20 },
);
const client = createRegistryClient({ fetch, now, random: Math.random, limits: { backOffMs: 10 } });
const machine = createFakeMachine({
  client,
  folder: `${folder}/${generation}`,
  mirror: { openssl: OPENSSL.fixed },
  advisories: [OPENSSL],
});
await using room = createImages({
  database,
  jobs,
  log,
  client,
  scanner: machine.scanner,
  prove: machine.prove,
  engine: async () => machine.engine,
  planner: async () => createPlanner(),
  builder: { id: 'https://portal.example', version: '1' },
  now,
  owner: `generation ${generation}`,
  settings: settingsOf(registry, names),
});
await room.start();
process.stdout.write('ready\n');

for (;;) {
  const { items } = await room.patches.list({ limit: 200, states: ['promoted', 'parked'] });
  // A person sees to what was killed too often.
  for (const { id, state } of items) {
    if (state === 'parked') await room.patches.retry(id, { by: 'user:default/ann', reason: 'it was killed' });
  }
  if (
    new Set(items.filter(({ state }) => state === 'promoted').map(({ golden }) => golden)).size ===
    names.length
  )
    break;
  await sleep(10);
}
await jobs.close();
