import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import type { TemplateValue } from '../graph.ts';
import { loadExpressions, type Evaluated } from './language.ts';
import { renderTemplateValue, type RenderOptions } from './render-template-value.ts';

const language = await loadExpressions();
const at = 'spec.parameters.properties.account.ui:source.http';

function parsed(value: JsonValue): TemplateValue {
  const made = language.parseTemplateValue(value, { at });
  assert.deepEqual(made.diagnostics, []);
  assert.ok(made.value !== null);
  return made.value;
}

const rendered = (value: JsonValue, form: object, options?: RenderOptions): Promise<Evaluated> =>
  renderTemplateValue(parsed(value), { form }, options);

describe('parseTemplateValue', () => {
  it('keeps what has no expression as it is', () => {
    const value = { a: ['x', 1, null, true], b: { c: '$x {{ y }}' } };
    assert.deepEqual(parsed(value), { kind: 'literal', value });
  });

  it('finds expressions in both spellings, whatever they hold', () => {
    const made = parsed({ q: 'a ${{ form.a }}/$${{form.b}}', r: "${{ {'k': '}}'}.k & form.c }}" });
    assert.equal(made.kind, 'object');
    assert.ok(made.kind === 'object');
    const { q, r } = made.entries;
    assert.ok(q?.kind === 'text' && r?.kind === 'expression');
    assert.deepEqual(
      q.parts.map((part) => (typeof part === 'string' ? part : part.reads)),
      ['a ', ['/a'], '/', ['/b']],
    );
    assert.deepEqual([r.expression.reads, r.expression.at], [['/c'], `${at}.r`]);
  });

  it('names each expression that cannot be used', () => {
    const { value, diagnostics } = language.parseTemplateValue(
      { a: '${{ form.x', b: ['ok', '${{ ( }}'], c: '${{ $now() }}', d: '${{ }}', e: '${{ form }}' },
      { at },
    );
    assert.equal(value, null);
    assert.deepEqual(
      diagnostics.map(({ code, path }) => `${code} ${path?.slice(at.length) ?? ''}`),
      [
        'form/bad-expression .a',
        'form/bad-expression .b[1]',
        'form/forbidden-function .c',
        'form/bad-expression .d',
        'form/reads-everything .e',
      ],
    );
  });

  it('ends at values that are nested deep', () => {
    let value: JsonValue = 'x';
    for (let depth = 0; depth < 100; depth += 1) value = [value];
    const made = language.parseTemplateValue(value, { at });
    assert.deepEqual([made.value, made.diagnostics[0]?.code], [null, 'form/too-deep']);
  });
});

describe('renderTemplateValue', () => {
  it('keeps the type of a text that is nothing but an expression', async () => {
    const value = {
      n: '${{ form.n }}',
      list: ['${{ form.none }}', '$${{ form.l }}'],
      gone: '${{ form.none }}',
    };
    assert.deepEqual(await rendered(value, { n: 7, l: [1, { a: 2 }] }), {
      value: { n: 7, list: [[1, { a: 2 }]] },
    });
  });

  it('puts values into texts', async () => {
    const text = 'n=${{ form.n }} none=${{ form.none }} null=${{ form.z }} o=${{ form.o }} b=${{ form.b }}';
    assert.deepEqual(await rendered(text, { n: 7, z: null, o: { a: [1] }, b: false }), {
      value: 'n=7 none= null= o={"a":[1]} b=false',
    });
  });

  it('escapes what goes into an address', async () => {
    const text = 'https://example.com/${{ form.a }}?q=${{ form.b }}';
    assert.deepEqual(await rendered(text, { a: '../x/y', b: 'a&b=c#d ü\ud800' }, { escape: 'url' }), {
      value: 'https://example.com/..%2Fx%2Fy?q=a%26b%3Dc%23d%20%C3%BC%EF%BF%BD',
    });
    assert.deepEqual(await rendered('${{ form.a }}', { a: 'a b' }, { escape: 'url' }), { value: 'a%20b' });
  });

  it('refuses values that would lead an address to another path', async () => {
    const failure = { failure: 'a value would lead the address to another path' };
    for (const a of ['.', '..']) {
      assert.deepEqual(await rendered('/teams/${{ form.a }}/accounts', { a }, { escape: 'url' }), failure);
      assert.deepEqual(await rendered('${{ form.a }}', { a }, { escape: 'url' }), failure);
    }
    assert.deepEqual(await rendered('/x/.${{ form.a }}', { a: '.' }, { escape: 'url' }), failure);
    assert.deepEqual(await rendered('/x?q=/${{ form.a }}', { a: '..' }, { escape: 'url' }), {
      value: '/x?q=/..',
    });
  });

  it('hands on what an expression throws', async () => {
    const failure = { failure: 'no team' };
    assert.deepEqual(await rendered({ a: ['x ${{ $error("no team") }}'] }, {}), failure);
    assert.deepEqual(await rendered(['${{ $error("no team") }}'], {}), failure);
  });
});
