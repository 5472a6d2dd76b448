/** Fields whose value nobody may read: what forms keep of them are asterisks, and no rule may fill them in. */
import { isObject, type Diagnostic, type JsonObject } from '@callboard/model';
import type { Expression, FieldId, FieldRules, GraphField } from '../graph.ts';
import { expressionsIn } from './rule-reading.ts';

/** `ui:field: Secret` and `ui:widget: password`, spelled at the property or in its `ui:options`; Port's `encryption`. */
export function isSecretField(schema: JsonObject): boolean {
  const inner = schema['ui:options'];
  const options = isObject(inner) ? inner : {};
  const field = schema['ui:field'] ?? options['field'];
  const widget = schema['ui:widget'] ?? options['widget'];
  return field === 'Secret' || widget === 'password' || schema['encryption'] !== undefined;
}

/**
 * Rules that read a secret field (`form/reads-secret`): they would see asterisks, or carry the secret to a source, a log or
 * another field. One for each rule and field.
 */
export function secretReads(fields: readonly GraphField[]): readonly Diagnostic[] {
  const secrets = fields.filter(({ schema }) => isSecretField(schema));
  if (secrets.length === 0) return [];
  const diagnostics: Diagnostic[] = [];
  const told = new Set<string>();
  for (const { rules } of fields) {
    if (rules === null) continue;
    for (const { at, reads } of readersIn(rules)) {
      const read = secrets.filter(({ id }) => reads.some((path) => touches(path, id)));
      for (const { title, id } of read) {
        if (told.has(`${at} ${id}`)) continue;
        told.add(`${at} ${id}`);
        diagnostics.push({
          severity: 'error',
          code: 'form/reads-secret',
          summary: `This reads '${title}', which is a secret`,
          detail:
            'A secret is there for the steps only (secrets.<name>). Ask with another field what depends on it.',
          path: at,
        });
      }
    }
  }
  return diagnostics;
}

interface Reader {
  readonly at: string;
  readonly reads: readonly FieldId[];
}

/** Everything in the rules of a field that reads values of the form. */
function readersIn(rules: FieldRules): readonly Reader[] {
  const { visible, disabled, required, suggest, options, checks, source, remoteCheck } = rules;
  const plain = [visible, disabled, required, suggest, options].flatMap((rule): readonly Expression[] =>
    rule?.kind === 'expression' ? [rule.expression] : [],
  );
  const requests = [source, remoteCheck].flatMap((one): readonly Expression[] => {
    if (one === null) return [];
    const { request } = one;
    if (request.kind === 'static') return expressionsIn(request.items);
    if (request.kind === 'catalog') return expressionsIn(request.filter);
    if (request.kind === 'provider') return expressionsIn(request.input);
    const { url, query, headers, body } = request;
    return [url, query, headers, body].flatMap((value) => (value === null ? [] : expressionsIn(value)));
  });
  return [...plain, ...checks, ...requests];
}

/** One is the other, or holds it. */
function touches(one: FieldId, other: FieldId): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
