/**
 * Patches one image by the naive Dockerfile, by the method of copa and by ours, in one run and in turns, and compares
 * what became of it. Needs root on Linux, an apt mirror and what it installs with apt; see the README beside it.
 *
 *   node packages/images/bench/compare.ts [--rounds 3] [--images small,large] [--ways a,b,c,d,p] [--keep folder]
 */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { isObject } from '@callboard/model';
import { installPrograms, runProgram, temporaryFolder } from '../real/machine.fixture.ts';
import { parseDigest } from '../src/image/digest.ts';
import { upgradeAll, upgradeReported, type Patched } from './buildah-ways.ts';
import { processorSeconds } from './cpu.ts';
import { describeBase, judge } from './judge.ts';
import { median, ratios, mb, stagesOf, tableOf, type Run } from './table.ts';
import { freshPlace, IMAGES, makeWorld, type ImageName, type Place, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    images: { type: 'string', default: 'small,large' },
    ways: { type: 'string', default: 'a,b,c,d,p' },
    keep: { type: 'string' },
    logs: { type: 'string' },
    profile: { type: 'string' },
  },
});

type Way = (world: World, place: Place) => Promise<Patched>;

const WAYS: Readonly<Record<string, readonly [string, Way]>> = {
  a: ['(a) buildah, apt-get upgrade', upgradeAll],
  b: ['(b) buildah, method of copa', upgradeReported],
  c: ['(c) ours, node engine', (world, place) => ours(world, place, { engine: 'node', flags: [] })],
  d: ['(d) ours, buildah engine', (world, place) => ours(world, place, { engine: 'buildah', flags: [] })],
  p: [
    '(p) ours with scans and proof, node engine',
    (world, place) => ours(world, place, { engine: 'node', flags: ['--proof'] }),
  ],
};

const why = await installPrograms(['mmdebstrap', 'docker-registry', 'buildah', 'getfattr', 'tar']);
if (why !== null) throw new Error(`The benchmark cannot run here: ${why}.`);
await using open = new AsyncDisposableStack();
const root = values.keep ?? open.use(await temporaryFolder('bench')).path;
for (const name of values.images.split(',')) {
  if (isImage(name)) await compare(name);
}

function isImage(name: string): name is ImageName {
  return Object.hasOwn(IMAGES, name);
}

async function compare(name: ImageName): Promise<void> {
  const world = await prepare(name);
  {
    await using place = await freshPlace(world);
    const { bytes, packages } = await describeBase(place);
    console.log(`\n${name}: ${mb(bytes)} MB unpacked, ${packages} packages, ${world.fixes} fixes known`);
  }
  const runs: Run[] = [];
  const ways = values.ways.split(',').flatMap((key) => (WAYS[key] === undefined ? [] : [WAYS[key]]));
  for (let round = 0; round < Number(values.rounds); round++) {
    // Another one goes first in each round.
    const turn = ways.map((_, index) => ways[(index + round) % ways.length]);
    for (const way of turn) if (way !== undefined) runs.push(await once(world, { round, way }));
  }
  runs.sort((one, other) => one.way.localeCompare(other.way));
  const than = WAYS['a']?.[0] ?? '';
  console.log(`\n${tableOf(runs, { than })}\n\n${stagesOf(runs)}`);
  for (const [way] of ways) {
    const { judged } = runs.find((run) => run.way === way) ?? {};
    if (judged === undefined) continue;
    console.log(`${way}: unneeded ${listOf(judged.unneeded)}; marks ${listOf(judged.marks)}`);
    console.log(`  leaks ${listOf(judged.leaks.files)}`);
  }
  verify(runs);
}

async function once(
  world: World,
  { round, way: [name, patch] }: { round: number; way: readonly [string, Way] },
): Promise<Run> {
  await using place = await freshPlace(world);
  const [load = 0] = loadavg();
  const processor = await processorSeconds();
  const patched = await patch(world, place);
  const cpu = (await processorSeconds()) - processor;
  const judged = await judge(place, patched.image);
  const { after, layer } = judged;
  console.log(
    `round ${round + 1}, ${name}: ${patched.seconds.toFixed(1)} s, of processors ${cpu.toFixed(1)} s, at load ${load.toFixed(1)}, ${after} left, ${layer.packed} bytes`,
  );
  return { way: name, round, patched, cpu, judged };
}

/** A wrong answer makes the times worth nothing, so it ends the benchmark; then what was aimed at is compared. */
function verify(runs: readonly Run[]): void {
  for (const { way, judged } of runs.filter((run) => run.way.includes('ours'))) {
    assert.ok(judged.before > 0, `${way}: nothing to fix`);
    assert.equal(judged.after, 0, `${way}: not all is fixed`);
    assert.deepEqual(judged.appeared, [], `${way}: new findings`);
    assert.deepEqual(judged.unneeded, [], way);
    assert.deepEqual(judged.marks, [], way);
  }
  const of = (key: string): readonly Run[] => runs.filter(({ way }) => way === WAYS[key]?.[0]);
  for (const key of ['c', 'd', 'p']) {
    const mine = of(key);
    if (mine.length === 0) continue;
    const bytes = median(mine.map(({ judged }) => judged.layer.packed));
    const copa = of('b').map(({ judged }) => judged.layer.packed);
    const time = ratios(runs, WAYS[key]?.[0] ?? '', WAYS['a']?.[0] ?? '');
    const memory = Math.max(...mine.map(({ patched }) => patched.peakRss ?? 0));
    console.log(
      [
        `(${key}) at most ${mb(memory)} MB resident`,
        ...(copa.length === 0 ? [] : [`layer ${(bytes / median(copa)).toFixed(3)} of (b)`]),
        ...(time.length === 0 ? [] : [`time ${median(time).toFixed(2)} of (a)`]),
      ].join(', '),
    );
  }
  for (const { patched } of of('p'))
    for (const line of patched.unproved) console.log(`(p) not proved, ${line}`);
}

function listOf(names: readonly string[]): string {
  const rest = names.length > 12 ? ` … (${names.length})` : '';
  return names.length === 0 ? 'none' : `${names.slice(0, 12).join(' ')}${rest}`;
}

/** Made anew, or found as an earlier run with `--keep` left it. */
async function prepare(name: ImageName): Promise<World> {
  const folder = join(root, name);
  const note = join(folder, 'world.json');
  const kept = await readFile(note, 'utf8').catch(() => null);
  const parsed: unknown = kept === null ? null : JSON.parse(kept);
  const digest = isObject(parsed) ? parseDigest(parsed['digest']) : null;
  if (isObject(parsed) && digest !== null) {
    const [report, sources] = [join(folder, 'report.json'), join(folder, 'sources.list')];
    return { name, folder, digest, report, sources, fixes: Number(parsed['fixes']) };
  }
  await mkdir(folder, { recursive: true, mode: 0o1777 });
  const world = await makeWorld(name, folder);
  await writeFile(note, JSON.stringify({ digest: world.digest, fixes: world.fixes }));
  return world;
}

async function ours(
  world: World,
  place: Place,
  how: { readonly engine: string; readonly flags: readonly string[] },
): Promise<Patched> {
  const { registry, repository, digest } = place.image;
  const log =
    values.logs === undefined
      ? []
      : ['--log', join(values.logs, `${world.name}-${how.engine}${how.flags.join('')}.log`)];
  const profile = values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', values.profile];
  // As the portal is started.
  const flags = ['--max-semi-space-size=4', '--disable-warning=ExperimentalWarning'];
  const node = [process.execPath, ...flags, ...profile];
  const program = fileURLToPath(new URL('ours.ts', import.meta.url));
  const at = ['--registry', registry, '--repository', repository, '--digest', digest];
  const given = ['--report', world.report, '--sources', world.sources, '--cache', place.cacheDir];
  const options = ['--engine', how.engine, ...how.flags, ...log];
  const printed = await runProgram([...node, program, ...at, ...given, ...options]);
  return toPatched(JSON.parse(printed), place);
}

function toPatched(value: unknown, place: Place): Patched {
  const said = isObject(value) ? value : {};
  const digest = parseDigest(said['digest']);
  if (digest === null) throw new Error(`Our own way did not say what it pushed: ${JSON.stringify(value)}`);
  const stages = isObject(said['stages']) ? Object.entries(said['stages']) : [];
  return {
    image: { ...place.image, digest },
    seconds: Number(said['seconds']),
    peakRss: Number(said['peakRss']),
    unproved: Array.isArray(said['unproved']) ? said['unproved'].map(String) : [],
    stages: Object.fromEntries(stages.map(([stage, took]) => [stage, Number(took)])),
  };
}
