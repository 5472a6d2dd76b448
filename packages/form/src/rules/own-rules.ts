/** The portal's own spelling: `ui:visible`, `ui:disabled`, `ui:required`, `ui:default`, `ui:enum`, `ui:validate`, `ui:source`. */
import { childPath, didYouMean, isObject, itemPath, type JsonObject, type JsonValue } from '@callboard/model';
import type { Rule } from '../graph.ts';
import { readSource } from './read-source.ts';
import { quotesHint, shown, type Findings, type Found, type Reading } from './rule-reading.ts';

const OWN = [
  'ui:source',
  'ui:visible',
  'ui:disabled',
  'ui:required',
  'ui:default',
  'ui:enum',
  'ui:validate',
] as const;

/** The form library's, Backstage's, and those of the Orchestrator. */
const OTHERS = new Set(
  (
    'addable ArrayFieldTemplate autocomplete autofocus backstage classNames copyable description disabled ' +
    'duplicateKeySuffixSeparator emptyValue enableMarkdownInDescription enableMarkdownInHelp enumDisabled enumNames ' +
    'field fieldReplacesAnyOrOneOf filePreview globalOptions help hidden hideError initialValue inline inputType ' +
    'label layoutGrid ObjectFieldTemplate FieldTemplate options order orderable placeholder props readonly removable ' +
    'rootFieldId rows style submitButtonOptions title variant widget'
  )
    .split(' ')
    .map((word) => `ui:${word}`),
);

export function readOwnRules(schema: JsonObject, findings: Findings, reading: Reading): void {
  const { at } = reading.place;
  for (const word of ['visible', 'disabled', 'required'] as const) {
    const key = `ui:${word}`;
    const rule = readFlag(schema[key], { key, at: childPath(at, key) }, reading);
    if (rule !== null) findings[word].push(rule);
  }
  const { page, id } = reading.place;
  if (page !== undefined && !id.slice(1).includes('/')) {
    const inside = childPath(page.at, 'ui:visible');
    const rule = readFlag(page.schema['ui:visible'], { key: 'ui:visible', at: inside }, reading);
    if (rule !== null) findings.visible.push(rule);
  }
  readDefault(schema, findings.suggest, reading);
  readEnum(schema, findings.options, reading);
  readChecks(schema, findings, reading);
  const source = schema['ui:source'];
  if (source !== undefined) {
    const read = readSource(source, childPath(at, 'ui:source'), reading);
    if (read !== null) findings.source.push({ it: read, at: read.at });
  }
  for (const key of Object.keys(schema)) reportNearMiss(key, reading);
}

interface Key {
  readonly key: string;
  readonly at: string;
}

/** `true`, `false` or an expression; null when nothing usable is said. */
function readFlag(value: JsonValue | undefined, { key, at }: Key, reading: Reading): Found<Rule> | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return { it: { kind: 'literal', value }, at };
  if (typeof value === 'string') return expressionRule(value, at, reading);
  const summary = `'${key}' is ${shown(value)}; it can be true, false or an expression`;
  const isJq = isObject(value) && value['jqQuery'] !== undefined;
  const detail = isJq ? `Write it as '${key.slice(3)}', or as JSONata.` : quotesHint(value);
  reading.report({ code: 'form/bad-rule', at, summary, detail });
  return null;
}

function expressionRule(text: string, at: string, reading: Reading): Found<Rule> | null {
  const expression = reading.expression(text, at);
  return expression === null ? null : { it: { kind: 'expression', expression }, at };
}

function readDefault(schema: JsonObject, into: Found<Rule>[], reading: Reading): void {
  const value = schema['ui:default'];
  if (value === undefined) return;
  const at = childPath(reading.place.at, 'ui:default');
  if (typeof value !== 'string') {
    into.push({ it: { kind: 'literal', value }, at });
    return;
  }
  const rule = expressionRule(value, at, reading);
  if (rule !== null) into.push(rule);
}

function readEnum(schema: JsonObject, into: Found<Rule>[], reading: Reading): void {
  const value = schema['ui:enum'];
  if (value === undefined || value === null) return;
  const at = childPath(reading.place.at, 'ui:enum');
  if (typeof value === 'string') {
    const rule = expressionRule(value, at, reading);
    if (rule !== null) into.push(rule);
    return;
  }
  if (!Array.isArray(value)) {
    const summary = `'ui:enum' is ${shown(value)}; it can be a list or an expression that gives one`;
    reading.report({ code: 'form/bad-rule', at, summary });
    return;
  }
  const items: readonly JsonValue[] = value;
  const good = items.filter((item, index) => {
    const isGood = !isObject(item) || item['value'] !== undefined;
    if (!isGood) {
      const summary = `${shown(item)} has no 'value'`;
      reading.report({
        code: 'form/bad-rule',
        at: itemPath(at, index),
        summary,
        detail: 'Write {value, label}.',
      });
    }
    return isGood;
  });
  into.push({ it: { kind: 'literal', value: good }, at });
}

function readChecks(schema: JsonObject, { checks }: Findings, reading: Reading): void {
  const value = schema['ui:validate'];
  if (value === undefined || value === null) return;
  const at = childPath(reading.place.at, 'ui:validate');
  const isList = Array.isArray(value);
  for (const [index, text] of (isList ? value : [value]).entries()) {
    const inside = isList ? itemPath(at, index) : at;
    if (typeof text !== 'string') {
      const summary = `'ui:validate' is ${shown(text)}; it can be an expression or a list of them`;
      reading.report({ code: 'form/bad-rule', at: inside, summary, detail: quotesHint(text) });
      continue;
    }
    const expression = reading.expression(text, inside);
    if (expression !== null) checks.push({ it: expression, at: inside });
  }
}

/** Words of other libraries are theirs; a word that is nearly one of ours was most likely meant to be it. */
function reportNearMiss(key: string, reading: Reading): void {
  if (!key.startsWith('ui:') || OWN.some((word) => word === key) || OTHERS.has(key)) return;
  const at = childPath(reading.place.at, key);
  if (key === 'ui:deps') {
    const detail = 'What a field depends on is known from the expressions themselves. Take it out.';
    const summary = "'ui:deps' is not needed";
    reading.report({ severity: 'info', code: 'form/unknown-key', at, summary, detail });
    return;
  }
  const detail = didYouMean(key, OWN);
  if (detail === undefined) return;
  const summary = `Nothing is known of '${key}'`;
  reading.report({ severity: 'warning', code: 'form/unknown-key', at, summary, detail });
}
