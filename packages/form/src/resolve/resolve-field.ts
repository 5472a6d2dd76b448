/** What one field is at one place: there or not, hidden, disabled, with which options, which suggestion and which value. */
import type { JsonObject } from '@callboard/model';
import { isValid } from '../schema/check-values.ts';
import type { Condition, FieldRules, FieldState, OptionsState, Reason } from '../graph.ts';
import { membersOf, readChoice } from './choice.ts';
import { suggest, verify } from './suggestion.ts';
import { readsAt, type Place } from './evaluation.ts';
import { candidatesOf, weigh, type Entered } from './field-value.ts';
import { hasAt, isJson, isRelated, jsonAt } from './pointer.ts';
import type { PlannedField, PlannedGroup } from './plan.ts';
import { follow, isTrue, type Findings, type Round } from './round.ts';
import { readSource, type SourceState } from './source-state.ts';

/** A state before its checks. */
export type EarlyState = Omit<FieldState, 'isRequired' | 'problems' | 'reasons'> & {
  readonly findings: Findings;
  readonly planned: PlannedField;
};

/** Puts the value into the draft. Null for a field without rules. */
export async function resolveField(
  group: PlannedGroup,
  place: Place,
  round: Round,
): Promise<EarlyState | null> {
  const { draft, gone } = round;
  const isAboveGone = isBelowGone(place, round);
  const present = isAboveGone
    ? undefined
    : group.alternatives.find((planned) => isPresent(planned, place, round));
  const planned = present ?? group.alternatives[0];
  if (planned === undefined) return null;
  const findings: Findings = { place, problems: [], reasons: conditionReasons(planned, place, round) };
  const { rules } = planned.field;
  const visible = present === undefined || rules === null ? true : await isVisible(rules, findings, round);
  if (present === undefined || !visible) {
    draft.remove(place.keys);
    gone.add(place.id);
    if (group.alternatives.every(({ field }) => field.rules === null)) return null;
    return { ...atRest(planned, findings), isPresent: present !== undefined };
  }
  const entered = readEntered(planned.field.schema, place, round);
  if (rules === null) {
    settlePlain(planned.field.schema, entered, place, round);
    return null;
  }
  return settleRules(planned, rules, { findings, entered, round });
}

function isBelowGone({ keys, id }: Place, { gone }: Round): boolean {
  if (gone.size === 0) return false;
  return keys.length > 1 && gone.values().some((other) => id.startsWith(`${other}/`));
}

function atRest(planned: PlannedField, findings: Findings): EarlyState {
  return {
    id: findings.place.id,
    field: planned.field,
    isPresent: true,
    isVisible: false,
    isDisabled: false,
    value: undefined,
    origin: 'none',
    suggested: undefined,
    options: null,
    replaced: null,
    findings,
    planned,
  };
}

function isPresent({ field }: PlannedField, place: Place, round: Round): boolean {
  return field.conditions.every((condition) => holds(condition, place, round) === condition.holds);
}

function holds({ of, schema }: Condition, place: Place, { draft }: Round): boolean {
  const [read] = readsAt([of], place);
  const value = read === undefined ? undefined : draft.get(read.keys);
  // An object that was not begun has none of its properties.
  return isValid(schema, value ?? {});
}

function conditionReasons({ field, conditionReads }: PlannedField, place: Place, round: Round): Reason[] {
  if (field.rules === null || field.conditions.length === 0) return [];
  const read = Object.fromEntries(
    readsAt(conditionReads, place).map(({ id, keys }) => [id, jsonAt(round.draft.values(), keys)]),
  );
  return field.conditions.map((condition) => ({
    what: 'condition',
    text: `${condition.of === '' ? 'the form' : condition.of} ${condition.holds ? 'fits' : 'does not fit'} ${JSON.stringify(condition.schema)}`,
    at: field.at,
    result: holds(condition, place, round) === condition.holds,
    read,
    failure: null,
  }));
}

/** A field whose rule fails is shown. */
async function isVisible({ visible }: FieldRules, findings: Findings, round: Round): Promise<boolean> {
  if (visible === null) return true;
  const use = { what: 'visible', failing: 'has a rule for being visible that failed' } as const;
  const result = await follow(visible, use, findings, round);
  return result === null || isTrue(result.value);
}

async function isDisabled({ disabled }: FieldRules, findings: Findings, round: Round): Promise<boolean> {
  if (disabled === null) return false;
  const use = { what: 'disabled', failing: 'has a rule for being disabled that failed' } as const;
  const result = await follow(disabled, use, findings, round);
  return result !== null && isTrue(result.value);
}

/** JSON knows no `undefined`: null empties a field, too, unless the field may be null. */
function readEntered(schema: JsonObject, { keys }: Place, { draft }: Round): Entered {
  if (!hasAt(draft.values(), keys)) return { kind: 'not-given' };
  const value = draft.get(keys);
  if (value === undefined || !isJson(value)) return { kind: 'emptied' };
  return value === null && !mayBeNull(schema) ? { kind: 'emptied' } : { kind: 'given', value };
}

function mayBeNull(schema: JsonObject): boolean {
  const { type, enum: values } = schema;
  if (schema['const'] === null) return true;
  if (Array.isArray(values) && values.includes(null)) return true;
  return Array.isArray(type) ? type.includes('null') : type === 'null';
}

/** What a field without rules holds is what was entered, or its default. */
function settlePlain(schema: JsonObject, entered: Entered, { keys }: Place, { draft }: Round): void {
  const suggested = schema['default'];
  if (suggested === undefined) return;
  if (entered.kind === 'not-given') draft.set(keys, suggested);
  if (entered.kind === 'emptied') draft.set(keys, undefined);
}

interface Settling {
  readonly findings: Findings;
  readonly entered: Entered;
  readonly round: Round;
}

async function settleRules(
  planned: PlannedField,
  rules: FieldRules,
  { findings, entered, round }: Settling,
): Promise<EarlyState> {
  const { place } = findings;
  const { draft, pending } = round;
  const isOff = await isDisabled(rules, findings, round);
  const source = await sourceOf(planned, rules, findings, round);
  const choice = await readChoice(
    rules.source?.gives === 'value' ? null : source,
    rules.options,
    findings,
    round,
  );
  const suggestion = await suggest({ planned, rules, source, choice }, findings, round);
  const candidates = [
    ...(entered.kind === 'given' ? candidatesOf(entered.value) : []),
    ...candidatesOf(suggestion.value),
  ];
  const members = await membersOf(candidates, choice, rules.options, findings, round);
  const verified = verify(suggestion, choice, members.of);
  const memberOf = choice.state === null ? null : members.of;
  const verdict = weigh({ entered, suggested: verified.value, isDisabled: isOff, memberOf });
  const needsSuggestion = isOff || entered.kind === 'not-given' || verdict.replaced !== null;
  if (verified.isPending && needsSuggestion) pending.add(place.id);
  if (!isOff && entered.kind === 'given') tellUnchecked(members.state, findings, round);
  if (verdict.value !== undefined) draft.set(place.keys, verdict.value);
  else if (entered.kind === 'emptied' && !isOff) draft.set(place.keys, undefined);
  else draft.remove(place.keys);
  return {
    id: place.id,
    field: planned.field,
    isPresent: true,
    isVisible: true,
    isDisabled: isOff,
    ...verdict,
    suggested: verified.value,
    options: members.state,
    findings,
    planned,
  };
}

async function sourceOf(
  { fingerprint, field }: PlannedField,
  { source }: FieldRules,
  findings: Findings,
  round: Round,
): Promise<SourceState | null> {
  if (source === null) return null;
  const state = await readSource({ source, fingerprint, field: field.id }, findings, round);
  findings.reasons.push({
    what: 'options',
    text: sentenceOf(state),
    at: source.at,
    result: undefined,
    read: Object.fromEntries(
      readsAt(source.reads, findings.place).map(({ id, keys }) => [id, jsonAt(round.draft.values(), keys)]),
    ),
    failure: state.status === 'failed' ? state.message : null,
  });
  return state;
}

function sentenceOf(state: SourceState): string {
  switch (state.status) {
    case 'waiting':
      return `waits for ${state.for.join(', ')}`;
    case 'loading':
      return 'the source is asked';
    case 'failed':
      return 'the source failed';
    case 'value':
      return 'the source gave a value';
    case 'options':
      return `the source gave ${state.total} options`;
    default:
      return state satisfies never;
  }
}

/** A value that nothing can be said about, as its options wait for a field that has no value, and gets none. */
function tellUnchecked(state: OptionsState | null, { problems }: Findings, { pending }: Round): void {
  if (state?.status !== 'waiting') return;
  const empty = state.for.filter((id) => !pending.values().some((other) => isRelated(id, other)));
  if (empty.length < state.for.length) return;
  problems.push({
    kind: 'not-an-option',
    message: `cannot be checked before there is a value for ${empty.join(', ')}`,
  });
}
