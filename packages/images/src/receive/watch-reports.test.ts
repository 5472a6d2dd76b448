import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { migrate, openDatabase, type Database } from '@callboard/kernel';
import { findingsMigrationSteps } from '../findings/migrations.ts';
import { createSqlReportLog } from '../findings/sql-report-log.ts';
import { MAX_REPORT_BYTES } from './read-json.ts';
import { watchReports, type ReportWatch } from './watch-reports.ts';

const report = (id: string): string =>
  JSON.stringify({
    SchemaVersion: 2,
    Results: [
      {
        Class: 'os-pkgs',
        Type: 'debian',
        Vulnerabilities: [
          { VulnerabilityID: id, PkgName: 'curl', InstalledVersion: '1.0-1', Severity: 'HIGH' },
        ],
      },
    ],
  });

interface Place {
  readonly folder: string;
  readonly database: Database;
  /** Vulnerabilities of the reports that were taken, and problems. */
  readonly taken: string[];
  readonly problems: string[];
  /** As after a restart. */
  watch(): ReportWatch;
  put(name: string, text: string): Promise<void>;
  /** What keeps reports rejects. */
  isDown: boolean;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-reports-'));
  await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [{ room: 'images', steps: findingsMigrationSteps }], () => 0);
  const place: Place = {
    folder,
    database,
    taken: [],
    problems: [],
    isDown: false,
    put: (name, text) => writeFile(join(folder, name), text),
    watch: () =>
      watchReports({
        folder: place.folder,
        log: createSqlReportLog(database),
        now: () => 1_000,
        // The tests look themselves.
        every: 1_000_000,
        onReport: async ({ findings }) => {
          if (place.isDown) throw new Error('the database is down');
          place.taken.push(...findings.map(({ vulnerability }) => vulnerability));
          return Promise.resolve();
        },
        onProblem: ({ name, message }) => place.problems.push(`${name}: ${message}`),
      }),
  };
  try {
    await work(place);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('watchReports', () => {
  it('takes a file that has not grown since the last look, once', () =>
    inPlace(async (place) => {
      await using watch = place.watch();
      await place.put('a.json', report('CVE-2024-1').slice(0, 50));
      assert.equal(await watch.scan(), 0);
      await place.put('a.json', report('CVE-2024-1'));
      assert.equal(await watch.scan(), 0);
      assert.equal(await watch.scan(), 1);
      assert.equal(await watch.scan(), 0);
      assert.deepEqual([place.taken, place.problems], [['CVE-2024-1'], []]);
    }));

  it('takes a content once, whatever files it is in, and over restarts', () =>
    inPlace(async (place) => {
      {
        await using watch = place.watch();
        await place.put('a.json', report('CVE-2024-1'));
        await place.put('b.json', report('CVE-2024-1'));
        await watch.scan();
        assert.equal(await watch.scan(), 1);
      }
      await using watch = place.watch();
      await place.put('c.json', report('CVE-2024-1'));
      await place.put('d.json', report('CVE-2024-2'));
      await watch.scan();
      assert.equal(await watch.scan(), 1);
      assert.deepEqual(place.taken, ['CVE-2024-1', 'CVE-2024-2']);
    }));

  it('takes a file again that has another content now', () =>
    inPlace(async (place) => {
      await using watch = place.watch();
      await place.put('a.json', report('CVE-2024-1'));
      await watch.scan();
      await watch.scan();
      await place.put('.new', report('CVE-2024-2'));
      await rename(join(place.folder, '.new'), join(place.folder, 'a.json'));
      await watch.scan();
      assert.equal(await watch.scan(), 1);
      assert.deepEqual(place.taken, ['CVE-2024-1', 'CVE-2024-2']);
    }));

  it('tells of a bad file once, leaves it, and takes the others', () =>
    inPlace(async (place) => {
      {
        await using watch = place.watch();
        await place.put('bad.json', 'not JSON');
        await place.put('good.json', report('CVE-2024-1'));
        await place.put('huge.json', '');
        await truncate(join(place.folder, 'huge.json'), MAX_REPORT_BYTES + 1);
        for (let i = 0; i < 4; i += 1) await watch.scan();
      }
      assert.deepEqual(place.taken, ['CVE-2024-1']);
      assert.equal(place.problems.length, 2);
      assert.match(place.problems[0] ?? '', /^bad\.json: The report is no JSON text/);
      assert.match(place.problems[1] ?? '', /^huge\.json: The file has 67108865 bytes/);
      await using watch = place.watch();
      for (let i = 0; i < 3; i += 1) await watch.scan();
      // Of the large one nothing is known but its size, so it is told of again.
      assert.equal(place.problems.length, 3);
    }));

  it('tries again what could not be kept', () =>
    inPlace(async (place) => {
      await using watch = place.watch();
      await place.put('a.json', report('CVE-2024-1'));
      place.isDown = true;
      await watch.scan();
      assert.equal(await watch.scan(), 0);
      assert.deepEqual(place.problems, ['a.json: the database is down']);
      place.isDown = false;
      assert.equal(await watch.scan(), 1);
    }));

  it('passes over folders, links, hidden files and what is no JSON by its name', () =>
    inPlace(async (place) => {
      await using watch = place.watch();
      await mkdir(join(place.folder, 'folder.json'));
      await place.put('.hidden.json', report('CVE-2024-1'));
      await place.put('report.json.part', report('CVE-2024-2'));
      await symlink(join(place.folder, '.hidden.json'), join(place.folder, 'link.json'));
      await watch.scan();
      assert.equal(await watch.scan(), 0);
      assert.deepEqual(place.problems, []);
    }));

  it('tells once that the folder is not there, and takes what is in it when it is', () =>
    inPlace(async (place) => {
      const gone = { ...place, folder: place.folder };
      await rm(gone.folder, { recursive: true });
      await using watch = place.watch();
      await watch.scan();
      await watch.scan();
      assert.equal(place.problems.length, 1);
      await mkdir(gone.folder);
      await place.put('a.json', report('CVE-2024-1'));
      await watch.scan();
      assert.equal(await watch.scan(), 1);
    }));
});
