/** What a field is suggested: by its rule, else by its source, else by the default of its schema. */
import type { JsonValue } from '@callboard/model';
import type { FieldRules } from '../graph.ts';
import { isPendingSource, type Choice, type Membership } from './choice.ts';
import { among } from './field-value.ts';
import type { PlannedField } from './plan.ts';
import { follow, pendingReads, ruleReads, type Findings, type Round } from './round.ts';
import type { SourceState } from './source-state.ts';

export interface Suggestion {
  readonly value: JsonValue | undefined;
  /** An answer that is not there yet decides. */
  readonly isPending: boolean;
}

export interface Suggesting {
  readonly planned: PlannedField;
  readonly rules: FieldRules;
  readonly source: SourceState | null;
  readonly choice: Choice;
}

const NOTHING: Suggestion = { value: undefined, isPending: false };
const LATER: Suggestion = { value: undefined, isPending: true };

export async function suggest(
  { planned, rules, source, choice }: Suggesting,
  findings: Findings,
  round: Round,
): Promise<Suggestion> {
  const byRule = await suggestByRule(rules, choice, findings, round);
  if (byRule.isPending || byRule.value !== undefined) return byRule;
  if (rules.source?.gives === 'value' && source !== null) {
    if (source.status === 'value' && source.value !== undefined && source.value !== null) {
      return { value: source.value, isPending: false };
    }
    if (isPendingSource(source, round)) return LATER;
    if (source.status === 'failed') return NOTHING;
  }
  const value = planned.field.schema['default'];
  return { value: value ?? undefined, isPending: false };
}

/** A rule that fails suggests nothing. */
async function suggestByRule(
  { suggest: rule }: FieldRules,
  choice: Choice,
  findings: Findings,
  round: Round,
): Promise<Suggestion> {
  if (rule === null) return NOTHING;
  if (pendingReads(ruleReads(rule), findings.place, round).length > 0) return LATER;
  const readsOptions = rule.kind === 'expression' && rule.expression.readsOptions;
  if (readsOptions && choice.state !== null && choice.index === null)
    return choice.isPending ? LATER : NOTHING;
  const options = choice.index?.state.options;
  const use = { what: 'suggest', failing: null, ...(options === undefined ? {} : { options }) } as const;
  const result = await follow(rule, use, findings, round);
  return { value: result?.value ?? undefined, isPending: false };
}

/** Of fields with options, only options are suggested. */
export function verify(
  { value, isPending }: Suggestion,
  choice: Choice,
  memberOf: (value: JsonValue) => Membership,
): Suggestion {
  if (value === undefined || choice.state === null)
    return { value, isPending: isPending || choice.isPending };
  if (choice.index === null) return { value: undefined, isPending: choice.isPending };
  const known = among(value, (item) => (memberOf(item) === 'is' ? 'is' : 'is-not'));
  if (known !== undefined) return { value: known, isPending: false };
  return { value: undefined, isPending: candidatesAreUnknown(value, memberOf) };
}

function candidatesAreUnknown(value: JsonValue, memberOf: (value: JsonValue) => Membership): boolean {
  const items: readonly JsonValue[] = isJsonList(value) ? value : [value];
  return items.some((item) => memberOf(item) === 'unknown');
}

function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
