/** One resolution under way: what is known so far, and what every step of it needs at hand. */
import type { JsonValue } from '@callboard/model';
import type {
  Expression,
  FieldId,
  FieldProblem,
  Option,
  Reason,
  ResolveRequest,
  Rule,
  SourceNeed,
} from '../graph.ts';
import type { Draft } from './draft.ts';
import type { Evaluation, Place } from './evaluation.ts';
import { readsAt } from './evaluation.ts';
import { isRelated } from './pointer.ts';

export interface Round {
  readonly request: ResolveRequest;
  readonly evaluation: Evaluation;
  readonly draft: Draft;
  /** Fields that are not there, or hidden. */
  readonly gone: Set<FieldId>;
  /** Fields whose values are not known before an answer is there. */
  readonly pending: Set<FieldId>;
  readonly needs: Map<string, SourceNeed>;
  /** Keys of all answers that were looked for. */
  readonly used: Set<string>;
  readonly usedBy: Map<FieldId, string[]>;
  /** What each field asks its source, answered or not. */
  readonly asks: Map<FieldId, SourceNeed>;
}

/** What the rules of one field at one place said so far. */
export interface Findings {
  readonly place: Place;
  readonly problems: FieldProblem[];
  readonly reasons: Reason[];
}

export interface RuleUse {
  readonly what: Reason['what'];
  readonly options?: readonly Option[];
  readonly value?: JsonValue | undefined;
  /** What a failure is called at the field; null: it is told in the reasons only. */
  readonly failing: string | null;
  /** Where one rule is followed for several things at one place. */
  readonly variant?: string;
}

export type RuleResult = { readonly value: JsonValue | undefined } | null;

/** Null when the rule failed. */
export async function follow(
  rule: Rule,
  use: RuleUse,
  findings: Findings,
  round: Round,
): Promise<RuleResult> {
  if (rule.kind === 'literal') return { value: rule.value };
  return evaluate(rule.expression, use, findings, round);
}

export async function evaluate(
  expression: Expression,
  { what, options, value, failing, variant = '' }: RuleUse,
  { place, problems, reasons }: Findings,
  { evaluation, draft, request }: Round,
): Promise<RuleResult> {
  const asked = evaluation.ask({
    place,
    expression,
    what,
    user: request.user,
    draft,
    ...(options === undefined ? {} : { options }),
    value,
    variant,
  });
  // What is remembered costs no turn of the event loop.
  const { outcome, reason } = asked instanceof Promise ? await asked : asked;
  reasons.push(reason);
  if ('value' in outcome) return outcome;
  if (failing !== null) problems.push({ kind: 'rule-failed', message: `${failing}: ${outcome.failure}` });
  return null;
}

export function ruleReads(rule: Rule | null): readonly FieldId[] {
  return rule?.kind === 'expression' ? rule.expression.reads : [];
}

/** Those of the places read whose values are not known yet. */
export function pendingReads(
  reads: readonly FieldId[],
  place: Place,
  { pending }: Round,
): readonly FieldId[] {
  if (pending.size === 0) return [];
  return readsAt(reads, place)
    .map(({ id }) => id)
    .filter((id) => pending.values().some((other) => isRelated(id, other)));
}

/** As JSONata's `$boolean` has it. */
export function isTrue(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.some(isTrue);
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return Boolean(value);
}
