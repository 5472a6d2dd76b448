/** What a folder may hold that somebody put there to do harm, or by mistake. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { codeOf, extensionOf, openPlace } from './extensions.fixture.ts';

const SECRET = 'harbour-secret-71';
const GOOD = "export const field = { name: 'Good', component: () => null };";

describe('createExtensions, with hostile files', () => {
  it('reads nothing outside of the folder, whatever the import says', async () => {
    await using place = await openPlace({
      'absolute.ts': "import x from '/etc/passwd' with { type: 'text' };\nexport default x;",
      'above.ts': "import x from '../secret.txt';\nexport default x;",
      'json.ts': "import x from '../secret.json' with { type: 'json' };\nexport default x;",
      'linked.ts': "import x from './link.txt';\nexport default x;",
      'through.ts': "import x from './beyond/secret.json';\nexport default x;",
      'package.ts': "import x from 'odd/secret.json';\nexport default x;",
      'style.ts': "import './style.css';",
      'style.css': "@import '../secret.css'; a { background: url(../secret.svg) }",
      'required.js': "module.exports = require('../secret.json');",
    });
    for (const ending of ['txt', 'json', 'css', 'svg']) {
      await writeFile(join(place.root, `secret.${ending}`), `"${SECRET}"`);
    }
    await symlink(join(place.root, 'secret.txt'), join(place.folder, 'link.txt'));
    await symlink(place.root, join(place.folder, 'beyond'));
    await mkdir(join(place.folder, 'node_modules'));
    await symlink(place.root, join(place.folder, 'node_modules/odd'));
    await symlink(join(place.root, 'secret.json'), join(place.folder, 'entry.ts'));
    const extensions = place.open();
    const { extensions: all } = await extensions.list();
    assert.equal(all.length, 9);
    for (const { file, hash, errors } of all) {
      assert.equal(hash, null, file);
      assert.ok(errors.length > 0, file);
      for (const { text } of errors) assert.match(text, /outside of the folder of extensions|"https?:/, file);
    }
    const told = JSON.stringify([all, place.lines]);
    assert.ok(!told.includes(SECRET) && !told.includes('root:'), 'nothing of a file is shown');
    assert.ok(!told.includes(place.root), 'no place on the machine is shown');
  });

  it('shows nothing of a file that the compiler looks for by itself', async () => {
    await using place = await openPlace({ 'field.ts': "import './parts/x.ts';", 'parts/x.ts': 'export {};' });
    await writeFile(join(place.root, 'secret.txt'), `{"name": ${SECRET}}\n`);
    await symlink(join(place.root, 'secret.txt'), join(place.folder, 'package.json'));
    await symlink(join(place.root, 'secret.txt'), join(place.folder, 'tsconfig.json'));
    await symlink(join(place.root, 'secret.txt'), join(place.folder, 'parts/package.json'));
    await place.write({ 'mapped.js': 'export {};\n//# sourceMappingURL=../secret.txt\n' });
    const extensions = place.open();
    const told = JSON.stringify([await extensions.list(), place.lines]);
    assert.ok(!told.includes(SECRET));
    assert.ok(!(await codeOf(extensions, 'mapped.js')).includes(SECRET));
  });

  it('uses packages that are linked into a folder above, as workspaces are', async () => {
    await using place = await openPlace({
      'field.ts': "import part from '@harbourline/part';\nexport default part;",
    });
    await mkdir(join(place.root, 'packages/part'), { recursive: true });
    await writeFile(join(place.root, 'packages/part/index.js'), 'export default "part";');
    await mkdir(join(place.root, 'node_modules/@harbourline'), { recursive: true });
    await symlink(join(place.root, 'packages/part'), join(place.root, 'node_modules/@harbourline/part'));
    assert.match(await codeOf(place.open(), 'field.ts'), /"part"/);
  });

  it('takes files that lead to each other for ever, or to themselves', async () => {
    await using place = await openPlace({
      'a.ts': "export * from './parts/b.ts';",
      'parts/b.ts': "export * from './c.ts';\nexport const b = 1;",
      'parts/c.ts': "export * from '../a.ts';\nexport * from './c.ts';",
    });
    await symlink(join(place.folder, 'round.ts'), join(place.folder, 'round.ts'));
    const extensions = place.open();
    assert.deepEqual(await place.run(await codeOf(extensions, 'a.ts'), {}), { b: 1 });
    const { errors } = await extensionOf(extensions, 'round.ts');
    assert.match(errors[0]?.text ?? '', /round\.ts/);
  });

  it('never waits for a pipe, and refuses what is too large', async () => {
    await using place = await openPlace({
      'large.ts': `// ${'x'.repeat(1024 * 1024)}`,
      'image.ts': "import x from './image.png';\nexport default x;",
      'image.png': 'x'.repeat(300 * 1024),
      'output.ts': Array.from({ length: 14 }, (_, n) => `export * as p${n} from './parts/p${n}.js';`).join(
        '\n',
      ),
    });
    for (let n = 0; n < 14; n += 1) {
      await place.write({ [`parts/p${n}.js`]: `export const text = "${'y'.repeat(400 * 1024)}";` });
    }
    execFileSync('mkfifo', [join(place.folder, 'pipe.ts')]);
    const extensions = place.open();
    const textOf = async (file: string): Promise<string> =>
      (await extensionOf(extensions, file)).errors.map(({ text }) => text).join();
    assert.match(await textOf('large.ts'), /^"large\.ts" has \d+ bytes; 524288 is the limit/);
    assert.match(await textOf('image.ts'), /^"image\.png" has \d+ bytes; 262144 is the limit/);
    assert.match(await textOf('output.ts'), /^The compiled module has \d+ bytes; 5242880 is the limit/);
    assert.match(await textOf('pipe.ts'), /^"pipe\.ts" is no file that can be read to its end/);
  });

  it('gives up what takes too long, and compiles the next', async () => {
    await using place = await openPlace({ 'b.tsx': GOOD, 'a/index.ts': GOOD });
    // The compiler itself reads this one, and would wait for it for ever.
    execFileSync('mkfifo', [join(place.folder, 'a/package.json')]);
    const extensions = place.open({ timeLimit: 700 });
    const { extensions: all } = await extensions.list();
    assert.deepEqual(
      all.map(({ file, hash, names }) => [file, hash !== null, names]),
      [
        ['a/index.ts', false, []],
        ['b.tsx', true, ['Good']],
      ],
    );
    assert.match(all[0]?.errors[0]?.text ?? '', /^The compiler gave up: it took longer than 700 ms/);
  });

  it('takes names with quotes and line breaks for names', async () => {
    const odd = 'it\'s "a" `${field}`\n<script>.tsx';
    await using place = await openPlace({
      [odd]: "import './odd.css';\nexport const field = 1;",
      'odd.css': '.a::after { content: "</style>" }',
    });
    const extensions = place.open();
    const { hash, errors } = await extensionOf(extensions, odd);
    assert.deepEqual(errors, []);
    assert.ok(hash !== null);
    Reflect.set(globalThis, 'document', {
      head: { querySelectorAll: () => [{ dataset: { extension: odd } }] },
    });
    assert.deepEqual(await place.run(await codeOf(extensions, odd), {}), { field: 1 });
    Reflect.deleteProperty(globalThis, 'document');
  });

  it('takes the first 200 and says that there are more', async () => {
    const names = Array.from({ length: 203 }, (_, n) => `f${String(n).padStart(3, '0')}.ts`);
    await using place = await openPlace(Object.fromEntries(names.map((name) => [name, 'syntax error'])));
    const { extensions: all } = await place.open().list();
    assert.equal(all.length, 201);
    assert.equal(all.at(-1)?.file, 'f200.ts');
    assert.match(all.at(-1)?.errors[0]?.text ?? '', /^There are 3 extensions more than the 200/);
  });
});
