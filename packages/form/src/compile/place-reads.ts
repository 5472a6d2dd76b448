/**
 * Which fields the reads of expressions mean. A path through a list (`form.regions.name`) reads the list; a path to nothing
 * that the form has is most likely a slip of the pen.
 */
import { didYouMean, isObject, type Diagnostic } from '@callboard/model';
import type { Expression, FieldId, FieldRules, GraphField, Rule } from '../graph.ts';
import { idOf, keysOf } from '../resolve/pointer.ts';
import type { FoundField } from './walk-pages.ts';

export interface FieldTree {
  /** A read in graph form: of the list itself where it goes through one. */
  readonly placeOf: (read: FieldId) => FieldId;
  /** Fields that a placed read means: the field, what stands in it, or else what it stands in. */
  readonly fieldsOf: (read: FieldId) => readonly FieldId[];
  /** Keys of a read that lead to no field; null when all do. */
  readonly slipIn: (read: FieldId) => { readonly key: string; readonly near: string | undefined } | null;
}

export function createFieldTree(fields: readonly FoundField[]): FieldTree {
  const children = new Map<FieldId, Set<string>>([['', new Set()]]);
  const isOpen = new Set<FieldId>();
  for (const { id, schema } of fields) {
    if (!children.has(id)) children.set(id, new Set());
    const keys = keysOf(id);
    children.get(idOf(keys.slice(0, -1)))?.add(keys.at(-1) ?? '');
    if (takesOthers(schema)) isOpen.add(id);
  }
  const follow = (read: FieldId): { list: FieldId | null; end: FieldId; rest: readonly string[] } => {
    const keys = keysOf(read);
    let end = '';
    let list: FieldId | null = null;
    for (const [index, key] of keys.entries()) {
      const known = children.get(end);
      if (known?.has(key) === true) end += idOf([key]);
      else if (known?.has('*') === true) {
        list ??= end;
        const item = `${end}/*`;
        const isNumber = /^\d+$/.test(key);
        if (!isNumber && children.get(item)?.has(key) !== true)
          return { list, end: item, rest: keys.slice(index) };
        end = isNumber ? item : item + idOf([key]);
      } else return { list, end, rest: keys.slice(index) };
    }
    return { list, end, rest: [] };
  };
  return {
    placeOf: (read) => follow(read).list ?? read,
    fieldsOf: (read) => {
      const { end, rest } = follow(read);
      if (rest.length > 0) return end === '' ? [] : [end];
      return [end, ...below(end, children)];
    },
    slipIn: (read) => {
      const { end, rest } = follow(read);
      const [key] = rest;
      const known = children.get(end);
      if (key === undefined || isOpen.has(end) || known === undefined) return null;
      if (end !== '' && known.size === 0) return null;
      return { key, near: didYouMean(key, known) };
    },
  };
}

/** Whether values may have keys that the schema does not name. */
function takesOthers(schema: GraphField['schema']): boolean {
  const { additionalProperties, patternProperties } = schema;
  return additionalProperties === true || isObject(additionalProperties) || isObject(patternProperties);
}

function below(id: FieldId, children: ReadonlyMap<FieldId, ReadonlySet<string>>): readonly FieldId[] {
  const found: FieldId[] = [];
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const key of children.get(next) ?? []) {
      const child = next + idOf([key]);
      found.push(child);
      waiting.push(child);
    }
  }
  return found;
}

/** The rules, with reads in graph form, and a warning for each that reads what the form does not have. */
export function placeRules(
  rules: FieldRules,
  tree: FieldTree,
): { readonly rules: FieldRules; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const reads = (given: readonly FieldId[], at: string): readonly FieldId[] => {
    for (const read of given) {
      const slip = tree.slipIn(read);
      if (slip === null) continue;
      diagnostics.push({
        severity: 'warning',
        code: 'form/unknown-field',
        summary: `This reads ${read}, and the form has no field ${slip.key} there`,
        detail: slip.near ?? 'Write the name as the properties of the form have it; it never has a value.',
        path: at,
      });
    }
    return [...new Set(given.map((read) => tree.placeOf(read)))];
  };
  const expression = (given: Expression): Expression => ({ ...given, reads: reads(given.reads, given.at) });
  const rule = (given: Rule | null): Rule | null =>
    given?.kind === 'expression' ? { kind: 'expression', expression: expression(given.expression) } : given;
  const reading = <T extends { readonly reads: readonly FieldId[]; readonly at: string }>(given: T | null) =>
    given === null ? null : { ...given, reads: reads(given.reads, given.at) };
  const placed: FieldRules = {
    source: reading(rules.source),
    visible: rule(rules.visible),
    disabled: rule(rules.disabled),
    required: rule(rules.required),
    suggest: rule(rules.suggest),
    options: rule(rules.options),
    checks: rules.checks.map(expression),
    remoteCheck: reading(rules.remoteCheck),
  };
  return { rules: placed, diagnostics };
}
