import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { locate, parseDocuments, type DocumentLimits } from './documents.ts';

const encoder = new TextEncoder();

function parse(text: string, limits?: DocumentLimits) {
  return parseDocuments({ bytes: encoder.encode(text), file: 'catalog-info.yaml' }, limits);
}

function codes(text: string, limits?: DocumentLimits): string[] {
  return parse(text, limits).diagnostics.map(({ code }) => code);
}

describe('parseDocuments', () => {
  const fixtures = new URL('fixtures/', import.meta.url);
  for (const name of readdirSync(fixtures)) {
    it(`reads ${name.replaceAll('-', ' ')}`, () => {
      const bytes = readFileSync(new URL(`${name}/input.yaml`, fixtures));
      const actual = parseDocuments({ bytes, file: 'catalog-info.yaml' });
      const expected = new URL(`${name}/expected.json`, fixtures);
      if (process.env['UPDATE_FIXTURES'] === '1')
        writeFileSync(expected, `${JSON.stringify(actual, null, 2)}\n`);
      assert.deepEqual(actual, JSON.parse(readFileSync(expected, 'utf8')));
    });
  }

  it('tells that a file has more than maxBytes and reads nothing of it', () => {
    const { documents, diagnostics } = parse('kind: Component\n', { maxBytes: 15 });
    assert.deepEqual(documents, []);
    assert.deepEqual(diagnostics, [
      {
        severity: 'error',
        code: 'catalog/yaml-too-large',
        summary: 'The file has 16 bytes; at most 15 are read.',
        detail: 'Split it into several files and list them in a Location entity.',
        file: 'catalog-info.yaml',
      },
    ]);
  });

  it('reads a file of exactly maxBytes', () => {
    assert.equal(parse('kind: Component\n', { maxBytes: 16 }).documents.length, 1);
  });

  const notText: [string, Uint8Array, RegExp][] = [
    ['NUL bytes', Buffer.from('kind: Component\nname: "a\0b"\n'), /binary/],
    ['UTF-16 with a byte order mark', Buffer.from('\uFEFFkind: Component\n', 'utf16le'), /UTF-16/],
    ['UTF-16 without one', Buffer.from('kind: Component\n', 'utf16le'), /UTF-16/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6b, 0, 0, 0]), /UTF-32/],
    ['Latin-1', Buffer.from('kind: Component\ntitle: Caf\u00e9\n', 'latin1'), /not valid UTF-8 from line 2/],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), /binary/],
  ];
  for (const [what, bytes, summary] of notText) {
    it(`refuses ${what} as not text`, () => {
      const { documents, diagnostics } = parseDocuments({ bytes, file: 'x' });
      assert.deepEqual(documents, []);
      assert.equal(diagnostics.length, 1);
      assert.equal(diagnostics[0]?.code, 'catalog/not-text');
      assert.match(diagnostics[0]?.summary ?? '', summary);
    });
  }

  it('takes a byte order mark for what it is', () => {
    assert.deepEqual(parse('\uFEFFkind: Component\n').documents, [
      { value: { kind: 'Component' }, index: 0, line: 1 },
    ]);
  });

  it('finds HTML behind comments and blanks, and leaves HTML inside YAML alone', () => {
    assert.deepEqual(codes('\n  <!-- a --> <!-- b -->\n<html lang="en">'), ['catalog/html-not-yaml']);
    assert.deepEqual(codes('description: |\n  <html></html>\n'), []);
  });

  it('keeps nesting up to maxDepth and refuses one level more', () => {
    const nested = (levels: number): string =>
      `${Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n')} 1\n`;
    assert.equal(parse(nested(64)).documents.length, 1);
    assert.deepEqual(codes(nested(65)), ['catalog/yaml-too-deep']);
    assert.deepEqual(codes('a: {b: {c: 1}}', { maxDepth: 2 }), ['catalog/yaml-too-deep']);
    assert.deepEqual(codes(`a: ${'['.repeat(100_000)}`), ['catalog/yaml-too-deep']);
    assert.deepEqual(codes(`a:\t${'['.repeat(5000)}`), ['catalog/yaml-too-deep']);
  });

  it('bounds what aliases expand to by maxBytes, in both readers', () => {
    const text = `a: &a ${'x'.repeat(100)}\nb: [${Array(20).fill('*a').join(', ')}]\n`;
    assert.deepEqual(codes(text, { maxBytes: 1000 }), ['catalog/yaml-aliases']);
    assert.equal(parse(text).documents.length, 1);
    const many = `a: &a ${'x'.repeat(100)}\nb: [${Array(2000).fill('*a').join(', ')}]\n`;
    assert.deepEqual(codes(many, { maxBytes: 100_000 }), ['catalog/yaml-aliases']);
    assert.equal(parse(many).documents.length, 1);
  });

  it('finds a key that is there twice among very many', () => {
    const keys = Array.from({ length: 5000 }, (_, key) => `k${key}: 1\n`).join('');
    assert.deepEqual(codes(`${keys}k0:\t1\n`), ['catalog/yaml-duplicate-key']);
  });

  it('gives up a file with a thousand problems and tells at which line', () => {
    const { documents, diagnostics } = parse('---\nno object\n'.repeat(5000) + '---\nkind: API\n');
    assert.deepEqual(documents, []);
    assert.equal(diagnostics.length, 101);
    const last = diagnostics.at(-1);
    assert.equal(last?.code, 'catalog/too-many-problems');
    assert.equal(last?.line, 2001);
  });

  it('reads a document that is too long for the exact reader', () => {
    const long = `title:\tlong\ntext: |\n${'  line\n'.repeat(50_000)}`;
    const { documents, diagnostics } = parse(`${long}---\nkind: [\n`);
    assert.deepEqual(
      documents.map(({ value }) => value['title']),
      ['long'],
    );
    assert.deepEqual(
      diagnostics.map(({ code, line }) => [code, line]),
      [['catalog/yaml-syntax', 50_005]],
    );
  });

  it('points at the quote that is not closed', () => {
    const [diagnostic] = parse('kind: Component\nmetadata:\n  title: "open\n  name: one\n---\n').diagnostics;
    assert.deepEqual([diagnostic?.line, diagnostic?.column], [3, 10]);
  });
});

describe('locate', () => {
  const text = [
    'kind: Component',
    'metadata:',
    '  name: one',
    '  annotations:',
    '    backstage.io/techdocs-ref: dir:.',
    '    backstage.io/source-location: url:x',
    '---',
    '# the API',
    'kind: API',
    'spec:',
    '  dependsOn:',
    '    - component:a',
    '    - { kind: Component, name: b }',
    '  empty:',
    '',
  ].join('\n');
  const source = { bytes: encoder.encode(text), file: 'catalog-info.yaml' };
  const places: [number, string, number, number][] = [
    [0, 'metadata.name', 3, 9],
    [0, 'metadata', 2, 1],
    [0, 'metadata.annotations.backstage.io/source-location', 6, 35],
    [0, 'metadata.annotations["backstage.io/techdocs-ref"]', 5, 32],
    [0, 'metadata.title', 2, 1],
    [0, 'spec.owner', 1, 1],
    [1, 'spec.dependsOn[0]', 12, 7],
    [1, 'spec.dependsOn[1].name', 13, 32],
    [1, 'spec.dependsOn[7]', 11, 3],
    [1, 'spec.dependsOn.name', 11, 3],
    [1, 'spec.empty', 14, 3],
    [1, '', 9, 1],
  ];
  for (const [index, path, line, column] of places) {
    it(`finds "${path}" of document ${index}`, () => {
      assert.deepEqual(locate(source, index, path), { line, column });
    });
  }

  it('is null for a document that is not there and for what is not text', () => {
    assert.equal(locate(source, 2, 'kind'), null);
    assert.equal(locate({ bytes: Uint8Array.of(0), file: 'x' }, 0, 'kind'), null);
  });

  it('counts documents as parseDocuments does, whatever separates them', () => {
    const mixed = '# c\n---\n---\na: 1\n...\nb: 2\n...\n---\n# c\nc: 3\n';
    for (const { index, line, value } of parse(mixed).documents) {
      const [key = ''] = Object.keys(value);
      const found = locate({ bytes: encoder.encode(mixed), file: 'x' }, index, key);
      assert.deepEqual(found, { line, column: 4 });
    }
    assert.deepEqual(
      parse(mixed).documents.map(({ index, line }) => [index, line]),
      [
        [1, 4],
        [2, 6],
        [3, 10],
      ],
    );
  });
});
