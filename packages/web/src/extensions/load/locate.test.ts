import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLocate } from './locate.ts';
import { wordsOf } from './problem.ts';

const AT = 'https://portal.example/api/extensions/v1/modules/0a1b.js';

function failing(stack: string): Error {
  return Object.assign(new TypeError('no value'), { stack });
}

describe('createLocate', () => {
  const bodies: unknown[] = [];
  const locate = createLocate(async ({ body }) => {
    bodies.push(body);
    return { file: 'a.tsx', line: 3, column: 22, lineText: '  nothing.value' };
  });

  it('asks for the innermost place in an extension', async () => {
    const stack = `TypeError: no value\n    at get (https://portal.example/assets/x.js:1:2)\n    at Field (${AT}:58:80)\n    at Other (${AT}:9:9)`;
    assert.deepEqual(await locate({ file: 'a.tsx', thrown: failing(stack) }), {
      file: 'a.tsx',
      line: 3,
      column: 22,
      text: 'TypeError: no value',
      lineText: '  nothing.value',
    });
    assert.deepEqual(bodies, [{ hash: '0a1b', line: 58, column: 80 }]);
  });

  it('takes the component that is to blame where the stack is of React alone', async () => {
    await locate({ file: 'a.tsx', thrown: failing('x'), componentStack: `\n    at Field (${AT}:7:1)` });
    assert.deepEqual(bodies.at(-1), { hash: '0a1b', line: 7, column: 1 });
  });

  it('answers without a line when the server does not know', async () => {
    const deaf = createLocate(() => Promise.reject(new Error('gone')));
    const found = await deaf({ file: 'a.tsx', thrown: failing(`at ${AT}:1:1`) });
    assert.deepEqual(found, {
      file: 'a.tsx',
      line: null,
      column: null,
      text: 'TypeError: no value',
      lineText: null,
    });
    assert.equal((await deaf({ file: 'a.tsx', thrown: 'just text' })).text, 'just text');
  });
});

describe('wordsOf', () => {
  it("says in words what React's production build says in numbers", () => {
    assert.match(
      wordsOf(new Error('Minified React error #130; visit https://…')),
      /component that is not there/,
    );
    assert.match(wordsOf(new Error('Minified React error #999; visit')), /#999/);
  });
});
