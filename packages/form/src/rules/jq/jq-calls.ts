/** The functions of jq that forms use, by name and number of arguments, as JSONata. */
import type { JqNode } from './jq-node.ts';
import { JqProblem } from './jq-problem.ts';
import { callOf, fresh, gathered, many, one, truth, within, type Scope, type Written } from './jq-scope.ts';

type Call = Extract<JqNode, { kind: 'call' }>;
type Writer = (call: Call, scope: Scope) => Written;

function input(call: Call, scope: Scope): string {
  return one({ kind: 'input', index: call.index }, scope);
}

function argument({ args, index }: Call, position: number): JqNode {
  const node = args[position];
  if (node === undefined) throw new JqProblem('An argument is missing', index);
  return node;
}

/** A function of ours on the input and the arguments. */
function plain(name: string, isFlag?: 'flag'): Writer {
  return (call, scope) => {
    const args = call.args.map((arg) => one(arg, scope));
    return { text: callOf(scope, name, [input(call, scope), ...args]), isFlag: isFlag === 'flag' };
  };
}

/** A function of JSONata on the input. */
function native(name: string): Writer {
  return (call, scope) => ({ text: `$${name}(${input(call, scope)})` });
}

const map: Writer = (call, scope) => {
  const item = fresh(scope);
  const items = callOf(scope, 'items', [input(call, scope)]);
  return { text: gathered(items, item, many(argument(call, 0), within(scope, item))).text };
};

const select: Writer = (call, scope) => {
  const kept = callOf(scope, 'one', [input(call, scope)]);
  const condition = scope.book.write(argument(call, 0), scope);
  if (condition.isMany !== true) {
    const { text, isFlag } = condition;
    return {
      text: `(${isFlag === true ? text : callOf(scope, 'true', [text])} ? ${kept} : [])`,
      isMany: true,
    };
  }
  const item = fresh(scope);
  return gathered(condition.text, item, `(${callOf(scope, 'true', [item])} ? ${kept} : [])`);
};

/** `any`, `all`, each with a condition and with a list of its own. */
function quantifier(wanted: 'any' | 'all'): Writer {
  return (call, scope) => {
    const [first, second] = call.args;
    const items =
      second === undefined || first === undefined
        ? callOf(scope, 'items', [input(call, scope)])
        : many(first, scope);
    const item = fresh(scope);
    const condition = second ?? first ?? { kind: 'input', index: call.index };
    const holds = truth(condition, within(scope, item));
    const matching = (test: string): string => `$count($filter(${items}, function(${item}) { ${test} }))`;
    const text = wanted === 'any' ? `(${matching(holds)} > 0)` : `(${matching(`$not(${holds})`)} = 0)`;
    return { text, isFlag: true };
  };
}

const test: Writer = (call, scope) => {
  const [pattern, flags] = call.args;
  if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string') {
    throw new JqProblem('The pattern of test() has to be written out', call.index);
  }
  const given = flags?.kind === 'literal' ? flags.value : '';
  if (flags !== undefined && flags.kind !== 'literal')
    throw new JqProblem('The flags of test() have to be written out', flags.index);
  if (typeof given !== 'string' || !/^[ig]*$/.test(given)) {
    throw new JqProblem(`test() has the flag 'i' only here`, flags?.index ?? call.index);
  }
  if (pattern.value === '' || /\n/.test(pattern.value))
    throw new JqProblem('The pattern of test() is empty', pattern.index);
  const source = pattern.value.replaceAll(/\\.|\//gs, (part) => (part === '/' ? '\\/' : part));
  const text = `$contains(${input(call, scope)}, /${source}/${given.includes('i') ? 'i' : ''})`;
  return { text: callOf(scope, 'true', [text]), isFlag: true };
};

/** `IN(a, b)`: the input is one of the results. */
const isIn: Writer = (call, scope) => {
  const item = fresh(scope);
  const same = callOf(scope, 'equal', [item, input(call, scope)]);
  const text = `($count($filter(${many(argument(call, 0), scope)}, function(${item}) { ${same} })) > 0)`;
  return { text, isFlag: true };
};

function edge(position: '0' | '-1'): Writer {
  return (call, scope) => {
    const [of] = call.args;
    const list = of === undefined ? input(call, scope) : many(of, scope);
    return { text: callOf(scope, 'at', [list, position]) };
  };
}

const sum: Writer = (call, scope) => {
  const add = callOf(scope, 'add', ['$a', '$b']);
  const items = callOf(scope, 'items', [input(call, scope)]);
  return { text: `$reduce(${items}, function($a, $b) { ${add} }, null)` };
};

const sortBy: Writer = (call, scope) => {
  const [a, b] = [fresh(scope), fresh(scope)];
  const of = argument(call, 0);
  const keys = [b, a].map((item) => one(of, within(scope, item)));
  return {
    text: `$append([], $sort(${input(call, scope)}, function(${a}, ${b}) { ${callOf(scope, 'less', keys)} }))`,
  };
};

/** Null and what is not there give no result. */
const values: Writer = (call, scope) => {
  const it = input(call, scope);
  return { text: `(${callOf(scope, 'is_null', [it])} ? [] : ${callOf(scope, 'one', [it])})`, isMany: true };
};

const inside: Writer = (call, scope) => {
  const outer = one(argument(call, 0), scope);
  return { text: callOf(scope, 'contains', [outer, input(call, scope)]), isFlag: true };
};

const not: Writer = (call, scope) => ({
  text: `$not(${truth({ kind: 'input', index: call.index }, scope)})`,
  isFlag: true,
});

export const CALLS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['not/0', not],
  ['map/1', map],
  ['select/1', select],
  ['empty/0', () => ({ text: '[]', isMany: true })],
  ['values/0', values],
  ['any/0', quantifier('any')],
  ['any/1', quantifier('any')],
  ['any/2', quantifier('any')],
  ['all/0', quantifier('all')],
  ['all/1', quantifier('all')],
  ['all/2', quantifier('all')],
  ['IN/1', isIn],
  ['contains/1', plain('contains', 'flag')],
  ['inside/1', inside],
  ['index/1', plain('index')],
  ['has/1', plain('has', 'flag')],
  ['test/1', test],
  ['test/2', test],
  ['startswith/1', plain('starts', 'flag')],
  ['endswith/1', plain('ends', 'flag')],
  ['ascii_downcase/0', native('lowercase')],
  ['ascii_upcase/0', native('uppercase')],
  ['length/0', plain('length')],
  ['keys/0', plain('keys')],
  ['join/1', plain('join')],
  ['split/1', plain('split')],
  ['sort/0', plain('sort')],
  ['sort_by/1', sortBy],
  ['unique/0', plain('unique')],
  ['first/0', edge('0')],
  ['first/1', edge('0')],
  ['last/0', edge('-1')],
  ['last/1', edge('-1')],
  ['add/0', sum],
  ['tostring/0', plain('text')],
  ['tonumber/0', plain('number')],
  ['type/0', plain('kind')],
  ['floor/0', native('floor')],
  ['ceil/0', native('ceil')],
]);
