/** The options that a field has after its own rule, and whether a value is one of them. */
import type { JsonValue } from '@callboard/model';
import type { Option, OptionsState, Rule } from '../graph.ts';
import { equalityKey } from './deep-equal.ts';
import { indexOptions, toOptions, type OptionIndex } from './options.ts';
import { isRelated } from './pointer.ts';
import { follow, pendingReads, ruleReads, type Findings, type Round } from './round.ts';
import { askFor, holdingNeed, type SourceState } from './source-state.ts';

export interface Choice {
  /** Null: any value will do. */
  readonly state: OptionsState | null;
  /** Null while options are not known. */
  readonly index: OptionIndex | null;
  /** What the source gave; the input of rules. */
  readonly given: readonly Option[] | undefined;
  /** Values are not known before an answer is there. */
  readonly isPending: boolean;
}

/** @param source null for a field without one, and for one that gives a value */
export async function readChoice(
  source: SourceState | null,
  rule: Rule | null,
  findings: Findings,
  round: Round,
): Promise<Choice> {
  const given = source?.status === 'options' ? source.options : undefined;
  const readsOptions = rule?.kind === 'expression' && rule.expression.readsOptions;
  if (
    source !== null &&
    source.status !== 'options' &&
    source.status !== 'value' &&
    (rule === null || readsOptions)
  ) {
    return { state: source, index: null, given, isPending: isPendingSource(source, round) };
  }
  if (rule === null) {
    if (source?.status !== 'options') return { state: null, index: null, given, isPending: false };
    const index = indexOptions(source.options, source.total);
    return { state: index.state, index, given, isPending: false };
  }
  const waitsFor = pendingReads(ruleReads(rule), findings.place, round);
  if (waitsFor.length > 0)
    return { state: { status: 'waiting', for: waitsFor }, index: null, given, isPending: true };
  const narrowed = await narrow(rule, given, { findings, round });
  if (narrowed === null) {
    const message = 'the rule for its options failed';
    return { state: { status: 'failed', message, key: '' }, index: null, given, isPending: false };
  }
  // What a rule leaves of a list that was cut is a cut list, too.
  const left = source?.status === 'options' && readsOptions ? source.total - source.options.length : 0;
  const index = indexOptions(narrowed, narrowed.length + left);
  return { state: index.state, index, given, isPending: false };
}

export function isPendingSource(source: SourceState, { pending }: Round): boolean {
  if (source.status === 'loading') return true;
  if (source.status !== 'waiting') return false;
  return source.for.some((id) => pending.values().some((other) => isRelated(id, other)));
}

/** Lists made by rules, by the list that the rule itself gave, so that the same result is the same list. */
const made = new WeakMap<object, readonly Option[]>();

interface Narrowing {
  readonly findings: Findings;
  readonly round: Round;
  readonly variant?: string;
}

/** Null when the rule failed. */
export async function narrow(
  rule: Rule,
  options: readonly Option[] | undefined,
  { findings, round, variant = '' }: Narrowing,
): Promise<readonly Option[] | null> {
  const failing = 'has options that cannot be found out';
  const use = { what: 'options', failing, variant, ...(options === undefined ? {} : { options }) } as const;
  const result = await follow(rule, use, findings, round);
  if (result === null) return null;
  const { value } = result;
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null ? NONE : toOptions(value);
  const known = made.get(value);
  if (known !== undefined) return known;
  const list = toOptions(value);
  made.set(value, list);
  return list;
}

const NONE: readonly Option[] = [];

export type Membership = 'is' | 'is-not' | 'unknown';

export interface Members {
  readonly of: (value: JsonValue) => Membership;
  /** The state of the options, with those that were found beyond what was sent. */
  readonly state: OptionsState | null;
}

const extended = new WeakMap<
  readonly Option[],
  { readonly of: OptionsState; readonly state: OptionsState }
>();

function withHeld(state: Extract<OptionsState, { status: 'ready' }>, held: readonly Option[]): OptionsState {
  if (held.length === 0) return state;
  const known = extended.get(held);
  if (known?.of === state) return known.state;
  const whole = { ...state, options: [...state.options, ...held] };
  extended.set(held, { of: state, state: whole });
  return whole;
}

/**
 * Whether each of the candidates is an option. Where the answer was cut, the source is asked about those that it does not
 * name.
 */
export async function membersOf(
  candidates: readonly JsonValue[],
  { index, state }: Choice,
  rule: Rule | null,
  findings: Findings,
  round: Round,
): Promise<Members> {
  if (index === null) return { of: () => 'unknown', state };
  const need = round.asks.get(findings.place.id);
  const whole: Members = { of: (value) => (index.has(value) ? 'is' : 'is-not'), state };
  if (need === undefined || state?.status !== 'ready' || !state.isTruncated) return whole;
  const others = candidates.filter((value) => !index.has(value));
  if (others.length === 0) return whole;
  const holds = [...new Map(others.map((value) => [equalityKey(value), value])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
  const answered = askFor(holdingNeed(need, holds), findings, round);
  const unknown: Members = { of: (value) => (index.has(value) ? 'is' : 'unknown'), state };
  if (answered === undefined) return unknown;
  if (answered.status === 'failed') {
    findings.problems.push({ kind: 'source-failed', message: `cannot be looked up: ${answered.message}` });
    return unknown;
  }
  const { held } = answered.answer;
  // The reason is that of the whole list.
  const aside: Findings = { ...findings, reasons: [] };
  const left = rule === null ? held : await narrow(rule, held, { findings: aside, round, variant: 'held' });
  if (left === null) return unknown;
  const leftIndex = indexOptions(left);
  return {
    of: (value) => (index.has(value) || leftIndex.has(value) ? 'is' : 'is-not'),
    state: withHeld(state, left),
  };
}
