import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { jobsMigrations, migrate, openDatabase, type Database } from '@callboard/kernel';
import { createSqlFindingsStore } from '../findings/sql-findings-store.ts';
import { startTestRegistry, type TestRegistry } from '../image/registry.fixture.ts';
import { imagesMigrations } from '../migrations.ts';
import { createVerifier, parseEnvelope } from '../prove/dsse.ts';
import { openVerdict } from '../prove/verdict.ts';
import { parseReport } from '../receive/report.ts';
import { temporaryFolder } from './fake-machine.fixture.ts';
import { putImage, type LabelledImage } from './labelled-image.fixture.ts';
import { createRecords } from './records.ts';
import { trivyReport } from './reports.fixture.ts';
import { createSigningKey } from './signing.ts';
import { createPatchStore } from './store.ts';
import { digestAt, INSTALLED, OPENSSL } from './world.fixture.ts';

const CHILD = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url));
/** Seconds of a longer trial, with more images. */
const SOAK = Number(process.env['CALLBOARD_SOAK'] ?? '0');
const IMAGES = SOAK > 0 ? 64 : 8;
const NAMES = Array.from({ length: IMAGES }, (_, at) => `image${at}`);
/** After so many it is let be, so that it comes to an end. */
const MOST_KILLS = SOAK > 0 ? Infinity : 8;
/** Milliseconds that a child is let work at most; most stages are shorter. */
const LONGEST_LIFE = 300;

/** Runs a portal until it has done everything, or is killed; true when it was killed. */
async function runAndKill(args: readonly string[], kill: { readonly isWanted: boolean }): Promise<boolean> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  await Promise.race([ready, ended]);
  if (kill.isWanted) {
    await Promise.race([sleep(Math.random() * LONGEST_LIFE), ended]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  assert.ok(signal === 'SIGKILL' || code === 0, `it ended with ${String(code)}`);
  return signal === 'SIGKILL';
}

async function putFindings(database: Database, goldens: readonly LabelledImage[]): Promise<void> {
  const findings = createSqlFindingsStore(database);
  for (const image of goldens) {
    const config = { diffIds: image.diffIds };
    const report = trivyReport({ image: { ...image, config }, installed: INSTALLED, advisories: [OPENSSL] });
    const parsed = parseReport(report, { receivedAt: 0, name: 'report' });
    await findings.put(parsed.findings, { at: Date.now() });
  }
}

function movesOf({ asked }: TestRegistry, name: string): number {
  return asked.filter((line) => line === `PUT /v2/golden/${name}/manifests/12`).length;
}

describe('a portal that is killed while it patches', () => {
  it('promotes every image once, with its proof, wherever it was', { timeout: 600_000 }, async (test) => {
    await using registry = await startTestRegistry();
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'portal.sqlite');
    const goldens: LabelledImage[] = [];
    for (const name of NAMES) {
      const installed = { ...INSTALLED, [name]: '1.0-1' };
      goldens.push(await putImage(registry, { repository: `golden/${name}`, tag: '12', installed }));
    }
    {
      await using database = openDatabase({ client: 'sqlite', file });
      await migrate(database, [jobsMigrations, imagesMigrations], Date.now);
      await putFindings(database, goldens);
    }
    const began = performance.now();
    let kills = 0;
    for (let generation = 0; ; generation += 1) {
      const isWanted = kills < MOST_KILLS && (SOAK === 0 || performance.now() - began < SOAK * 1_000);
      const args = [file, registry.host, folder.path, String(generation), NAMES.join()];
      const wasKilled = await runAndKill(args, { isWanted });
      if (!wasKilled) break;
      kills += 1;
    }
    await using database = openDatabase({ client: 'sqlite', file });
    const records = createRecords(database, Date.now);
    const signer = await createSigningKey({ database, configured: null })();
    const { items: patches } = await createPatchStore(database, Date.now).list({ limit: 200 });
    test.diagnostic(
      `${kills} kills, ${patches.length} patches, ${((performance.now() - began) / 1_000).toFixed(1)} s`,
    );
    for (const [at, name] of NAMES.entries()) {
      const own = patches.filter(
        ({ golden, base }) => golden === name && base.digest === goldens[at]?.digest,
      );
      assert.deepEqual(
        own.map(({ state }) => state),
        ['promoted'],
        name,
      );
      const [patch] = own;
      assert.ok(patch?.built !== null && patch !== undefined);
      assert.equal(digestAt(registry, `golden/${name}:12`), patch.built.digest);
      assert.equal(movesOf(registry, name), 1, `${name} was moved once`);
      assert.deepEqual(
        patch.promotions.map(({ previous, current }) => [previous, current]),
        [[patch.base.digest, patch.built.digest]],
      );
      const envelope = parseEnvelope(Buffer.from((await records.read(patch.records.seal ?? ''))?.text ?? ''));
      assert.ok(envelope !== null);
      const proof = openVerdict(envelope, patch.built, createVerifier(signer.publicKey));
      assert.equal(proof.verdict.base.digest, patch.base.digest);
      assert.equal(proof.verdict.planHash, patch.records.plan);
      assert.equal(patch.attestations.length, 4);
    }
    // Whatever else there is, is of images that were promoted, and found nothing in them.
    const others = patches.filter(({ base }) => goldens.every(({ digest }) => digest !== base.digest));
    assert.ok(others.every(({ state }) => state === 'clean'));
    assert.equal(patches.length, NAMES.length + others.length);
  });
});
