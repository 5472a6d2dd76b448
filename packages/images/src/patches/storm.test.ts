/** What comes down when a vulnerability of something that everybody has is published: many findings, and few images. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '@callboard/kernel';
import type { Installed } from './labelled-image.fixture.ts';
import { inspectorEvent, trivyReport, type Advisory } from './reports.fixture.ts';
import { inWorld, type World } from './world.fixture.ts';

const IMAGES = 50;
const ADVISORIES: readonly Advisory[] = Array.from({ length: 80 }, (_, at) => ({
  vulnerability: `CVE-2026-${1_000 + at}`,
  package: `library${at % 20}`,
  fixed: `1.${Math.floor(at / 20) + 1}-1`,
}));
const MIRROR: Installed = Object.fromEntries(ADVISORIES.map((one) => [one.package, '1.9-1']));
const NAMES = Array.from({ length: IMAGES }, (_, at) => `image${at}`);

function installedOf(name: string): Installed {
  const packages = ADVISORIES.map((one) => [one.package, '1.0-1']);
  return { [name]: '1.0-1', ...Object.fromEntries(packages) };
}

/** A shuffle that is the same in each run. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return list
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** 40 findings of Trivy twice, and 80 of Inspector with 40 that are late: 200 of each image, 10,000 in all. */
function stormOn(world: World): readonly unknown[] {
  let number = 0;
  const reports = NAMES.flatMap((name) => {
    const image = world.golden(name);
    const scan = trivyReport({
      image: { ...image, config: { diffIds: image.diffIds } },
      installed: installedOf(name),
      advisories: ADVISORIES.slice(0, 40),
    });
    const events = ADVISORIES.map((advisory) => {
      const updatedAt = '2026-02-02T00:00:00Z';
      return inspectorEvent({ ...image, advisory, version: '1.0-1', number: ++number, updatedAt });
    });
    const late = events.slice(0, 40).map((event) => {
      const updatedAt = '2026-02-01T00:00:00Z';
      return { ...event, time: updatedAt, detail: { ...event.detail, updatedAt } };
    });
    return [scan, scan, ...pages(events), ...pages(late)];
  });
  return shuffled([...reports, ...poison(world)]);
}

/** Events come one by one; whoever fetches them takes ten at a time. */
function pages(events: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: Math.ceil(events.length / 10) }, (_, at) =>
    events.slice(at * 10, at * 10 + 10),
  );
}

/** Broken each in its own way. */
function poison(world: World): readonly unknown[] {
  const [advisory = { vulnerability: '', package: '', fixed: '' }] = ADVISORIES;
  const good = inspectorEvent({ ...world.golden('image0'), advisory, version: '1.0-1', number: 900_000 });
  const detail = (given: Record<string, unknown>) => [{ ...good, detail: { ...good.detail, ...given } }];
  return [
    detail({ findingArn: 'arn:aws:inspector2:nowhere' }),
    detail({ packageVulnerabilityDetails: null }),
    detail({
      packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2026-1', vulnerablePackages: [{ name: '../x' }] },
    }),
    detail({ resources: [{ type: 'AWS_ECR_CONTAINER_IMAGE', id: 'arn:of:nothing', details: {} }] }),
    detail({ status: 'EXPLODED' }),
    { ...good, detail: [[[['deep']]]] },
    {
      SchemaVersion: 2,
      ArtifactName: 'x',
      ArtifactType: 'container_image',
      Results: [{ Vulnerabilities: [7, null, {}] }],
    },
    { findings: 'none' },
    { nothing: 'that is known' },
  ];
}

/** Findings that neither were led to a patch nor are in the scan that one began with. */
async function forgottenIn({ query }: Database): Promise<readonly string[]> {
  const tables = query.withTables<{
    images_findings: { id: string; scanner: string };
    images_patch_findings: { finding: string };
    images_records: { kind: string; text: string };
  }>();
  const led = await tables.selectFrom('images_patch_findings').select('finding').distinct().execute();
  const scans = await tables.selectFrom('images_records').select('text').where('kind', '=', 'scan').execute();
  const seen = new Set(led.map(({ finding }) => finding));
  for (const { text } of scans) {
    const { acting }: { acting: readonly { id: string }[] } = JSON.parse(text);
    for (const { id } of acting) seen.add(id);
  }
  const all = await tables.selectFrom('images_findings').select('id').execute();
  return all.map(({ id }) => id).filter((id) => !seen.has(id));
}

async function plansIn({ query }: Database): Promise<number> {
  const { count } = await query
    .withTables<{ images_records: { kind: string } }>()
    .selectFrom('images_records')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('kind', '=', 'plan')
    .executeTakeFirstOrThrow();
  return count;
}

describe('a storm of findings', () => {
  it(
    'makes one patch and one plan of each golden image; nothing is lost or doubled',
    { timeout: 120_000 },
    async (test) => {
      const golden = Object.fromEntries(NAMES.map((name) => [name, installedOf(name)]));
      const machine = { mirror: MIRROR, advisories: ADVISORIES };
      await inWorld({ golden, machine, settings: { concurrency: IMAGES } }, async (world) => {
        await world.idle();
        const reports = stormOn(world).map((report) => Buffer.from(JSON.stringify(report)));
        const began = performance.now();
        const cpu = process.cpuUsage();
        let unusable = 0;
        for (const body of reports) {
          await world.room.takeReport(body, { name: 'storm' }).catch(() => (unusable += 1));
        }
        const taken = performance.now() - began;
        while ((await plansIn(world.database)) < IMAGES) {
          assert.ok(performance.now() - began < 60_000, 'the plans do not come');
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const planned = performance.now() - began;
        const { user, system } = process.cpuUsage(cpu);
        await world.idle();
        const all = performance.now() - began;
        test.diagnostic(
          `${reports.length} reports taken in ${taken.toFixed(0)} ms; ${IMAGES} plans in ${planned.toFixed(0)} ms, ` +
            `of which ${((user + system) / 1_000).toFixed(0)} ms of processor; all done in ${all.toFixed(0)} ms`,
        );
        // Of the processor: how long it takes besides is up to what else this machine does.
        assert.ok((user + system) / 1_000 < 15_000, `${planned} ms`);
        // Our own scanner sees all 80, of which Trivy's reports told 40.
        for (const scanner of ['inspector', 'trivy'] as const) {
          const counts = await world.room.findings.counts({ scanner });
          assert.deepEqual(counts, [{ status: 'active', severity: 'critical', count: 80 * IMAGES }], scanner);
        }
        assert.deepEqual(await forgottenIn(world.database), []);
        assert.equal(await plansIn(world.database), IMAGES);
        const patches = await world.patches();
        const promoted = patches.filter(({ state }) => state === 'promoted');
        assert.deepEqual(promoted.map(({ golden: name }) => name).toSorted(), NAMES.toSorted());
        for (const { golden: name, base, built } of promoted) {
          assert.equal(base.digest, world.golden(name).digest);
          assert.equal(world.pointsTo(name), built?.digest);
          assert.equal(world.moves(name), 1);
        }
        // Those that came while a patch was made are looked for in the image that it made.
        const rest = patches.filter(({ state }) => state !== 'promoted');
        assert.ok(rest.every(({ state }) => state === 'clean'));
        assert.equal(world.machine.commits.length, IMAGES);
        assert.ok(unusable > 0);
        assert.deepEqual(await world.room.troubles(), []);
      });
    },
  );
});
