import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromBase64, textOfBytes, toBase64 } from './base64.ts';
import { findTemplate, toDryRunFiles, withText, type Project, type ProjectFile } from './project.ts';

const TEMPLATE = 'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n';

function file(path: string, text: string | null = ''): ProjectFile {
  return { path, text, base64: text === null ? 'AAE=' : null, handle: null, isChanged: false };
}

describe('findTemplate', () => {
  it('takes the template nearest to the root, and template.yaml before others', () => {
    const files = [
      file('deep/template.yaml', TEMPLATE),
      file('catalog-info.yaml', 'apiVersion: backstage.io/v1alpha1\n'),
      file('a.yaml', TEMPLATE),
      file('template.yml', TEMPLATE),
    ];
    assert.equal(findTemplate(files), 'template.yml');
    assert.equal(findTemplate(files.slice(0, 3)), 'a.yaml');
    assert.equal(findTemplate(files.slice(1, 2)), null);
  });
});

describe('toDryRunFiles', () => {
  it('has what is beside the template and below, seen from there', () => {
    const project: Project = {
      name: 'p',
      templatePath: 'node/template.yaml',
      leftOut: 0,
      files: [
        file('node/template.yaml', TEMPLATE),
        file('node/skeleton/a.md', 'ü'),
        file('node/logo.png', null),
        file('x'),
      ],
    };
    assert.deepEqual(toDryRunFiles(withText(project, 'node/template.yaml', 'b')), [
      { path: 'template.yaml', base64: 'Yg==' },
      { path: 'skeleton/a.md', base64: 'w7w=' },
      { path: 'logo.png', base64: 'AAE=' },
    ]);
  });
});

describe('toBase64', () => {
  it('gives back what was put in, also of much', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    assert.equal(fromBase64('%%%'), null);
  });
});

describe('textOfBytes', () => {
  it('knows text from what is none', () => {
    assert.equal(textOfBytes(new TextEncoder().encode('grün')), 'grün');
    assert.equal(textOfBytes(Uint8Array.of(65, 0, 66)), null);
    assert.equal(textOfBytes(Uint8Array.of(0xff, 0xfe)), null);
  });
});
