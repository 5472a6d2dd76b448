/** `callboard images patch`: patches one image, proves the result and, when asked to, moves its tag. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  createBuildahEngine,
  createGrype,
  createNodeEngine,
  createPlanner,
  createRegistryClient,
  createTrivy,
  DEFAULT_BUDGET,
  formatReference,
  parsePolicy,
  parseReference,
  parseReport,
  PATCH_LABELS,
  patchImage,
  printScript,
  promote,
  STRICT_POLICY,
  type BuildEngine,
  type Finding,
  type PatchOutcome,
  type Promotion,
  type RegistryClient,
} from '@callboard/images';
import { CodedError } from '@callboard/kernel';
import { readArgs, UsageError, type Command, type CommandContext } from './context.ts';
import { countProblems, problemText } from './problems.ts';

const OPTIONS = {
  report: { type: 'string', multiple: true },
  mirror: { type: 'string', multiple: true },
  severity: { type: 'string', default: 'critical,high' },
  scanner: { type: 'string', default: 'trivy' },
  'scanner-cache': { type: 'string' },
  engine: { type: 'string' },
  platform: { type: 'string' },
  record: { type: 'string' },
  promote: { type: 'boolean' },
  'after-end-of-life': { type: 'string', default: 'defer' },
} as const;

type Values = ReturnType<typeof readValues>;

/** Of the unpacked image, of one layer, and how many files: what a builder refuses beyond. */
const LIMITS = { unpackedBytes: 16 * 2 ** 30, layerBytes: 4 * 2 ** 30, entries: 2_000_000 };

export const imagesPatchCommand: Command = {
  usage: 'IMAGE [--promote] [--mirror FILE …] [--report FILE …] [--record FOLDER] [--json]',
  help: `Scans an image, plans which packages have to be upgraded, builds one layer with them, pushes it by
digest and proves it: scanned again by the same scanner with the same database, only planned packages changed,
their files as the packages have them, the configuration unchanged. Needs a scanner, and Linux with root or buildah.

  --promote            move the tag of IMAGE to what is proved; the old one keeps a tag
  --mirror FILE        package sources in place of the image's own, as *.list or *.repo; repeatable
  --report FILE        findings of Inspector, Trivy, Grype or OSV beside those of the scan; repeatable
  --severity LIST      which findings count; default: critical,high
  --scanner NAME       trivy (default) or grype, or its path
  --scanner-cache DIR  where the scanner has its database
  --engine NAME        node or buildah; default: the first that works here
  --platform P         as linux/arm64; default: that of this machine
  --record FOLDER      write plan, script and verdict into it
  --after-end-of-life  defer (default) or patch with what the mirror still has
  --json               the outcome as JSON

Exit code: 0 proved, or nothing to do; 1 not patched, or not proved; 2 wrong use.

  callboard images patch registry.example.com/golden/debian:12 --promote`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, { options: OPTIONS, takes: 'any' });
    const [text, ...others] = positionals;
    if (text === undefined || others.length > 0) throw new UsageError('It takes one image');
    const asked = readValues(values);
    const reference = parseReference(text);
    if (asked.promote && reference.tag === null) throw new UsageError('--promote needs an image with a tag');
    const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
    const engine = await chooseEngine(client, asked.engine);
    const image = await client.image(
      { ...reference, reference: reference.digest ?? reference.tag ?? 'latest' },
      asked.platform,
    );
    const { err } = context;
    const findings = await readReports(asked.reports, { context, digest: image.digest });
    const outcome = await patchImage(
      {
        client,
        engine,
        scanner: scannerOf(asked, context),
        planner: createPlanner(asked.planner),
        now: Date.now,
      },
      {
        image,
        findings,
        patchId: `${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${image.digest.slice(7, 15)}`,
        policies: {
          findings: asked.policy,
          gate: STRICT_POLICY,
          proof: { budget: DEFAULT_BUDGET, worstNew: 'high', ownLabels: PATCH_LABELS, allowedPaths: [] },
        },
        smokeTests: [],
        mirrors: await readMirrors(asked.mirrors, context.here),
        limits: LIMITS,
        log: (line) => void err.write(`${line}\n`),
        signal: new AbortController().signal,
      },
    );
    if (asked.record !== null) await writeRecord(resolve(context.here, asked.record), outcome);
    const proof = outcome.kind === 'judged' ? outcome.judgement.proof : null;
    const promotion =
      asked.promote && proof !== null && reference.tag !== null
        ? await promote({ client, proof, tag: reference.tag, now: Date.now() })
        : null;
    const told = { image: formatReference({ ...reference, digest: image.digest }), outcome, promotion };
    await context.out.write(values.json === true ? toJson(told) : toText(told));
    return outcome.kind === 'clean' || proof !== null ? 0 : 1;
  },
};

function readValues(values: ReturnType<typeof readArgs<typeof OPTIONS>>['values']) {
  const [os = 'linux', architecture, variant = null] = (values.platform ?? hostPlatform()).split('/');
  if (architecture === undefined) throw new UsageError('--platform is written as linux/amd64');
  const after = values['after-end-of-life'];
  if (after !== 'defer' && after !== 'patch') throw new UsageError('--after-end-of-life is defer or patch');
  return {
    reports: values.report ?? [],
    mirrors: values.mirror ?? [],
    policy: parsePolicy({ severities: values.severity.split(',') }),
    scanner: values.scanner,
    scannerCache: values['scanner-cache'] ?? null,
    engine: values.engine ?? null,
    platform: { os, architecture, variant },
    record: values.record ?? null,
    promote: values.promote === true,
    planner: { afterEndOfLife: after },
  } as const;
}

function hostPlatform(): string {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'arm/v7' };
  return `linux/${names[process.arch] ?? process.arch}`;
}

async function chooseEngine(client: RegistryClient, wanted: string | null): Promise<BuildEngine> {
  const engines = [createNodeEngine(client), createBuildahEngine(client)];
  const chosen = engines.filter(({ name }) => wanted === null || name === wanted);
  if (chosen.length === 0)
    throw new UsageError(`--engine is ${engines.map(({ name }) => name).join(' or ')}`);
  const why: string[] = [];
  for (const engine of chosen) {
    const reason = await engine.unavailable();
    if (reason === null) return engine;
    why.push(`${engine.name}: ${reason}`);
  }
  throw new CodedError(501, 'images/no-engine', `No engine can build here. ${why.join('; ')}`);
}

function scannerOf({ scanner, scannerCache }: Values, { env, here }: CommandContext) {
  const options = {
    program: scanner.includes('/') ? resolve(here, scanner) : scanner,
    env: { PATH: env['PATH'] ?? '', HOME: env['HOME'] ?? '' },
    ...(scannerCache !== null && { cacheDir: resolve(here, scannerCache) }),
  };
  return basename(scanner).startsWith('grype') ? createGrype(options) : createTrivy(options);
}

async function readReports(
  names: readonly string[],
  { context, digest }: { readonly context: CommandContext; readonly digest: string },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of names) {
    const bytes = await readFile(resolve(context.here, name));
    const report = parseReport(bytes, { receivedAt: Date.now(), name });
    for (const found of report.diagnostics) {
      await context.err.write(problemText(found, { here: context.here, on: context.err }));
    }
    if (countProblems(report.diagnostics).errors > 0 && report.findings.length === 0) {
      throw new CodedError(400, 'images/report-unusable', `${name} has no finding that can be used`);
    }
    findings.push(...report.findings.filter(({ image }) => image.digest === digest));
  }
  return findings;
}

async function readMirrors(
  names: readonly string[],
  here: string,
): Promise<Readonly<Record<string, string>>> {
  const mirrors: Record<string, string> = {};
  for (const name of names) mirrors[basename(name)] = await readFile(resolve(here, name), 'utf8');
  return mirrors;
}

async function writeRecord(folder: string, outcome: PatchOutcome): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (outcome.kind !== 'judged') {
    await writeFile(join(folder, 'outcome.json'), `${JSON.stringify(outcome, null, 2)}\n`);
    return;
  }
  const { ready, judgement } = outcome;
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(ready.plan, null, 2)}\n`);
  await writeFile(join(folder, 'script.sh'), printScript(ready.script));
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(judgement.verdict, null, 2)}\n`);
}

interface Told {
  readonly image: string;
  readonly outcome: PatchOutcome;
  readonly promotion: Promotion | null;
}

function toJson({ image, outcome, promotion }: Told): string {
  const { kind } = outcome;
  const detail =
    kind === 'judged'
      ? {
          patched: outcome.built.digest,
          verdict: outcome.judgement.verdict,
          leftOver: outcome.ready.leftOver,
        }
      : outcome;
  return `${JSON.stringify({ image, ...detail, kind, promotion }, null, 2)}\n`;
}

function toText({ image, outcome, promotion }: Told): string {
  if (outcome.kind === 'clean') return `${image}: nothing to do\n`;
  if (outcome.kind === 'unready') {
    const { plan } = outcome;
    const reasons = 'reasons' in plan ? plan.reasons.map(({ check, text }) => `  ${text} (${check})\n`) : [];
    const proposal = 'plan' in plan ? plan.plan.proposal : plan.proposal;
    const why = proposal === null ? '' : `  ${proposal.reason}\n`;
    return `${image}: not patched: ${plan.kind}\n${why}${reasons.join('')}${leftOverText(plan.leftOver)}`;
  }
  const { verdict } = outcome.judgement;
  const failed = verdict.checks.filter(({ ok }) => !ok).map(({ id, detail }) => `  ${id}: ${detail}\n`);
  const counts = `${verdict.findings.before.length} fixable findings before, ${verdict.findings.after.length} after`;
  const moved =
    promotion === null ? '' : `  ${promotion.tag} is ${promotion.current}, was ${promotion.previous}\n`;
  const head = `${image}: ${verdict.proved ? 'proved' : 'not proved'}: ${counts}\n  ${outcome.built.digest}\n`;
  return `${head}${failed.join('')}${moved}${leftOverText(outcome.ready.leftOver)}`;
}

function leftOverText(leftOver: readonly { readonly reason: string }[]): string {
  const counts = Map.groupBy(leftOver, ({ reason }) => reason);
  return [...counts].map(([reason, list]) => `  left over, ${reason}: ${list.length}\n`).join('');
}
