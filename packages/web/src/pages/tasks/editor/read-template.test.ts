import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTemplate } from './read-template.ts';
import { SAMPLE } from './sample.ts';

describe('readTemplate', () => {
  it('reads the sample, with the pages of its form', () => {
    const read = readTemplate(SAMPLE.files[0]?.text ?? '');
    assert.equal(read.kind, 'read');
    assert.deepEqual(read.kind === 'read' && read.pages.map(({ title }) => title), ['What it is']);
  });

  it('takes one page that is no list, and finds the template behind other entities', () => {
    const read = readTemplate(
      'kind: Location\n---\nkind: Template\nspec:\n  parameters:\n    title: One\n    properties: {}\n',
    );
    assert.deepEqual(read.kind === 'read' && read.pages, [
      { title: 'One', description: null, schema: { title: 'One', properties: {} } },
    ]);
  });

  it('says what is wrong with YAML, and where', () => {
    const read = readTemplate('kind: Template\nmetadata: [1,\nspec: {}\n');
    assert.equal(read.kind, 'broken');
    assert.ok(read.kind === 'broken' && read.line !== null && read.line >= 2);
  });

  it('says that there is no template', () => {
    for (const text of ['', 'kind: Component\n', '- 1\n', 'text']) {
      assert.deepEqual(readTemplate(text), {
        kind: 'broken',
        message: 'There is no entity of kind "Template" in it.',
        line: null,
      });
    }
  });

  it('does not unfold aliases without bounds', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [at, name] of 'bcdefgh'.split('').entries()) {
      const before = 'abcdefgh'[at] ?? '';
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`);
    }
    assert.equal(readTemplate(`kind: Template\n${bomb.join('\n')}\n`).kind, 'broken');
  });
});
