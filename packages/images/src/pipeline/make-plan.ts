/**
 * From the findings of an image to a plan that passed the gate, with its script: reads what is installed, asks the
 * mirror what there is, lets a planner propose, judges that, and tries it without changing anything.
 */
import { isDeepStrictEqual } from 'node:util';
import { formatDiagnostic } from '@callboard/model';
import type { BuildSession } from '../build/engine.ts';
import { checkCommands, rightsOf, rightsToLook, type Rights } from '../gate/argv.ts';
import { runGate } from '../gate/gate.ts';
import type { GatePolicy, GateReason, Verdict } from '../gate/verdict.ts';
import type { Image } from '../image/image.ts';
import { createFolderView } from '../inventory/folder-view.ts';
import type { Inventory, PackageManager } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { LeftOver } from '../plan/assess.ts';
import { gatherFacts, packagesToProbe } from '../plan/facts.ts';
import { hashPlan } from '../plan/canonical.ts';
import type { Exchange, PatchPlan, Planner, Proposal } from '../plan/plan.ts';
import { needsReleaseLock } from '../plan/planner.ts';
import { proposeUnmanaged } from '../plan/unmanaged.ts';
import type { Finding } from '../receive/finding.ts';
import { parseCandidates } from '../script/candidates.ts';
import type { Command, CommandOutput } from '../script/command.ts';
import { compile, compileProbe, type CompiledScript } from '../script/compile.ts';
import { parseSimulation, type SimulatedChange } from '../script/simulation.ts';
import { runCommands } from '../script/steps.ts';
import { compareVersions } from '../versions/versions.ts';
import { pipelineError } from './errors.ts';
import { compileOptions, mirrorFiles, type PipelineDeps, type Surroundings } from './surroundings.ts';

export interface MakePlanRequest extends Surroundings {
  readonly image: Image;
  /** Of this image; those that no policy lets act are left out by the caller. */
  readonly findings: readonly Finding[];
  readonly planner: Planner;
  readonly policy: GatePolicy;
  /** The hash of a plan that a person agreed to; what needs approval is ready when it is this very plan. */
  readonly approved?: string | null;
}

/**
 * `nothing`: no finding can be fixed now; `leftOver` says why not. `deferred`: the plan says to wait, or to take
 * another base. `refused` and `needs-approval`: the reasons are the gate's.
 */
export type PlanOutcome =
  | { readonly kind: 'nothing'; readonly proposal: Proposal | null; readonly leftOver: readonly LeftOver[] }
  | { readonly kind: 'deferred'; readonly plan: PatchPlan; readonly leftOver: readonly LeftOver[] }
  | (Told & { readonly kind: 'refused'; readonly reasons: readonly GateReason[] })
  | (Told & {
      readonly kind: 'needs-approval';
      readonly reasons: readonly GateReason[];
      readonly script: CompiledScript;
    })
  | ReadyPlan;

interface Told {
  readonly plan: PatchPlan;
  /** What was said with a model; null when none was asked. */
  readonly exchange: Exchange | null;
  readonly leftOver: readonly LeftOver[];
}

export interface ReadyPlan extends Told {
  readonly kind: 'ready';
  readonly script: CompiledScript;
}

/** Nothing of what it does to the image stays: it works in a session that is never committed. */
export async function makePlan(deps: PipelineDeps, request: MakePlanRequest): Promise<PlanOutcome> {
  const { image, findings, log, signal, limits } = request;
  // Every manager finds its own place; which one it is can only be said once the image is open.
  const files = Object.assign(
    {},
    ...(['apt', 'apk', 'dnf'] as const).map((one) => mirrorFiles(one, request)),
  );
  await using session = await deps.engine.open(image, {
    platform: image.platform,
    log,
    signal,
    files,
    limits,
  });
  const inventory = await inventoryOf(session);
  const { manager, distro } = inventory;
  const asked =
    manager === null || distro === null
      ? NOBODY_ASKED
      : await askMirror(session, { manager, inventory, request });
  const { candidates } = asked;
  const { facts, leftOver } = gatherFacts({ findings, inventory, candidates, image, now: deps.now() });
  if (facts === null) return { kind: 'nothing', proposal: proposeUnmanaged(inventory), leftOver };
  if (facts.packages.length === 0) return { kind: 'nothing', proposal: null, leftOver };
  log(`planning: ${facts.packages.length} packages, by ${request.planner.name}`);
  const judge = (proposal: unknown): Verdict =>
    runGate({ facts, proposal, inventory, offers: new Map(), policy: request.policy });
  const review = (proposal: Proposal): readonly string[] => {
    const { kind, reasons } = judge(proposal);
    return kind === 'refused' ? reasons.map(({ text }) => text) : [];
  };
  const proposed = await request.planner.proposePlan(facts, { signal, review });
  const { exchange, planner, doubts = [] } = proposed;
  const verdict = judge(proposed.proposal);
  const plan: PatchPlan = { facts, proposal: verdict.proposal ?? proposed.proposal, planner };
  const told = { plan, exchange, leftOver };
  if (verdict.kind === 'refused') return { kind: 'refused', ...told, reasons: verdict.reasons };
  if (plan.proposal.strategy !== 'in-place') return { kind: 'deferred', plan, leftOver };
  const script = compile(plan, compileOptions(request));
  const obstacles = [
    ...scriptReasons(script, rightsOf(plan.proposal)),
    ...(await tryOut(session, { plan, script, ran: asked.commands })),
  ];
  if (obstacles.length > 0) return { kind: 'refused', ...told, reasons: obstacles };
  const questions = [...verdict.reasons, ...doubts.map(toDoubt)];
  if (questions.length > 0 && request.approved !== hashPlan(plan)) {
    return { kind: 'needs-approval', ...told, script, reasons: questions };
  }
  return { kind: 'ready', ...told, script };
}

function toDoubt(text: string): GateReason {
  return { check: 'second-opinion', package: null, text };
}

async function inventoryOf(session: BuildSession): Promise<Inventory> {
  const { inventory, diagnostics } = await readInventory(createFolderView(session.root));
  const broken = diagnostics.find(({ severity }) => severity === 'error');
  if (broken === undefined) return inventory;
  throw pipelineError(
    'images/packages-unreadable',
    `The packages cannot be read: ${formatDiagnostic(broken)}`,
  );
}

interface Asked {
  readonly manager: PackageManager;
  readonly inventory: Inventory;
  readonly request: MakePlanRequest;
}

interface Answer {
  /** What was run for it, in the session of the plan. */
  readonly commands: readonly Command[];
  readonly candidates: ReadonlyMap<string, string>;
}

const NOBODY_ASKED: Answer = { commands: [], candidates: new Map() };

async function askMirror(session: BuildSession, { manager, inventory, request }: Asked): Promise<Answer> {
  const { distro } = inventory;
  const names = packagesToProbe(request.findings, inventory);
  if (distro === null || names.length === 0) return NOBODY_ASKED;
  request.log(`planning: asking the mirror for ${names.length} packages`);
  const commands = compileProbe({ manager, distro, names }, compileOptions(request));
  const rights = rightsToLook(names, { releaseLock: needsReleaseLock(distro) });
  const outputs = await runCommands(commands, guarded(session, { manager, rights }));
  return { commands, candidates: parseCandidates(manager, outputs) };
}

/** Runs only what the grammar of the manager has, and what the rights allow. */
export function guarded(
  session: Pick<BuildSession, 'run'>,
  of: { readonly manager: PackageManager; readonly rights: Rights },
): (command: Command) => Promise<CommandOutput> {
  return async (command) => {
    const [reason] = checkCommands([command], of);
    if (reason === undefined) return session.run(command);
    throw pipelineError('images/command-refused', `To ${command.purpose}: ${reason.text}`);
  };
}

function scriptReasons(script: CompiledScript, rights: Rights): readonly GateReason[] {
  const { manager } = script;
  const apply = script.apply.map(({ command }) => command);
  return checkCommands([...script.probe, ...script.simulate, ...apply, ...script.clean], { manager, rights });
}

interface Trial {
  readonly plan: PatchPlan;
  readonly script: CompiledScript;
  /** What the session has run already, first and in this order. */
  readonly ran: readonly Command[];
}

/** What the package manager itself says would happen has to be what was planned, and what that needs. */
async function tryOut(session: BuildSession, { plan, script, ran }: Trial): Promise<readonly GateReason[]> {
  const { manager, simulate } = script;
  const rights = rightsOf(plan.proposal);
  const run = guarded(session, { manager, rights });
  const changes = parseSimulation(manager, await runCommands(notYetRun(simulate, ran), run));
  return [...unwanted(plan, changes), ...missing(plan, changes)];
}

/** Asking and trying begin with the same indexes: in one session they are fetched once. */
function notYetRun(commands: readonly Command[], ran: readonly Command[]): readonly Command[] {
  const first = commands.findIndex(({ argv }, index) => !isDeepStrictEqual(argv, ran[index]?.argv));
  return commands.slice(Math.max(0, first));
}

function unwanted({ proposal }: PatchPlan, changes: readonly SimulatedChange[]): readonly GateReason[] {
  const mayGo = new Set(
    proposal.packages.filter(({ action }) => action !== 'upgrade').map(({ name }) => name),
  );
  return changes
    .filter(({ name, action }) => action === 'downgrade' || (action === 'remove' && !mayGo.has(name)))
    .map(({ name, action }) => ({
      check: 'simulate/unplanned',
      package: name,
      text: `The package manager would ${action} it, which is not planned.`,
    }));
}

function missing({ facts, proposal }: PatchPlan, changes: readonly SimulatedChange[]): readonly GateReason[] {
  const reached = new Map<string, string>();
  for (const { name, to } of changes) if (to !== null) reached.set(name, to);
  for (const { name, installed } of facts.packages) if (!reached.has(name)) reached.set(name, installed);
  return proposal.packages.flatMap(({ name, action, minVersion }) => {
    const version = reached.get(name);
    if (action !== 'upgrade' || minVersion === null) return [];
    if (version !== undefined && compareVersions(facts.format, version, minVersion) >= 0) return [];
    const text = `It would be ${version ?? 'absent'} afterwards; ${minVersion} is needed.`;
    return [{ check: 'simulate/short', package: name, text }];
  });
}
