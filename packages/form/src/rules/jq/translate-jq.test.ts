/** Programs of jq with the results of jq itself (1.6) on the same context; of several results the first. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { loadExpressions, type ExpressionLanguage } from '../../expression/language.ts';
import { translateJq } from './translate-jq.ts';

const FORM = {
  language: 'python',
  list: ['a', 'b'],
  one: ['x'],
  empty: [],
  nul: null,
  n: 3,
  s: 'Hello World',
  t: true,
  f: false,
  o: { b: 1, a: 2 },
  objs: [
    { name: 'x', v: 1, tags: ['p'] },
    { name: 'y', v: 2, tags: [] },
  ],
  nested: [[1, 2], [3]],
  e: '',
  mixed: [3, 'a', null, true, 1],
};
const USER = {
  ref: 'user:default/anna',
  name: 'anna',
  displayName: 'Anna Lind',
  email: 'anna@harbourline.example',
  groups: ['user:default/anna', 'group:default/harbour', 'group:default/cranes'],
};

const CASES: readonly (readonly [string, unknown])[] = [
  ['.form.language == "python"', true],
  ['.form.nope', null],
  ['.form.nope == null', true],
  ['.form.nope != null', false],
  ['.form.nope == ""', false],
  ['.form.language != "x"', true],
  ['.form.nope != "x"', true],
  ['.form.list | index("b") != null', true],
  ['.form.nope | index("b") != null', false],
  ['.form.n < 5 and .form.n != null', true],
  ['.form.nope < 5', true],
  ['.form.n <= 3', true],
  ['.form.n >= 4', false],
  ['.form.s > 3', true],
  ['if .form.language == "javascript" then ["Node 16","Node 18"] else ["Python 3.8"] end', ['Python 3.8']],
  ['[.form.list[]]', ['a', 'b']],
  ['[.form.one]', [['x']]],
  ['[.form.one[]]', ['x']],
  ['.form.one', ['x']],
  ['.form.list', ['a', 'b']],
  ['[.form.nested[]]', [[1, 2], [3]]],
  ['.form.nested | map(length)', [2, 1]],
  ['.form.nested[0]', [1, 2]],
  ['.form.nested[-1]', [3]],
  ['[.form.nested[0]]', [[1, 2]]],
  ['.form.language | IN("a","python")', true],
  ['"incident-"+.form.language', 'incident-python'],
  ['.form.nope // "d"', 'd'],
  ['.form.f // "d"', 'd'],
  ['.form.n // 1', 3],
  ['.form.e // "d"', ''],
  ['[.form.objs[] | select(.v > 1) | .name]', ['y']],
  ['.form.objs | map(.name)', ['x', 'y']],
  ['.form.objs | map(select(.name == "x")) | length', 1],
  ['.form.objs | map({(.name): .v}) | add', { x: 1, y: 2 }],
  ['.form.objs | any(.name == "x")', true],
  ['.form.objs | all(.v > 0)', true],
  ['any(.form.list[]; . == "b")', true],
  ['.form.list | any', true],
  ['[true,false] | all', false],
  ['.form.empty | all', true],
  ['.form.empty | any', false],
  ['.form.s | test("^hello";"i")', true],
  ['.form.s | test("o/?")', true],
  ['.form.s | startswith("He")', true],
  ['.form.s|endswith("ld")', true],
  ['.form.s|ascii_downcase', 'hello world'],
  ['.form.s|length', 11],
  ['.form.list|length', 2],
  ['.form.o|length', 2],
  ['.form.nope|length', 0],
  ['.form.o|keys', ['a', 'b']],
  ['.form.list|keys', [0, 1]],
  ['.form.list|join("-")', 'a-b'],
  ['[1,null,"a"]|join(",")', '1,,a'],
  ['.form.s|split(" ")', ['Hello', 'World']],
  ['""|split(",")', []],
  ['"a"|split(",")', ['a']],
  ['[3,1,2,1]|unique', [1, 2, 3]],
  ['["b","a"]|sort', ['a', 'b']],
  ['.form.mixed|sort', [null, true, 1, 3, 'a']],
  ['.form.list|first', 'a'],
  ['.form.list|last', 'b'],
  ['.form.empty|first', null],
  ['first(.form.list[])', 'a'],
  ['.form.n|tostring', '3'],
  ['.form.list|tostring', '["a","b"]'],
  ['"12"|tonumber', 12],
  ['.form.n + 1', 4],
  ['.form.n * 2 - 1', 5],
  ['7 % 3', 1],
  ['.form.n / 2', 1.5],
  ['-.form.n', -3],
  ['.form.list + ["c"]', ['a', 'b', 'c']],
  ['["a","b","c"] - ["b"]', ['a', 'c']],
  ['null + 1', 1],
  ['.form.o + {c:3}', { b: 1, a: 2, c: 3 }],
  ['{a:.form.n, b:[.form.nope], "c d": .form.language}', { a: 3, b: [null], 'c d': 'python' }],
  ['{n: .form.n}|.n', 3],
  ['"x\\(.form.n)y\\(.form.list)"', 'x3y["a","b"]'],
  ['"\\(.form.nope)"', 'null'],
  ['.form.list[0]', 'a'],
  ['.form.list[-1]', 'b'],
  ['.form.list[5]', null],
  ['.form.s[0:5]', 'Hello'],
  ['.form.list[1:]', ['b']],
  ['.form.list[:1]', ['a']],
  ['.form["language"]', 'python'],
  ['.form."language"', 'python'],
  ['.form.o["a"]', 2],
  ['.form.o | has("a")', true],
  ['.form.list|contains(["a"])', true],
  ['.form.s|contains("World")', true],
  ['{a:{b:"xyz"},c:1}|contains({a:{b:"y"}})', true],
  ['"World"|inside("Hello World")', true],
  ['.form.o as $o | $o.a + 1', 3],
  ['.form.list as $l | .form.n | tostring + $l[0]', '3a'],
  ['.form.t and (.form.f | not)', true],
  ['.form.nope | not', true],
  ['.form.e | not', false],
  ['0 | not', false],
  ['[.form.list[], "z"]', ['a', 'b', 'z']],
  ['[1,2,3] | map(select(. > 1))', [2, 3]],
  ['[empty]', []],
  ['.form.list | map(. + "!")', ['a!', 'b!']],
  ['[.form.list, .form.one]', [['a', 'b'], ['x']]],
  ['[.form.nested[][]]', [1, 2, 3]],
  ['[.form.objs[].name]', ['x', 'y']],
  ['[.form.objs[].tags]', [['p'], []]],
  ['.form.objs[0].tags', ['p']],
  ['.form.objs[1].tags', []],
  ['.form.objs | map(.tags)', [['p'], []]],
  ['[.form.mixed[] | type]', ['number', 'string', 'null', 'boolean', 'number']],
  ['.form.mixed|map(values)', [3, 'a', true, 1]],
  ['[.form.list[] as $x | $x + $x]', ['aa', 'bb']],
  ['.form.objs|sort_by(.v)|last|.name', 'y'],
  ['if .form.nope then 1 elif .form.t then 2 else 3 end', 2],
  ['[.form.list[] | if . == "a" then 1 else empty end]', [1]],
  ['.form.list == ["a","b"]', true],
  ['.form.o == {a:2,b:1}', true],
  ['[] == []', true],
  ['[.form.nope] == [null]', true],
  ['.form.nope?', null],
  ['.form.list|index("z")', null],
  ['.form.s|index("World")', 6],
  ['[[1,2],[3]] | add', [1, 2, 3]],
  ['{} | length', 0],
  ['[] | add', null],
  ['.form.n == 3.0', true],
  ['"a" < "b"', true],
  ['[1] | .[0]', 1],
  ['.form.list | .[1]', 'b'],
  ['(.form.nope // .form.language) | ascii_upcase', 'PYTHON'],
  ['.form.objs | map(.name) | join(", ")', 'x, y'],
  ['[.form.nope, .form.language] | map(select(. != null))', ['python']],
  ['[.form.nested | .[] | .[0]]', [1, 3]],
  ['.form.list[] ', 'a'],
  ['1,2', 1],
  ['.form.one | map(.)', ['x']],
  ['.form.one | first', 'x'],
  ['[.form.o[]]', [1, 2]],
  ['(.form.empty[]) // "none"', 'none'],
  ['[.form.list[] // "none"]', ['a', 'b']],
  ['.form | .n', 3],
];

/** What Port's context has and ours names otherwise. */
const CONTEXT: readonly (readonly [string, unknown])[] = [
  ['.user.name', 'Anna Lind'],
  ['.user.userId', 'user:default/anna'],
  ['[.user.team]', [['harbour', 'cranes']]],
  ['[.user.teamsIdentifiers[]]', ['harbour', 'cranes']],
  ['.user.teams | any(.name == "cranes")', true],
  ['.user.teams | map(.name) | join("+")', 'harbour+cranes'],
];

const REFUSED: readonly (readonly [string, string, number])[] = [
  ['.entity.title', '.entity', 0],
  ['.user.roles | any(.name == "Admin")', '.user.roles', 0],
  ['.form.a |= 1', '|=', 8],
  ['reduce .form.a[] as $x (0; . + $x)', 'reduce', 0],
  ['def f: 1; f', 'def', 0],
  ['.form | ..', '..', 8],
  ['.form.a | @base64', '@base64', 10],
  ['.form.a | gsub("a"; "b")', 'gsub/2', 10],
  ['.form.a | test(.form.b)', 'pattern', 10],
  ["'production'", "'", 0],
  ['.form.a ==', 'missing', 10],
  ['if .form.a then 1', 'end', 17],
  ['(.form.a', ')', 8],
  ['.form.a)', "')'", 7],
  ['"abc', 'not closed', 0],
  ['$x', '$x', 0],
  ['.', 'context', 0],
  ['{a: (1, 2)}', 'several', 6],
];

describe('translateJq', () => {
  let language: ExpressionLanguage;
  before(async () => {
    language = await loadExpressions();
  });

  async function run(program: string, as?: 'flag'): Promise<unknown> {
    const translated = translateJq(program, as);
    assert.ok('text' in translated, `${program}: ${JSON.stringify(translated)}`);
    const { expression, diagnostics } = language.parse(translated.text, { at: 'x' });
    assert.ok(expression !== null, `${translated.text}: ${JSON.stringify(diagnostics)}`);
    assert.deepEqual(diagnostics, []);
    const result = await language.evaluate(expression, { form: FORM, current: FORM, user: USER });
    assert.ok(!('failure' in result), `${translated.text}: ${JSON.stringify(result)}`);
    return result.value ?? null;
  }

  for (const [program, expected] of [...CASES, ...CONTEXT]) {
    it(`gives what jq gives for ${program}`, async () => {
      assert.deepEqual(await run(program), expected);
    });
  }

  it('takes conditions as jq does: only null and false are not true', async () => {
    for (const [program, expected] of [
      ['.form.nope', false],
      ['.form.nul', false],
      ['.form.f', false],
      ['.form.e', true],
      ['0', true],
      ['.form.empty', true],
      ['.form.n == 3', true],
    ] as const) {
      assert.equal(await run(program, 'flag'), expected, program);
    }
  });

  for (const [program, named, index] of REFUSED) {
    it(`names what it does not understand in ${program}`, () => {
      const translated = translateJq(program);
      assert.ok('problem' in translated);
      assert.ok(translated.problem.includes(named), translated.problem);
      assert.equal(translated.index, index);
    });
  }

  it('tells what a program reads', () => {
    const translated = translateJq('.form.tags | map(select(. != .form.x)) | length');
    assert.ok('text' in translated);
    assert.deepEqual(language.parse(translated.text, { at: 'x' }).expression?.reads, ['/tags']);
  });

  it('survives any text, however deep', () => {
    const words =
      '. .a .. [ ] ( ) { } | , " \\( if then else end $x as map == // - 1 : ; not .form ` __proto__ constructor';
    const word = fc.constantFrom(...words.split(' '), ' ');
    const program = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(program, (text) => {
        const translated = translateJq(text);
        assert.ok('text' in translated || translated.index <= text.length);
      }),
      { numRuns: process.env['CALLBOARD_LONG'] === '1' ? 100_000 : 500 },
    );
    for (const deep of ['[', '(', '{a:', '-', 'if 1 then ', '1 // ', '"\\(']) {
      const translated = translateJq(deep.repeat(1000));
      assert.ok('problem' in translated, deep);
    }
  });
});
