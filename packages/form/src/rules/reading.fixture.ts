/** For the tests of this folder: what a property declares, with the real language of expressions. */
import type { Diagnostic, JsonObject } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import type { FieldRules, Rule } from '../graph.ts';
import { readRules } from './read-rules.ts';
import type { RulePlace } from './rule-reading.ts';

export interface Read {
  readonly rules: FieldRules | null;
  readonly diagnostics: readonly Diagnostic[];
  /** As `code path`. */
  readonly said: readonly string[];
}

/** The property `x` at `p.x`. */
export async function read(schema: JsonObject, place: Partial<RulePlace> = {}): Promise<Read> {
  const language = await loadExpressions();
  const { rules, diagnostics } = readRules(schema, {
    at: 'p.x',
    key: 'x',
    id: '/x',
    listId: null,
    language,
    ...place,
  });
  return { rules, diagnostics, said: diagnostics.map(({ code, path }) => `${code} ${path ?? ''}`) };
}

/** What an expression of a rule gives for these values; the value of a literal. */
export async function given(rule: Rule | null | undefined, input: JsonObject): Promise<unknown> {
  if (rule === null || rule === undefined) return 'no rule';
  if (rule.kind === 'literal') return rule.value;
  const language = await loadExpressions();
  const result = await language.evaluate(rule.expression, input);
  return 'failure' in result ? `failed: ${result.failure}` : result.value;
}
