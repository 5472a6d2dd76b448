/**
 * The expressions of forms: JSONata, interpreted within bounds. It is loaded when the first form needs it, parsed once for
 * each text, and never throws: what is wrong with an expression is a diagnostic, what goes wrong in one a failure.
 */
import { isObject, type Diagnostic, type JsonValue } from '@callboard/model';
import type { Expression, FieldId } from '../graph.ts';
import { createBounds, type Bounds, type Engine } from './bounds.ts';
import { inferReads, type Inferred } from './infer-reads.ts';
import { checkSyntax } from './check-syntax.ts';
import { allNodes, type Node } from './syntax.ts';
import { parseTemplate, type ParsedTemplateValue } from './template-value.ts';
import { toPlain } from './to-plain.ts';

export interface ParseOptions {
  /** Where it is written, as `spec.parameters[0].properties.account.ui:visible`. */
  readonly at: string;
  /** Pointer of the list item, in graph form, that `item` is, as `/regions/*`; null or not given outside of lists. */
  readonly listId?: FieldId | null;
  /** `answer`: it sees an answer of a source, or an item of one, not the form. Default: `form`. */
  readonly input?: 'form' | 'answer';
}

export interface ParsedExpression {
  /** Null when it cannot be used. */
  readonly expression: Expression | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The value as plain JSON, undefined for nothing; or what went wrong, as a sentence without a full stop. */
export type Evaluated = { readonly value: JsonValue | undefined } | { readonly failure: string };

export interface ExpressionLanguage {
  readonly parse: (text: string, options: ParseOptions) => ParsedExpression;
  /** JSON whose texts may have expressions in them: `${{ form.team }}`, or `$${{ form.team }}`. */
  readonly parseTemplateValue: (value: JsonValue, options: ParseOptions) => ParsedTemplateValue;
  /** Never rejects. `input`: `{form, user, current, …}`, or the answer; it is not changed. */
  readonly evaluate: (expression: Expression, input: unknown) => Promise<Evaluated>;
}

/** Longest text of an expression, in characters. */
const LONGEST = 10_000;
/** Levels of the syntax tree; each level of the text makes several. */
const DEEPEST = 400;
/** Expressions that are kept parsed; the oldest go first. */
const KEPT = 2000;

interface Compiled {
  readonly engine: Engine | null;
  readonly root: Node | null;
  readonly problem: { readonly code: string; readonly summary: string; readonly detail: string } | null;
  /** What its evaluation would do to its input. */
  readonly changesInput: boolean;
}

let loaded: Promise<ExpressionLanguage> | undefined;

/** Loads JSONata, once. */
export function loadExpressions(): Promise<ExpressionLanguage> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<ExpressionLanguage> {
  const { default: jsonata } = await import('jsonata');
  const bounds = await createBounds(jsonata);
  const kept = new Map<string, Compiled>();
  const compiled = (text: string): Compiled => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = compile(text, bounds);
    kept.set(text, made);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return made;
  };
  const parseText: ExpressionLanguage['parse'] = (text, options) => parse(text, compiled(text), options);
  return {
    parse: parseText,
    parseTemplateValue: (value, options) => parseTemplate(value, options, parseText),
    evaluate: async ({ text }, input) => evaluate(compiled(text), input, bounds),
  };
}

function compile(text: string, bounds: Bounds): Compiled {
  const refused = (code: string, summary: string, detail: string): Compiled => ({
    engine: null,
    root: null,
    problem: { code, summary, detail },
    changesInput: false,
  });
  if (text.trim() === '') {
    return refused('form/bad-expression', 'An expression is empty', 'Write an expression, or leave it out.');
  }
  if (text.length > LONGEST) {
    const detail = `Shorten it: ${text.length} characters, ${LONGEST} are allowed.`;
    return refused('form/bad-expression', 'An expression is too long', detail);
  }
  try {
    const engine = bounds.prepare(text);
    const ast: unknown = engine.ast();
    const root = isObject(ast) ? ast : null;
    const nodes = root === null ? null : allNodes(root, DEEPEST);
    if (root === null || nodes === null) {
      return refused('form/bad-expression', 'An expression is nested too deep', 'Split it with variables.');
    }
    const problem = checkSyntax(nodes);
    return { engine, root, problem, changesInput: nodes.some(changesInput) };
  } catch (thrown) {
    const { message, position } = whatWentWrong(thrown);
    const where = position === null ? '' : ` at character ${position}`;
    return refused('form/bad-expression', `An expression cannot be read${where}: ${message}`, shown(text));
  }
}

/** JSONata marks lists that it was given in these, and fills empty ones that are grouped. */
function changesInput(node: Node): boolean {
  return ['group', 'keepArray', 'keepSingletonArray', 'consarray'].some((key) => key in node);
}

function parse(text: string, { root, problem }: Compiled, options: ParseOptions): ParsedExpression {
  const { at, listId = null, input = 'form' } = options;
  const diagnostic = (code: string, summary: string, detail: string, severity: 'error' | 'warning') =>
    ({ severity, code, summary, detail, path: at }) satisfies Diagnostic;
  if (root === null || problem !== null) {
    const { code, summary, detail } = problem ?? {
      code: 'form/bad-expression',
      summary: 'An expression cannot be read',
      detail: shown(text),
    };
    return { expression: null, diagnostics: [diagnostic(code, summary, detail, 'error')] };
  }
  if (input === 'answer') {
    return {
      expression: { text, at, reads: [], readsOptions: false, readsUser: false },
      diagnostics: [],
    };
  }
  const inferred: Inferred = inferReads(root, listId);
  if (inferred.readsEverything) {
    const summary = 'An expression reads the whole form, so nobody can tell which fields it depends on';
    const detail = `Name the fields that it reads, as form.service, or form.\`odd name\` for odd ones (form["x"] is a filter in JSONata, not a field). ${shown(text)}`;
    return { expression: null, diagnostics: [diagnostic('form/reads-everything', summary, detail, 'error')] };
  }
  const { reads, readsOptions, readsUser } = inferred;
  return {
    expression: { text, at, reads, readsOptions, readsUser },
    diagnostics: inferred.unknownNames.map((name) =>
      diagnostic(
        'form/unknown-name',
        `An expression reads ${name}, which is nothing that expressions know`,
        `Write form.${name} for the value of a field. Expressions know form, user, options, item, value and current.`,
        'warning',
      ),
    ),
  };
}

async function evaluate(
  { engine, problem, changesInput: copies }: Compiled,
  input: unknown,
  bounds: Bounds,
): Promise<Evaluated> {
  if (engine === null || problem !== null)
    return { failure: problem?.summary ?? 'the expression cannot be read' };
  try {
    return toPlain(await bounds.run(engine, copies ? structuredClone(input) : input));
  } catch (thrown) {
    return { failure: whatWentWrong(thrown).message };
  }
}

/** JSONata's own bounds. */
const BOUNDS: Readonly<Record<string, string>> = {
  D1012: 'it takes too long',
  D2014: 'it makes something too large',
  D2015: 'it makes something too large',
};

function whatWentWrong(thrown: unknown): { readonly message: string; readonly position: number | null } {
  if (thrown instanceof RangeError)
    return { message: 'it is nested too deep, or makes too much', position: null };
  const code = isObject(thrown) ? thrown['code'] : undefined;
  if (typeof code === 'string' && code in BOUNDS) return { message: BOUNDS[code] ?? '', position: null };
  const message = isObject(thrown) || thrown instanceof Error ? Reflect.get(thrown, 'message') : undefined;
  const position = isObject(thrown) || thrown instanceof Error ? Reflect.get(thrown, 'position') : undefined;
  return {
    message:
      typeof message === 'string' && message !== ''
        ? cut(message.replace(/\.$/, ''))
        : 'it cannot be evaluated',
    position: typeof position === 'number' ? position : null,
  };
}

function shown(text: string): string {
  return `The expression is ${cut(text)}`;
}

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
