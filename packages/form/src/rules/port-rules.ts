/**
 * Port's spelling: `visible`, `disabled`, `required`, `default` and `enum` as `{jqQuery}`, `dependsOn`, `dataset`, and
 * `visible` and `required` of a page. The jq becomes JSONata. Vocabulary: "Advanced input configurations" of Port's manual.
 */
import { childPath, isObject, itemPath, type JsonObject, type JsonValue } from '@callboard/model';
import type { Rule } from '../graph.ts';
import { formPath } from './form-path.ts';
import { readDataset } from './port-dataset.ts';
import { jqExpression, jqIn, jqText } from './port-jq.ts';
import { shown, type Findings, type Found, type Reading } from './rule-reading.ts';

export function readPortRules(schema: JsonObject, findings: Findings, reading: Reading): void {
  const { at, id, key, page } = reading.place;
  for (const word of ['visible', 'disabled'] as const) {
    const value = schema[word];
    // As it is anyway.
    if (value === (word === 'visible')) continue;
    const rule = readFlag(value, childPath(at, word), reading);
    if (rule !== null) findings[word].push(rule);
  }
  if (isObject(schema['required'])) {
    const rule = readFlag(schema['required'], childPath(at, 'required'), reading);
    if (rule !== null) findings.required.push(rule);
  }
  readValue(schema['default'], { at: childPath(at, 'default'), into: findings.suggest }, reading);
  // The choices of a list are those of its items, so they are read with the list.
  if (key !== '*') readValue(schema['enum'], { at: childPath(at, 'enum'), into: findings.options }, reading);
  const { items } = schema;
  if (isObject(items)) {
    const inside = childPath(childPath(at, 'items'), 'enum');
    readValue(items['enum'], { at: inside, into: findings.options }, reading);
  }
  readDependsOn(schema['dependsOn'], findings, reading);
  readDataset(schema, findings, reading);
  reportEncryption(schema, reading);
  if (page !== undefined && !id.slice(1).includes('/')) readPage(page, findings, reading);
}

/** Anything that is neither a literal nor `{jqQuery}` means something else to somebody else. */
function readFlag(value: JsonValue | undefined, at: string, reading: Reading): Found<Rule> | null {
  if (typeof value === 'boolean') return { it: { kind: 'literal', value }, at };
  return readRule(value, { at, as: 'flag' }, reading);
}

function readRule(
  value: JsonValue | undefined,
  { at, as }: { readonly at: string; readonly as: 'value' | 'flag' },
  reading: Reading,
): Found<Rule> | null {
  if (!isObject(value) || value['jqQuery'] === undefined) return null;
  const text = jqIn(value);
  if (text === null) {
    const summary = `'jqQuery' is ${shown(value['jqQuery'] ?? null)}, and no text`;
    reading.report({ code: 'form/bad-rule', at: childPath(at, 'jqQuery'), summary });
    return null;
  }
  const expression = jqExpression(text, { at, as }, reading);
  return expression === null ? null : { it: { kind: 'expression', expression }, at };
}

function readValue(
  value: JsonValue | undefined,
  { at, into }: { readonly at: string; readonly into: Found<Rule>[] },
  reading: Reading,
): void {
  const rule = readRule(value, { at, as: 'value' }, reading);
  if (rule !== null) into.push(rule);
}

/** Disabled until all of them have a value. */
function readDependsOn(value: JsonValue | undefined, findings: Findings, reading: Reading): void {
  if (!Array.isArray(value)) return;
  const at = childPath(reading.place.at, 'dependsOn');
  const names: readonly JsonValue[] = value;
  const missing: string[] = [];
  for (const [index, name] of names.entries()) {
    const path = typeof name === 'string' ? formPath([name]) : null;
    if (path === null) {
      const summary = `${shown(name)} is no name of a field`;
      reading.report({ code: 'form/bad-rule', at: itemPath(at, index), summary });
      continue;
    }
    missing.push(`$not($exists(${path}) and ${path} != null and ${path} != "")`);
  }
  if (missing.length === 0) return;
  const expression = reading.expression(missing.join(' or '), at);
  if (expression !== null) findings.disabled.push({ it: { kind: 'expression', expression }, at });
}

function reportEncryption(schema: JsonObject, reading: Reading): void {
  if (schema['encryption'] === undefined || schema['ui:field'] === 'Secret') return;
  const at = childPath(reading.place.at, 'encryption');
  const summary = "'encryption' is not known here, and the value would be stored as it is";
  reading.report({ code: 'form/unsupported', at, summary, detail: 'Write ui:field: Secret instead.' });
}

/** `visible` and `required` of the page; `ui:visible` is read with it. */
function readPage(
  { schema, at }: { readonly schema: JsonObject; readonly at: string },
  findings: Findings,
  reading: Reading,
): void {
  const visible = readFlag(schema['visible'], childPath(at, 'visible'), reading);
  if (visible !== null) findings.visible.push(visible);
  const text = jqIn(schema['required']);
  if (text === null) return;
  const inside = childPath(at, 'required');
  const names = jqText(text, { at: inside, as: 'value' }, reading);
  if (names === null) return;
  const expression = reading.expression(`${JSON.stringify(reading.place.key)} in ${names}`, inside);
  if (expression !== null) findings.required.push({ it: { kind: 'expression', expression }, at: inside });
}
