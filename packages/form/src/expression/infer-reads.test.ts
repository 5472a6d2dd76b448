import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '@callboard/model';
import { keysOf, valueAt } from '../resolve/pointer.ts';
import { loadExpressions } from './language.ts';

const language = await loadExpressions();
const RUNS = process.env['CALLBOARD_LONG'] === '1' ? 20_000 : 400;
const NAMES = ['a', 'b', 'c', 'odd name', 'list'];

interface Written {
  readonly text: string;
  readonly reads: readonly string[];
}

/** A path into the form, with what it reads. */
const pathFrom = (...roots: readonly string[]): fc.Arbitrary<Written> =>
  fc
    .tuple(fc.constantFrom(...roots), fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }))
    .map(([root, names]) => ({
      text: [root, ...names.map((name) => `\`${name}\``)].join('.'),
      reads: [`/${names.join('/')}`],
    }));

const literal = fc.constantFrom('1', '"x"', 'true', 'null').map((text): Written => ({ text, reads: [] }));

const expressionOf = (path: fc.Arbitrary<Written>): fc.Arbitrary<Written> =>
  fc.letrec<{ expression: Written }>((tie) => {
    const one = tie('expression');
    const two = fc.tuple(one, one);
    const both = (make: (a: string, b: string) => string): fc.Arbitrary<Written> =>
      two.map(([a, b]) => ({ text: make(a.text, b.text), reads: [...a.reads, ...b.reads] }));
    return {
      expression: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'expression' },
        path,
        literal,
        both((a, b) => `(${a} = ${b})`),
        both((a, b) => `($string(${a}) & $string(${b}))`),
        both((a, b) => `(${a} ? ${b} : ${a})`),
        both((a, b) => `[${a}, ${b}]`),
        both((a, b) => `{"k": ${a}, "l": ${b}}`),
        both((a, b) => `($v := ${a}; $w := ${b}; [$v, $w])`),
        both((a, b) => `$map([1, 2], function($i) { [$i, ${a}, ${b}] })`),
        both((a, b) => `$append(${a}, ${b})`),
        both((a, b) => `(${a})[$exists(${b})]`),
        both((a, b) => `(${a}).(${b})`),
        both((a, b) => `(${a} ?? ${b})`),
        both((a, b) => `(function($x) { [$x, ${b}] })(${a})`),
        one.map(({ text, reads }) => ({ text: `$exists(${text})`, reads })),
        one.map(({ text, reads }) => ({ text: `(${text}).a[b = 1]`, reads })),
        one.map(({ text, reads }) => ({ text: `(${text}).list^(a).b`, reads })),
        one.map(({ text, reads }) => ({ text: `$count((${text}).list.(1))`, reads })),
        one.map(({ text, reads }) => ({ text: `(${text}).list#$i@$l.{"i": $i, "a": $l.a}`, reads })),
      ),
    };
  }).expression;

const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    fc.constantFrom<JsonValue>('x', 1, 2, true, null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('json'), { maxKeys: 4 }),
  ),
}));
const form = fc.dictionary(fc.constantFrom(...NAMES), json, { maxKeys: 5 });

const isWithin = (id: string, other: string): boolean => id === other || id.startsWith(`${other}/`);

describe('reads of expressions', () => {
  it('name everything that was written into a random expression', () => {
    fc.assert(
      fc.property(expressionOf(pathFrom('$$.form', '$$.current')), ({ text, reads }) => {
        const parsed = language.parse(text, { at: 'x' }).expression;
        assert.ok(parsed !== null, text);
        // A path that goes on from another reads more of it, or less.
        for (const read of reads) {
          assert.ok(
            parsed.reads.some((id) => isWithin(read, id) || isWithin(id, read)),
            `${text} reads ${read}`,
          );
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('name nothing else in expressions without steps between them', () => {
    fc.assert(
      fc.property(
        fc.array(pathFrom('form', 'current', '$$.form'), { minLength: 1, maxLength: 5 }),
        (paths) => {
          const text = paths.map((one) => one.text).join(' = ');
          const all = paths.flatMap((one) => one.reads);
          const widest = all.filter((id) => !all.some((other) => other !== id && isWithin(id, other)));
          const parsed = language.parse(`(${text.replaceAll(' = ', ') = (')})`, { at: 'x' }).expression;
          assert.deepEqual(parsed?.reads.toSorted(), [...new Set(widest)].toSorted());
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('are enough: values that are not read make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(
        expressionOf(pathFrom('form', '$$.form', '$.form', 'form.a[b].list')),
        form,
        form,
        async ({ text }, one, other) => {
          const parsed = language.parse(text, { at: 'x' }).expression;
          assert.ok(parsed !== null, text);
          const mixed = parsed.reads.reduce<JsonObject>((made, id) => copied(one, made, id), other);
          const [first, second] = await Promise.all(
            [one, mixed].map((values) => language.evaluate(parsed, { form: values, current: values })),
          );
          assert.deepEqual(second, first, text);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** `to` with the value of `from` at a pointer; a list on the way is taken as a whole. */
function copied(from: JsonObject, to: JsonObject, id: string): JsonObject {
  const keys = keysOf(id);
  const end = keys.findIndex((_, index) => !isMap(valueAt(from, keys.slice(0, index + 1))));
  return withValue(from, to, end === -1 ? keys : keys.slice(0, end + 1));
}

function withValue(from: JsonObject, to: JsonObject, [key = '', ...rest]: readonly string[]): JsonObject {
  const { [key]: _, ...others } = to;
  const value = from[key];
  if (value === undefined) return others;
  if (rest.length === 0 || !isMap(value)) return { ...others, [key]: value };
  const held = to[key];
  return { ...others, [key]: withValue(value, isMap(held) ? held : {}, rest) };
}

function isMap(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
