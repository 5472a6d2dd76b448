/** What the writers of JSONata share: the input where they are, and how results are counted. */
import type { JqNode } from './jq-node.ts';
import { JqProblem } from './jq-problem.ts';

export interface Written {
  readonly text: string;
  /** The text is a list of results. */
  readonly isMany?: boolean;
  /** It is true or false, and nothing else. */
  readonly isFlag?: boolean;
}

/** How a part of the tree is written. */
export interface Scope {
  /** The input: `$$` at the top, a path of the form, or a variable. */
  readonly dot: string;
  /** Variables of jq by their names in JSONata. */
  readonly variables: ReadonlyMap<string, string>;
  readonly book: Book;
}

interface Book {
  /** Functions of `jq-functions.ts` that the text calls. */
  readonly used: Set<string>;
  count: number;
  /** Of `write-jsonata.ts`, which knows all kinds of nodes. */
  readonly write: (node: JqNode, scope: Scope) => Written;
}

export function callOf(scope: Scope, name: string, args: readonly string[]): string {
  scope.book.used.add(name);
  return `$jq_${name}(${args.join(', ')})`;
}

export function fresh(scope: Scope): string {
  scope.book.count += 1;
  return `$v${scope.book.count}`;
}

/** With another input. */
export function within(scope: Scope, dot: string): Scope {
  return { ...scope, dot };
}

/** As the only result. */
export function one(node: JqNode, scope: Scope): string {
  const written = scope.book.write(node, scope);
  if (written.isMany !== true) return written.text;
  throw new JqProblem(
    'This gives several results where one is needed; put it in brackets to make a list',
    node.index,
  );
}

/** As the list of all results. */
export function many(node: JqNode, scope: Scope): string {
  const { text, isMany } = scope.book.write(node, scope);
  if (node.kind === 'literal') return `[${text}]`;
  return isMany === true ? text : callOf(scope, 'one', [text]);
}

/** Whether its only result is neither null nor false. */
export function truth(node: JqNode, scope: Scope): string {
  const { text, isMany, isFlag } = scope.book.write(node, scope);
  if (isMany === true) throw new JqProblem('A condition can have one result only', node.index);
  return isFlag === true ? text : callOf(scope, 'true', [text]);
}

/** All results of `body` for each item of a list, which `item` names there. */
export function gathered(list: string, item: string, body: string): Written {
  const all = item.replace('$', '$all_');
  return {
    text: `$reduce(${list}, function(${all}, ${item}) { $append(${all}, ${body}) }, [])`,
    isMany: true,
  };
}
