import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { loadExpressions, type Evaluated, type ParsedExpression } from './language.ts';

const language = await loadExpressions();
const at = 'spec.parameters[0].properties.account.ui:visible';
const parse = (text: string): ParsedExpression => language.parse(text, { at, listId: '/regions/*' });

async function run(text: string, input: unknown = {}): Promise<Evaluated> {
  const { expression, diagnostics } = language.parse(text, { at, input: 'answer' });
  if (expression === null) throw new Error(diagnostics[0]?.summary);
  return language.evaluate(expression, input);
}

const value = async (text: string, input: unknown = {}): Promise<unknown> => {
  const made = await run(text, input);
  return 'failure' in made ? made : made.value;
};

const failure = async (text: string, input: unknown = {}): Promise<string> => {
  const made = await run(text, input);
  return 'failure' in made ? made.failure : `no failure, but ${JSON.stringify(made.value)?.slice(0, 100)}`;
};

const LOOPS = [
  '($f := function($x) { $f($x) }; $f(1))',
  '($f := function($x) { 1 + $f($x) }; $f(1))',
  '($f := function($x) { [$f($x), $f($x)] }; $f(1))',
  '[$error("x") ? 1, ($f := function() { $f() }; $f())]',
  '$map([1..90000], function($i) { $map([1..90000], function($j) { $i * $j }) })',
  '$reduce([1..90000], function($a, $b) { $append($a, [$b]) }, [])',
  '$distinct($map([1..3000], function($i) { {"a": $i} }))',
  '($a := [1..20000]; $map([1..20000], function($i) { $i in $a }))',
];
const GROWING = [
  '[1..1000000]',
  '$pad("x", 1000000000)',
  '$map([1..1000], function($i) { $pad("x", 900000) })',
  '($f := function($s) { $f($s & $s) }; $f("xxxx"))',
  '$replace($pad("a", 90000, "a"), "a", $pad("b", 90000))',
  '$join($map([1..1000], function($i) { "x" }), $pad("-", 90000))',
  '($f := function($o, $n) { $n = 0 ? $o : $f({"a": $o, "b": $o}, $n - 1) }; $string($f("x", 60)))',
  '($f := function($o, $n) { $n = 0 ? $o : $f([[$o], [$o]], $n - 1) }; $f("x", 60))',
  '($f := function($n) { $n = 0 ? 1 : {"a": $f($n - 1)} }; $f(100))',
];
const OPTIONS = Array.from({ length: 5000 }, (_, index) => ({ value: index, label: `account ${index}` }));
const MATCHING = "options[$contains($lowercase($$.form.service & '-account'), $lowercase(label))].value";
const FEW_OPTIONS = { form: { service: 'payments' }, options: OPTIONS.slice(0, 10) };

/** Made before the first test: while tests run, the runner watches every promise, and expressions make many. */
const failures = new Map<string, string>();
for (const text of [...LOOPS, ...GROWING]) failures.set(text, await failure(text));
const found = {
  many: await run(MATCHING, { form: { service: 'account 4321' }, options: OPTIONS }),
  manyLoops: await run(`${MATCHING} & $string([1..5].(${LOOPS[0]}))`, FEW_OPTIONS),
  again: await run(LOOPS[0] ?? ''),
};

describe('parse', () => {
  it('tells what an expression reads', () => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      'form.a.b': ['/a/b'],
      'current.a': ['/a'],
      '$$.form.x': ['/x'],
      '$.form.x': ['/x'],
      'form.`odd name`.c': ['/odd name/c'],
      'form."odd/name"': ['/odd~1name'],
      '$lookup(form, "x")': ['/x'],
      '($f := form; $f.x)': ['/x'],
      '($f := form.a; $g := $f; $g.x)': ['/a/x'],
      '(true ? form.a : form.b).c': ['/a/c', '/b/c'],
      'form.regions.name': ['/regions/name'],
      'form.regions[0].name': ['/regions/name'],
      'item.x': ['/regions/*/x'],
      'form.a + form.a': ['/a'],
      'form.a & form.a.b': ['/a'],
      'form.(a & b)': ['/a', '/b'],
      'form.a[b = $$.form.c].d': ['/a/b', '/c', '/a/d'],
      'form.a.("one")': ['/a'],
      'form.list^(>x).y': ['/list/x', '/list/y'],
      'form.list@$l.(1)': ['/list'],
      'form.list#$i.($i)': ['/list'],
      'form.name.$uppercase()': ['/name'],
      'form.a ~> $uppercase': ['/a'],
      'form.a ?? form.b': ['/a', '/b'],
      '$map(form.rs, function($r) { $r.name & form.z })': ['/rs', '/z'],
      '($x := form.a; $x := $x.next; $x.v)': ['/a'],
      '($g := function($p) { $p.z & form.y }; $g(form.x))': ['/x', '/y'],
      '{"k": form.a, "l": [form.b]}': ['/a', '/b'],
      'form.a.*': ['/a'],
      'form.__proto__.constructor': ['/__proto__/constructor'],
      'value = 1 and user.name = "anna"': [],
    };
    for (const [text, reads] of Object.entries(cases)) {
      const { expression, diagnostics } = parse(text);
      assert.deepEqual(diagnostics, [], text);
      assert.deepEqual(expression?.reads.toSorted(), reads.toSorted(), text);
    }
  });

  it('tells whether an expression reads options and the user', () => {
    const { expression } = parse(
      "options[$contains($lowercase($$.form.service & '-account'), $lowercase(label))][0].value",
    );
    assert.deepEqual(expression?.reads, ['/service']);
    assert.equal(expression?.readsOptions, true);
    assert.equal(expression?.readsUser, false);
    assert.equal(parse('user.groups[0]').expression?.readsUser, true);
  });

  it('refuses expressions that read the form without naming fields', () => {
    const texts = [
      'form',
      '$count(form)',
      'form.*',
      '$keys(current)',
      '$lookup(form, form.x)',
      '$string()',
      'form["x"]',
    ];
    for (const text of [...texts, '$', '$$', '**', 'form.x.%', '($g := function($p) { $p.z }; $g(form))']) {
      const { expression, diagnostics } = parse(text);
      assert.equal(expression, null, text);
      assert.deepEqual(
        diagnostics.map(({ code, path }) => [code, path]),
        [['form/reads-everything', at]],
        text,
      );
    }
  });

  it('warns of names that expressions do not know', () => {
    const { expression, diagnostics } = parse("service = 'x'");
    assert.notEqual(expression, null);
    assert.equal(diagnostics[0]?.code, 'form/unknown-name');
    assert.match(diagnostics[0]?.detail ?? '', /form\.service/);
  });

  it('refuses what is not the same twice, and slips in names of functions', () => {
    const codes = (text: string): readonly string[] => parse(text).diagnostics.map(({ code }) => code);
    for (const name of ['eval', 'now', 'millis', 'random', 'shuffle', 'fetch']) {
      assert.deepEqual(codes(`$${name}("1")`), ['form/forbidden-function'], name);
      assert.deepEqual(codes(`($f := $${name}; $f("1"))`), ['form/forbidden-function'], name);
    }
    assert.deepEqual(codes('$uppercaze(form.a)'), ['form/unknown-variable']);
    assert.deepEqual(codes('$map(form.a, function($v, $i) { $v & $i })'), []);
    assert.deepEqual(codes('form.l#$i@$v.($i & $v)'), []);
  });

  it('refuses regular expressions that can take for ever', () => {
    assert.deepEqual(
      parse('$match(form.a, /(a+)+$/)').diagnostics.map(({ code }) => code),
      ['form/runaway-pattern'],
    );
    assert.deepEqual(parse('$match(form.a, /^[a-z0-9]+(-[a-z0-9]+)*$/)').diagnostics, []);
  });

  it('says where an expression is wrong', () => {
    const bad = ['', '  ', '(', 'form.a =', '/(/', 'form.a]', '`a', '"a', '1e999', 'x'.repeat(20_000), '%'];
    for (const text of [
      ...bad,
      '('.repeat(5000),
      '['.repeat(9000),
      `${'('.repeat(900)}1${')'.repeat(900)}`,
    ]) {
      const { expression, diagnostics } = parse(text);
      assert.equal(expression, null, text.slice(0, 50));
      assert.equal(diagnostics[0]?.code, 'form/bad-expression', text.slice(0, 50));
      assert.equal(diagnostics[0].path, at);
      assert.ok((diagnostics[0].detail ?? '').length < 500);
    }
  });

  it('takes what an answer is for nothing of the form', () => {
    const { expression, diagnostics } = language.parse('$.accounts[form = 1]', { at, input: 'answer' });
    assert.deepEqual([expression?.reads, diagnostics], [[], []]);
  });
});

describe('evaluate', () => {
  it('gives plain JSON', async () => {
    const input = { list: [{ n: 1 }, { n: 2 }], one: [{ n: 3 }], deep: { __proto__: null, x: null } };
    assert.deepEqual(await value('list.n', input), [1, 2]);
    assert.equal(await value('one.n', input), 3);
    assert.equal(await value('nothing.n', input), undefined);
    assert.equal(await value('deep.x', input), null);
    assert.deepEqual(await value('{"a": nothing, "b": [list.n]}', input), { b: [1, 2] });
    const made = await value('{"__proto__": 1, "constructor": {"prototype": 2}}');
    assert.ok(isObject(made));
    assert.deepEqual(Object.entries(made), [
      ['__proto__', 1],
      ['constructor', { prototype: 2 }],
    ]);
    assert.equal(Object.getPrototypeOf(made), Object.prototype);
  });

  it('follows no prototype', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'constructor.prototype', 'x.constructor']) {
      assert.equal(await value(name, { x: {} }), undefined, name);
    }
  });

  it('calls what gives no value a failure', async () => {
    assert.equal(await failure('function($x) { $x }'), 'it gives a function, not a value');
    assert.equal(await failure('{"a": $uppercase}'), 'it gives a function, not a value');
    assert.equal(await failure('1 / 0'), 'it gives a number that JSON cannot say');
    assert.equal(await failure('$error("no account fits")'), 'no account fits');
    assert.equal(
      await failure('$uppercase(1)'),
      'Argument 1 of function "uppercase" does not match function signature',
    );
    assert.equal(await failure('"a" + 1'), 'The left side of the "+" operator must evaluate to a number');
  });

  it('ends expressions that would not', () => {
    for (const text of LOOPS) {
      assert.match(
        failures.get(text) ?? '',
        /^(?:it takes too many steps|it makes something too large|x$)/,
        text,
      );
    }
  });

  it('makes nothing too large', () => {
    for (const text of GROWING) {
      assert.match(
        failures.get(text) ?? '',
        /^(?:it makes something too large|it takes too many steps|it gives something deeper)/,
        text,
      );
    }
  });

  it('tries no regular expression on long texts', async () => {
    assert.equal(await value('$contains(x, /a.*b.*c/)', { x: `a${'-'.repeat(400)}bc` }), true);
    assert.match(await failure('$contains(x, /a.*b.*c/)', { x: 'a'.repeat(20_000) }), /a text of more than/);
    assert.deepEqual(await value('$split("a1b22c", /[0-9]+/)'), ['a', 'b', 'c']);
    assert.equal(await value('$replace("a-b-c", /-(.)/, "+$1")'), 'a+b+c');
  });

  it('takes more steps for more options', () => {
    assert.deepEqual(found.many, { value: [4, 43, 432, 4321] });
    assert.deepEqual(found.manyLoops, found.again);
  });

  it('keeps the meaning of functions that it guards', async () => {
    assert.deepEqual(await value('$map(["a", "b"], $uppercase)'), ['A', 'B']);
    assert.deepEqual(await value('["a", "b"] ~> $map($pad(?, 3))'), ['a  ', 'b  ']);
    assert.equal(await value('$distinct(x.g)', { x: [{ g: 'a' }, { g: 'a' }] }), 'a');
    assert.deepEqual(await value('$distinct(["a"])'), ['a']);
    assert.deepEqual(await value('$distinct([{"a": 1}, {"a": 1}, 2])'), [{ a: 1 }, 2]);
    assert.deepEqual(await value('$filter([1, 2, 3], function($v, $i) { $i > 0 })'), [2, 3]);
    assert.equal(await value('$reduce([1..10], function($a, $b) { $a + $b })'), 55);
    assert.deepEqual(await value('$sort([3, 1, 2])'), [1, 2, 3]);
    assert.equal(await value('(1 ~> $string() ~> $length()) & ("x" ~> $uppercase)'), '1X');
    assert.equal(await value('$toMillis("2026-03-01T10:30:00")'), Date.UTC(2026, 2, 1, 10, 30));
    assert.match(await failure('$toMillis("1 2 3", "[Y] [M] [D]")'), /ISO 8601/);
  });

  it('does not change its input', async () => {
    const input = { tags: ['a'], none: [], rows: [{ k: 'x', v: 1 }] };
    const frozen = structuredClone(input);
    for (const text of [
      'tags[]',
      'none{k: v}',
      'rows{k: v}',
      '[tags].$',
      '$sort(tags)',
      'rows ~> |$|{"v": 2}|',
    ]) {
      await run(text, input);
    }
    assert.deepEqual(input, frozen);
    assert.deepEqual(Object.keys(input.tags), ['0']);
  });
});
