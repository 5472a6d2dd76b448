/**
 * The one reader of proposals, whoever made them: a model, a recording, a person or our own planner. It takes nothing
 * on trust and repairs nothing: what is not exactly a proposal is refused with the rule it breaks.
 */
import { ACTIONS, CAPABILITIES, STRATEGIES, type PackageChange, type Proposal } from '../plan.ts';
import { parseStrictJson, type JsonProblem } from './strict-json.ts';
import { hasHiddenCharacters, toVisibleText } from './text.ts';

/** Upper bounds, in characters or entries. */
const PROPOSAL_LIMITS = {
  document: 256 * 1024,
  packages: 500,
  name: 128,
  version: 128,
  reason: 500,
} as const;

export const PROPOSAL_RULES = [
  'size',
  'syntax',
  'duplicate-key',
  'unknown-key',
  'type',
  'length',
  'characters',
  'range',
  'twice',
  'action-fields',
  'strategy-packages',
] as const;
export type ProposalRule = (typeof PROPOSAL_RULES)[number];

export interface ProposalProblem {
  readonly rule: ProposalRule;
  /** Inside the document, as `packages[2].name`; empty for the whole. */
  readonly path: string;
  /** One sentence for people and for the model, without hidden characters. */
  readonly text: string;
}

export interface ParsedProposal {
  /** Null when its shape is wrong; with other problems it is what was meant, and must not be used. */
  readonly proposal: Proposal | null;
  /** Empty for a good one. */
  readonly problems: readonly ProposalProblem[];
}

type Report = (rule: ProposalRule, path: string, text: string) => void;
type Fields = Readonly<Record<string, unknown>>;

const PROPOSAL_KEYS = ['strategy', 'packages', 'requires', 'reason', 'confidence'];
const CHANGE_KEYS = ['name', 'action', 'minVersion', 'replacement'];
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

/** Parses the text of an answer: the JSON of a proposal and nothing around it. */
export function parseProposalText(text: string): ParsedProposal {
  const json = parseStrictJson(text, PROPOSAL_LIMITS.document);
  if (json.problem === null) return parseProposal(json.value);
  const problem = { rule: json.problem satisfies JsonProblem, path: '', text: json.text };
  if (json.problem !== 'duplicate-key') return { proposal: null, problems: [problem] };
  const parsed = parseProposal(json.value);
  return { proposal: parsed.proposal, problems: [problem, ...parsed.problems] };
}

/** Parses a value that is already JSON. The proposal is a copy with exactly the known keys. */
export function parseProposal(value: unknown): ParsedProposal {
  const problems: ProposalProblem[] = [];
  const report: Report = (rule, path, text) => problems.push({ rule, path, text });
  const proposal = readProposal(value, report);
  return { proposal: problems.some(({ rule }) => rule === 'type') ? null : proposal, problems };
}

function readProposal(value: unknown, report: Report): Proposal | null {
  const fields = readObject({ value, keys: PROPOSAL_KEYS, path: '' }, report);
  if (fields === null) return null;
  const strategy = readEnum({ value: fields['strategy'], of: STRATEGIES, path: 'strategy' }, report);
  const packages = readChanges(fields['packages'], report);
  const requires = readCapabilities(fields['requires'], report);
  const reason = readReason(fields['reason'], report);
  const confidence = readConfidence(fields['confidence'], report);
  if (strategy === null || packages === null || requires === null || reason === null || confidence === null) {
    return null;
  }
  if ((strategy === 'in-place') === (packages.length === 0)) {
    const need = strategy === 'in-place' ? 'at least one package' : 'no packages';
    report('strategy-packages', 'packages', `A plan with the strategy ${strategy} has ${need}.`);
  }
  return { strategy, packages, requires, reason, confidence };
}

function readChanges(value: unknown, report: Report): readonly PackageChange[] | null {
  const list = readList({ value, path: 'packages', limit: PROPOSAL_LIMITS.packages }, report);
  if (list === null) return null;
  const changes = list.map((entry, index) => readChange(entry, { path: `packages[${index}]`, report }));
  const names = new Set<string>();
  for (const [index, change] of changes.entries()) {
    if (change === null) continue;
    if (names.has(change.name)) report('twice', `packages[${index}].name`, 'The package is there twice.');
    names.add(change.name);
  }
  return changes.filter((change) => change !== null);
}

function readChange(
  value: unknown,
  { path, report }: { readonly path: string; readonly report: Report },
): PackageChange | null {
  const fields = readObject({ value, keys: CHANGE_KEYS, path }, report);
  if (fields === null) return null;
  const action = readEnum({ value: fields['action'], of: ACTIONS, path: `${path}.action` }, report);
  const name = readToken(
    { value: fields['name'], path: `${path}.name`, limit: PROPOSAL_LIMITS.name },
    report,
  );
  const minVersion = readNullable(
    { value: fields['minVersion'], path: `${path}.minVersion`, limit: PROPOSAL_LIMITS.version },
    report,
  );
  const replacement = readNullable(
    { value: fields['replacement'], path: `${path}.replacement`, limit: PROPOSAL_LIMITS.name },
    report,
  );
  if (action === null || name === null || minVersion === undefined || replacement === undefined) return null;
  if ((action === 'remove') !== (minVersion === null)) {
    report(
      'action-fields',
      `${path}.minVersion`,
      'A version is given for upgrade and replace, and only for them.',
    );
  }
  if ((action === 'replace') !== (replacement !== null)) {
    report('action-fields', `${path}.replacement`, 'A replacement is given for replace, and only for it.');
  }
  return { name, action, minVersion, replacement };
}

function readCapabilities(value: unknown, report: Report): Proposal['requires'] | null {
  const list = readList({ value, path: 'requires', limit: CAPABILITIES.length }, report);
  if (list === null) return null;
  const known = list.map((entry, index) =>
    readEnum({ value: entry, of: CAPABILITIES, path: `requires[${index}]` }, report),
  );
  const found = known.filter((capability) => capability !== null);
  if (new Set(found).size < found.length) report('twice', 'requires', 'A capability is there twice.');
  return found;
}

function readReason(value: unknown, report: Report): string | null {
  const { reason: limit } = PROPOSAL_LIMITS;
  if (typeof value !== 'string') {
    report('type', 'reason', 'The reason is a text.');
    return null;
  }
  if (value.length > limit) report('length', 'reason', `The reason has at most ${limit} characters.`);
  // It is shown in the readable script, where a second line would be a line of its own.
  if (hasHiddenCharacters(value))
    report('characters', 'reason', 'The reason is one line of visible characters.');
  return value;
}

function readConfidence(value: unknown, report: Report): number | null {
  if (typeof value !== 'number') {
    report('type', 'confidence', 'The confidence is a number.');
    return null;
  }
  if (!(value >= 0 && value <= 1)) report('range', 'confidence', 'The confidence is from 0 to 1.');
  return value;
}

interface Place {
  readonly value: unknown;
  readonly path: string;
}

function readObject(
  { value, keys, path }: Place & { readonly keys: readonly string[] },
  report: Report,
): Fields | null {
  const isPlain =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) {
    report('type', path, `${path === '' ? 'The proposal' : path} is an object.`);
    return null;
  }
  const fields: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of Object.entries(value)) {
    if (keys.includes(key)) fields[key] = entry;
    if (!keys.includes(key)) report('unknown-key', path, `The key "${toVisibleText(key, 40)}" is not known.`);
  }
  return fields;
}

function readList(
  { value, path, limit }: Place & { readonly limit: number },
  report: Report,
): readonly unknown[] | null {
  if (!Array.isArray(value)) {
    report('type', path, `${path} is a list.`);
    return null;
  }
  const list: readonly unknown[] = value;
  if (list.length > limit) report('length', path, `${path} has at most ${limit} entries.`);
  return list.slice(0, limit);
}

function readEnum<const T extends string>(
  { value, of, path }: Place & { readonly of: readonly T[] },
  report: Report,
): T | null {
  const found = of.find((candidate) => candidate === value) ?? null;
  if (found === null) report('type', path, `${path} is one of ${of.join(', ')}.`);
  return found;
}

/** A name or version: visible ASCII, so that neither a homoglyph nor a blank can be in it. */
function readToken(
  { value, path, limit }: Place & { readonly limit: number },
  report: Report,
): string | null {
  if (typeof value !== 'string' || value === '') {
    report('type', path, `${path} is a text that is not empty.`);
    return null;
  }
  if (value.length > limit) report('length', path, `${path} has at most ${limit} characters.`);
  if (!VISIBLE_ASCII.test(value)) report('characters', path, `${path} is visible ASCII without blanks.`);
  return value;
}

/** Undefined when it is neither null nor a token. */
function readNullable(place: Place & { readonly limit: number }, report: Report): string | null | undefined {
  if (place.value === null) return null;
  return readToken(place, report) ?? undefined;
}
