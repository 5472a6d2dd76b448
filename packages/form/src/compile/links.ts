/** What each field's rules, and the branches it stands in, make it depend on. */
import { isObject, type JsonValue } from '@callboard/model';
import type { Condition, FieldId, FieldRules, GraphField } from '../graph.ts';
import { idOf } from '../resolve/pointer.ts';
import type { FieldTree } from './place-reads.ts';

/** Rules that the value of a field is made of, in the order in which they are taken up. */
const MAKING = ['visible', 'source', 'options', 'suggest', 'disabled'] as const;
export type Making = (typeof MAKING)[number];

export interface Link {
  /** Which of the fields; several may have one id. */
  readonly field: number;
  readonly from: FieldId;
  readonly to: readonly FieldId[];
  /** Null for the branches that the field stands in. */
  readonly rule: Making | null;
  readonly at: string;
}

/** Branches first: they cannot be left out, so rules have to give way to them. */
export function linksOf(fields: readonly GraphField[], tree: FieldTree): readonly Link[] {
  const branches: Link[] = [];
  const rules: Link[] = [];
  for (const [index, { id, at, conditions, rules: declared }] of fields.entries()) {
    const to = toFields(conditions.flatMap(readsOfCondition), tree).filter((other) => other !== id);
    // One by one, since each is followed or not.
    for (const one of to) branches.push({ field: index, from: id, to: [one], rule: null, at });
    for (const rule of MAKING) {
      const { reads, at: place } = readsOfRule(declared, rule);
      const needs = toFields(reads, tree);
      if (needs.length > 0) rules.push({ field: index, from: id, to: needs, rule, at: place });
    }
  }
  return [...branches, ...rules];
}

function toFields(reads: readonly FieldId[], tree: FieldTree): readonly FieldId[] {
  return [...new Set(reads.flatMap((read) => tree.fieldsOf(read)))];
}

function readsOfRule(
  rules: FieldRules | null,
  name: Making,
): { readonly reads: readonly FieldId[]; readonly at: string } {
  const rule = rules?.[name] ?? null;
  if (rule === null) return { reads: [], at: '' };
  if ('reads' in rule) return rule;
  return rule.kind === 'expression' ? rule.expression : { reads: [], at: '' };
}

/** Properties that the schema of a branch looks at; the whole object where it looks at all of it. */
function readsOfCondition({ of, schema }: Condition): readonly FieldId[] {
  const names = new Set<string>();
  collectNames(schema, names);
  return [...names].map((name) => of + idOf([name]));
}

function collectNames(schema: JsonValue | undefined, names: Set<string>): void {
  if (Array.isArray(schema)) for (const part of schema) collectNames(part, names);
  if (!isObject(schema)) return;
  const { required, properties } = schema;
  if (Array.isArray(required)) for (const name of required) names.add(String(name));
  if (isObject(properties)) for (const name of Object.keys(properties)) names.add(name);
  for (const key of ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'])
    collectNames(schema[key], names);
}
