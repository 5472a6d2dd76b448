/**
 * The reader of plans that were kept as JSON outside of our database, as in the folder that the steps of a pipeline hand
 * around. It repairs nothing; whether a plan may be built is for the gate to say, and what it led to for the proof.
 */
import { isObject } from '@callboard/model';
import { parseDigest } from '../image/digest.ts';
import type { Platform } from '../image/image.ts';
import type { Distro, PackageFormat, PackageManager } from '../inventory/inventory.ts';
import { FORMATS } from '../script/formats.ts';
import { parseProposal } from './models/proposal.ts';
import type { PatchPlan, PlanFacts, PlannerName, PlanPackage } from './plan.ts';

/** `problem`: one clause that names the place, as `facts.manager is not known`. */
export type ParsedPlan =
  | { readonly plan: PatchPlan; readonly problem: null }
  | { readonly plan: null; readonly problem: string };

type Fields = Readonly<Record<string, unknown>>;

/** What a plan is not; it never leaves this file. */
class Wrong extends Error {}

export function parsePlan(value: unknown): ParsedPlan {
  try {
    const fields = toFields('the plan', value);
    const { proposal, problems } = parseProposal(fields['proposal']);
    const [first] = problems;
    if (first !== undefined || proposal === null) throw new Wrong(first?.text ?? 'the proposal is none');
    return { plan: { facts: toFacts(fields), proposal, planner: toPlanner(fields) }, problem: null };
  } catch (error) {
    if (error instanceof Wrong) return { plan: null, problem: error.message };
    throw error;
  }
}

function toFacts(plan: Fields): PlanFacts {
  const facts = toFields('facts', plan['facts']);
  const baseDigest = parseDigest(facts['baseDigest']);
  if (baseDigest === null) throw new Wrong('facts.baseDigest is no digest');
  const manager = toManager(facts['manager']);
  if (facts['format'] !== FORMATS[manager]) throw new Wrong('facts.format is not that of facts.manager');
  const { endOfLife } = facts;
  if (endOfLife !== null && typeof endOfLife !== 'boolean') throw new Wrong('facts.endOfLife is no boolean');
  return {
    baseDigest,
    platform: toPlatform(facts['platform']),
    distro: toDistro(facts['distro']),
    format: FORMATS[manager] satisfies PackageFormat,
    manager,
    endOfLife,
    packages: toList('facts.packages', facts['packages']).map((entry) => toPackage(entry)),
    findings: toTexts('facts.findings', facts['findings']),
  };
}

function toManager(value: unknown): PackageManager {
  const isManager = (name: unknown): name is PackageManager =>
    typeof name === 'string' && Object.hasOwn(FORMATS, name);
  if (isManager(value)) return value;
  throw new Wrong('facts.manager is not known');
}

function toPlatform(value: unknown): Platform {
  const path = 'facts.platform';
  const fields = toFields(path, value);
  return {
    os: toText(`${path}.os`, fields['os']),
    architecture: toText(`${path}.architecture`, fields['architecture']),
    variant: toTextOrNull(`${path}.variant`, fields['variant']),
  };
}

function toDistro(value: unknown): Distro {
  const path = 'facts.distro';
  const fields = toFields(path, value);
  return {
    id: toText(`${path}.id`, fields['id']),
    version: toText(`${path}.version`, fields['version']),
    codename: toTextOrNull(`${path}.codename`, fields['codename']),
    idLike: toTexts(`${path}.idLike`, fields['idLike']),
    supportEnd: toTextOrNull(`${path}.supportEnd`, fields['supportEnd']),
  };
}

function toPackage(value: unknown): PlanPackage {
  const path = 'facts.packages[]';
  const fields = toFields(path, value);
  const { held } = fields;
  if (typeof held !== 'boolean') throw new Wrong(`${path}.held is no boolean`);
  return {
    name: toText(`${path}.name`, fields['name']),
    source: toText(`${path}.source`, fields['source']),
    installed: toText(`${path}.installed`, fields['installed']),
    fixed: toTextOrNull(`${path}.fixed`, fields['fixed']),
    candidate: toTextOrNull(`${path}.candidate`, fields['candidate']),
    held,
    vulnerabilities: toTexts(`${path}.vulnerabilities`, fields['vulnerabilities']),
  };
}

function toPlanner(plan: Fields): PlannerName {
  const fields = toFields('planner', plan['planner']);
  const { kind } = fields;
  if (kind !== 'deterministic' && kind !== 'model') throw new Wrong('planner.kind is not known');
  return {
    kind,
    name: toText('planner.name', fields['name']),
    promptHash: toTextOrNull('planner.promptHash', fields['promptHash']),
  };
}

function toFields(path: string, value: unknown): Fields {
  if (isObject(value)) return value;
  throw new Wrong(`${path} is no object`);
}

function toList(path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Wrong(`${path} is no list`);
}

function toTexts(path: string, value: unknown): readonly string[] {
  return toList(path, value).map((entry) => toText(`${path}[]`, entry));
}

function toText(path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Wrong(`${path} is no text`);
}

function toTextOrNull(path: string, value: unknown): string | null {
  return value === null ? null : toText(path, value);
}
