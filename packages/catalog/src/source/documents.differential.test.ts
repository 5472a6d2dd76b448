/** Holds parseDocuments to the verdicts and values of the `yaml` package, which Backstage reads with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { parseDocuments } from './documents.ts';

/** What Backstage would keep of a text: its non-null documents, as they look after JSON. */
function backstageReads(text: string): { readonly values: readonly unknown[]; readonly broken: boolean } {
  const values: unknown[] = [];
  let broken = false;
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  for (const document of Array.isArray(documents) ? documents : []) {
    try {
      const value: unknown = document.errors.length > 0 ? 'broken' : document.toJSON();
      if (value === null) continue;
      if (typeof value === 'object' && !Array.isArray(value)) values.push(JSON.parse(JSON.stringify(value)));
      else broken = true;
    } catch {
      broken = true;
    }
  }
  return { values, broken };
}

function weRead(text: string): { readonly values: readonly unknown[]; readonly broken: boolean } {
  const { documents, diagnostics } = parseDocuments({ bytes: Buffer.from(text), file: 'x' });
  const values = documents.map(({ value }): unknown => JSON.parse(JSON.stringify(value)));
  return { values, broken: diagnostics.some(({ severity }) => severity === 'error') };
}

/** One per word; ␣ stands for a blank and ↹ for a tab. */
const SCALARS: readonly string[] = String.raw`
  1 -1 +1 -0 012 0o17 0o8 0x1F -0x1F 0b11 1_000 12345678901234567890
  1.5 1.50 .5 5. 1e3 1E-3 +.5e1 1e e1 . 1.2.3 12:30 .inf -.INF .NaN
  ~ null Null NULL nULL true True TRUE tRUE false yes No on off y
  2020-01-01 2020-01-01T10:00:00Z = << < %a @a & * ! !a | > ?
  - -␣a -- --- ?a :a a: a:b a:␣b a␣#b a#b #a ,a [a a] {a} []
  "a" 'a' "a\nb" "\x41" "\u00e9" "\d" 'it''s' "a"␣b "a"#b it's a↹b ↹a
  http://a.b:80/c#d a␣␣b é 日本 👍 *a &a␣b !!str␣1 !!int␣"3"
`
  .trim()
  .split(/\s+/)
  .map((word) => word.replaceAll('␣', ' ').replaceAll('↹', '\t'))
  .concat('`a`', 'a\u2028b', 'a\u0085b', '');

const BLOCKS = [
  'a: |\n  b\n   c\n\n  d\n',
  'a: >\n  b\n  c\n\n  d\n   e\n  f\n',
  'a: |-\n  b\n',
  'a: |+\n  b\n\n\nc: d\n',
  'a: >-\n\n  b\n',
  'a: |2\n    b\n',
  'a: |\n   b\n  c\n',
  'a: |\n  \n # c\n',
  'a: | # comment\n  b\n',
  'a: b\n  c\n\n  d\n',
  'a: "b\n  c\\\n  d"\n',
  'a: "b\nc"\n',
  "a: 'b\n\n  c'\n",
  'a:\n- b\n- c\n',
  'a:\n  - b\n  -\n  - - c\n    - d\n',
  'a:\n  -\n- b\n',
  '- a: b\n  c: d\n',
  'a:\n  b: c\n d: e\n',
  'a:\n  b: c\n   d: e\n',
  'a: {b: c, d: [e, f], }\n',
  'a: {b, c: , d}\n',
  'a: [b: c, d]\n',
  'a: [b,, c]\n',
  'a: [b c\n',
  'a: {\n  b: c\n}\n',
  'a: {\nb: c\n}\n',
  '{"a":1,"b":[true,null,"c"]}',
  '{"a": {"b": "c"}}\n',
  '{"a":1,"a":2}',
  'a: 1\na: 2\n',
  'a: 1\n"a": 2\n',
  '1: a\n"1": b\n',
  '? a\n: b\n',
  '? [a]\n: b\n',
  '[a]: b\n',
  '{[a]}\n',
  '~: a\n',
  ': a\n',
  'a : b\n',
  'a:\tb\n',
  'a:\n\tb: c\n',
  'a: b\t# c\n',
  'a: &x b\nc: *x\n',
  'a: &x {b: c}\nd: {<<: *x, e: f}\n',
  'a: &x b: c\n',
  'a: *x\n',
  'a: &x *x\n',
  'a: &x\n  b: c\nd: *x\n',
  '&x a: b\n*x : c\n',
  'a: !!binary aGk=\n',
  'a: !foo {b: c}\n',
  '# only a comment\n',
  '',
  '\n\n',
  '---\n',
  '---\n---\n',
  'a: b\n---\n',
  'a: b\n--- # c\nd: e\n',
  '--- a: b\n',
  '--- {a: b}\n',
  '---a: b\n',
  'a: b\n...\n',
  'a: b\n...\nc: d\n',
  'a: b\n...\n---\nc: d\n...\n---\n',
  '%YAML 1.1\n---\na: yes\nb: 010\n',
  '%YAML 1.2\n---\na: yes\n',
  '%YAML 1.1\n---\na: &x {b: c}\nd: {<<: *x}\n',
  '%TAG !e! tag:example.com,2000:\n---\na: !e!b c\n',
  '%YAML 1.2\na: b\n',
  'a: b\r\nc: |\r\n  d\r\n  e\r\n---\r\nf: g\r\n',
  'a: b\rc: d\n',
  'a:\n# c\n  b\n',
  'a:\n  # c\n  b: d\n',
  'a: [ # c\n  b ]\n',
  'a: [#c\n b]\n',
  'a: "b"#c\n',
  'a: b: c\n',
  'toString: a\nconstructor: b\n',
  `${'k'.repeat(1025)}: a\n`,
];

describe('parseDocuments beside the yaml package', () => {
  for (const place of ['a: %s\n', '- %s\n', '{a: [%s]}\n', '%s: a\n', 'a:\n  - %s # c\n  - b\n', '%s']) {
    it(`agrees on scalars in ${JSON.stringify(place)}`, () => {
      for (const scalar of SCALARS) {
        const text = place.replace('%s', () => scalar);
        assert.deepEqual(weRead(text), backstageReads(text), JSON.stringify(text));
      }
    });
  }

  it('agrees on collections, multi-line scalars, streams, comments and errors', () => {
    for (const text of BLOCKS) assert.deepEqual(weRead(text), backstageReads(text), JSON.stringify(text));
  });

  it('agrees on generated text, but for what is listed below', () => {
    const word = fc.constantFrom(...SCALARS, 'k', 'spec', 'a b');
    const mark = fc.constantFrom(
      ': ',
      ':',
      '- ',
      '-',
      ' # c',
      '#',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '|',
      '>-',
      '\n',
    );
    const line = fc
      .tuple(fc.nat(4), fc.constantFrom('k: ', 'x:', '- ', '- m: ', '', 'p: |', 'q: "', 'f: [', 'g: {'))
      .chain(([indent, head]) =>
        fc
          .array(fc.oneof(word, mark), { maxLength: 3 })
          .map((rest) => ' '.repeat(indent) + head + rest.join('')),
      );
    const marker = fc.constantFrom('---', '--- # c', '# c', '');
    const text = fc.array(fc.oneof({ weight: 5, arbitrary: line }, marker), { maxLength: 8 });
    fc.assert(
      fc.property(text, (lines) => {
        const source = lines.map((part) => `${part}\n`).join('');
        const expected = backstageReads(source);
        const actual = weRead(source);
        assert.equal(actual.broken, expected.broken);
        // Once something is broken, `yaml` may blame or lose a neighbour.
        if (!expected.broken) assert.deepEqual(actual.values, expected.values);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseDocuments, where it deviates from the yaml package on purpose', () => {
  it('keeps the documents after one whose quote or bracket is not closed', () => {
    const text = 'a: "b\n---\nc: d\n';
    assert.deepEqual(backstageReads(text).values.length, 0);
    assert.deepEqual(weRead(text), { values: [{ c: 'd' }], broken: true });
  });

  it('blames a stray bracket on its own document, not on the one before', () => {
    const text = 'a: b\n---\n]\n';
    assert.deepEqual(backstageReads(text), { values: [], broken: true });
    assert.deepEqual(weRead(text), { values: [{ a: 'b' }], broken: true });
  });

  it('reads more than a hundred aliases of one anchor', () => {
    const text = `a: &a b\nc: [${Array(101).fill('*a').join(', ')}]\n`;
    assert.equal(backstageReads(text).broken, true);
    assert.equal(weRead(text).broken, false);
  });

  it('refuses a __proto__ key', () => {
    assert.equal(backstageReads('__proto__: a\n').broken, false);
    assert.equal(weRead('__proto__: a\n').broken, true);
  });

  it('refuses values of types that JSON does not have', () => {
    for (const text of ['a: !!set {b, c}\n', '%YAML 1.1\n---\na: !!set {b}\n']) {
      assert.equal(backstageReads(text).broken, false);
      assert.equal(weRead(text).broken, true);
    }
  });

  it('refuses text with NUL characters, and too much nesting', () => {
    for (const text of ['a: "\0"\n', `a: ${'['.repeat(70)}${']'.repeat(70)}\n`]) {
      assert.equal(backstageReads(text).broken, false);
      assert.equal(weRead(text).broken, true);
    }
  });
});
