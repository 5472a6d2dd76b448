/**
 * Makes a graph of a template's pages: every field with its rules, what it depends on, and an order in which it can be
 * resolved. What is wrong in it is a diagnostic, and the rest of the form works.
 */
import type { Diagnostic, JsonValue } from '@callboard/model';
import type { FieldRules, FormGraph, GraphField, Rule } from '../graph.ts';
import { loadExpressions } from '../expression/language.ts';
import { parseTemplate } from '../expression/template-value.ts';
import { withoutJq } from '../rules/plain-words.ts';
import { readRules } from '../rules/read-rules.ts';
import { secretReads } from '../rules/secret-field.ts';
import type { RuleLanguage } from '../rules/rule-reading.ts';
import { mergeAlternatives } from './merge-alternatives.ts';
import { orderFields } from './order-fields.ts';
import { createFieldTree, placeRules, type FieldTree } from './place-reads.ts';
import { walkPages, type WalkedPages } from './walk-pages.ts';

export interface CompileRequest {
  /** `spec.parameters` of a template: a list of pages, one page, or nothing. */
  readonly pages: JsonValue | undefined;
  /** Where that is written. Default: `spec.parameters`. */
  readonly root?: string;
}

/**
 * Never rejects because of what the pages say. JSONata is loaded only when some field has an expression. A property that
 * stands in several branches makes several fields with one id, each with its own conditions; those with most
 * conditions come first, and the first that is present counts. `byId` has the first.
 */
export async function compileForm({ pages, root = 'spec.parameters' }: CompileRequest): Promise<FormGraph> {
  const walked = walkPages(pages, root);
  const tree = createFieldTree(walked.fields);
  const read = await readAll(walked, tree);
  const secrets = secretReads(read.fields);
  const open = read.fields.map((field) => withoutSecrets(field, secrets));
  const ordered = orderFields(mergeAlternatives(open), tree);
  return {
    pages: walked.pages,
    fields: ordered.fields,
    byId: new Map(ordered.fields.toReversed().map((field) => [field.id, field])),
    isDynamic: ordered.fields.some(({ rules }) => rules !== null),
    diagnostics: onlyOnce([...walked.diagnostics, ...read.diagnostics, ...secrets, ...ordered.diagnostics]),
  };
}

interface ReadFields {
  readonly fields: readonly GraphField[];
  readonly diagnostics: readonly Diagnostic[];
}

async function readAll(walked: WalkedPages, tree: FieldTree): Promise<ReadFields> {
  const watch = createWatch();
  const first = readWith(watch.language, walked, tree);
  return watch.wasUsed() ? readWith(await loadExpressions(), walked, tree) : first;
}

/** A language that reads nothing, and tells whether there was anything to read. */
function createWatch(): { readonly language: RuleLanguage; readonly wasUsed: () => boolean } {
  let used = false;
  const parse: RuleLanguage['parse'] = () => {
    used = true;
    return { expression: null, diagnostics: [] };
  };
  const language: RuleLanguage = {
    parse,
    parseTemplateValue: (value, options) => parseTemplate(value, options, parse),
  };
  return { language, wasUsed: () => used };
}

function readWith(language: RuleLanguage, walked: WalkedPages, tree: FieldTree): ReadFields {
  const diagnostics: Diagnostic[] = [];
  const fields = walked.fields.map(
    ({ id, key, page, title, schema: written, at, rulesAt, conditions, listId }) => {
      const whole = walked.pages[page];
      const place = { at: rulesAt, key, id, listId, language };
      const ofPage = whole === undefined ? {} : { page: { schema: whole, at: walked.pagesAt[page] ?? '' } };
      const read = readRules(written, { ...place, ...ofPage });
      const schema = withoutJq(written);
      const placed = read.rules === null ? null : placeRules(read.rules, tree);
      diagnostics.push(...read.diagnostics, ...(placed?.diagnostics ?? []));
      const rules: FieldRules | null = placed?.rules ?? null;
      return { id, page, title, schema, at, conditions, rules, dependsOn: [] } satisfies GraphField;
    },
  );
  return { fields, diagnostics };
}

/** What a reference leads to is read for each field that refers to it, and a base again for each branch that is laid over it. */
function onlyOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map(diagnostics.map((one) => [`${one.code} ${one.path ?? ''} ${one.summary}`, one]));
  return [...seen.values()];
}

/** The field without rules that would carry a secret elsewhere. */
function withoutSecrets(field: GraphField, secrets: readonly Diagnostic[]): GraphField {
  const { rules } = field;
  if (rules === null || secrets.length === 0) return field;
  const isTold = (at: string): boolean => secrets.some(({ path = '' }) => isPathWithin(path, at));
  const kept = <T extends Rule | { readonly at: string }>(rule: T | null): T | null => {
    if (rule === null) return null;
    if ('at' in rule) return isTold(rule.at) ? null : rule;
    return rule.kind === 'expression' && isTold(rule.expression.at) ? null : rule;
  };
  return {
    ...field,
    rules: {
      source: kept(rules.source),
      visible: kept(rules.visible),
      disabled: kept(rules.disabled),
      required: kept(rules.required),
      suggest: kept(rules.suggest),
      options: kept(rules.options),
      checks: rules.checks.filter(({ at }) => !isTold(at)),
      remoteCheck: kept(rules.remoteCheck),
    },
  };
}

function isPathWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
