/**
 * The RHDH Orchestrator's spelling: `ui:widget: ActiveDropdown` and others with `ui:props`, and `ui:hidden` with conditions.
 * Vocabulary: the documentation of its form widgets. What they do in the browser goes through the server here.
 */
import { childPath, isObject, type JsonObject } from '@callboard/model';
import type { Expression, OptionShape, Source } from '../graph.ts';
import { readHidden } from './orchestrator-hidden.ts';
import { readRequest, type Widget } from './orchestrator-request.ts';
import { translateText, unitExpression } from './orchestrator-template.ts';
import { NO_SHAPE, requestReads } from './read-source.ts';
import { reportUnknownKeys, shown, type Findings, type Reading } from './rule-reading.ts';

const WIDGETS = [
  'ActiveTextInput',
  'ActiveDropdown',
  'ActiveMultiSelect',
  'ActiveBoolean',
  'ActiveText',
  'SchemaUpdater',
];
const FETCH = ['url', 'method', 'headers', 'body', 'retrigger', 'clearOnRetrigger', 'skipInitialValue'];
const ERRORS = ['ignoreUnready', 'silent'];
const VALIDATE = ['url', 'method', 'headers', 'body', 'retrigger'];
const KEYS: readonly string[] = [
  ...FETCH.map((key) => `fetch:${key}`),
  ...ERRORS.map((key) => `fetch:error:${key}`),
  ...VALIDATE.map((key) => `validate:${key}`),
];
const ANSWER = 'fetch:response:';

export function readOrchestratorRules(schema: JsonObject, findings: Findings, reading: Reading): void {
  readHidden(schema['ui:hidden'], findings, reading);
  const widget = widgetOf(schema, reading.place.at);
  if (widget === null) return;
  reportUnknown(widget, reading);
  if (widget.name === 'SchemaUpdater') {
    const detail = 'Write all fields into the template, and show them with ui:visible.';
    const summary = 'A template cannot take over fields from an answer, so SchemaUpdater does nothing';
    reading.report({
      code: 'form/unsupported',
      at: childPath(reading.place.at, 'ui:widget'),
      summary,
      detail,
    });
    return;
  }
  if (widget.name === 'ActiveText') {
    readText(widget, findings, reading);
    return;
  }
  readFetch(widget, findings, reading);
  readRemoteCheck(widget, findings, reading);
}

function widgetOf(schema: JsonObject, at: string): Widget | null {
  const options = isObject(schema['ui:options']) ? schema['ui:options'] : {};
  const name = schema['ui:widget'] ?? options['widget'];
  if (typeof name !== 'string' || !WIDGETS.includes(name)) return null;
  const own = schema['ui:props'];
  if (own !== undefined) return { name, props: isObject(own) ? own : {}, at: childPath(at, 'ui:props') };
  const { props } = options;
  return { name, props: isObject(props) ? props : {}, at: childPath(childPath(at, 'ui:options'), 'props') };
}

function reportUnknown({ props, at }: Widget, reading: Reading): void {
  const keys = Object.keys(props).filter((key) => /^(fetch|validate):/.test(key) && !key.startsWith(ANSWER));
  reportUnknownKeys(keys, { at, known: [...KEYS, `${ANSWER}…`], of: 'ui:props' }, reading);
}

/** A selector on the answer; null when there is none. */
function selector(widget: Widget, key: string, reading: Reading): string | null {
  const value = widget.props[`${ANSWER}${key}`];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.trim() !== '') return value;
  const at = childPath(widget.at, `${ANSWER}${key}`);
  reading.report({
    code: 'form/bad-rule',
    at,
    summary: `'${ANSWER}${key}' is ${shown(value)}, and no expression`,
  });
  return null;
}

function readFetch(widget: Widget, findings: Findings, reading: Reading): void {
  const { props, at } = widget;
  const fallback = props[`${ANSWER}default`];
  const isAsked = props['fetch:url'] !== undefined;
  const read = isAsked ? readSource(widget, reading) : null;
  if (read !== null) findings.source.push({ it: read, at });
  if (fallback === undefined || fallback === null) return;
  const inside = childPath(at, `${ANSWER}default`);
  if (read?.gives === 'value') {
    const summary = "The answer is the suggestion here, so 'fetch:response:default' does not count";
    reading.report({
      severity: 'info',
      code: 'form/unsupported',
      at: inside,
      summary,
      detail: "Write it as the schema's default.",
    });
    return;
  }
  findings.suggest.push({ it: { kind: 'literal', value: fallback }, at: inside });
}

function readSource(widget: Widget, reading: Reading): Source | null {
  const { name, at } = widget;
  const request = readRequest(widget, 'fetch', reading);
  const shaped = shapeOf(widget, reading);
  if (request === null || shaped === null) return null;
  const gives = name === 'ActiveDropdown' || name === 'ActiveMultiSelect' ? 'options' : 'value';
  return { request, shape: shaped, at, reads: requestReads(request), whenEmpty: 'wait', gives };
}

/** Null when there is nothing to take from the answer; that is reported. */
function shapeOf(widget: Widget, reading: Reading): OptionShape | null {
  const { name, at } = widget;
  const parsed = (text: string, key: string): Expression | null =>
    reading.shapeExpression(text, childPath(at, `${ANSWER}${key}`));
  const value = selector(widget, 'value', reading);
  if (name === 'ActiveMultiSelect') return multiSelectShape(widget, parsed, reading);
  if (name !== 'ActiveDropdown') {
    if (widget.props[`${ANSWER}autocomplete`] !== undefined) {
      const summary = 'Any text can be entered in ActiveTextInput, so its autocomplete is not offered';
      const detail = 'Write ActiveDropdown, or ui:source, when one of them has to be chosen.';
      const inside = childPath(at, `${ANSWER}autocomplete`);
      reading.report({ severity: 'warning', code: 'form/unsupported', at: inside, summary, detail });
    }
    if (value === null) return lacks(widget, 'value', reading);
    const expression = parsed(value, 'value');
    return expression === null ? null : { ...NO_SHAPE, value: expression };
  }
  if (value === null) return lacks(widget, 'value', reading);
  const label = selector(widget, 'label', reading) ?? value;
  const items = parsed(
    `($values := [${value}]; $labels := [${label}]; $map($values, function($one, $at) { {"value": $one, "label": $labels[$at]} })[])`,
    'value',
  );
  return items === null ? null : { ...NO_SHAPE, items };
}

function multiSelectShape(
  widget: Widget,
  parsed: (text: string, key: string) => Expression | null,
  reading: Reading,
): OptionShape | null {
  for (const key of [`${ANSWER}value`, `${ANSWER}mandatory`, 'ui:allowNewItems']) {
    if (widget.props[key] === undefined || widget.props[key] === false) continue;
    const summary = `ActiveMultiSelect does not take '${key}' here`;
    const detail =
      key === 'ui:allowNewItems'
        ? 'Only what the answer lists can be chosen.'
        : 'Suggest values with ui:default, which sees them as `options`, and ask for them with ui:validate.';
    reading.report({
      severity: 'warning',
      code: 'form/unsupported',
      at: childPath(widget.at, key),
      summary,
      detail,
    });
  }
  const list = selector(widget, 'autocomplete', reading);
  if (list === null) return lacks(widget, 'autocomplete', reading);
  const items = parsed(list, 'autocomplete');
  return items === null ? null : { ...NO_SHAPE, items };
}

function lacks({ name, at, props }: Widget, key: string, reading: Reading): null {
  // A default alone needs no answer.
  if (props[`${ANSWER}default`] !== undefined) return null;
  const summary = `${name} asks 'fetch:url', but takes nothing from the answer`;
  reading.report({ code: 'form/bad-rule', at, summary, detail: `Write '${ANSWER}${key}'.` });
  return null;
}

function readRemoteCheck(widget: Widget, findings: Findings, reading: Reading): void {
  if (widget.props['validate:url'] === undefined) return;
  const request = readRequest(widget, 'validate', reading);
  if (request === null) return;
  const at = childPath(widget.at, 'validate:url');
  findings.remoteCheck.push({ it: { request, reads: requestReads(request), at }, at });
}

/** A text that nobody can change: the suggestion of a disabled field. */
function readText(widget: Widget, findings: Findings, reading: Reading): void {
  const { props, at } = widget;
  const text = props['ui:text'];
  const inside = childPath(at, 'ui:text');
  if (typeof text !== 'string') {
    reading.report({
      code: 'form/bad-rule',
      at: inside,
      summary: `'ui:text' is ${shown(text)}, and no text`,
    });
    return;
  }
  const disabled = { it: { kind: 'literal', value: true }, at: inside } as const;
  if (props['fetch:url'] === undefined) {
    const translated = translateText(text, inside, reading);
    const expression = translated === null ? null : reading.expression(joinedText(translated), inside);
    if (expression === null) return;
    findings.suggest.push({ it: { kind: 'expression', expression }, at: inside });
    findings.disabled.push(disabled);
    return;
  }
  const request = readRequest(widget, 'fetch', reading);
  const value = answerText(widget, text, reading);
  if (request === null || value === null) return;
  const shape = { ...NO_SHAPE, value };
  const it = { request, shape, at, reads: requestReads(request), whenEmpty: 'wait', gives: 'value' } as const;
  findings.source.push({ it, at });
  findings.disabled.push(disabled);
}

const UNIT = /\$?\$\{\{\s*((?:(?!\}\}).)*?)\s*\}\}/gs;

/** A text with expressions in it as one expression. */
function joinedText(text: string): string {
  return pieces(text, (inside) => inside);
}

function pieces(text: string, expressionOf: (inside: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(UNIT)) {
    parts.push(JSON.stringify(text.slice(from, match.index)), `$string(${expressionOf(match[1] ?? '')})`);
    from = match.index + match[0].length;
  }
  parts.push(JSON.stringify(text.slice(from)));
  return parts.filter((part) => part !== '""').join(' & ') || '""';
}

/** The text over the answer: it can hold what was fetched, and nothing of the form. */
function answerText(widget: Widget, text: string, reading: Reading): Expression | null {
  const inside = childPath(widget.at, 'ui:text');
  let isGood = true;
  const expression = pieces(text, (key) => {
    const chosen = key.startsWith(ANSWER) ? selector(widget, key.slice(ANSWER.length), reading) : null;
    if (chosen !== null) return chosen;
    isGood = false;
    if (!key.startsWith(ANSWER) && unitExpression(key, inside, reading) === null) return '""';
    const summary = `A text with an answer in it can hold parts of the answer only, and not ${shown(key)}`;
    const detail = 'Send the value with the request, or make two fields of it.';
    reading.report({ code: 'form/unsupported', at: inside, summary, detail });
    return '""';
  });
  return isGood ? reading.shapeExpression(expression, inside) : null;
}
