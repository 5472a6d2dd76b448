/** Holds docs/errors.md and the codes in the sources of all rooms and plugins together. */
import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROOMS =
  'kernel|config|db|http|jobs|reading|access|aws|catalog|extensions|form|images|settings|model|scaffolder|server|template|web';
/** A code as it is thrown or put into a table. Paths of imports begin with a dot or an at sign. */
const CODE = new RegExp(`'((?:${ROOMS})/[a-z]+(?:-[a-z]+)*)'`, 'g');
/** A code that is put together where nobody can look for it. */
const COMPOSED = new RegExp(`\`(?:${ROOMS})/[a-z-]*\\$\\{`);
const NO_SOURCE = /\.(?:test|fixture|contract|cases|real|tmp)\.ts$/;

async function sources(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for await (const file of glob(['packages/*/src/**/*.ts', 'plugins/*/src/**/*.ts'], { cwd: ROOT })) {
    if (!NO_SOURCE.test(file)) texts.set(file, await readFile(ROOT + file, 'utf8'));
  }
  return texts;
}

/** The cells of each table row that begins with a code. */
function explanations(markdown: string): ReadonlyMap<string, readonly string[]> {
  const rows = [...markdown.matchAll(/^\| `([a-z]+\/[a-z-]+)` \|(.*)\|$/gm)];
  const codes = rows.map(([, code]) => code);
  assert.deepEqual(
    codes.filter((code, index) => codes.indexOf(code) !== index),
    [],
    'explained twice',
  );
  return new Map(rows.map(([, code = '', rest = '']) => [code, rest.split('|').map((cell) => cell.trim())]));
}

describe('docs/errors.md', async () => {
  const files = await sources();
  const used = new Set(
    [...files.values()].flatMap((text) => [...text.matchAll(CODE)].map(([, code = '']) => code)),
  );
  const explained = explanations(await readFile(`${ROOT}docs/errors.md`, 'utf8'));

  it('explains every code that a room uses', () => {
    assert.ok(used.size > 100, 'the sources were found');
    assert.deepEqual([...used].filter((code) => !explained.has(code)).toSorted(), []);
  });

  it('explains no code that nobody uses', () => {
    assert.deepEqual([...explained.keys()].filter((code) => !used.has(code)).toSorted(), []);
  });

  it('says of each what happened and what to do', () => {
    for (const [code, cells] of explained) {
      assert.ok(cells.length >= 2 && cells.every((cell) => cell !== ''), code);
    }
  });

  it('can be searched for what a message shows: codes are written out', () => {
    const composed = [...files].filter(([, text]) => COMPOSED.test(text)).map(([file]) => file);
    assert.deepEqual(composed, []);
  });
});
