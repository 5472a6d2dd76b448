/**
 * Which findings act: `images.policy` of the configuration, and its word on one finding with the reason. What it does
 * not let act is kept and shown all the same.
 */
import { CodedError } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import { SEVERITIES, type AffectedPackage, type Finding, type Severity } from './finding.ts';

const ECOSYSTEMS = ['deb', 'rpm', 'apk', 'language'] as const satisfies readonly AffectedPackage['kind'][];
const DAY = 24 * 60 * 60 * 1_000;

/**
 * A finding acts when it is urgent in one way (its severity, its EPSS, that it is exploited) and meets every condition
 * (a fix, repository, age, ecosystem).
 */
export interface Policy {
  /** Urgent by themselves. Default: critical and high. */
  readonly severities: readonly Severity[];
  /** Urgent from this probability of exploitation on, 0 to 1; null, the default: EPSS makes nothing urgent. */
  readonly minimumEpss: number | null;
  /** Whether what is known to be exploited is urgent, whatever its severity. Default: true. */
  readonly knownExploited: boolean;
  /** Only with a fixed version in one of the ecosystems. Default: true. */
  readonly fixAvailable: boolean;
  /**
   * Globs over `repository` or `registry/repository`; `*` stays within a part, `**` does not. Empty, the default: all.
   */
  readonly repositories: readonly string[];
  /** Days since the fix was released, or else since publication; where neither is known it is old enough. Default: 0. */
  readonly minimumAgeDays: number;
  /** Default: the packages of distributions. */
  readonly ecosystems: readonly AffectedPackage['kind'][];
}

export interface Decision {
  readonly acts: boolean;
  /** One clause, as `its severity is medium`; it has no text of the report in it but names and numbers. */
  readonly reason: string;
}

const DEFAULT_POLICY: Policy = {
  severities: ['critical', 'high'],
  minimumEpss: null,
  knownExploited: true,
  fixAvailable: true,
  repositories: [],
  minimumAgeDays: 0,
  ecosystems: ['deb', 'rpm', 'apk'],
};

/**
 * The value of `images.policy`; what is not set has its default.
 * @throws CodedError `images/policy-config` that names the key
 */
export function parsePolicy(value: unknown): Policy {
  if (value === undefined || value === null) return DEFAULT_POLICY;
  if (!isObject(value)) throw wrong('', 'has to be an object');
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(DEFAULT_POLICY, key));
  if (unknown !== undefined) {
    throw wrong(unknown, `is not known; there are ${Object.keys(DEFAULT_POLICY).join(', ')}`);
  }
  return {
    severities: someOf(value, { key: 'severities', known: SEVERITIES }) ?? DEFAULT_POLICY.severities,
    minimumEpss: numberOf(value, { key: 'minimumEpss', from: 0, to: 1 }),
    knownExploited: flagOf(value, 'knownExploited') ?? DEFAULT_POLICY.knownExploited,
    fixAvailable: flagOf(value, 'fixAvailable') ?? DEFAULT_POLICY.fixAvailable,
    repositories: globsOf(value),
    minimumAgeDays:
      numberOf(value, { key: 'minimumAgeDays', from: 0, to: 3_650 }) ?? DEFAULT_POLICY.minimumAgeDays,
    ecosystems: someOf(value, { key: 'ecosystems', known: ECOSYSTEMS }) ?? DEFAULT_POLICY.ecosystems,
  };
}

/** Whether a finding acts at a time (milliseconds since 1970), and the first thing that decides it. */
export function decide(finding: Finding, policy: Policy, now: number): Decision {
  if (finding.status !== 'active') return not(`it is ${finding.status}`);
  const packages = finding.packages.filter(({ kind }) => policy.ecosystems.includes(kind));
  if (packages.length === 0) return not(`no package of it is ${policy.ecosystems.join(', ')}`);
  const urgent = urgency(finding, policy);
  if (urgent === null) return not(`its severity is ${finding.severity}${andEpss(finding, policy)}`);
  if (!isIn(finding, policy.repositories)) {
    return not(
      `its repository ${finding.image.repository ?? 'is not known and'} is not among those of the policy`,
    );
  }
  const fixable = packages.some(({ fixedVersion }) => fixedVersion !== null);
  if (policy.fixAvailable && !fixable) return not(`${urgent}, but no fix is available`);
  const age = ageOf(finding, now);
  if (age !== null && age < policy.minimumAgeDays) {
    return not(
      `${urgent}, but it is ${Math.max(Math.floor(age), 0)} days old and has to be ${policy.minimumAgeDays}`,
    );
  }
  return { acts: true, reason: fixable ? `${urgent}, and a fix is available` : urgent };
}

const not = (reason: string): Decision => ({ acts: false, reason });

function urgency({ severity, epss, knownExploited }: Finding, policy: Policy): string | null {
  if (policy.knownExploited && knownExploited === true) return 'it is known to be exploited';
  if (policy.severities.includes(severity)) return `its severity is ${severity}`;
  if (policy.minimumEpss !== null && epss !== null && epss >= policy.minimumEpss)
    return `its EPSS is ${epss}`;
  return null;
}

function andEpss({ epss }: Finding, { minimumEpss }: Policy): string {
  if (minimumEpss === null) return '';
  return epss === null ? ', its EPSS is not known' : ` and its EPSS ${epss}`;
}

function isIn({ image: { registry, repository } }: Finding, globs: readonly string[]): boolean {
  if (globs.length === 0) return true;
  if (repository === null) return false;
  const names = registry === null ? [repository] : [repository, `${registry}/${repository}`];
  return globs.map(toPattern).some((pattern) => names.some((name) => pattern.test(name)));
}

/** Days; null when nothing is known. */
function ageOf({ fixedAt, publishedAt }: Finding, now: number): number | null {
  const since = fixedAt ?? publishedAt;
  return since === null ? null : (now - since) / DAY;
}

function toPattern(glob: string): RegExp {
  const parts = glob.split(/(\*{1,2})/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`);
}

type Fields = Readonly<Record<string, unknown>>;

function globsOf(value: Fields): readonly string[] {
  const globs = value['repositories'] ?? [];
  const isGlob = (glob: unknown): glob is string =>
    typeof glob === 'string' && /^[\w.:/*-]{1,255}$/.test(glob) && (glob.match(/\*+/g) ?? []).length <= 5;
  if (Array.isArray(globs) && globs.every(isGlob)) return globs;
  throw wrong(
    'repositories',
    'has to be a list of globs over names of repositories, with at most 5 stars each',
  );
}

function someOf<Known extends string>(
  value: Fields,
  { key, known }: { key: string; known: readonly Known[] },
): readonly Known[] | null {
  const list = value[key];
  if (list === undefined || list === null) return null;
  const chosen = Array.isArray(list) ? known.filter((one) => list.includes(one)) : [];
  if (Array.isArray(list) && list.length > 0 && chosen.length === new Set(list).size) return chosen;
  throw wrong(key, `has to be a list of some of ${known.join(', ')}`);
}

function numberOf(
  value: Fields,
  { key, from, to }: { key: string; from: number; to: number },
): number | null {
  const given = value[key];
  if (given === undefined || given === null) return null;
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof number === 'number' && number >= from && number <= to) return number;
  throw wrong(key, `has to be a number from ${from} to ${to}`);
}

function flagOf(value: Fields, key: string): boolean | null {
  const flag = value[key];
  if (flag === undefined || flag === null) return null;
  if (flag === true || flag === 'true') return true;
  if (flag === false || flag === 'false') return false;
  throw wrong(key, 'has to be true or false');
}

function wrong(key: string, problem: string): CodedError {
  const name = key === '' ? 'images.policy' : `images.policy.${key}`;
  return new CodedError(500, 'images/policy-config', `The configuration value ${name} ${problem}.`);
}
