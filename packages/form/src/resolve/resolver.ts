/** Resolves a graph, again and again: what did not change since the last time is not evaluated again, and stays the same object. */
import type { JsonValue } from '@callboard/model';
import type {
  Expression,
  FieldId,
  FieldState,
  FormGraph,
  FormUser,
  Option,
  Resolution,
  ResolveRequest,
  SourceNeed,
} from '../graph.ts';
import { narrow } from './choice.ts';
import { isDeepEqual, equalityKey } from './deep-equal.ts';
import { createDraft } from './draft.ts';
import { createEvaluation, placesIn, projected, readsAt, type Place } from './evaluation.ts';
import type { Evaluator } from './language.ts';
import { createPlan, type PlannedGroup } from './plan.ts';
import { idOf, type Keys } from './pointer.ts';
import { resolveField, type EarlyState } from './resolve-field.ts';
import { evaluate, follow, isTrue, type Findings, type Round } from './round.ts';
import { askFor } from './source-state.ts';

export interface Resolved {
  readonly resolution: Resolution;
  /** Keys of the answers that it is made of, or waits for. */
  readonly used: ReadonlySet<string>;
  readonly usedBy: ReadonlyMap<FieldId, readonly string[]>;
  /** What each field asks its source, answered or not. */
  readonly asks: ReadonlyMap<FieldId, SourceNeed>;
}

export interface Resolver {
  readonly resolve: (request: Omit<ResolveRequest, 'graph'>) => Promise<Resolved>;
  /** Options of a field, as its rule leaves them of a list that its source gave. */
  readonly narrow: (id: FieldId, options: readonly Option[], user: FormUser) => Promise<readonly Option[]>;
}

/** @param language as `loadExpressions` gives it */
export function createResolver(graph: FormGraph, language: Evaluator): Resolver {
  const plan = createPlan(graph);
  const evaluation = createEvaluation(language);
  let last: { readonly resolution: Resolution; readonly round: Round } | null = null;
  let lastUser: FormUser | null = null;
  return {
    async resolve(request) {
      if (lastUser !== null && lastUser !== request.user) evaluation.forget();
      lastUser = request.user;
      const round: Round = {
        request: { ...request, graph },
        evaluation,
        draft: createDraft(request.entered),
        gone: new Set(),
        pending: new Set(),
        needs: new Map(),
        used: new Set(),
        usedBy: new Map(),
        asks: new Map(),
      };
      const early: EarlyState[] = [];
      for (const group of plan.groups) {
        if (group.isPlain && round.gone.size === 0) continue;
        for (const place of placesIn(round.draft.values(), group.keys)) {
          const state = await resolveField(group, place, round);
          if (state !== null) early.push(state);
        }
      }
      const fields = new Map<FieldId, FieldState>();
      for (const state of early) {
        const done = await finish(state, round);
        const before = last?.resolution.fields.get(done.id);
        fields.set(done.id, before !== undefined && isSameState(before, done) ? before : done);
      }
      const values = round.draft.values();
      const before = last?.resolution;
      const needs = [...round.needs.values()];
      const resolution = {
        values: before !== undefined && isDeepEqual(before.values, values) ? before.values : values,
        fields: before !== undefined && isSameMap(before.fields, fields) ? before.fields : fields,
        needs: before !== undefined && isDeepEqual(before.needs, needs) ? before.needs : needs,
      };
      const kept = before !== undefined && isSameResolution(before, resolution) ? before : resolution;
      last = { resolution: kept, round };
      const { used, usedBy, asks } = round;
      return { resolution: kept, used, usedBy, asks };
    },
    async narrow(id, options, user) {
      const rule = last?.resolution.fields.get(id)?.field.rules?.options ?? null;
      if (last === null || rule?.kind !== 'expression' || !rule.expression.readsOptions) return options;
      const { round } = last;
      const group = plan.groups.find(({ keys }) => matches(keys, id));
      if (group === undefined) return options;
      const findings = { place: placeAt(group, id), problems: [], reasons: [] };
      const request = { ...round.request, user };
      return (
        (await narrow(rule, options, { findings, round: { ...round, request }, variant: 'search' })) ?? []
      );
    },
  };
}

function matches(keys: Keys, id: FieldId): boolean {
  const parts = id.split('/').slice(1);
  return (
    parts.length === keys.length &&
    keys.every((key, index) => key === '*' || idOf([key]) === `/${parts[index]}`)
  );
}

function placeAt(group: PlannedGroup, id: FieldId): Place {
  const parts = id.split('/').slice(1);
  const keys = group.keys.map((key, index) => (key === '*' ? (parts[index] ?? key) : key));
  return { id, keys, graphKeys: group.keys };
}

/** Required and the checks look at the values of all other fields, so they come last. */
async function finish(early: EarlyState, round: Round): Promise<FieldState> {
  const { findings, planned, ...state } = early;
  const { problems, reasons } = findings;
  const { rules } = planned.field;
  const isThere = state.isPresent && state.isVisible && rules !== null;
  if (!isThere) return { ...state, isRequired: false, problems, reasons };
  const { value } = state;
  let isRequired = planned.isRequired;
  if (rules.required !== null) {
    const use = { what: 'required', failing: 'has a rule for being required that failed', value } as const;
    const result = await follow(rules.required, use, findings, round);
    if (result !== null) isRequired = isTrue(result.value);
  }
  if (value !== undefined) {
    for (const check of rules.checks) await runCheck(check, value, findings, round);
    checkRemotely(early, value, findings, round);
  }
  return { ...state, isRequired, problems, reasons };
}

async function runCheck(
  check: Expression,
  value: JsonValue,
  findings: Findings,
  round: Round,
): Promise<void> {
  const use = { what: 'check', failing: 'has a check that failed', value } as const;
  const result = await evaluate(check, use, findings, round);
  if (result === null) return;
  for (const message of messagesOf(result.value)) findings.problems.push({ kind: 'check', message });
}

/** Nothing, true and '' are good. */
function messagesOf(given: JsonValue | undefined): readonly string[] {
  if (given === undefined || given === null || given === true || given === '') return [];
  if (given === false) return ['is not valid'];
  if (typeof given === 'string') return [given];
  if (isJsonList(given)) return given.flatMap(messagesOf);
  return [`is not valid: ${JSON.stringify(given)}`];
}

function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function checkRemotely(
  { field, planned }: EarlyState,
  value: JsonValue,
  findings: Findings,
  round: Round,
): void {
  const check = field.rules?.remoteCheck ?? null;
  if (check === null) return;
  const { place, problems } = findings;
  const { form, item } = projected(readsAt([...check.reads, field.id], place), place, round.draft);
  const key = equalityKey([field.id, 'check', planned.fingerprint, form, item, value]);
  const answered = askFor({ key, field: field.id, what: 'check', form, item, holds: [] }, findings, round);
  if (answered === undefined) return;
  if (answered.status === 'failed') {
    problems.push({ kind: 'source-failed', message: `cannot be checked: ${answered.message}` });
    return;
  }
  for (const message of messagesOf(answered.answer.value)) problems.push({ kind: 'check', message });
}

function isSameState(a: FieldState, b: FieldState): boolean {
  return (
    a.field === b.field &&
    a.isPresent === b.isPresent &&
    a.isVisible === b.isVisible &&
    a.isDisabled === b.isDisabled &&
    a.isRequired === b.isRequired &&
    a.origin === b.origin &&
    isDeepEqual(a.value, b.value) &&
    isDeepEqual(a.suggested, b.suggested) &&
    isDeepEqual(a.options, b.options) &&
    isDeepEqual(a.replaced, b.replaced) &&
    isDeepEqual(a.problems, b.problems) &&
    isDeepEqual(a.reasons, b.reasons)
  );
}

function isSameMap(a: ReadonlyMap<FieldId, FieldState>, b: ReadonlyMap<FieldId, FieldState>): boolean {
  return a.size === b.size && b.entries().every(([id, state]) => a.get(id) === state);
}

function isSameResolution(a: Resolution, b: Resolution): boolean {
  return a.values === b.values && a.fields === b.fields && a.needs === b.needs;
}
