/**
 * A tree of jq as JSONata. A jq expression has any number of results: those that have one are written as that value, the
 * others as a list of their results.
 */
import { quoted } from '../form-path.ts';
import { CALLS } from './jq-calls.ts';
import type { JqNode } from './jq-node.ts';
import { JqProblem } from './jq-problem.ts';
import { rootPath } from './jq-root.ts';
import { callOf, fresh, gathered, many, one, truth, within, type Scope, type Written } from './jq-scope.ts';

export function write(node: JqNode, scope: Scope): Written {
  const { index } = node;
  switch (node.kind) {
    case 'input':
      if (scope.dot === '$$')
        throw new JqProblem("'.' is all of the context; name a part of it, as .form.x", index);
      return { text: scope.dot };
    case 'literal':
      return { text: JSON.stringify(node.value), isFlag: typeof node.value === 'boolean' };
    case 'text':
      return { text: node.parts.map((part) => writePart(part, scope)).join(' & ') };
    case 'field':
      return writeField(node, scope);
    case 'item':
      return { text: callOf(scope, 'at', [one(node.of, scope), one(node.key, scope)]) };
    case 'slice': {
      const ends = [node.from, node.to].map((end) => (end === null ? 'null' : one(end, scope)));
      return { text: callOf(scope, 'slice', [one(node.of, scope), ...ends]) };
    }
    case 'each': {
      const of = write(node.of, scope);
      if (of.isMany !== true) return { text: callOf(scope, 'items', [of.text]), isMany: true };
      const item = fresh(scope);
      return gathered(of.text, item, callOf(scope, 'items', [item]));
    }
    case 'list':
      return { text: node.body === null ? '[]' : many(node.body, scope) };
    case 'object':
      return writeObject(node.entries, scope);
    case 'negative':
      return { text: `(-(${one(node.of, scope)}))` };
    case 'binary':
      return writeBinary(node, scope);
    case 'if':
      return writeIf(node, scope);
    case 'call': {
      const call = CALLS.get(`${node.name}/${node.args.length}`);
      if (call !== undefined) return call(node, scope);
      throw new JqProblem(`The function '${node.name}/${node.args.length}' is not understood`, index);
    }
    case 'variable': {
      const name = scope.variables.get(node.name);
      if (name !== undefined) return { text: name };
      throw new JqProblem(`There is no variable '$${node.name}'`, index);
    }
    case 'bind':
      return writeBind(node, scope);
    default:
      return node satisfies never;
  }
}

function writePart(part: string | JqNode, scope: Scope): string {
  return typeof part === 'string' ? JSON.stringify(part) : callOf(scope, 'text', [one(part, scope)]);
}

function writeField(node: Extract<JqNode, { kind: 'field' }>, scope: Scope): Written {
  const names: string[] = [];
  let of: JqNode = node;
  while (of.kind === 'field') {
    if (of.name === '' || of.name.includes('`')) throw new JqProblem('No field has such a name', of.index);
    names.unshift(of.name);
    of = of.of;
  }
  if (of.kind === 'input' && scope.dot === '$$') {
    return { text: rootPath(names, { index: of.index, call: (name, args) => callOf(scope, name, args) }) };
  }
  const steps = names.map((name) => `.${quoted(name)}`).join('');
  const base = write(of, scope);
  if (base.isMany !== true) return { text: `${isPath(base.text) ? base.text : `(${base.text})`}${steps}` };
  const item = fresh(scope);
  return gathered(base.text, item, callOf(scope, 'one', [`${item}${steps}`]));
}

/** It may be written more than once: nothing is worked out for it. */
function isPath(text: string): boolean {
  return /^\$[\w$]*(\.(\w+|`[^`]*`))*$/.test(text);
}

function writeObject(
  entries: readonly { readonly key: JqNode; readonly value: JqNode }[],
  scope: Scope,
): Written {
  const pairs = entries.map(
    ({ key, value }) => `${one(key, scope)}: ${callOf(scope, 'some', [one(value, scope)])}`,
  );
  return { text: `{${pairs.join(', ')}}` };
}

function writeBinary(node: Extract<JqNode, { kind: 'binary' }>, scope: Scope): Written {
  const { sign, left, right } = node;
  switch (sign) {
    case '|':
      return writePipe(left, right, scope);
    case ',':
      return { text: `$append(${many(left, scope)}, ${many(right, scope)})`, isMany: true };
    case '//':
      return writeAlternative(left, right, scope);
    case 'and':
    case 'or':
      return { text: `(${truth(left, scope)} ${sign} ${truth(right, scope)})`, isFlag: true };
    case '==':
      return { text: equality(left, right, scope), isFlag: true };
    case '!=':
      return { text: `$not(${equality(left, right, scope)})`, isFlag: true };
    default:
      return writeArithmetic(sign, [one(left, scope), one(right, scope)], scope);
  }
}

function writeArithmetic(sign: string, [a, b]: readonly [string, string], scope: Scope): Written {
  switch (sign) {
    case '<':
      return { text: callOf(scope, 'less', [a, b]), isFlag: true };
    case '>':
      return { text: callOf(scope, 'less', [b, a]), isFlag: true };
    case '<=':
      return { text: `$not(${callOf(scope, 'less', [b, a])})`, isFlag: true };
    case '>=':
      return { text: `$not(${callOf(scope, 'less', [a, b])})`, isFlag: true };
    case '+':
      return { text: callOf(scope, 'add', [a, b]) };
    case '-':
      return { text: callOf(scope, 'subtract', [a, b]) };
    case '/':
      return { text: callOf(scope, 'divide', [a, b]) };
    default:
      return { text: `(${a} ${sign} ${b})` };
  }
}

/** With a plain value, JSONata's own is the same: nothing equals no text. */
function equality(left: JqNode, right: JqNode, scope: Scope): string {
  const sides = [left, right];
  const isPlain = sides.some((side) => side.kind === 'literal' && side.value !== null);
  const [a = '', b = ''] = sides.map((side) => one(side, scope));
  return isPlain ? `(${a} = ${b})` : callOf(scope, 'equal', [a, b]);
}

function writePipe(left: JqNode, right: JqNode, scope: Scope): Written {
  if (left.kind === 'input') return write(right, scope);
  const input = write(left, scope);
  if (input.isMany === true) {
    const item = fresh(scope);
    return gathered(input.text, item, many(right, within(scope, item)));
  }
  if (isPath(input.text)) return write(right, within(scope, input.text));
  const name = fresh(scope);
  const body = write(right, within(scope, name));
  return { ...body, text: `(${name} := ${input.text}; ${body.text})` };
}

function writeAlternative(left: JqNode, right: JqNode, scope: Scope): Written {
  const first = write(left, scope);
  const name = fresh(scope);
  if (first.isMany !== true) {
    const isGood = callOf(scope, 'true', [name]);
    const second = write(right, scope);
    if (second.isMany !== true)
      return { text: `(${name} := ${first.text}; ${isGood} ? ${name} : ${second.text})` };
    const alone = callOf(scope, 'one', [name]);
    return { text: `(${name} := ${first.text}; ${isGood} ? ${alone} : ${second.text})`, isMany: true };
  }
  const item = fresh(scope);
  const body = `${callOf(scope, 'true', [item])} ? ${callOf(scope, 'one', [item])} : []`;
  const good = gathered(first.text, item, `(${body})`).text;
  return {
    text: `(${name} := ${good}; $count(${name}) > 0 ? ${name} : ${many(right, scope)})`,
    isMany: true,
  };
}

function writeIf(node: Extract<JqNode, { kind: 'if' }>, scope: Scope): Written {
  const condition = truth(node.condition, scope);
  const otherwise: JqNode = node.otherwise ?? { kind: 'input', index: node.index };
  const branches = [node.whenTrue, otherwise].map((branch) => write(branch, scope));
  if (!branches.some(({ isMany }) => isMany === true)) {
    const [a = '', b = ''] = branches.map(({ text }) => text);
    return { text: `(${condition} ? ${a} : ${b})`, isFlag: branches.every(({ isFlag }) => isFlag === true) };
  }
  const [a = '', b = ''] = branches.map(({ text, isMany }) =>
    isMany === true ? text : callOf(scope, 'one', [text]),
  );
  return { text: `(${condition} ? ${a} : ${b})`, isMany: true };
}

function writeBind(node: Extract<JqNode, { kind: 'bind' }>, scope: Scope): Written {
  const value = write(node.value, scope);
  const name = fresh(scope);
  const inner: Scope = { ...scope, variables: new Map([...scope.variables, [node.name, name]]) };
  if (value.isMany === true) return gathered(value.text, name, many(node.body, inner));
  const body = write(node.body, inner);
  return { ...body, text: `(${name} := ${value.text}; ${body.text})` };
}
