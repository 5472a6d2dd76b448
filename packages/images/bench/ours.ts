/**
 * Our way, in a process of its own so that its memory is measured alone: from the report to the pushed digest, or with
 * `--proof` the whole of `patchImage` with both scans. Prints one line of JSON; the modules are loaded before the clock starts.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createBuildahEngine } from '../src/build/buildah-engine.ts';
import type { CommittedImage } from '../src/build/engine.ts';
import { createNodeEngine } from '../src/build/node-engine.ts';
import { STRICT_POLICY } from '../src/gate/verdict.ts';
import { parseDigest } from '../src/image/digest.ts';
import { buildPatch, PATCH_LABELS } from '../src/pipeline/build-patch.ts';
import { makePlan } from '../src/pipeline/make-plan.ts';
import { patchImage } from '../src/pipeline/patch-image.ts';
import { holdBase } from '../src/pipeline/surroundings.ts';
import { createPlanner } from '../src/plan/planner.ts';
import { DEFAULT_BUDGET } from '../src/prove/size.ts';
import { decide, parsePolicy } from '../src/receive/policy.ts';
import { parseReport } from '../src/receive/report.ts';
import { LIMITS, newClient, PLATFORM, scannerWith } from './world.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'node' },
    registry: { type: 'string', default: '' },
    repository: { type: 'string', default: '' },
    digest: { type: 'string', default: '' },
    report: { type: 'string', default: '' },
    sources: { type: 'string', default: '' },
    cache: { type: 'string', default: '' },
    log: { type: 'string', default: '/dev/null' },
    proof: { type: 'boolean', default: false },
  },
});

const policy = parsePolicy({ severities: ['critical', 'high', 'medium'] });
const client = newClient();
const lines: string[] = [];
const mirrors = { 'patch.list': await readFile(values.sources, 'utf8') };
const scanner = await scannerWith(values.cache);
const deps = {
  client,
  engine: values.engine === 'buildah' ? createBuildahEngine(client) : createNodeEngine(client),
  planner: createPlanner({ afterEndOfLife: 'patch' }),
  now: Date.now,
};
const started = performance.now();
const surroundings = {
  mirrors,
  limits: LIMITS,
  signal: AbortSignal.timeout(900_000),
  log: (line: string) => {
    lines.push(`${((performance.now() - started) / 1000).toFixed(2).padStart(7)}  ${line}`);
  },
};
const done = values.proof ? await withProof() : await toDigest();
const seconds = (performance.now() - started) / 1000;
const status = await readFile('/proc/self/status', 'utf8');
const peakRss = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
await writeFile(values.log, `${lines.join('\n')}\n`);
const stages: Record<string, number> = {};
for (const [name, took] of Object.entries(done.built.took)) stages[name] = took / 1000;
console.log(
  JSON.stringify({
    digest: done.built.digest,
    seconds,
    peakRss,
    stages: { ...(done.planned !== null && { plan: done.planned }), ...stages },
    unproved: done.unproved,
  }),
);

interface Done {
  readonly built: CommittedImage;
  /** Seconds from the start to the plan; null where that is not told apart. */
  readonly planned: number | null;
  /** The checks of the proof that failed. */
  readonly unproved: readonly string[];
}

async function imageAt() {
  return client.image(
    { registry: values.registry, repository: values.repository, reference: values.digest },
    PLATFORM,
  );
}

async function toDigest(): Promise<Done> {
  const image = await imageAt();
  const bytes = await readFile(values.report);
  const digest = parseDigest(values.digest);
  const { findings } = parseReport(bytes, { receivedAt: Date.now(), name: 'report', image: { digest } });
  const acting = findings.filter((finding) => decide(finding, policy, Date.now()).acts);
  await using held = new AsyncDisposableStack();
  held.use(await holdBase(deps, image, surroundings));
  const plan = await makePlan(deps, {
    ...surroundings,
    image,
    findings: acting,
    planner: deps.planner,
    policy: STRICT_POLICY,
  });
  const planned = (performance.now() - started) / 1000;
  if (plan.kind !== 'ready')
    throw new Error(`The plan is ${plan.kind}: ${JSON.stringify(plan).slice(0, 2_000)}`);
  const built = await buildPatch(deps, { ...surroundings, base: image, ready: plan, patchId: 'bench' });
  return { built, planned, unproved: [] };
}

async function withProof(): Promise<Done> {
  const proof = {
    budget: DEFAULT_BUDGET,
    worstNew: 'high' as const,
    ownLabels: PATCH_LABELS,
    allowedPaths: [],
  };
  const outcome = await patchImage(
    { ...deps, scanner },
    {
      ...surroundings,
      image: await imageAt(),
      findings: [],
      patchId: 'bench',
      policies: { findings: policy, gate: STRICT_POLICY, proof },
      smokeTests: [],
    },
  );
  if (outcome.kind !== 'judged') throw new Error(`Not judged: ${JSON.stringify(outcome).slice(0, 2_000)}`);
  const { verdict, proof: proved } = outcome.judgement;
  const failed = verdict.checks
    .filter(({ ok }) => !ok)
    .map(({ id, detail }) => `${id}: ${detail.slice(0, 300)}`);
  return { built: outcome.built, planned: null, unproved: proved === null ? failed : [] };
}
