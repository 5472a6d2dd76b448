/** The second opinion: how two proposals for the same facts differ. */
import type { PackageChange, Proposal } from '../plan.ts';

export interface ProposalDifference {
  /** `version`: only the lowest version that would do; what is installed is the newest either way. */
  readonly kind: 'strategy' | 'requires' | 'missing' | 'extra' | 'action' | 'version';
  /** Null when it is about the whole. */
  readonly package: string | null;
  /** Of the first and of the second; null where one has none. */
  readonly first: string | null;
  readonly second: string | null;
}

export interface ProposalComparison {
  /** The same would be done: no difference other than of versions. */
  readonly agree: boolean;
  /** By package, the whole first. */
  readonly differences: readonly ProposalDifference[];
}

/** `missing`: only the first has the package; `extra`: only the second. Reasons and confidence are not compared. */
export function compareProposals(first: Proposal, second: Proposal): ProposalComparison {
  const differences: ProposalDifference[] = [];
  const compare = (kind: ProposalDifference['kind'], a: string, b: string): void => {
    if (a !== b) differences.push({ kind, package: null, first: a, second: b });
  };
  compare('strategy', first.strategy, second.strategy);
  compare('requires', first.requires.toSorted().join(' '), second.requires.toSorted().join(' '));
  const ours = new Map(first.packages.map((change) => [change.name, change]));
  const theirs = new Map(second.packages.map((change) => [change.name, change]));
  for (const name of [...new Set([...ours.keys(), ...theirs.keys()])].toSorted()) {
    const difference = compareChanges(ours.get(name), theirs.get(name));
    if (difference !== null) differences.push({ ...difference, package: name });
  }
  return { agree: differences.every(({ kind }) => kind === 'version'), differences };
}

function compareChanges(
  first: PackageChange | undefined,
  second: PackageChange | undefined,
): Omit<ProposalDifference, 'package'> | null {
  if (first === undefined || second === undefined) {
    const kind = second === undefined ? 'missing' : 'extra';
    return {
      kind,
      first: first === undefined ? null : inWords(first),
      second: second === undefined ? null : inWords(second),
    };
  }
  if (inWords(first) !== inWords(second))
    return { kind: 'action', first: inWords(first), second: inWords(second) };
  if (first.minVersion === second.minVersion) return null;
  return { kind: 'version', first: first.minVersion, second: second.minVersion };
}

function inWords({ action, replacement }: PackageChange): string {
  return replacement === null ? action : `${action} by ${replacement}`;
}
