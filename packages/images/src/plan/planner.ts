/**
 * The planner that needs no model: takes from the mirror what fixes the findings, whole source packages at a time, and
 * defers with the reason what cannot be had. The same facts give the same proposal.
 */
import type { Digest } from '../image/image.ts';
import type { Distro } from '../inventory/inventory.ts';
import { orderOf } from '../versions/ordering.ts';
import { compareVersions } from '../versions/versions.ts';
import type { PackageChange, PlanFacts, Planner, PlanPackage, Proposal } from './plan.ts';

/** Whose the base is: ours is patched; of another's, a newer one that is fixed is taken instead, where there is one. */
export type Standing =
  | { readonly kind: 'ours' }
  | { readonly kind: 'upstream'; readonly fixedDigest: Digest | null };

export interface PlannerOptions {
  /** Default: every base is ours. */
  readonly standing?: (facts: PlanFacts) => Standing;
  /**
   * What to do when support has ended and the mirror has the fix all the same, as from extended support. `defer`, the
   * default, asks for a newer major release; `patch` takes what is there and says so.
   */
  readonly afterEndOfLife?: 'defer' | 'patch';
}

/** In the record of every plan; the number changes when the same facts give another proposal. */
const NAME = 'callboard/1';

const REASON_LENGTH = 500;

/** It never rejects, asks nobody and remembers nothing. */
export function createPlanner(options: PlannerOptions = {}): Planner {
  return {
    name: NAME,
    proposePlan: async (facts) => ({
      proposal: propose(facts, options),
      planner: { kind: 'deterministic', name: NAME, promptHash: null },
      exchange: null,
    }),
  };
}

/** Moves the release of Amazon Linux 2023: upgraded with the rest, so that later installations look at the same one. */
export const RELEASE_PACKAGE = 'system-release';

/** Amazon Linux 2023 shows an image only the packages of its own release, until it is told to look at a later one. */
export function needsReleaseLock(distro: Distro): boolean {
  return distro.id === 'amzn' && /^2023(\.|$)/.test(distro.version);
}

function propose(facts: PlanFacts, options: PlannerOptions): Proposal {
  const standing = options.standing?.(facts) ?? { kind: 'ours' };
  if (standing.kind === 'upstream' && standing.fixedDigest !== null) {
    return without('bump-base', [
      `The base is not ours and is fixed upstream: take ${standing.fixedDigest}.`,
    ]);
  }
  const name = `${facts.distro.id} ${facts.distro.version}`.trim();
  const ended = facts.endOfLife === true;
  if (ended && options.afterEndOfLife !== 'patch') {
    return without('defer', [
      `Support of ${name} has ended: upgrades would succeed and fix little.`,
      'Move to a newer major release, or configure its extended support.',
    ]);
  }
  const { changes, solved, notes } = choose(facts);
  if (changes.length === 0)
    return without('defer', notes.length > 0 ? notes : ['No finding needs a change.']);
  const first = [`Upgrades ${solved.join('; ')}.`];
  if (ended) first.push(`Support of ${name} has ended: move to a newer major release.`);
  if (standing.kind === 'upstream') {
    first.push('The base is not ours: drop this layer once upstream has the fix.');
  }
  const locked = needsReleaseLock(facts.distro);
  if (locked) first.push('The release of the distribution moves with it.');
  return {
    strategy: 'in-place',
    packages: changes,
    requires: locked ? ['release-lock'] : [],
    reason: joined([...first, ...notes]),
    confidence: 1,
  };
}

interface Choice {
  /** By name. */
  readonly changes: readonly PackageChange[];
  readonly solved: readonly string[];
  /** Why the other source packages are left as they are. */
  readonly notes: readonly string[];
}

function choose(facts: PlanFacts): Choice {
  const changes: PackageChange[] = [];
  const solved: string[] = [];
  const notes: string[] = [];
  const sources = Map.groupBy(facts.packages, ({ source }) => source);
  for (const [source, packages] of sources) {
    const obstacle = obstacleOf(facts, packages);
    if (obstacle !== null) {
      notes.push(`${source}: ${obstacle}.`);
      continue;
    }
    const chosen = packages.filter(({ candidate }) => candidate !== null);
    // Where no finding names a fix of a package, it moves to what the mirror has, along with the rest of its source.
    const moves = chosen.map(({ name, fixed, candidate }) => upgrade(name, fixed ?? candidate));
    solved.push(`${source} (${moves.map(({ name, minVersion }) => `${name} >= ${minVersion}`).join(', ')})`);
    changes.push(...moves);
  }
  return { changes: changes.toSorted((a, b) => orderOf(a.name, b.name)), solved, notes };
}

/** Null when the mirror has what the packages of one source need. */
function obstacleOf({ format, endOfLife }: PlanFacts, packages: readonly PlanPackage[]): string | null {
  const needing = packages.filter(
    ({ installed, fixed }) => fixed !== null && compareVersions(format, installed, fixed) < 0,
  );
  if (packages.every(({ fixed }) => fixed === null)) return 'no fix has been released';
  if (needing.length === 0) return 'what is installed has the fix';
  const held = packages.filter((one) => one.held).map(({ name }) => name);
  if (held.length > 0) return `held on purpose (${held.join(', ')})`;
  const missing = needing.filter(
    ({ candidate, fixed }) =>
      candidate === null || (fixed !== null && compareVersions(format, candidate, fixed) < 0),
  );
  if (missing.length === 0) return null;
  const what = missing.map(({ name, fixed }) => `${name} ${fixed ?? ''}`).join(', ');
  return endOfLife === true
    ? `support has ended without the fix (${what})`
    : `the mirror does not have the fix yet (${what})`;
}

function upgrade(name: string, minVersion: string | null): PackageChange {
  return { name, action: 'upgrade', minVersion, replacement: null };
}

function without(strategy: 'bump-base' | 'defer', reasons: readonly string[]): Proposal {
  return { strategy, packages: [], requires: [], reason: joined(reasons), confidence: 1 };
}

function joined(reasons: readonly string[]): string {
  const text = reasons.join(' ');
  return text.length <= REASON_LENGTH ? text : `${text.slice(0, REASON_LENGTH - 1)}…`;
}
