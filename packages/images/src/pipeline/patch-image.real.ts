/** The whole way with real parts: a Debian 11 that never saw a security update, a registry, a Trivy, the mirror. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aptSources, prepareBase } from '../../real/base.fixture.ts';
import { makeDatabase } from '../../real/database.fixture.ts';
import { installPrograms, temporaryFolder } from '../../real/machine.fixture.ts';
import { pushRoot, startRegistry } from '../../real/registry.fixture.ts';
import { installTrivy } from '../../real/trivy.fixture.ts';
import { createBuildahEngine } from '../build/buildah-engine.ts';
import { createNodeEngine } from '../build/node-engine.ts';
import { STRICT_POLICY } from '../gate/verdict.ts';
import { createRegistryClient } from '../image/registry.ts';
import { createPlanner } from '../plan/planner.ts';
import { promote, rollback } from '../promote/promote.ts';
import { createTrivy } from '../prove/scan.ts';
import { DEFAULT_BUDGET } from '../prove/size.ts';
import { parsePolicy } from '../receive/policy.ts';
import { PATCH_LABELS } from './build-patch.ts';
import { patchImage } from './patch-image.ts';

const why = await installPrograms(['mmdebstrap', 'docker-registry', 'buildah', 'getfattr', 'tar']);
const PLATFORM = { os: 'linux', architecture: 'amd64', variant: null };

describe('patchImage', { skip: why ?? false }, () => {
  it('patches, proves, promotes and rolls back a golden image', { timeout: 600_000 }, async (test) => {
    await using folder = await temporaryFolder('patch');
    await using registry = await startRegistry(join(folder.path, 'registry'));
    const root = await prepareBase({ folder: folder.path, include: ['openssl', 'curl'] });
    const database = await makeDatabase({ tar: root.tar, folder: folder.path });
    test.diagnostic(
      `base ${root.took.toFixed(0)} s, database ${database.took.toFixed(0)} s, ${database.fixes.length} fixes`,
    );
    await pushRoot({
      host: registry.host,
      repository: 'golden/debian',
      tag: '11',
      tars: [root.tar],
      folder: folder.path,
    });
    const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
    const where = { registry: registry.host, repository: 'golden/debian' };
    const image = await client.image({ ...where, reference: '11' }, PLATFORM);
    const scanner = createTrivy({
      program: await installTrivy(),
      cacheDir: database.cacheDir,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder.path },
    });
    const request = {
      image,
      findings: [],
      patchId: 'test',
      policies: {
        findings: parsePolicy({ severities: ['critical', 'high', 'medium'] }),
        gate: STRICT_POLICY,
        proof: {
          budget: DEFAULT_BUDGET,
          worstNew: 'high' as const,
          ownLabels: PATCH_LABELS,
          allowedPaths: [],
        },
      },
      smokeTests: [],
      mirrors: { 'patch.list': await aptSources() },
      limits: { unpackedBytes: 2 ** 32, layerBytes: 2 ** 31, entries: 1_000_000 },
      log: (line: string) => test.diagnostic(line),
      signal: AbortSignal.timeout(500_000),
    };
    for (const engine of [createNodeEngine(client), createBuildahEngine(client)]) {
      const began = performance.now();
      const deps = {
        client,
        engine,
        scanner,
        planner: createPlanner({ afterEndOfLife: 'patch' }),
        now: Date.now,
      };
      const outcome = await patchImage(deps, request);
      assert.equal(outcome.kind, 'judged', JSON.stringify(outcome).slice(0, 2_000));
      const { judgement, built } = outcome;
      const { verdict, proof } = judgement;
      const took = ((performance.now() - began) / 1000).toFixed(1);
      const { before, after } = verdict.findings;
      test.diagnostic(
        `${engine.name}: ${took} s, ${before.length} fixable before, ${after.length} after, layer ${built.layer.size}`,
      );
      assert.ok(before.length > 0);
      assert.deepEqual(
        verdict.checks.filter(({ ok }) => !ok),
        [],
      );
      assert.deepEqual(after, []);
      assert.ok(proof !== null);
      const promotion = await promote({ client, proof, tag: '11', now: Date.now() });
      const golden = await client.manifest({ ...where, reference: '11' });
      assert.equal(golden?.digest, built.digest);
      await rollback({ client, promotion });
      assert.equal((await client.manifest({ ...where, reference: '11' }))?.digest, image.digest);
    }
  });
});
