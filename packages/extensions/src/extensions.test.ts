import assert from 'node:assert/strict';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { codeOf, extensionOf, listUntil, openPlace } from './extensions.fixture.ts';

const fieldOf = (name: string, value = '1'): string =>
  `export const field = { name: '${name}', component: () => ${value} };\n`;

describe('createExtensions', () => {
  it('lists nothing, and makes nothing, without a folder', async () => {
    await using place = await openPlace();
    const extensions = place.open();
    assert.deepEqual((await extensions.list()).extensions, []);
    assert.deepEqual(await readdir(place.root), []);
  });

  it('takes files of the folder and index files below it, and no tests, types or packages', async () => {
    await using place = await openPlace({
      'b.tsx': fieldOf('B'),
      'a/index.ts': fieldOf('A'),
      'a/part.ts': fieldOf('Part'),
      'a/deep/index.ts': fieldOf('Deep'),
      'b.test.tsx': fieldOf('Test'),
      'b.d.ts': 'export {};',
      'notes.md': '# B',
      '.hidden.ts': fieldOf('Hidden'),
      'node_modules/p/index.js': fieldOf('Package'),
    });
    const extensions = place.open();
    const { extensions: all } = await extensions.list();
    assert.deepEqual(
      all.map(({ file, names, errors }) => [file, names, errors]),
      [
        ['a/index.ts', ['A'], []],
        ['b.tsx', ['B'], []],
      ],
    );
    for (const { hash, url } of all) {
      assert.match(hash ?? '', /^[0-9a-f]{32}$/);
      assert.equal(url, `/api/extensions/v1/modules/${hash}.js`);
    }
  });

  it('compiles what a plugin names, from anywhere in its package', async () => {
    await using place = await openPlace();
    const plugin = join(place.root, 'plugin');
    await mkdir(join(plugin, 'src/browser'), { recursive: true });
    await writeFile(join(plugin, 'package.json'), '{"name":"@harbourline/plugin-berths"}');
    await writeFile(join(plugin, 'src/names.ts'), "export const name = 'BerthPicker';");
    const file = join(plugin, 'src/browser/field.tsx');
    await writeFile(
      file,
      "import { name } from '../names.ts';\nexport const field = { name, component: 1 };",
    );
    const extensions = place.open({ files: async () => [file, join(plugin, 'gone.tsx')] });
    const { extensions: all } = await extensions.list();
    assert.deepEqual(
      all.map(({ file: called, errors }) => [called, errors.length]),
      [
        ['@harbourline/plugin-berths/src/browser/field.tsx', 0],
        ['@harbourline/plugin-berths/gone.tsx', 1],
      ],
    );
    await writeFile(join(plugin, 'src/names.ts'), "export const name = 'QuayPicker';");
    await listUntil(extensions, ([first]) => first?.hash !== all[0]?.hash);
    assert.match(await codeOf(extensions, '@harbourline/plugin-berths/src/browser/field.tsx'), /QuayPicker/);
  });

  it('follows what is saved, made, renamed and deleted, and compiles nothing else', async () => {
    await using place = await openPlace({
      'a.tsx': "import { part } from './parts/deep/part.ts';\n" + fieldOf('A', 'part'),
      'parts/deep/part.ts': 'export const part = 1;',
      'b.tsx': fieldOf('B'),
    });
    const extensions = place.open();
    const [a, b] = (await extensions.list()).extensions;
    await place.write({ 'parts/deep/part.ts': 'export const part = 2;' });
    const saved = await listUntil(extensions, ([first]) => first?.hash !== a?.hash);
    assert.equal(saved[1], b, 'what does not depend on it is the same object');
    assert.match(await codeOf(extensions, 'a.tsx'), /part = 2/);
    assert.ok(a?.hash, 'a page that is open may still ask for the old one');
    assert.match((await extensions.module(a.hash)) ?? '', /part = 1/);
    await place.write({ 'c/index.ts': fieldOf('C') });
    await listUntil(extensions, (all) => all.some(({ file }) => file === 'c/index.ts'));
    await rename(join(place.folder, 'b.tsx'), join(place.folder, 'd.tsx'));
    await listUntil(extensions, (all) => all.at(-1)?.file === 'd.tsx');
    await rm(join(place.folder, 'c'), { recursive: true });
    const left = await listUntil(extensions, (all) => all.length === 2);
    assert.deepEqual(
      left.map(({ file }) => file),
      ['a.tsx', 'd.tsx'],
    );
  });

  it('finds the folder when it is made later, removed and made again', async () => {
    await using place = await openPlace();
    const folder = join(place.root, 'one/two');
    const extensions = place.open({ folder });
    assert.deepEqual((await extensions.list()).extensions, []);
    for (const name of ['First', 'Second']) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'a.ts'), fieldOf(name));
      await listUntil(extensions, ([first]) => first?.names[0] === name);
      await rm(join(place.root, 'one'), { recursive: true });
      await listUntil(extensions, (all) => all.length === 0);
    }
  });

  it('keeps the names of a field while its file is broken, and compiles it when it is mended', async () => {
    await using place = await openPlace({
      'a.ts': "const n = 'A';\nexport const field = { name: n, component: 1 };",
    });
    const extensions = place.open();
    assert.deepEqual((await extensionOf(extensions, 'a.ts')).names, ['A']);
    await place.write({ 'a.ts': 'const n = ' });
    const broken = await listUntil(extensions, ([first]) => first?.hash === null);
    assert.deepEqual(
      broken.map(({ names, url, errors }) => [names, url, errors[0]?.line]),
      [[['A'], null, 1]],
    );
    await place.write({ 'a.ts': fieldOf('A', '2') });
    await listUntil(extensions, ([first]) => first?.hash !== null);
    await place.write({ 'b.ts': "import './parts/later.ts';" });
    await listUntil(extensions, (all) => all[1]?.hash === null);
    await place.write({ 'parts/later.ts': 'export {};' });
    await listUntil(extensions, (all) => typeof all[1]?.hash === 'string');
  });

  it('compiles nothing again after a restart, unless something changed', async () => {
    await using place = await openPlace({
      'a.ts': "import './part.ts';\n" + fieldOf('A'),
      'part.ts': 'export {};',
      'broken.ts': fieldOf('Broken'),
    });
    const before = place.open();
    const first = await before.list();
    await before[Symbol.asyncDispose]();
    // With a limit that nothing can keep, what is compiled fails.
    const instant = { timeLimit: 0 };
    const restarted = place.open(instant);
    assert.deepEqual(await restarted.list(), first);
    assert.match(await codeOf(restarted, 'a.ts'), /A/);
    await restarted[Symbol.asyncDispose]();
    await place.write({ 'broken.ts': fieldOf('Broken', '2') });
    const again = place.open(instant);
    const changed = (await again.list()).extensions;
    await again[Symbol.asyncDispose]();
    assert.deepEqual(
      changed.map(({ file, hash, names }) => [file, hash !== null, names]),
      [
        ['a.ts', true, ['A']],
        ['broken.ts', false, ['Broken']],
        ['part.ts', true, []],
      ],
    );
    await place.write({ 'part.tsx': 'export const other = 1;' });
    const shadowed = place.open(instant);
    assert.equal((await extensionOf(shadowed, 'a.ts')).hash, null, 'another file may be meant now');
  });

  it('mends what somebody removed or spoiled in the store, and removes what nobody needs', async () => {
    await using place = await openPlace({ 'a.ts': fieldOf('A'), 'b.ts': fieldOf('B') });
    const cache = join(place.root, 'cache');
    const extensions = place.open();
    const code = await codeOf(extensions, 'a.ts');
    await rm(cache, { recursive: true });
    assert.equal(await codeOf(extensions, 'a.ts'), code);
    await extensions[Symbol.asyncDispose]();
    for (const name of await readdir(cache)) await writeFile(join(cache, name), '{"half');
    await rm(join(place.folder, 'b.ts'));
    const after = place.open();
    assert.equal(await codeOf(after, 'a.ts'), code);
    await after[Symbol.asyncDispose]();
    assert.equal((await readdir(cache)).length, 3, 'a record, a module and a map');
  });

  it('works where nothing can be stored', async () => {
    await using place = await openPlace({ 'a.ts': fieldOf('A') });
    await writeFile(join(place.root, 'file'), '');
    const extensions = place.open({ cacheFolder: join(place.root, 'file/cache') });
    assert.match(await codeOf(extensions, 'a.ts'), /"A"/);
    assert.deepEqual(
      place.lines.map(({ msg }) => msg),
      ['compiled extensions cannot be stored, so each start compiles them again'],
    );
  });

  it('says when the folder is none', async () => {
    await using place = await openPlace();
    await writeFile(place.folder, 'a file');
    const { extensions: all } = await place.open().list();
    assert.deepEqual(
      all.map(({ file, errors }) => [file, errors[0]?.text]),
      [['extensions', 'The folder of extensions cannot be read: ENOTDIR.']],
    );
  });
});
