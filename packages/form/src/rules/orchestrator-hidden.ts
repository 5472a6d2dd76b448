/** `ui:hidden` of the Orchestrator's forms: true, or conditions on other fields. */
import { childPath, isObject, itemPath, type JsonObject, type JsonValue } from '@callboard/model';
import { formPath, namesOf } from './form-path.ts';
import { shown, type Findings, type Reading } from './rule-reading.ts';

const DEEPEST = 20;

export function readHidden(value: JsonValue | undefined, { visible }: Findings, reading: Reading): void {
  if (value === undefined || value === null || value === false) return;
  const at = childPath(reading.place.at, 'ui:hidden');
  if (value === true) {
    visible.push({ it: { kind: 'literal', value: false }, at });
    return;
  }
  const condition = conditionText(value, { at, depth: 0 }, reading);
  const expression = condition === null ? null : reading.expression(`$not(${condition})`, at);
  if (expression !== null) visible.push({ it: { kind: 'expression', expression }, at });
}

interface At {
  readonly at: string;
  readonly depth: number;
}

function conditionText(value: JsonValue, { at, depth }: At, reading: Reading): string | null {
  if (!isObject(value) || depth > DEEPEST) return refuse(value, at, reading);
  for (const [key, word] of [
    ['allOf', 'and'],
    ['anyOf', 'or'],
  ] as const) {
    const inner = value[key];
    if (inner === undefined) continue;
    if (!Array.isArray(inner) || inner.length === 0) return refuse(value, at, reading);
    const list: readonly JsonValue[] = inner;
    const inside = childPath(at, key);
    const parts = list.map((one, index) =>
      conditionText(one, { at: itemPath(inside, index), depth: depth + 1 }, reading),
    );
    return parts.includes(null) ? null : `(${parts.join(` ${word} `)})`;
  }
  return comparison(value) ?? refuse(value, at, reading);
}

function comparison({ when, is, isNot, isEmpty }: JsonObject): string | null {
  const path = typeof when === 'string' ? formPath(namesOf(when)) : null;
  if (path === null) return null;
  if (is !== undefined) return amongst(path, is);
  if (isNot !== undefined) return `$not(${amongst(path, isNot)})`;
  if (typeof isEmpty !== 'boolean') return null;
  const isSet = `($exists(${path}) and ${path} != null and ${path} != "" and $count(${path}) > 0)`;
  return isEmpty ? `$not(${isSet})` : isSet;
}

function amongst(path: string, wanted: JsonValue): string {
  const values: readonly JsonValue[] = Array.isArray(wanted) ? wanted : [wanted];
  return `(${values.map((value) => `${path} = ${JSON.stringify(value)}`).join(' or ') || 'false'})`;
}

function refuse(value: JsonValue, at: string, reading: Reading): null {
  const summary = `${shown(value)} is no condition`;
  const detail = 'Write {when: <field>, is | isNot | isEmpty: …}, or allOf or anyOf with a list of them.';
  reading.report({ code: 'form/bad-rule', at, summary, detail });
  return null;
}
