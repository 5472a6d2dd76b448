/** What an expression of a form may not do, told before it runs: functions that are not the same twice, and regular expressions that never end. */
import { FORBIDDEN, NATIVES } from './natives.ts';
import { whyRunaway } from './runaway-pattern.ts';
import { nodeAt, nodesAt, textAt, type Node } from './syntax.ts';

export interface SyntaxProblem {
  readonly code: string;
  readonly summary: string;
  readonly detail: string;
}

/** The first thing that is wrong; null when it can be used. `nodes`: all of the expression. */
export function checkSyntax(nodes: readonly Node[]): SyntaxProblem | null {
  const bound = new Set(nodes.flatMap(boundNames));
  for (const node of nodes) {
    const problem = node['type'] === 'regex' ? checkPattern(node) : checkName(node, bound);
    if (problem !== null) return problem;
  }
  return null;
}

function boundNames(node: Node): readonly string[] {
  const variables = node['type'] === 'bind' ? [nodeAt(node, 'lhs') ?? {}] : [];
  if (node['type'] === 'lambda') variables.push(...nodesAt(node, 'arguments'));
  const names = [
    ...variables.map((variable) => textAt(variable, 'value')),
    textAt(node, 'focus'),
    textAt(node, 'index'),
    ...nodesAt(node, 'stages').map((stage) => textAt(stage, 'value')),
  ];
  return names.filter((name) => name !== null);
}

function checkName(node: Node, bound: ReadonlySet<string>): SyntaxProblem | null {
  if (node['type'] !== 'variable') return null;
  const name = textAt(node, 'value') ?? '';
  const reason = FORBIDDEN.get(name);
  if (reason !== undefined) {
    const summary = `An expression may not call $${name}: ${reason}`;
    const detail = 'The same form has to be the same in browser, server and command line. Write it without.';
    return { code: 'form/forbidden-function', summary, detail };
  }
  if (name === '' || name === '$' || bound.has(name) || NATIVES.has(name)) return null;
  return {
    code: 'form/unknown-variable',
    summary: `An expression uses $${name}, which is neither a function of JSONata nor a variable of its own`,
    detail: 'Look for a slip of the pen; a value of the form is form.name, without the dollar sign.',
  };
}

function checkPattern(node: Node): SyntaxProblem | null {
  const { value } = node;
  if (!(value instanceof RegExp)) return null;
  const why = whyRunaway(value);
  if (why === null) return null;
  return {
    code: 'form/runaway-pattern',
    summary: `The regular expression /${value.source.slice(0, 80)}/ can take for ever: ${why}`,
    detail:
      'Write it so that there is only one way to match a text: no repetition within a repetition, no two alternatives that begin alike within one.',
  };
}
