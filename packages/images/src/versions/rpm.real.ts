/**
 * Our order against the rpm of this machine, on 150,000 pairs: rpm's own Lua compares them all in one process, whole
 * `[epoch:]version[-release]` texts, through the function that rpm itself uses.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { nearPairs, VERSIONS } from './generated.fixture.ts';
import { compareVersions, isVersion } from './versions.ts';

const SEED = 20261121;

type Pair = readonly [string, string];

describe('compareVersions of rpm, against rpm', () => {
  it('agrees on every one of at least 100,000 generated pairs, nearly good ones among them', () => {
    const near = fc.sample(nearPairs('rpm'), { numRuns: 100_000, seed: SEED });
    const far = fc.sample(fc.tuple(VERSIONS.rpm, VERSIONS.rpm), { numRuns: 50_000, seed: SEED });
    const pairs = [...near.filter(([, b]) => b !== ''), ...far];
    assert.ok(pairs.length >= 100_000, `${pairs.length} pairs`);
    const theirs = ordersOfRpm(pairs);
    const wrong = pairs.flatMap(([a, b], at) => {
      const ours = compareVersions('rpm', a, b);
      return ours === theirs[at] ? [] : [{ a, b, ours, theirs: theirs[at] }];
    });
    const counts = [-1, 0, 1].map((order) => theirs.filter((one) => one === order).length);
    const good = pairs.filter(([, b]) => isVersion('rpm', b)).length;
    console.log(
      `${pairs.length} pairs (${good} of two good versions), ` +
        `${counts.join(' / ')} older / equal / newer, ${wrong.length} wrong`,
    );
    assert.deepEqual(wrong.slice(0, 20), []);
    assert.ok(counts.every((count) => count > 1000));
  });
});

function ordersOfRpm(pairs: readonly Pair[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'images-rpm-'));
  try {
    const [input, output, program] = [join(folder, 'pairs'), join(folder, 'orders'), join(folder, 'run.lua')];
    writeFileSync(input, pairs.map(([a, b]) => `${a} ${b}\n`).join(''));
    writeFileSync(
      program,
      `local orders = io.open("${output}", "w")
      for line in io.lines("${input}") do
        local a, b = line:match("^(%S+) (%S+)$")
        orders:write(rpm.vercmp(a, b), "\\n")
      end
      orders:close()`,
    );
    execFileSync('rpm', ['--eval', `%{lua: dofile("${program}")}`]);
    const text = readFileSync(output, 'utf8');
    const orders = text.trim().split('\n').map(Number);
    assert.equal(orders.length, pairs.length);
    return orders;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
