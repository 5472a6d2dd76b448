import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OCI_INDEX } from '../image/manifest.ts';
import { AMD64, putImage, type LabelledImage } from './labelled-image.fixture.ts';
import { inspectorEvent, trivyReport, type Advisory } from './reports.fixture.ts';
import { INSTALLED, inWorld, OPENSSL, ZLIB, type World } from './world.fixture.ts';

async function states(world: World): Promise<readonly string[]> {
  return (await world.patches()).map(({ golden, state }) => `${golden} ${state}`);
}

function reportOn(
  image: LabelledImage,
  advisories: readonly Advisory[],
  given: { readonly layer?: string | null; readonly createdAt?: string } = {},
) {
  return trivyReport({
    image: { ...image, config: { diffIds: image.diffIds } },
    installed: INSTALLED,
    advisories,
    ...given,
  });
}

/** An application that stands on the golden image. */
async function putApplication(world: World, name = 'web'): Promise<LabelledImage> {
  const { digest, ...at } = world.golden('debian');
  const on = await world.client.image({ ...at, reference: digest }, AMD64);
  const installed = { ...INSTALLED, [name]: '1.0-1' };
  return putImage(world.registry, { repository: `apps/${name}`, tag: '1', installed, on });
}

describe('createRouting', () => {
  it('makes one patch of findings that come twice, in any order, and from two scanners', async () => {
    await inWorld({ settings: { debounce: 200, maxWait: 10_000 } }, async (world) => {
      const image = world.golden('debian');
      const event = (number: number, updatedAt: string, advisory = OPENSSL) =>
        inspectorEvent({ ...image, advisory, version: INSTALLED[advisory.package] ?? '', number, updatedAt });
      await world.send(event(1, '2026-02-02T00:00:00Z'));
      await world.send(event(1, '2026-02-01T00:00:00Z'));
      await world.send(event(2, '2026-02-01T00:00:00Z', ZLIB));
      await world.report('debian');
      await world.report('debian');
      await world.send(event(1, '2026-02-02T00:00:00Z'));
      const waiting = await world.reached('waiting');
      await world.idle();
      assert.equal((await world.room.patches.get(waiting.id)).findings, 3);
      await world.clock.pass(300);
      const patch = await world.passUntil('promoted');
      await world.idle();
      assert.deepEqual(await states(world), ['debian promoted']);
      const plan = await world.room.patches.record(patch.records.plan ?? '');
      assert.match(plan?.text ?? '', /zlib1g/);
    });
  });

  it('waits for a pause in what comes, and no longer than it may', async () => {
    await inWorld({ settings: { debounce: 60_000, maxWait: 150_000 } }, async (world) => {
      const starts: number[] = [];
      world.machine.onScan = () => void starts.push(world.clock.now());
      const began = world.clock.now();
      for (let minute = 0; minute < 5; minute += 1) {
        const vulnerability = `CVE-2026-1${minute}`;
        await world.send(reportOn(world.golden('debian'), [{ ...OPENSSL, vulnerability }]));
        await world.idle();
        await world.clock.pass(45_000);
        await world.idle();
      }
      const waited = (starts[0] ?? 0) - began;
      assert.ok(waited >= 150_000 && waited < 200_000, `${waited} ms`);
    });
  });

  it('makes none of what is closed, suppressed, or does not act', async () => {
    await inWorld({}, async (world) => {
      const image = world.golden('debian');
      const event = { ...image, advisory: OPENSSL, version: INSTALLED['openssl'] ?? '', number: 1 };
      await world.send(inspectorEvent({ ...event, status: 'CLOSED' }));
      await world.send(inspectorEvent({ ...event, number: 2, status: 'SUPPRESSED' }));
      await world.send(reportOn(image, [{ ...OPENSSL, severity: 'MEDIUM' }]));
      await world.idle();
      assert.deepEqual(await states(world), []);
    });
  });

  it('forgets what was closed before it was planned', async () => {
    await inWorld(
      { settings: { debounce: 60_000, maxWait: 60_000 }, machine: { advisories: [] } },
      async (world) => {
        const event = {
          ...world.golden('debian'),
          advisory: OPENSSL,
          version: INSTALLED['openssl'] ?? '',
          number: 1,
        };
        await world.send(inspectorEvent({ ...event, updatedAt: '2026-02-01T00:00:00Z' }));
        await world.send(inspectorEvent({ ...event, status: 'CLOSED', updatedAt: '2026-02-02T00:00:00Z' }));
        await world.reached('waiting');
        await world.clock.pass(61_000);
        const patch = await world.passUntil('clean');
        assert.equal(patch.findings, 0);
      },
    );
  });

  it('leads what an application brought from its base to the golden image, by its layers', async () => {
    await inWorld({}, async (world) => {
      const web = await putApplication(world);
      const [base] = world.golden('debian').diffIds;
      await world.send(reportOn(web, [OPENSSL], { layer: base ?? null }));
      const patch = await world.reached('promoted');
      assert.equal(patch.golden, 'debian');
      assert.equal(patch.base.digest, world.golden('debian').digest);
    });
  });

  it('leaves what the application itself brought, and what cannot be placed, to its owner', async () => {
    await inWorld({}, async (world) => {
      const web = await putApplication(world);
      await world.send(reportOn(web, [OPENSSL], { layer: web.diffIds.at(-1) ?? null }));
      const other = await putApplication(world, 'other');
      await world.send(reportOn(other, [OPENSSL]));
      await world.idle();
      assert.deepEqual(await states(world), []);
    });
  });

  it('makes nothing of an image that has vanished, and goes on', async () => {
    await inWorld({}, async (world) => {
      const web = await putApplication(world);
      const { manifests } = world.registry;
      for (const key of manifests.keys()) if (key.startsWith('apps/web:')) manifests.delete(key);
      await world.send(reportOn(web, [OPENSSL, ZLIB], { layer: web.diffIds[0] ?? null }));
      await world.idle();
      assert.deepEqual(await states(world), []);
      const asked = world.registry.asked.filter((line) => line.includes('/v2/apps/web/'));
      assert.equal(asked.length, 1);
      await world.report('debian');
      await world.reached('promoted');
    });
  });

  it('goes on past a registry that is down, asks it once for many findings, and again later', async () => {
    await inWorld({}, async (world) => {
      const web = await putApplication(world);
      let asked = 0;
      world.registry.fault = ({ url }, response) => {
        if (url?.startsWith('/v2/apps/') !== true) return false;
        asked += 1;
        response.statusCode = 503;
        response.end();
        return true;
      };
      const many = Array.from({ length: 50 }, (_, at) => ({ ...OPENSSL, vulnerability: `CVE-2026-2${at}` }));
      await world.send(reportOn(web, many, { layer: web.diffIds[0] ?? null }));
      await world.idle();
      assert.equal(asked, 2);
      await world.report('debian');
      const first = await world.reached('promoted');
      // Far longer than a job is tried usually.
      await world.clock.pass(3 * 60 * 60_000);
      await world.idle();
      assert.ok(asked > 10);
      world.registry.fault = () => false;
      await world.clock.pass(60 * 60_000);
      await world.idle();
      const [, second] = await world.patches();
      assert.equal(second?.state, 'clean');
      assert.equal(second.base.digest, first.built?.digest);
    });
  });

  it('knows an image by the digest of the index that a report names', async () => {
    await inWorld({}, async (world) => {
      const web = await putApplication(world);
      const index = {
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [
          {
            mediaType: 'application/vnd.oci.image.manifest.v1+json',
            digest: web.digest,
            size: world.registry.manifests.get('apps/web:1')?.bytes.length,
            platform: { os: 'linux', architecture: 'amd64' },
          },
        ],
      };
      const digest = world.registry.addManifest('apps/web:all', index, OCI_INDEX);
      assert.notEqual(digest, web.digest);
      await world.send(reportOn({ ...web, digest }, [OPENSSL], { layer: web.diffIds[0] ?? null }));
      await world.reached('promoted');
      assert.deepEqual(await world.room.troubles(), []);
    });
  });

  it('waits for the first look at the golden images, so that nothing is forgotten', async () => {
    await inWorld({}, async (world) => {
      await world.close();
      const go = Promise.withResolvers<void>();
      world.registry.fault = async ({ url }) => {
        if (url === '/v2/golden/debian/manifests/12') await go.promise;
        return false;
      };
      const { query } = world.database;
      const tables = query.withTables<{ images_golden_versions: object; images_golden_reads: object }>();
      await tables.deleteFrom('images_golden_versions').execute();
      await tables.deleteFrom('images_golden_reads').execute();
      const { room } = await world.portal();
      const body = Buffer.from(JSON.stringify(reportOn(world.golden('debian'), [OPENSSL])));
      await room.takeReport(body, { name: 'x' });
      go.resolve();
      await world.reached('promoted');
    });
  });

  it('gives a patch to each of several golden images that one report is about', async () => {
    const golden = { debian: INSTALLED, python: { ...INSTALLED, python3: '3.11-1' } };
    await inWorld({ golden }, async (world) => {
      await world.send(['debian', 'python'].map((name) => reportOn(world.golden(name), [OPENSSL])));
      await world.idle();
      assert.deepEqual((await states(world)).toSorted(), ['debian promoted', 'python promoted']);
    });
  });
});
