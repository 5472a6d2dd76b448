import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { migrate, openDatabase } from '@callboard/kernel';
import { sampleFinding } from '../receive/finding.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import type { Report } from '../receive/report.ts';
import { findingsMigrationSteps } from './migrations.ts';
import { createSqlFindingsStore, type SqlFindingsStore } from './sql-findings-store.ts';
import { putReport } from './take-report.ts';

const DIGEST = `sha256:${'1'.repeat(64)}` as const;
const OTHER = `sha256:${'2'.repeat(64)}` as const;

function finding(at: number, given: Partial<Finding> = {}): Finding {
  const vulnerability = `CVE-2026-${at}`;
  return sampleFinding({ id: `trivy/${DIGEST}/${vulnerability}`, vulnerability, updatedAt: 1_000, ...given });
}

function reportOf(findings: readonly Finding[], given: Partial<Report> = {}): Report {
  const image = { ...sampleFinding({}).image, digest: DIGEST };
  return { scanner: 'trivy', findings, diagnostics: [], image, snapshot: true, at: 2_000, ...given };
}

async function withStore(work: (store: SqlFindingsStore) => Promise<void>): Promise<void> {
  await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [{ room: 'images', steps: findingsMigrationSteps }], () => 0);
  await work(createSqlFindingsStore(database));
}

async function statusOf(store: SqlFindingsStore, at: number): Promise<string | undefined> {
  return (await store.get(finding(at).id))?.finding.status;
}

describe('putReport', () => {
  it('puts what a report lists', async () => {
    await withStore(async (store) => {
      const outcome = await putReport(store, reportOf([finding(1), finding(2)]), { at: 5 });
      assert.deepEqual(outcome, { added: 2, changed: 0, same: 0, stale: 0 });
      assert.equal((await store.get(finding(1).id))?.firstSeenAt, 5);
    });
  });

  it('closes what a report of everything in an image lists no more, and counts it', async () => {
    await withStore(async (store) => {
      await putReport(store, reportOf([finding(1), finding(2), finding(3)]), { at: 5 });
      const later = [finding(2, { updatedAt: 2_000 }), finding(4, { updatedAt: 2_000 })];
      const outcome = await putReport(store, reportOf(later), { at: 6 });
      assert.deepEqual(outcome, { added: 1, changed: 2, same: 1, stale: 0 });
      assert.deepEqual(await Promise.all([1, 2, 3, 4].map((at) => statusOf(store, at))), [
        'closed',
        'active',
        'closed',
        'active',
      ]);
    });
  });

  it('closes nothing by a part of a report, or by one that names no image', async () => {
    await withStore(async (store) => {
      await putReport(store, reportOf([finding(1)]), { at: 5 });
      await putReport(store, reportOf([], { snapshot: false }), { at: 6 });
      await putReport(store, reportOf([], { image: null }), { at: 6 });
      await putReport(store, reportOf([], { image: { ...sampleFinding({}).image, digest: null } }), {
        at: 6,
      });
      await putReport(store, reportOf([], { scanner: null }), { at: 6 });
      assert.equal(await statusOf(store, 1), 'active');
    });
  });

  it('closes nothing of another image or scanner, or that was seen later', async () => {
    await withStore(async (store) => {
      const image = { ...sampleFinding({}).image, digest: OTHER };
      const kept = [
        finding(1, { image }),
        finding(2, { scanner: 'grype' }),
        finding(3, { updatedAt: 3_000 }),
      ];
      await store.put(kept, { at: 5 });
      const outcome = await putReport(store, reportOf([]), { at: 6 });
      assert.deepEqual(outcome, { added: 0, changed: 0, same: 0, stale: 0 });
      for (const at of [1, 2, 3]) assert.equal(await statusOf(store, at), 'active');
    });
  });

  it('changes nothing the second time', async () => {
    await withStore(async (store) => {
      await putReport(store, reportOf([finding(1), finding(2)]), { at: 5 });
      await putReport(store, reportOf([finding(2, { updatedAt: 2_000 })]), { at: 6 });
      const outcome = await putReport(store, reportOf([finding(2, { updatedAt: 2_000 })]), { at: 7 });
      assert.deepEqual(outcome, { added: 0, changed: 0, same: 0, stale: 1 });
      assert.equal((await store.changes({ after: null, limit: 100 })).length, 3);
    });
  });

  it('sees all of an image that has more than fit on a page', async () => {
    await withStore(async (store) => {
      const many = Array.from({ length: 1_205 }, (_, at) => finding(at));
      await putReport(store, reportOf(many), { at: 5 });
      const outcome = await putReport(store, reportOf([]), { at: 6 });
      assert.equal(outcome.changed, 1_205);
      assert.deepEqual(await store.counts({ statuses: ['active'] }), []);
    });
  });
});
