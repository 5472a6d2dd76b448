/**
 * JSON whose texts may have expressions in them, as the addresses and inputs of sources: `/accounts?team=${{ form.team }}`.
 * `$${{ form.team }}`, as the Orchestrator's widgets write it, means the same.
 */
import { childPath, isObject, itemPath, type Diagnostic, type JsonValue } from '@callboard/model';
import type { Expression, TemplateValue } from '../graph.ts';
import type { ExpressionLanguage, ParseOptions } from './language.ts';

export interface ParsedTemplateValue {
  /** Null when an expression in it cannot be used. */
  readonly value: TemplateValue | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Levels that are looked into. */
const DEEPEST = 32;

/** `parse`: of the language. */
export function parseTemplate(
  value: JsonValue,
  options: ParseOptions,
  parse: ExpressionLanguage['parse'],
): ParsedTemplateValue {
  const diagnostics: Diagnostic[] = [];
  const parseAt = (part: JsonValue, at: string, depth: number): TemplateValue | null => {
    if (depth > DEEPEST) {
      const summary = `A value is nested deeper than ${DEEPEST} levels`;
      diagnostics.push({ severity: 'error', code: 'form/too-deep', summary, path: at });
      return null;
    }
    if (typeof part === 'string') {
      const parsed = parseText(part, { ...options, at }, parse);
      diagnostics.push(...parsed.diagnostics);
      return parsed.value;
    }
    if (Array.isArray(part)) {
      const items = part.map((item: JsonValue, index) => parseAt(item, itemPath(at, index), depth + 1));
      const known = items.filter((item) => item !== null);
      if (known.length < items.length) return null;
      return known.every((item) => item.kind === 'literal')
        ? { kind: 'literal', value: part }
        : { kind: 'list', items: known };
    }
    if (!isObject(part)) return { kind: 'literal', value: part };
    const entries: [string, TemplateValue][] = [];
    let isWhole = true;
    for (const [key, one] of Object.entries(part)) {
      if (one === undefined) continue;
      const made = parseAt(one, childPath(at, key), depth + 1);
      if (made === null) isWhole = false;
      else entries.push([key, made]);
    }
    if (!isWhole) return null;
    return entries.every(([, entry]) => entry.kind === 'literal')
      ? { kind: 'literal', value: part }
      : { kind: 'object', entries: Object.fromEntries(entries) };
  };
  return { value: parseAt(value, options.at, 0), diagnostics };
}

function parseText(
  text: string,
  options: ParseOptions,
  parse: ExpressionLanguage['parse'],
): ParsedTemplateValue {
  const pieces = splitText(text);
  if (pieces === null) {
    const summary = 'An expression in a text is not closed';
    const detail = `Close it with }}. The text is ${text.slice(0, 300)}`;
    const problem = {
      severity: 'error',
      code: 'form/bad-expression',
      summary,
      detail,
      path: options.at,
    } as const;
    return { value: null, diagnostics: [problem] };
  }
  const diagnostics: Diagnostic[] = [];
  const parts: (string | Expression)[] = [];
  let isWhole = true;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      parts.push(piece);
      continue;
    }
    const parsed = parse(piece.expression, options);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.expression === null) isWhole = false;
    else parts.push(parsed.expression);
  }
  if (!isWhole) return { value: null, diagnostics };
  return { value: valueOf(parts, text), diagnostics };
}

function valueOf(parts: readonly (string | Expression)[], text: string): TemplateValue {
  const [first] = parts;
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: text };
  const isAlone = parts.length === 1 && first !== undefined && typeof first !== 'string';
  return isAlone ? { kind: 'expression', expression: first } : { kind: 'text', parts };
}

/** Texts and expressions in order, without empty texts; null when an expression is not closed. */
function splitText(text: string): readonly (string | { readonly expression: string })[] | null {
  const pieces: (string | { readonly expression: string })[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('${{', from);
    if (open === -1) break;
    const close = endOf(text, open + 3);
    if (close === -1) return null;
    const isDoubled = open > from && text[open - 1] === '$';
    const before = text.slice(from, isDoubled ? open - 1 : open);
    if (before !== '') pieces.push(before);
    pieces.push({ expression: text.slice(open + 3, close).trim() });
    from = close + 2;
  }
  const rest = text.slice(from);
  if (rest !== '' || pieces.length === 0) pieces.push(rest);
  return pieces;
}

/** Where `}}` closes an expression: not within its texts, names in backticks and objects. */
function endOf(text: string, from: number): number {
  let braces = 0;
  let quote: string | null = null;
  for (let index = from; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quote !== null) {
      if (character === '\\' && quote !== '`') index += 1;
      else if (character === quote) quote = null;
    } else if (`"'\``.includes(character)) quote = character;
    else if (character === '{') braces += 1;
    else if (character === '}' && braces > 0) braces -= 1;
    else if (character === '}' && text[index + 1] === '}') return index;
  }
  return -1;
}
