/**
 * A property may stand in a form and again in a branch of it, which then says more about it (`then: {properties: {region:
 * {enum: …}}}`). The form library lays the branch over the form; so the field of the branch has what both say.
 */
import type { Condition, FieldRules, GraphField } from '../graph.ts';

/** Alternatives of one id come together, those with most conditions first: the first that is present is the one that counts. */
export function mergeAlternatives(fields: readonly GraphField[]): readonly GraphField[] {
  const alternatives = Map.groupBy(fields, ({ id }) => id);
  return [...alternatives.values()].flatMap((group) => (group.length === 1 ? group : mergeGroup(group)));
}

function mergeGroup(group: readonly GraphField[]): readonly GraphField[] {
  return group
    .map((field) => group.filter((base) => isWider(base, field)).reduce(laidOver, field))
    .toSorted((a, b) => b.conditions.length - a.conditions.length);
}

/** Whether a field is there whenever the other is, and at more times. */
function isWider(base: GraphField, field: GraphField): boolean {
  if (base.conditions.length >= field.conditions.length) return false;
  return base.conditions.every((one) => field.conditions.some((other) => isSame(one, other)));
}

function isSame(one: Condition, other: Condition): boolean {
  if (one === other) return true;
  return (
    one.of === other.of &&
    one.holds === other.holds &&
    JSON.stringify(one.schema) === JSON.stringify(other.schema)
  );
}

function laidOver(field: GraphField, base: GraphField): GraphField {
  return {
    ...field,
    title: field.schema['title'] === undefined ? base.title : field.title,
    schema: { ...base.schema, ...field.schema },
    rules: mergeRules(field.rules, base.rules),
  };
}

function mergeRules(own: FieldRules | null, base: FieldRules | null): FieldRules | null {
  if (own === null || base === null) return own ?? base;
  return {
    source: own.source ?? base.source,
    visible: own.visible ?? base.visible,
    disabled: own.disabled ?? base.disabled,
    required: own.required ?? base.required,
    suggest: own.suggest ?? base.suggest,
    options: own.options ?? base.options,
    checks: own.checks.length === 0 ? base.checks : own.checks,
    remoteCheck: own.remoteCheck ?? base.remoteCheck,
  };
}
