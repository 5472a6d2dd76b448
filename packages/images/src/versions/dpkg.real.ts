/**
 * Our order against the dpkg of this machine, on 150,000 pairs. A process a pair would take minutes, so dpkg merges two
 * lists of available packages instead: it keeps the newer version of each name, in one process. Both ways round they tell
 * less from equal. A sample goes through `dpkg --compare-versions` too, to show that the two ways agree.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { nearPairs, VERSIONS } from './generated.fixture.ts';
import type { Ordering } from './ordering.ts';
import { compareVersions, isVersion } from './versions.ts';

const SEED = 20261121;

type Pair = readonly [string, string];

describe('compareVersions of deb, against dpkg', () => {
  it('agrees on every one of at least 100,000 generated pairs', () => {
    const pairs = [...nearGoodPairs(90_000), ...farPairs(60_000)];
    assert.ok(pairs.length >= 100_000, `${pairs.length} pairs`);
    const theirs = ordersOfDpkg(pairs);
    const wrong = pairs.flatMap(([a, b], at) => {
      const ours = compareVersions('deb', a, b);
      return ours === theirs[at] ? [] : [{ a, b, ours, theirs: theirs[at] }];
    });
    const counts = [-1, 0, 1].map((order) => theirs.filter((one) => one === order).length);
    console.log(`${pairs.length} pairs, ${counts.join(' / ')} older / equal / newer, ${wrong.length} wrong`);
    assert.deepEqual(wrong.slice(0, 20), []);
    assert.ok(counts.every((count) => count > 1000));
  });

  it('agrees with --compare-versions, one process a question, on a sample', () => {
    for (const [a, b] of [...nearGoodPairs(500), ...farPairs(200)]) {
      const relation = ['gt', 'eq', 'lt'][1 - compareVersions('deb', a, b)] ?? '';
      const { status } = spawnSync('dpkg', ['--compare-versions', a, relation, b]);
      assert.equal(status, 0, `${a} ${relation} ${b}`);
    }
  });
});

describe('isVersion of deb, against dpkg', () => {
  it('agrees with --validate-version on good and nearly good texts', () => {
    // dpkg reads an epoch with strtol and so takes a sign before it; ours does not.
    const texts = fc
      .sample(nearPairs('deb'), { numRuns: 800, seed: SEED })
      .map(([, near]) => near)
      .filter((near) => !/^[+-]\d+:/.test(near));
    for (const text of [
      ...texts,
      '',
      'a1',
      '1.0-',
      '1:',
      ':1',
      '1 0',
      '1_0',
      '2147483648:1',
      '2147483647:1',
    ]) {
      const { status } = spawnSync('dpkg', ['--validate-version', text]);
      assert.equal(isVersion('deb', text), status === 0, JSON.stringify(text));
    }
  });
});

function farPairs(count: number): readonly Pair[] {
  return fc.sample(fc.tuple(VERSIONS.deb, VERSIONS.deb), { numRuns: count, seed: SEED });
}

function nearGoodPairs(count: number): readonly Pair[] {
  return fc
    .sample(nearPairs('deb'), { numRuns: count, seed: SEED + 1 })
    .filter(([, near]) => isVersion('deb', near));
}

function ordersOfDpkg(pairs: readonly Pair[]): readonly Ordering[] {
  const folder = mkdtempSync(join(tmpdir(), 'images-dpkg-'));
  try {
    const firstIsKept = mergeKeepsFirst(pairs, join(folder, 'there'));
    const secondIsKept = mergeKeepsFirst(
      pairs.map(([a, b]) => [b, a]),
      join(folder, 'back'),
    );
    // A version is kept only if it is newer than the one that comes after it.
    return pairs.map((_, at) => {
      if (firstIsKept[at] === true) return 1;
      return secondIsKept[at] === true ? -1 : 0;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mergeKeepsFirst(pairs: readonly Pair[], folder: string): readonly boolean[] {
  mkdirSync(join(folder, 'updates'), { recursive: true });
  mkdirSync(join(folder, 'info'));
  writeFileSync(join(folder, 'status'), '');
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  writeFileSync(before, pairs.map(([a], at) => stanza(at, a, 'before')).join(''));
  writeFileSync(after, pairs.map(([, b], at) => stanza(at, b, 'after')).join(''));
  for (const [action, file] of [
    ['--update-avail', before],
    ['--merge-avail', after],
  ] as const) {
    execFileSync('dpkg', ['--admindir', folder, action, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
  const kept = pairs.map(() => false);
  const merged = readFileSync(join(folder, 'available'), 'utf8');
  const entries = [...merged.matchAll(/^Package: p(\d+)$[^]*?^Description: (before|after)$/gm)];
  assert.equal(entries.length, pairs.length);
  for (const [, at, which] of entries) kept[Number(at)] = which === 'before';
  return kept;
}

function stanza(at: number, version: string, description: string): string {
  return `Package: p${at}\nArchitecture: all\nMaintainer: x <x@example.com>\nVersion: ${version}\nDescription: ${description}\n\n`;
}
