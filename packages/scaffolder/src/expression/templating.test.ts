import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '@callboard/model';
import * as fc from 'fast-check';
import { RenderError } from './errors.ts';
import { createTemplating, type RenderProblem, type RunStatus } from './templating.ts';

const templating = createTemplating();

function render(value: JsonValue, context: JsonObject = {}, status?: RunStatus): JsonValue | undefined {
  return templating.render(value, {
    scope: templating.scope(context),
    at: 'input',
    ...(status === undefined ? {} : { status }),
  });
}

function problemsOf(value: JsonValue, context: JsonObject = {}): RenderProblem[] {
  const problems: RenderProblem[] = [];
  const scope = templating.scope(context);
  templating.render(value, { scope, at: 'input', onProblem: (problem) => problems.push(problem) });
  return problems;
}

describe('createTemplating: render', () => {
  // What Backstage's published runner gives for the same texts.
  const golden: readonly [text: string, context: JsonObject, becomes: JsonValue | undefined][] = [
    ['${{ parameters.count }}', { parameters: { count: 3 } }, 3],
    ['${{ false }}', {}, false],
    ['${{ "false" }}', {}, 'false'],
    ['false', {}, 'false'],
    ['', {}, ''],
    ['x${{ false }}', {}, 'xfalse'],
    ['${{ 1 }}${{ 2 }}', {}, '12'],
    ['${{ missing.a.b }}', {}, undefined],
    ['<${{ missing.a.b }}>', {}, '<>'],
    ['${{ o }}', { o: { a: [1, null, { b: true }] } }, { a: [1, null, { b: true }] }],
    ['${{ o | dump }}', { o: { a: 1 } }, '{"a":1}'],
    ["${{ steps['a-b'].output.x }}", { steps: { 'a-b': { output: { x: 'y' } } } }, 'y'],
    ['{% if a %}yes{% else %}no{% endif %}', { a: 0 }, 'no'],
    ['{% for i in range(3) %}${{ i }},{% endfor %}', {}, '0,1,2,'],
    ['{% raw %}${{ kept }}{% endraw %}', {}, '${{ kept }}'],
    ['{# nothing #}${{ 1 }}', {}, 1],
    ['${{ "a" if x else "b" }}', { x: true }, 'a'],
    ['${{ 7 // 2 }}', {}, 3],
    ['${{ 2 ** 3 }}', {}, 8],
    ['${{ "b" in ["a", "b"] }}', {}, true],
    ['${{ x is defined }}', {}, false],
    ['${{ x | default("d") }}', {}, 'd'],
    ['${{ { "a": [1] } }}', {}, { a: [1] }],
    ['${{ "Ab" | lower }}-${{ "Ab" | upper }}', {}, 'ab-AB'],
    ['${{ "abc".toUpperCase() }}', {}, 'ABC'],
    ['${{ "a1b2" | replace(r/[0-9]/g, "") }}', {}, 'ab'],
    ['{{ kept }}', { kept: 1 }, '{{ kept }}'],
  ];
  for (const [text, context, becomes] of golden) {
    it(`makes ${JSON.stringify(becomes)} of ${JSON.stringify(text)}`, () => {
      assert.deepEqual(render(text, context), becomes);
    });
  }

  it('renders the texts of a tree and leaves out what becomes undefined', () => {
    const tree = {
      a: ['${{ x }}', '${{ nothing }}', 'y'],
      b: { c: '${{ nothing }}', d: 1 },
      '${{ x }}': null,
    };
    assert.deepEqual(render(tree, { x: 5 }), { a: [5, 'y'], b: { d: 1 }, '${{ x }}': null });
  });

  it('does not render what an expression gave', () => {
    assert.equal(render('${{ x }}', { x: '${{ 1 + 1 }}' }), '${{ 1 + 1 }}');
    assert.deepEqual(render(['${{ x }}'], { x: ['${{ 1 + 1 }}'] }), [['${{ 1 + 1 }}']]);
  });

  it('keeps a text whose expression fails, and says where and why', () => {
    const tree = { a: ['ok', 'line one\n ${{ x | nosuch }}'] };
    assert.deepEqual(render(tree), tree);
    assert.deepEqual(problemsOf(tree), [
      {
        path: 'input.a[1]',
        position: { line: 2, column: 10 },
        reason: 'Unknown template filter "nosuch".',
      },
    ]);
  });

  it('says what a filter threw', () => {
    const [problem] = problemsOf('${{ "" | parseRepoUrl }}');
    assert.match(problem?.reason ?? '', /parseRepoUrl.*"\?"|parseRepoUrl.*cannot be used/);
  });

  const endless = {
    'a loop': '{% for i in range(100000000) %}x{% endfor %}',
    'loops in loops': '{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}',
    'a macro that calls itself': '{% macro a() %}${{ a() }}{% endmacro %}${{ a() }}',
    'a regular expression': `\${{ r/^(a+)+$/.test("${'a'.repeat(40)}b") }}`,
  };
  for (const [what, text] of Object.entries(endless)) {
    it(`ends ${what} with an error that names the text`, () => {
      const quick = createTemplating({ timeLimit: 50 });
      assert.throws(
        () => quick.render({ a: text }, { scope: quick.scope({}), at: 'steps[1].input' }),
        (error) =>
          error instanceof RenderError &&
          error.code === 'scaffolder/render-limit' &&
          error.message.includes('steps[1].input.a'),
      );
    });
  }

  it('refuses a value that is nested too deeply, in the scope and in the tree', () => {
    let deep: JsonValue = 'x';
    for (let level = 0; level < 5000; level += 1) deep = { a: deep };
    assert.throws(() => templating.scope({ deep }), { code: 'scaffolder/value-too-deep' });
    assert.throws(() => render(deep), { code: 'scaffolder/value-too-deep' });
  });

  it('never shows a prototype, whatever the keys and the expression', () => {
    const evil: JsonObject = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"name": "x"}, "a": {"__proto__": 1, "b": 2}}',
    );
    assert.deepEqual(render('${{ x }}', { x: evil }), { a: { b: 2 } });
    for (const path of ['x.__proto__', 'x.constructor', '"".constructor.constructor("return process")()']) {
      assert.equal(render(`\${{ ${path} }}`, { x: {} }), `\${{ ${path} }}`);
    }
    assert.equal(render("${{ x | pick('__proto__.polluted') }}", { x: evil }), undefined);
    assert.equal(render("${{ x | pick('constructor.name') }}", { x: {} }), undefined);
    const rendered = render(evil);
    assert.equal(Object.getPrototypeOf(rendered), Object.prototype);
    assert.equal(Object.hasOwn({}, 'polluted'), false);
  });

  it('gives back any JSON that holds no expression', () => {
    const plain = fc.jsonValue().filter((value) => !/\{[{%#]|__proto__/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        const json: JsonValue = JSON.parse(JSON.stringify(value));
        assert.deepEqual(render(json), json);
        const through = render('${{ x }}', { x: json });
        if (!/constructor|prototype/.test(JSON.stringify(json))) assert.deepEqual(through, json);
      }),
    );
  });

  it('never throws for a text other than by a limit', () => {
    const piece = fc.constantFrom(
      '${{',
      '}}',
      '{%',
      '%}',
      ' if ',
      ' for i in x ',
      'endfor',
      '|',
      'x',
      '.',
      '(',
      "'",
      '1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        assert.notEqual(render(['', text], { x: [1, 2] }), null);
      }),
    );
  });

  it('answers always() and failure() from the status, and notes that it was asked', () => {
    const status: RunStatus = { failed: true, asked: false };
    assert.equal(render('${{ 1 }}', {}, status), 1);
    assert.equal(status.asked, false);
    assert.equal(render('${{ failure() }}', {}, status), true);
    assert.equal(status.asked, true);
    assert.equal(render('${{ failure() }}'), false);
    assert.equal(render('${{ always() and x }}', { x: 0 }), 0);
  });
});

describe('createTemplating: scope', () => {
  it('takes new values without changing what it was', () => {
    const before = templating.scope({ steps: {}, secrets: { a: 'b' } });
    const after = before.with(['steps', 'one'], { output: { n: 1 } }).with(['secrets'], {});
    const text = '${{ steps.one.output.n }}/${{ secrets.a }}';
    assert.equal(templating.render(text, { scope: before, at: '' }), '/b');
    assert.equal(templating.render(text, { scope: after, at: '' }), '1/');
  });
});

describe('createTemplating: extensions', () => {
  const own = createTemplating({
    filters: {
      slug: {
        description: 'A slug.',
        schema: { input: { type: 'string' } },
        filter: (input, glue = '-') =>
          typeof input === 'string' && typeof glue === 'string' ? input.replaceAll(' ', glue) : input,
      },
    },
    globals: {
      company: { description: 'Who we are.', value: 'Harbourline' },
      add: { call: (...rest) => rest.reduce<number>((sum, item) => sum + Number(item), 0) },
    },
  });

  it('can be used in steps and in files', () => {
    const text = '${{ "a b" | slug }} ${{ "a b" | slug("_") }} ${{ company }} ${{ add(1, 2) }}';
    assert.equal(own.render(text, { scope: own.scope({}), at: '' }), 'a-b a_b Harbourline 3');
    assert.equal(own.createFileRenderer().render(text, {}), 'a-b a_b Harbourline 3');
  });

  it('are listed with those that are always there, without what they do', () => {
    const { filters, globals } = own.listExtensions();
    assert.deepEqual(Object.keys(filters).toSorted(), [
      'parseEntityRef',
      'parseRepoUrl',
      'pick',
      'projectSlug',
      'slug',
    ]);
    assert.deepEqual(filters['slug'], { description: 'A slug.', schema: { input: { type: 'string' } } });
    assert.deepEqual(Object.keys(globals.functions).toSorted(), ['add', 'always', 'failure']);
    assert.deepEqual(globals.values, { company: { description: 'Who we are.', value: 'Harbourline' } });
    assert.deepEqual(globals.functions['add'], {});
  });
});

describe('createFileRenderer', () => {
  it('renders files and keeps what is no expression', () => {
    const renderer = templating.createFileRenderer();
    const values = { name: 'shop', on: true };
    const text = 'name: ${{ values.name }}\n{% if values.on %}on{% endif %}\n{{ other }}\n';
    assert.equal(renderer.render(text, { values }), 'name: shop\non\n{{ other }}\n');
  });

  it('reads templates of cookiecutter', () => {
    const renderer = templating.createFileRenderer({ cookiecutterCompat: true });
    const context = { cookiecutter: { name: 'shop', list: ['a'] } };
    assert.equal(
      renderer.render('{{ cookiecutter.name }} {{cookiecutter.list | jsonify}}', context),
      'shop ["a"]',
    );
  });

  it('drops line breaks and blanks at blocks when told to', () => {
    const text = 'a\n  {% if true %}\nb\n  {% endif %}\nc';
    const tidy = templating.createFileRenderer({ trimBlocks: true, lstripBlocks: true });
    assert.equal(tidy.render(text, {}), 'a\nb\nc');
    assert.equal(templating.createFileRenderer().render(text, {}), 'a\n  \nb\n  \nc');
  });

  it('throws with line and column', () => {
    const renderer = templating.createFileRenderer();
    assert.throws(() => renderer.render('a\nb ${{ values.x | nosuch }}', { values: {} }), {
      name: 'InputError',
      code: 'scaffolder/render-failed',
      message: '2:18 Unknown template filter "nosuch".',
    });
    assert.throws(() => renderer.render('{% for i in range(100000000) %}{% endfor %}', {}), {
      code: 'scaffolder/render-limit',
    });
  });

  it('has no always() and failure(), which belong to steps', () => {
    assert.throws(() => templating.createFileRenderer().render('${{ always() }}', {}), {
      code: 'scaffolder/render-failed',
    });
  });
});
