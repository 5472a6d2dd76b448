/**
 * Reads what a property of a form declares, in any accepted spelling, into one shape, so that nothing after it knows of
 * spellings: the portal's own, Port's (`visible: {jqQuery}`, `dependsOn`, `dataset`) and the RHDH Orchestrator's
 * (`ui:widget: ActiveDropdown` with `ui:props`).
 */
import { childPath, type Diagnostic, type JsonObject } from '@callboard/model';
import type { FieldRules, Rule } from '../graph.ts';
import { readAutofill } from './autofill.ts';
import { readOrchestratorRules } from './orchestrator-rules.ts';
import { readOwnRules } from './own-rules.ts';
import { readPortRules } from './port-rules.ts';
import {
  createReading,
  noFindings,
  type Findings,
  type Found,
  type Reading,
  type RulePlace,
} from './rule-reading.ts';
import { isSecretField } from './secret-field.ts';

/**
 * Never throws: what cannot be used is a diagnostic with its `path`, and the rest works. A literal `ui:disabled` that
 * stands alone stays the form library's business. `default` of the schema is no rule.
 * @returns no rules when the property declares nothing
 */
export function readRules(
  schema: JsonObject,
  place: RulePlace,
): { readonly rules: FieldRules | null; readonly diagnostics: readonly Diagnostic[] } {
  const reading = createReading(place);
  const findings = noFindings();
  readOwnRules(schema, findings, reading);
  readPortRules(schema, findings, reading);
  readOrchestratorRules(schema, findings, reading);
  readAutofill(schema, findings, reading);
  const rules = toRules(isSecretField(schema) ? withoutValues(findings, reading) : findings, reading);
  return {
    rules: declaresNothing(rules, findings, reading) ? null : rules,
    diagnostics: reading.diagnostics,
  };
}

function toRules(findings: Findings, reading: Reading): FieldRules {
  return {
    source: onlyOne(findings.source, reading),
    visible: joined(findings.visible, { word: 'and', reading }),
    disabled: joined(findings.disabled, { word: 'or', reading }),
    required: joined(findings.required, { word: 'or', reading }),
    suggest: onlyOne(findings.suggest, reading),
    options: onlyOne(findings.options, reading),
    checks: findings.checks.map(({ it }) => it),
    remoteCheck: onlyOne(findings.remoteCheck, reading),
  };
}

/** The first counts. */
function onlyOne<T>(found: readonly Found<T>[], reading: Reading): T | null {
  const [first, ...others] = found;
  for (const { at } of others) {
    const summary = `This is declared a second time, and the first one counts: ${first?.at ?? ''}`;
    reading.report({ severity: 'warning', code: 'form/declared-twice', at, summary });
  }
  return first?.it ?? null;
}

function joined(
  found: readonly Found<Rule>[],
  { word, reading }: { readonly word: 'and' | 'or'; readonly reading: Reading },
): Rule | null {
  const [first] = found;
  if (first === undefined || found.length === 1) return first?.it ?? null;
  const parts = found.map(({ it }) =>
    it.kind === 'literal' ? JSON.stringify(it.value) : `(${it.expression.text})`,
  );
  const expression = reading.expression(parts.join(` ${word} `), first.at);
  return expression === null ? first.it : { kind: 'expression', expression };
}

/** What a person alone may enter is neither suggested nor chosen nor sent anywhere. */
function withoutValues(findings: Findings, reading: Reading): Findings {
  const { source, suggest, options, checks, remoteCheck } = findings;
  for (const { at } of [...source, ...suggest, ...options, ...checks, ...remoteCheck]) {
    const summary = 'A secret field can be hidden, disabled or required, but nothing fills it in or reads it';
    reading.report({
      code: 'form/secret-rule',
      at,
      summary,
      detail: 'Take this out, or ask with a plain field.',
    });
  }
  return { ...findings, source: [], suggest: [], options: [], checks: [], remoteCheck: [] };
}

/** `ui:disabled: true` alone is drawn by the form library as it always was. */
function declaresNothing(rules: FieldRules, findings: Findings, reading: Reading): boolean {
  const { source, visible, required, suggest, options, checks, remoteCheck } = rules;
  const isShown = visible === null || (visible.kind === 'literal' && visible.value === true);
  const isLibrarys = findings.disabled.every(
    ({ it, at }) => it.kind === 'literal' && at === childPath(reading.place.at, 'ui:disabled'),
  );
  const hasOther = [source, required, suggest, options, remoteCheck].some((one) => one !== null);
  return isLibrarys && isShown && !hasOther && checks.length === 0;
}
