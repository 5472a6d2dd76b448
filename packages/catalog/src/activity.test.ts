import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '@callboard/kernel';
import { createActivity, tallyOf, type Activity, type StageFigures, type StageName } from './activity.ts';

function createTimed(): { activity: Activity; pass: (ms: number) => void; text: () => Promise<string> } {
  const metrics = createMetrics();
  let time = 1_000;
  const activity = createActivity({ metrics, now: () => time, clock: () => time });
  return { activity, pass: (ms) => void (time += ms), text: () => metrics.text() };
}

function stageOf(activity: Activity, name: StageName): StageFigures {
  const found = activity.stages().find((stage) => stage.name === name);
  assert.ok(found);
  return found;
}

describe('createActivity', () => {
  it('knows all stages, in order, before any has run', () => {
    const { activity } = createTimed();
    assert.equal(activity.startedAt, 1_000);
    assert.deepEqual(
      activity.stages().map(({ name }) => name),
      ['read', 'parse', 'process', 'store', 'index'],
    );
    assert.deepEqual(stageOf(activity, 'read'), {
      name: 'read',
      runs: 0,
      items: 0,
      failures: 0,
      totalMs: 0,
      lastMs: null,
      maxMs: null,
    });
  });

  it('measures laps one after the other, and sums them up', () => {
    const { activity, pass } = createTimed();
    const laps = activity.startLaps();
    pass(5);
    laps.lap('process', { items: 3, failures: 1 });
    pass(7);
    laps.lap('store', { items: 2 });
    pass(1);
    laps.lap('process', { items: 1 });
    assert.deepEqual(stageOf(activity, 'process'), {
      name: 'process',
      runs: 2,
      items: 4,
      failures: 1,
      totalMs: 6,
      lastMs: 1,
      maxMs: 5,
    });
    assert.equal(stageOf(activity, 'store').totalMs, 7);
  });

  it('measures what a function does, and gives what it returns', () => {
    const { activity, pass } = createTimed();
    const work = (): string[] => {
      pass(4);
      return ['a', 'b'];
    };
    assert.deepEqual(
      activity.time('parse', work, (result) => ({ items: result.length })),
      ['a', 'b'],
    );
    assert.equal(stageOf(activity, 'parse').lastMs, 4);
    assert.equal(stageOf(activity, 'parse').items, 2);
  });

  it('counts the readings of a source, and knows since when it fails', () => {
    const { activity, pass } = createTimed();
    assert.equal(activity.figuresOf('entity:l', 'a'), null);
    activity.countReading('entity:l', 'a', { outcome: 'changed', ms: 9, wasGood: false });
    pass(10);
    const failure = { outcome: 'failed' as const, ms: 2, error: 'gone' };
    activity.countReading('entity:l', 'a', { ...failure, wasGood: true });
    pass(10);
    activity.countReading('entity:l', 'a', { ...failure, wasGood: false });
    assert.deepEqual(activity.figuresOf('entity:l', 'a'), {
      readings: 3,
      failures: 2,
      lastMs: 2,
      lastAt: 1_020,
      failingSince: 1_010,
      error: 'gone',
    });
    activity.countReading('entity:l', 'a', { outcome: 'unchanged', ms: 1, wasGood: false });
    const { failingSince, error } = activity.figuresOf('entity:l', 'a') ?? {};
    assert.deepEqual([failingSince, error], [null, null]);
  });

  it('does not guess since when a source fails that it never saw good', () => {
    const { activity } = createTimed();
    activity.countReading('entity:l', 'a', { outcome: 'failed', ms: 1, wasGood: false });
    assert.equal(activity.figuresOf('entity:l', 'a')?.failingSince, null);
  });

  it('forgets targets and sources that are gone', () => {
    const { activity } = createTimed();
    const good = { outcome: 'unchanged' as const, ms: 1, wasGood: true };
    for (const target of ['a', 'b']) activity.countReading('entity:l', target, good);
    activity.countReading('provider:p', 'p', good);
    activity.forget('entity:l', ['a']);
    assert.equal(activity.figuresOf('entity:l', 'a'), null);
    assert.notEqual(activity.figuresOf('entity:l', 'b'), null);
    activity.forget('entity:l');
    assert.equal(activity.figuresOf('entity:l', 'b'), null);
    assert.deepEqual(activity.sourcesWith('provider:'), ['provider:p']);
  });

  it('gives its figures to the metrics', async () => {
    const { activity, text } = createTimed();
    activity.add('store', { ms: 20, items: 500 });
    activity.countReading('entity:l', 'a', { outcome: 'failed', ms: 1, wasGood: true });
    const lines = await text();
    assert.match(lines, /^catalog_stage_duration_seconds_sum\{stage="store"\} 0\.02$/m);
    assert.match(lines, /^catalog_source_readings_total\{outcome="failed"\} 1$/m);
  });
});

describe('tallyOf', () => {
  it('counts what processing gave, and what it gave nothing for', () => {
    assert.deepEqual(tallyOf([{ entity: {} }, { entity: null }]), { items: 2, failures: 1 });
    assert.deepEqual(tallyOf([]), { items: 0, failures: 0 });
  });
});
