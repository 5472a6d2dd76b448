/** From a plan to commands: argument vectors that our own code writes, of names that are checked once more. */
import type { Distro, PackageFormat, PackageManager } from '../inventory/inventory.ts';
import type { PatchPlan } from '../plan/plan.ts';
import { needsReleaseLock } from '../plan/planner.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import type { Command, PatchScript } from './command.ts';
import { scriptError } from './errors.ts';
import { FORMATS } from './formats.ts';
import { checkNames } from './names.ts';
import type { CompileOptions, Scripter, Wanted } from './parts.ts';
import { rpmScripter } from './rpm.ts';
import type { Step } from './steps.ts';
import { zypper } from './zypper.ts';

const SCRIPTERS: Readonly<Record<PackageManager, Scripter>> = {
  apt,
  apk,
  dnf: rpmScripter('dnf'),
  microdnf: rpmScripter('microdnf'),
  tdnf: rpmScripter('tdnf'),
  yum: rpmScripter('yum'),
  zypper,
};

/** `apply` has steps and no bare commands, so that what has to be kept between them cannot be forgotten: `runSteps`. */
export interface CompiledScript extends Omit<PatchScript, 'apply'> {
  readonly manager: PackageManager;
  /** Say what would change, without changing it: run in a throwaway session, read by `parseSimulation`. */
  readonly simulate: readonly Command[];
  readonly apply: readonly Step[];
}

/** Throws a `CodedError` `images/script-…` for a plan that is not in place or that has a name which is none. */
export function compile(plan: PatchPlan, options: CompileOptions = {}): CompiledScript {
  const { facts, proposal } = plan;
  const { manager, format } = facts;
  if (proposal.strategy !== 'in-place' || proposal.packages.length === 0) {
    throw scriptError('images/script-not-in-place', `A plan to ${proposal.strategy} has no script.`);
  }
  checkManager(manager, format);
  const wanted = toWanted(plan);
  const scripter = SCRIPTERS[manager];
  const names = checkNames(
    format,
    proposal.packages.map(({ name }) => name),
  );
  return {
    manager,
    probe: scripter.probe(names, { ...options, releaseLock: wanted.releaseLock }),
    simulate: scripter.simulate(wanted, options),
    apply: scripter.apply(wanted, options),
    clean: scripter.clean(),
  };
}

export interface ProbeRequest {
  readonly manager: PackageManager;
  readonly distro: Distro;
  /** Of installed packages, as `packagesToProbe` says. */
  readonly names: readonly string[];
}

/** What to run in a throwaway session before there is a plan; read by `parseCandidates`. Empty for no names. */
export function compileProbe(
  { manager, distro, names }: ProbeRequest,
  options: CompileOptions = {},
): readonly Command[] {
  if (names.length === 0) return [];
  const checked = checkNames(FORMATS[manager], names);
  return SCRIPTERS[manager].probe(checked, { ...options, releaseLock: needsReleaseLock(distro) });
}

function checkManager(manager: PackageManager, format: PackageFormat): void {
  if (FORMATS[manager] === format) return;
  throw scriptError('images/script-wrong-manager', `${manager} does not change ${format} packages.`);
}

function toWanted({ facts, proposal }: PatchPlan): Wanted {
  const { format } = facts;
  const { packages, requires } = proposal;
  const upgrade: string[] = [];
  const remove: string[] = [];
  const replace = new Map<string, string>();
  for (const { name, action, replacement } of packages) {
    if (action === 'upgrade') upgrade.push(name);
    if (action === 'remove') remove.push(name);
    if (action === 'replace') replace.set(name, replacement ?? '');
  }
  if (replace.size > 0 && !requires.includes('replace-package')) {
    throw scriptError('images/script-missing-capability', 'The plan replaces a package and does not say so.');
  }
  if (remove.length > 0 && !requires.includes('remove-package')) {
    throw scriptError('images/script-missing-capability', 'The plan removes a package and does not say so.');
  }
  checkNames(format, [...replace.values()]);
  const replaced = checkNames(format, [...replace.keys()]);
  return {
    upgrade: checkNames(format, upgrade),
    remove: checkNames(format, remove),
    replace: new Map(replaced.map((name) => [name, replace.get(name) ?? ''])),
    releaseLock: requires.includes('release-lock'),
  };
}
