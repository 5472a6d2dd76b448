import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog, createMetrics } from '@callboard/kernel';
import { createPatchMetrics, type PatchCounts } from './metrics.ts';

const NOTHING: PatchCounts = {
  patches: () => Promise.resolve([]),
  findings: () => Promise.resolve([]),
  changeLag: () => Promise.resolve(0),
};

function measured(given: Partial<PatchCounts> = {}) {
  const metrics = createMetrics();
  const lines: string[] = [];
  const log = createLog({ level: 'warn', write: (line) => lines.push(line) });
  const figures = createPatchMetrics(metrics, { counts: { ...NOTHING, ...given }, log });
  /** The lines of the room in a scrape, without comments. */
  const scrape = async (): Promise<readonly string[]> => {
    const text = await metrics.text();
    return text.split('\n').filter((line) => line.startsWith('callboard_images_'));
  };
  return { figures, scrape, lines };
}

describe('createPatchMetrics', () => {
  it('counts patches, findings and what waits, as of the scrape before', async () => {
    const { scrape } = measured({
      patches: () => Promise.resolve([{ state: 'parked', count: 2 }]),
      findings: () => Promise.resolve([{ status: 'active', severity: 'high', count: 7 }]),
      changeLag: () => Promise.resolve(1_500),
    });
    assert.ok(!(await scrape()).some((line) => line.includes('parked')));
    const second = await scrape();
    for (const line of [
      'callboard_images_patches_count{state="parked"} 2',
      'callboard_images_patches_count{state="running"} 0',
      'callboard_images_findings_count{status="active",severity="high"} 7',
      'callboard_images_change_lag_seconds 1.5',
    ])
      assert.ok(second.includes(line), line);
  });

  it('forgets what is there no more', async () => {
    const answers = [[{ state: 'parked', count: 2 } as const], []];
    const findings = [[{ status: 'active', severity: 'low', count: 1 } as const], []];
    const { scrape } = measured({
      patches: () => Promise.resolve(answers.shift() ?? []),
      findings: () => Promise.resolve(findings.shift() ?? []),
    });
    await scrape();
    assert.ok((await scrape()).includes('callboard_images_patches_count{state="parked"} 2'));
    const third = await scrape();
    assert.ok(third.includes('callboard_images_patches_count{state="parked"} 0'));
    assert.ok(!third.some((line) => line.startsWith('callboard_images_findings_count')));
  });

  it('measures stages in seconds, and counts promotions, rollbacks and reports', async () => {
    const { figures, scrape } = measured();
    figures.staged('build', { outcome: 'done', ms: 2_000 });
    figures.staged('build', { outcome: 'done', ms: 20_000 });
    figures.staged('prove', { outcome: 'failed', ms: 10 });
    figures.promoted('debian');
    figures.promoted('debian');
    figures.rolledBack('debian');
    figures.reported('trivy');
    const lines = await scrape();
    for (const line of [
      'callboard_images_stage_seconds_sum{stage="build",outcome="done"} 22',
      'callboard_images_stage_seconds_bucket{le="5",stage="build",outcome="done"} 1',
      'callboard_images_stage_seconds_count{stage="prove",outcome="failed"} 1',
      'callboard_images_promotions_total{golden="debian"} 2',
      'callboard_images_rollbacks_total{golden="debian"} 1',
      'callboard_images_reports_total{format="trivy"} 1',
    ])
      assert.ok(lines.includes(line), line);
  });

  it('keeps the last counts while the database does not answer, and says so', async () => {
    let down = false;
    const { scrape, lines } = measured({
      changeLag: () => (down ? Promise.reject(new Error('it is down')) : Promise.resolve(3_000)),
    });
    await scrape();
    down = true;
    await scrape();
    assert.ok((await scrape()).includes('callboard_images_change_lag_seconds 3'));
    assert.match(lines.join('\n'), /it is down/);
  });

  it('does not ask again before it was answered', async () => {
    let asked = 0;
    const { scrape } = measured({
      patches: () => {
        asked += 1;
        return new Promise(() => {});
      },
    });
    await scrape();
    await scrape();
    assert.equal(asked, 1);
  });
});
