/**
 * What the readers of all spellings share: where the property stands, the language of expressions, and how they report.
 * Every spelling ends as the same findings, which `read-rules.ts` puts together.
 */
import {
  childPath,
  didYouMean,
  isObject,
  type Diagnostic,
  type JsonObject,
  type JsonValue,
  type Severity,
} from '@callboard/model';
import type { ExpressionLanguage } from '../expression/language.ts';
import type { Expression, FieldId, RemoteCheck, Rule, Source, TemplateValue } from '../graph.ts';

/** What of the language of expressions is needed to read rules. */
export type RuleLanguage = Pick<ExpressionLanguage, 'parse' | 'parseTemplateValue'>;

export interface RulePlace {
  /** Where the property is written, as `spec.parameters[0].properties.account`. */
  readonly at: string;
  /** Name of the property. */
  readonly key: string;
  readonly id: FieldId;
  /** Pointer of the list whose item it stands in, as the language of expressions takes it; null outside of lists. */
  readonly listId: FieldId | null;
  /** The page that the property belongs to: what it says of all its fields counts for this one. Default: none. */
  readonly page?: { readonly schema: JsonObject; readonly at: string };
  readonly language: RuleLanguage;
}

/** One thing that was declared. */
export interface Found<T> {
  readonly it: T;
  readonly at: string;
}

/** What is declared so far. Where several spellings say something of one thing, all of it is here, in order. */
export interface Findings {
  readonly visible: Found<Rule>[];
  readonly disabled: Found<Rule>[];
  readonly required: Found<Rule>[];
  readonly suggest: Found<Rule>[];
  readonly options: Found<Rule>[];
  readonly source: Found<Source>[];
  readonly checks: Found<Expression>[];
  readonly remoteCheck: Found<RemoteCheck>[];
}

export function noFindings(): Findings {
  return {
    visible: [],
    disabled: [],
    required: [],
    suggest: [],
    options: [],
    source: [],
    checks: [],
    remoteCheck: [],
  };
}

interface Said {
  readonly severity?: Severity;
  readonly code: string;
  readonly at: string;
  readonly summary: string;
  readonly detail?: string | undefined;
}

export interface Reading {
  readonly place: RulePlace;
  readonly diagnostics: Diagnostic[];
  /** Default severity: error. */
  report(said: Said): void;
  /** Null when it cannot be used; the reason is reported. */
  expression(text: string, at: string): Expression | null;
  /** An expression that sees the answer of a source, and not the form. */
  shapeExpression(text: string, at: string): Expression | null;
  template(value: JsonValue, at: string): TemplateValue | null;
}

export function createReading(place: RulePlace): Reading {
  const { language, listId } = place;
  const diagnostics: Diagnostic[] = [];
  const parsed = (text: string, at: string, input: 'form' | 'answer'): Expression | null => {
    const { expression, diagnostics: found } = language.parse(text, { at, listId, input });
    diagnostics.push(...found);
    return expression;
  };
  return {
    place,
    diagnostics,
    report({ severity = 'error', code, at, summary, detail }) {
      diagnostics.push({ severity, code, summary, ...(detail === undefined ? {} : { detail }), path: at });
    },
    expression: (text, at) => parsed(text, at, 'form'),
    shapeExpression: (text, at) => parsed(text, at, 'answer'),
    template(value, at) {
      const made = language.parseTemplateValue(value, { at, listId });
      diagnostics.push(...made.diagnostics);
      return made.value;
    },
  };
}

interface KnownKeys {
  readonly at: string;
  readonly known: readonly string[];
  /** How messages call the mapping. */
  readonly of: string;
}

/** A warning for each key of a mapping that is none of the known ones. */
export function reportUnknownKeys(
  keys: readonly string[],
  { at, known, of }: KnownKeys,
  reading: Reading,
): void {
  for (const key of keys) {
    if (known.includes(key)) continue;
    const summary = `'${of}' has no '${key}'`;
    const detail = didYouMean(key, known) ?? `It has ${known.join(', ')}.`;
    reading.report({
      severity: 'warning',
      code: 'form/unknown-key',
      at: childPath(at, key),
      summary,
      detail,
    });
  }
}

/** Expressions in a template value, in order. */
export function expressionsIn(value: TemplateValue): readonly Expression[] {
  switch (value.kind) {
    case 'literal':
      return [];
    case 'expression':
      return [value.expression];
    case 'text':
      return value.parts.filter((part) => typeof part !== 'string');
    case 'object':
      return Object.values(value.entries).flatMap(expressionsIn);
    case 'list':
      return value.items.flatMap(expressionsIn);
    default:
      return value satisfies never;
  }
}

/** What template values read, each once. */
export function readsOf(values: readonly (TemplateValue | null)[]): readonly FieldId[] {
  const reads = values.flatMap((value) =>
    value === null ? [] : expressionsIn(value).flatMap((expression) => expression.reads),
  );
  return [...new Set(reads)];
}

/** A value as messages show it: short, on one line. */
export function shown(value: JsonValue | undefined): string {
  const text = JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** For an expression that YAML took apart, as `a ? b : c` in a list: `: ` makes a mapping of it. */
export function quotesHint(value: JsonValue): string | undefined {
  const [key, ...others] = isObject(value) ? Object.keys(value) : [];
  if (key === undefined || others.length > 0 || !/[?{=(]/.test(key)) return undefined;
  return "Put the expression in quotes: YAML takes ': ' in it for a mapping.";
}
