/**
 * The last check, at the sink: each command that is about to run has to be a member of the grammar and may name only
 * packages that the accepted plan gives it a right to. It knows neither the compiler nor the model.
 */
import type { PackageFormat, PackageManager } from '../inventory/inventory.ts';
import type { Proposal } from '../plan/plan.ts';
import { hasHiddenCharacters, toVisibleText } from '../plan/models/text.ts';
import type { Command } from '../script/command.ts';
import { ENVIRONMENT, EXIT_CODES, GRAMMAR, type Form, type Input, type Part, type Right } from './grammar.ts';
import { isPackageName } from './names.ts';
import type { GateReason } from './verdict.ts';

/** What may be done to which packages. */
export type Rights = Readonly<Record<Right, ReadonlySet<string>>> & {
  /** The release of the distribution may move. */
  readonly releaseLock: boolean;
};

export interface CommandGateOptions {
  readonly manager: PackageManager;
  readonly rights: Rights;
  /** Checks that do not count: for tests that show what only one of them catches. Default: none. */
  readonly without?: readonly string[];
}

/** Ids of the checks, in order. */
export const COMMAND_CHECKS = [
  'argv',
  'names',
  'rights',
  'release',
  'env',
  'input',
  'limits',
  'purpose',
] as const;

type Find = (command: Command, asked: Asked) => readonly string[];

interface Asked {
  readonly manager: PackageManager;
  readonly rights: Rights;
  /** Null when the command is none of the grammar. */
  readonly matched: Matched | null;
}

interface Matched {
  readonly form: Form;
  readonly names: readonly (readonly [Right, string])[];
}

/** The package that moves the release, where it is locked. */
const RELEASE_PACKAGE = 'system-release';

const LONGEST = 60 * 60 * 1000;
const MAX_INPUT = 1024 * 1024;

const CHECKS: Readonly<Record<(typeof COMMAND_CHECKS)[number], Find>> = {
  argv: ({ argv }, { manager, matched }) => {
    if (matched !== null) return [];
    return [
      `This is no command that may be run with ${manager}: ${toVisibleText(JSON.stringify(argv), 200)}.`,
    ];
  },
  names: (_command, { manager, matched }) => {
    const bad = matched?.names.filter(([, name]) => !isPackageName(formatOf(manager), name)) ?? [];
    return bad.map(([, name]) => `"${toVisibleText(name, 80)}" is no name of a package.`);
  },
  rights: (_command, { rights, matched }) => {
    const bad = matched?.names.filter(([right, name]) => !rights[right].has(name)) ?? [];
    return bad.map(([right, name]) => `The plan gives no right to ${right} ${toVisibleText(name, 80)}.`);
  },
  release: ({ argv }, { rights }) => {
    const moves = argv.some((word) => word.startsWith('--releasever'));
    return moves && !rights.releaseLock ? ['The plan does not move the release of the distribution.'] : [];
  },
  env: ({ env }) =>
    Object.entries(env)
      .filter(([name, value]) => !Object.hasOwn(ENVIRONMENT, name) || ENVIRONMENT[name] !== value)
      .map(([name]) => `The variable ${toVisibleText(name, 80)} may not be set so.`),
  input: ({ input }, { matched }) => {
    if (matched === null || isInput(input, matched.form.input)) return [];
    return ['The input is none that this command may get.'];
  },
  limits: ({ timeout, accepts }) => {
    if (!(timeout > 0 && timeout <= LONGEST)) return ['A command has a time limit of at most an hour.'];
    return accepts.every((code) => EXIT_CODES.includes(code)) ? [] : ['These exit codes cannot all be good.'];
  },
  purpose: ({ purpose }) =>
    hasHiddenCharacters(purpose) ? ['The purpose is one line of visible characters.'] : [],
};

/** Empty when every command may run. */
export function checkCommands(
  commands: readonly Command[],
  { manager, rights, without = [] }: CommandGateOptions,
): readonly GateReason[] {
  const used = COMMAND_CHECKS.filter((id) => !without.includes(`command/${id}`));
  return commands.flatMap((command) => {
    const asked = { manager, rights, matched: matchAny(command.argv, GRAMMAR[manager]) };
    return used.flatMap((id) =>
      CHECKS[id](command, asked).map((text): GateReason => ({ check: `command/${id}`, package: null, text })),
    );
  });
}

/** What an accepted plan gives a right to. */
export function rightsOf({ packages, requires }: Proposal): Rights {
  const named = (...actions: readonly string[]): readonly string[] =>
    packages.filter(({ action }) => actions.includes(action)).map(({ name }) => name);
  const install = packages.flatMap(({ replacement }) => (replacement === null ? [] : [replacement]));
  const releaseLock = requires.includes('release-lock');
  const upgrade = [...named('upgrade'), ...(releaseLock ? [RELEASE_PACKAGE] : [])];
  return {
    look: new Set([...named('upgrade', 'replace', 'remove'), ...install]),
    upgrade: new Set(upgrade),
    install: new Set(install),
    remove: new Set(named('remove', 'replace')),
    releaseLock,
  };
}

/** For commands that only ask, before there is a plan: about these packages, and nothing else. */
export function rightsToLook(names: readonly string[], { releaseLock }: Pick<Rights, 'releaseLock'>): Rights {
  const none = new Set<string>();
  return { look: new Set(names), upgrade: none, install: none, remove: none, releaseLock };
}

function formatOf(manager: PackageManager): PackageFormat {
  if (manager === 'apt') return 'deb';
  return manager === 'apk' ? 'apk' : 'rpm';
}

function matchAny(argv: readonly string[], forms: readonly Form[]): Matched | null {
  for (const form of forms) {
    const names = match(argv, form.argv);
    if (names !== null) return { form, names };
  }
  return null;
}

/** Null when the words are not of the form; else the names among them and the right that each needs. */
function match(argv: readonly string[], parts: readonly Part[]): Matched['names'] | null {
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'string') {
      if (argv[at] !== part) return null;
      at += 1;
      continue;
    }
    if ('some' in part) {
      at = skipGroups(argv, { at, groups: part.some });
      continue;
    }
    return matchRest(argv.slice(at), part);
  }
  return at === argv.length ? [] : null;
}

function skipGroups(
  argv: readonly string[],
  { at, groups }: { readonly at: number; readonly groups: readonly (readonly string[])[] },
): number {
  let next = at;
  for (;;) {
    const from = next;
    const group = groups.find((words) => words.every((word, index) => argv[from + index] === word));
    if (group === undefined) return next;
    next += group.length;
  }
}

/** Names must not look like options even where the grammar of names is switched off. */
function matchRest(
  rest: readonly string[],
  part: Exclude<Part, string | { some: unknown }>,
): Matched['names'] | null {
  if (rest.length === 0 || rest.some((word) => word.startsWith('-'))) return null;
  if ('paths' in part) return rest.every((path) => part.paths.includes(path)) ? [] : null;
  if ('names' in part) return rest.map((name) => [part.names, name]);
  const [old, other, ...more] = rest;
  if (old === undefined || other === undefined || more.length > 0) return null;
  return [
    ['remove', old],
    ['install', other],
  ];
}

const NAME_LINE = /^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9-]+)?$/;
const WORLD_LINE = /^[!-~]+$/;

function isInput(input: string | null, expected: Input): boolean {
  if (typeof expected === 'object') return input === expected.exactly;
  if (input === null) return true;
  if (expected === 'none' || input.length > MAX_INPUT) return false;
  const lines = input.split('\n').filter((line) => line !== '');
  return lines.every((line) => (expected === 'names' ? NAME_LINE : WORLD_LINE).test(line));
}
