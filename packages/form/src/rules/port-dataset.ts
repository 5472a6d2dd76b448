/** Port's `blueprint` and `dataset`: entities of the catalog that fit all rules, as far as a filter of the catalog can say it. */
import { childPath, isObject, itemPath, type JsonObject, type JsonValue } from '@callboard/model';
import type { TemplateValue } from '../graph.ts';
import { jqExpression, jqIn } from './port-jq.ts';
import { NO_SHAPE, requestReads } from './read-source.ts';
import { shown, type Findings, type Reading } from './rule-reading.ts';

type Entries = Readonly<Record<string, TemplateValue>>;

/** Properties of Port that every entity has. */
const PROPERTIES: Readonly<Record<string, string>> = {
  $identifier: 'metadata.name',
  $title: 'metadata.title',
  $team: 'spec.owner',
  $blueprint: 'kind',
};
/** Blueprints that are kinds here; `service` and the like are components of that type. */
const KINDS: Readonly<Record<string, Entries>> = {
  ...Object.fromEntries(
    ['component', 'api', 'resource', 'system', 'domain', 'group', 'user', 'location'].map((kind) => [
      kind,
      { kind: literal(kind) },
    ]),
  ),
  _user: { kind: literal('user') },
  _team: { kind: literal('group') },
  service: { kind: literal('component'), 'spec.type': literal('service') },
  library: { kind: literal('component'), 'spec.type': literal('library') },
};

function literal(value: JsonValue): TemplateValue {
  return { kind: 'literal', value };
}

export function readDataset(schema: JsonObject, findings: Findings, reading: Reading): void {
  const { dataset, blueprint } = schema;
  if (!isObject(dataset) && !(schema['format'] === 'entity' && blueprint !== undefined)) return;
  const own = baseOf(schema, reading);
  if (own === null) return;
  const filter = isObject(dataset)
    ? readRules(dataset, own, reading)
    : { kind: 'object' as const, entries: own };
  if (filter === null) return;
  const at = childPath(reading.place.at, isObject(dataset) ? 'dataset' : 'blueprint');
  const request = { kind: 'catalog', filter } as const;
  const reads = requestReads(request);
  const it = { request, shape: NO_SHAPE, at, reads, whenEmpty: 'wait', gives: 'options' } as const;
  findings.source.push({ it, at });
}

/** What the blueprint says, or the `catalogFilter` of the picker. */
function baseOf(schema: JsonObject, reading: Reading): Entries | null {
  const { blueprint } = schema;
  const options = schema['ui:options'];
  const filter = isObject(options) ? options['catalogFilter'] : undefined;
  if (blueprint === undefined && isObject(filter)) {
    return Object.fromEntries(Object.entries(filter).map(([key, value]) => [key, literal(value ?? null)]));
  }
  const known = typeof blueprint === 'string' ? KINDS[blueprint.toLowerCase()] : undefined;
  if (known !== undefined) return known;
  const summary = `The blueprint ${shown(blueprint ?? null)} is no kind of the catalog`;
  const detail = 'Write ui:source: {catalog: {kind: …, spec.type: …}} instead.';
  reading.report({ code: 'form/unsupported', at: childPath(reading.place.at, 'blueprint'), summary, detail });
  return null;
}

/** With `and` one filter, with `or` a list of them. */
function readRules(dataset: JsonObject, own: Entries, reading: Reading): TemplateValue | null {
  const at = childPath(reading.place.at, 'dataset');
  const { combinator = 'and', rules } = dataset;
  if (!Array.isArray(rules) || (combinator !== 'and' && combinator !== 'or')) {
    const summary = "'dataset' needs a 'combinator' (and, or) and a list of 'rules'";
    reading.report({ code: 'form/bad-rule', at, summary });
    return null;
  }
  const list: readonly JsonValue[] = rules;
  const read = list.map((rule, index) => readRule(rule, itemPath(childPath(at, 'rules'), index), reading));
  const good = read.filter((entries) => entries !== null);
  if (good.length < read.length) return null;
  if (combinator === 'or' && good.length > 1) {
    return {
      kind: 'list',
      items: good.map((entries) => ({ kind: 'object', entries: { ...own, ...entries } })),
    };
  }
  const seen = new Set<string>();
  for (const key of good.flatMap((entries) => Object.keys(entries))) {
    if (seen.has(key)) {
      const summary = `Two rules ask for '${key}', and a filter of the catalog asks once`;
      reading.report({ code: 'form/unsupported', at, summary, detail: "Join them with the operator 'in'." });
      return null;
    }
    seen.add(key);
  }
  return { kind: 'object', entries: Object.assign({}, own, ...good) };
}

function readRule(rule: JsonValue, at: string, reading: Reading): Entries | null {
  const { property, operator, value } = isObject(rule) ? rule : {};
  if (typeof property !== 'string' || typeof operator !== 'string') {
    const summary = `${shown(rule)} is no rule with a 'property' and an 'operator'`;
    const detail =
      'Groups of rules, and rules on relations, are not understood; write ui:source: {catalog: …} instead.';
    reading.report({ code: 'form/unsupported', at, summary, detail });
    return null;
  }
  const key = PROPERTIES[property] ?? (property.includes('.') ? property : `spec.${property}`);
  if (operator === 'isNotEmpty') return { [key]: literal({ exists: true }) };
  if (!['=', 'in', 'containsAny'].includes(operator)) {
    const summary = `A filter of the catalog cannot say '${operator}'`;
    const detail =
      "It can say '=', 'in', 'containsAny' and 'isNotEmpty'. Choose with ui:enum from what the source gives instead.";
    reading.report({ code: 'form/unsupported', at: childPath(at, 'operator'), summary, detail });
    return null;
  }
  const text = jqIn(value);
  if (text === null) return { [key]: literal(value ?? null) };
  const expression = jqExpression(text, { at: childPath(at, 'value'), as: 'value' }, reading);
  return expression === null ? null : { [key]: { kind: 'expression', expression } };
}
