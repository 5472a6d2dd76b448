/**
 * From a scanner's report on an application to a golden image that is patched, with real parts: a Debian 11 that never
 * saw a security update, a registry, a Trivy, the mirror. The room itself does it with the engine in Node; beside it the
 * steps alone, with buildah.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createJobs, createLog, jobsMigrations, migrate, openDatabase } from '@callboard/kernel';
import { aptSources, prepareBase } from '../real/base.fixture.ts';
import { makeDatabase } from '../real/database.fixture.ts';
import { installPrograms, runProgram, temporaryFolder } from '../real/machine.fixture.ts';
import { pushRoot, startRegistry, type Registry } from '../real/registry.fixture.ts';
import { installTrivy } from '../real/trivy.fixture.ts';
import { createBuildahEngine } from './build/buildah-engine.ts';
import { fileList } from './build/file-list.fixture.ts';
import { createNodeEngine } from './build/node-engine.ts';
import { parseImagesConfig } from './config.ts';
import { createImages, type ImagesRoom } from './create-images.ts';
import type { ImageAt } from './image/image.ts';
import { createRegistryClient } from './image/registry.ts';
import { imagesMigrations } from './migrations.ts';
import { isOpenState } from './patches/store.ts';
import type { Patch } from './patches/patch.ts';
import { PATCH_LABELS } from './pipeline/build-patch.ts';
import { patchImage } from './pipeline/patch-image.ts';
import { createPlanner } from './plan/planner.ts';
import { promote, rollback } from './promote/promote.ts';
import { readAttestations } from './promote/attest.ts';
import { createVerifier } from './prove/dsse.ts';
import type { ImagesSettings } from './settings.ts';
import { createTools, type Tools } from './tools.ts';

const missing = await installPrograms(['mmdebstrap', 'docker-registry', 'buildah', 'getfattr', 'tar']);
const anyClient = createRegistryClient({ fetch, now: Date.now, random: Math.random });
const why =
  missing ??
  (await createNodeEngine(anyClient).unavailable()) ??
  (await createBuildahEngine(anyClient).unavailable());
const PLATFORM = { os: 'linux', architecture: 'amd64', variant: null };
const ANN = { by: 'user:default/ann', reason: 'To see that it goes back.' };
const PATCHED_WITHIN = 400_000;

interface Stage {
  readonly registry: Registry;
  readonly settings: ImagesSettings;
  readonly tools: Tools;
  readonly application: ImageAt;
}

describe('createImages', { skip: why ?? false }, () => {
  it('makes a golden image out of a report, proves it, and goes back', { timeout: 900_000 }, async (test) => {
    await using folder = await temporaryFolder('images');
    await using registry = await startRegistry(join(folder.path, 'registry'));
    const stage = await setStage(test, { folder: folder.path, registry });
    const { tools, settings } = stage;
    const [golden] = settings.golden;
    assert.ok(golden !== undefined);
    const tagged = { registry: golden.registry, repository: golden.repository, reference: golden.tag };
    const before = await tools.client.image(tagged, PLATFORM);

    const patch = await throughTheRoom(test, stage);
    assert.ok(patch.built !== null);
    const golden2 = await tools.client.manifest(tagged);
    assert.equal(golden2?.digest, before.digest, 'it was rolled back');

    const built = await withBuildah(test, { ...stage, before });
    const [ours, theirs] = [await fileList(tools.client, patch.built), await fileList(tools.client, built)];
    assert.deepEqual(differences(ours, theirs), []);
    test.diagnostic(`both engines: ${ours.size} files, the same`);
  });
});

async function setStage(
  test: TestContext,
  { folder, registry }: { readonly folder: string; readonly registry: Registry },
): Promise<Stage> {
  const root = await prepareBase({ folder, include: ['openssl', 'curl'] });
  const database = await makeDatabase({ tar: root.tar, folder });
  test.diagnostic(
    `base ${root.took.toFixed(0)} s, database ${database.took.toFixed(0)} s, ${database.fixes.length} fixes`,
  );
  const application = join(folder, 'application.tar');
  await mkdir(join(folder, 'app/srv'), { recursive: true });
  await writeFile(join(folder, 'app/srv/app.sh'), '#!/bin/sh\nexec openssl version\n', { mode: 0o755 });
  await runProgram(['tar', '--create', '--file', application, '--directory', join(folder, 'app'), 'srv']);
  const { host } = registry;
  const image = { host, tag: '11', folder };
  await pushRoot({ ...image, repository: 'golden/debian', tars: [root.tar] });
  const at = await pushRoot({ ...image, repository: 'apps/web', tag: '1', tars: [root.tar, application] });
  const images = {
    golden: [
      {
        name: 'debian-11',
        image: `${host}/golden/debian:11`,
        mirrors: { 'patch.list': await aptSources() },
        smokeTests: [
          ['openssl', 'version'],
          ['curl', '--version'],
        ],
      },
    ],
    applications: [{ name: 'web', image: `${host}/apps/web:1` }],
    policy: { severities: ['critical', 'high', 'medium'] },
    planner: { afterEndOfLife: 'patch' },
    scanner: { kind: 'trivy', program: await installTrivy(), cacheDir: database.cacheDir },
    engine: 'node',
  };
  const { settings, diagnostics } = parseImagesConfig(
    {
      getOptional: (key) => (key === 'images' ? images : undefined),
      getOptionalDuration: (key) => (key === 'images.debounce' ? 100 : null),
    },
    { cwd: folder },
  );
  assert.deepEqual(diagnostics, []);
  assert.ok(settings !== null);
  const env = { PATH: process.env['PATH'], HOME: folder };
  const tools = createTools({ settings, env, fetch, now: Date.now, random: Math.random });
  return { registry, settings, tools, application: at };
}

/** The report is about the application; what is patched is the golden image below it. */
async function throughTheRoom(test: TestContext, stage: Stage): Promise<Patch> {
  const { settings, tools, application } = stage;
  await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [jobsMigrations, imagesMigrations], Date.now);
  const log = createLog({
    level: 'warn',
    plain: true,
    secrets: () => [],
    write: (line) => test.diagnostic(line),
  });
  const clock = { now: Date.now, random: Math.random };
  await using jobs = createJobs({ database, log, owner: 'test', ...clock });
  const builder = { id: 'urn:callboard:test', version: '0' };
  await using room = createImages({
    ...tools,
    database,
    jobs,
    log,
    builder,
    now: Date.now,
    owner: 'test',
    settings,
  });
  await room.start();
  await until('the golden image is read', async () => (await room.goldens())[0]?.images.length === 1);
  const began = performance.now();
  const scan = await tools.scanner.scan(application, { signal: AbortSignal.timeout(120_000) });
  const taken = await room.takeReport(scan.report, { name: 'web.json' });
  assert.ok(taken.findings > 0);
  const patch = await ended(room);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const lines = await room.patches.lines(patch.id, { after: 0, limit: 20_000 });
  assert.equal(patch.state, 'promoted', `${patch.reason ?? ''}\n${lines.map(({ text }) => text).join('\n')}`);
  test.diagnostic(
    `node, through the room: ${seconds} s, ${patch.fixable?.before} fixable before, ${patch.fixable?.after} after`,
  );
  assert.ok(patch.fixable !== null && patch.fixable.before > 0);
  assert.equal(patch.fixable.after, 0);
  assert.equal(patch.golden, 'debian-11');
  const [promotion] = patch.promotions;
  assert.ok(promotion !== undefined && patch.built !== null);
  assert.equal(promotion.current, patch.built.digest);
  const said = await readAttestations({
    client: tools.client,
    image: patch.built,
    verifier: createVerifier(await room.publicKey()),
  });
  assert.deepEqual([said.good.length, said.refused.length], [4, 0]);
  for (const hash of Object.values(patch.records)) assert.notEqual(await room.patches.record(hash), null);
  const [, web] = await room.entities();
  assert.deepEqual(web?.spec?.['dependsOn'], ['resource:default/debian-11']);
  const back = await room.patches.rollback(patch.id, ANN);
  assert.equal(back.state, 'rolled-back');
  return patch;
}

/** The first patch, once nothing more happens to it by itself. */
async function ended(room: ImagesRoom): Promise<Patch> {
  let patch: Patch | undefined;
  await until('the patch has ended', async () => {
    patch = (await room.patches.list()).items.at(-1);
    return patch !== undefined && (!isOpenState(patch.state) || patch.state === 'parked');
  });
  assert.ok(patch !== undefined);
  return patch;
}

async function withBuildah(
  test: TestContext,
  { tools, settings, before }: Stage & { readonly before: Awaited<ReturnType<Tools['client']['image']>> },
): Promise<ImageAt> {
  const [golden] = settings.golden;
  assert.ok(golden !== undefined);
  const { client, scanner } = tools;
  const began = performance.now();
  const outcome = await patchImage(
    {
      client,
      engine: createBuildahEngine(client),
      scanner,
      planner: createPlanner({ afterEndOfLife: 'patch' }),
      now: Date.now,
    },
    {
      image: before,
      findings: [],
      patchId: 'test',
      policies: {
        findings: settings.policy,
        gate: settings.gate,
        proof: { ...settings.proof, ownLabels: PATCH_LABELS, allowedPaths: golden.allowedPaths },
      },
      smokeTests: golden.smokeTests,
      mirrors: golden.mirrors,
      limits: settings.limits,
      log: () => {},
      signal: AbortSignal.timeout(PATCHED_WITHIN),
    },
  );
  assert.equal(outcome.kind, 'judged', JSON.stringify(outcome).slice(0, 2_000));
  const { verdict, proof } = outcome.judgement;
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const { findings } = verdict;
  test.diagnostic(
    `buildah, step by step: ${seconds} s, ${findings.before.length} fixable before, ${findings.after.length} after`,
  );
  assert.deepEqual(
    verdict.checks.filter(({ ok }) => !ok),
    [],
  );
  assert.ok(findings.before.length > 0 && findings.after.length === 0);
  assert.ok(proof !== null);
  const at = { registry: golden.registry, repository: golden.repository, reference: golden.tag };
  const promotion = await promote({ client, proof, tag: golden.tag, now: Date.now() });
  assert.equal((await client.manifest(at))?.digest, outcome.built.digest);
  await rollback({ client, promotion });
  assert.equal((await client.manifest(at))?.digest, before.digest);
  return outcome.built;
}

/** Lines of one list that the other does not have, or has otherwise. */
function differences(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths]
    .filter((path) => one.get(path) !== other.get(path))
    .map((path) => `${path}: ${one.get(path) ?? 'none'} | ${other.get(path) ?? 'none'}`);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATCHED_WITHIN;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `${what}: not in time`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
