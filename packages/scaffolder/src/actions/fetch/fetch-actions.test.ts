import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { TreeEntry } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { createTemplating } from '../../expression/templating.ts';
import { walkFolder } from '../../workspace/walk.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';
import { actionOf, runAction, type ActionRun } from '../files/action.fixture.ts';
import { createFetchActions } from './fetch-actions.ts';
import { urlTreesOf, type UrlTrees } from './url-trees.ts';

const BASE = 'https://git.harbourline.example/o/r/blob/main/svc/template.yaml';

function file(path: string, content: string | Uint8Array, executable = 'no'): TreeEntry {
  return { kind: 'file', path, content: Buffer.from(content), executable: executable === 'yes' };
}

describe('createFetchActions', () => {
  let top = '';
  let root = '';
  let workspace: Workspace;
  let asked: readonly (readonly [string, string | undefined])[] = [];

  const urlsOf = (entries: readonly TreeEntry[]): UrlTrees => ({
    readTree: async (url, { visit, token }) => {
      asked = [...asked, [url, token]];
      for (const entry of entries) await visit(entry);
    },
    readFile: (url, { token }) => {
      asked = [...asked, [url, token]];
      const [first] = entries;
      assert.ok(first?.kind === 'file');
      return Promise.resolve(first.content);
    },
    resolveUrl: (url, base) => new URL(url, base).href,
  });

  interface Run {
    readonly entries?: readonly TreeEntry[];
    readonly baseUrl?: string | null;
    readonly signal?: AbortSignal;
  }

  const run = (id: string, input: JsonObject, options: Run = {}): Promise<ActionRun> => {
    const { entries = [], baseUrl = BASE, signal } = options;
    const actions = createFetchActions({ urls: urlsOf(entries), templating: createTemplating() });
    return runAction(actionOf(actions, id), {
      input,
      workspacePath: root,
      templateInfo: { entityRef: 'template:default/svc', ...(baseUrl !== null && { baseUrl }) },
      ...(signal !== undefined && { signal }),
    });
  };
  const template = (input: JsonObject, entries: readonly TreeEntry[]): Promise<ActionRun> =>
    run('fetch:template', { url: './skeleton', ...input }, { entries });

  /** All files of the workspace with their contents. */
  const files = async (): Promise<Readonly<Record<string, string>>> => {
    const found: Record<string, string> = {};
    for (const { path, kind } of walkFolder(workspace, '.')) {
      if (kind === 'file') found[path] = String(await workspace.readFile(path));
      if (kind === 'link') found[path] = `-> ${workspace.readLink(path)}`;
    }
    return found;
  };

  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'callboard-fetch-'));
    root = join(top, 'ws');
    mkdirSync(root);
    workspace = openWorkspace(root);
    asked = [];
  });

  afterEach(() => {
    rmSync(top, { recursive: true, force: true });
  });

  it('fetch:plain and fetch:plain:file take what is there as it is, over what was', async () => {
    const entries: readonly TreeEntry[] = [
      file('a.txt', '${{ values.x }}'),
      file('bin/run', '#!', 'yes'),
      { kind: 'folder', path: 'empty' },
      { kind: 'link', path: 'link', target: 'bin/run' },
    ];
    await workspace.writeFile('out/a.txt', 'old');
    await run('fetch:plain', { url: '../other', targetPath: 'out', token: 'mine' }, { entries });
    assert.deepEqual(asked, [['https://git.harbourline.example/o/r/blob/main/other', 'mine']]);
    assert.deepEqual(await files(), {
      'out/a.txt': '${{ values.x }}',
      'out/bin/run': '#!',
      'out/link': '-> bin/run',
    });
    assert.equal(workspace.stat('out/empty')?.kind, 'folder');
    assert.equal(statSync(join(root, 'out/bin/run')).mode & 0o777, 0o755);
    await run('fetch:plain:file', { url: 'a.txt', targetPath: 'one/b.txt' }, { entries });
    assert.equal((await files())['one/b.txt'], '${{ values.x }}');
  });

  it('fetch:template renders names and contents, and keeps binaries, links and modes', async () => {
    const binary = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 0xff, ...Buffer.from('${{ values.name }}')]);
    const latin = Buffer.concat([Buffer.from('${{ values.name }} '), Buffer.from([0xe4])]);
    await template({ values: { name: 'shop', on: true, dirs: 'a/b' }, targetPath: './' }, [
      { kind: 'folder', path: 'src/${{ values.name }}' },
      file('src/${{values.name}}/x.ts', 'name = ${{ values.name }}{% if values.on %}!{% endif %}\n', 'yes'),
      file('${{ values.dirs }}/c', '${{ values.none.deep }}|${{ values.name | upper }}'),
      file('logo.png', binary),
      file('latin.txt', latin),
      file('empty', ''),
      file('plain', '{ not: one } $ {{ values.name }} \u{feff}é'),
      { kind: 'link', path: '${{ values.name }}-link', target: 'src' },
    ]);
    const found = await files();
    assert.equal(found['src/shop/x.ts'], 'name = shop!\n');
    assert.equal(workspace.stat('src/shop/x.ts')?.executable, true);
    assert.equal(found['a/b/c'], '|SHOP');
    assert.equal(found['empty'], '');
    assert.equal(found['plain'], '{ not: one } $ {{ values.name }} \u{feff}é');
    assert.equal(found['shop-link'], '-> src');
    assert.deepEqual(await workspace.readFile('logo.png'), binary);
    assert.deepEqual(await workspace.readFile('latin.txt'), latin);
  });

  it('fetch:template leaves out what has a name that renders to nothing', async () => {
    const ci = '${{ "ci" if values.ci else "" }}';
    const entries = [
      { kind: 'folder', path: ci } as const,
      file(`${ci}/build.yaml`, 'x'),
      file(`docs/${ci}`, 'x'),
      file(`docs/${ci}/y`, 'x'),
      file('${{ "Dockerfile" if values.ci }}', 'x'),
      file('kept', 'x'),
    ];
    await template({ values: { ci: false } }, entries);
    assert.deepEqual(Object.keys(await files()), ['kept']);
    await template({ values: { ci: true }, targetPath: 'all' }, entries.slice(0, 2));
    assert.equal((await files())['all/ci/build.yaml'], 'x');
  });

  it('fetch:template copies what copyWithoutTemplating names, by globs and by folders', async () => {
    const entries = ['a.hbs', 'deep/b.hbs', 'docs/c', 'docs/d/e', 'keep.hbs', '${{values.n}}.hbs'].map(
      (path) => file(path, '${{ values.n }}'),
    );
    const globs = ['**/*.hbs', './docs/', '!keep.hbs'];
    await template({ values: { n: '1' }, copyWithoutTemplating: globs }, entries);
    const raw = '${{ values.n }}';
    const same = { 'a.hbs': raw, 'deep/b.hbs': raw, 'docs/c': raw, 'docs/d/e': raw, 'keep.hbs': '1' };
    assert.deepEqual(await files(), { ...same, '1.hbs': raw });
    workspace.remove('.');
    const { log } = await template({ values: { n: '1' }, copyWithoutRender: globs }, entries);
    assert.deepEqual(await files(), { ...same, '${{values.n}}.hbs': raw });
    assert.ok(log.some((line) => line.includes('deprecated')));
  });

  it('fetch:template renders only files with the extension, and takes it off', async () => {
    const entries = [file('a.ts.njk', '${{ values.n }}'), file('${{ values.n }}.ts', '${{ values.n }}')];
    await template({ values: { n: '1' }, templateFileExtension: true }, entries);
    assert.deepEqual(await files(), { 'a.ts': '1', '1.ts': '${{ values.n }}' });
    await template({ values: { n: '2' }, templateFileExtension: 'ts', targetPath: 'x' }, entries);
    assert.deepEqual(Object.keys(await files()).slice(2), ['x/2', 'x/a.ts.njk']);
    const bad: readonly JsonObject[] = [
      { templateFileExtension: true, cookiecutterCompat: true },
      { templateFileExtension: true, copyWithoutTemplating: [] },
      { copyWithoutRender: [], copyWithoutTemplating: [] },
    ];
    for (const input of bad) {
      await assert.rejects(template(input, entries), { code: 'scaffolder/invalid-input' });
    }
  });

  it('fetch:template replaces files only when told to, and reads skeletons of cookiecutter', async () => {
    const entries = [file('a', '{{ cookiecutter.name }}{{ cookiecutter.l | jsonify }}'), file('b', 'new')];
    await workspace.writeFile('b', 'old');
    const values = { name: 'shop', l: [1] };
    const { log } = await template({ values, cookiecutterCompat: true }, entries);
    assert.deepEqual(await files(), { a: 'shop[1]', b: 'old' });
    assert.ok(log.includes('Wrote 1 files to .; 1 were there already and stay as they are'), log.join());
    await template({ values, cookiecutterCompat: true, replace: true }, entries);
    assert.equal((await files())['b'], 'new');
  });

  it('fetch:template passes trimBlocks and lstripBlocks on', async () => {
    const entries = [file('a', 'x\n  {% if true %}\ny\n  {% endif %}\n')];
    await template({ trimBlocks: true, lstripBlocks: true }, entries);
    assert.equal((await files())['a'], 'x\ny\n');
  });

  it('fetch:template names the file, the line and the column of what it cannot render', async () => {
    await assert.rejects(template({}, [file('src/a.ts', 'one\ntwo ${{ values.x | nosuch }}')]), {
      code: 'scaffolder/skeleton-failed',
      status: 400,
      message: 'src/a.ts:2:20 Unknown template filter "nosuch".',
    });
    await assert.rejects(template({}, [file('${{ oops', '')]), /^InputError: name of \$\{\{ oops:1:/);
    await assert.rejects(
      template({ values: { p: '../x' } }, [file('${{ values.p }}', '')]),
      /renders to '\.\.\/x'/,
    );
  });

  it('fetch:template:file renders one file, and keeps one that is there', async () => {
    const entries = [file('a', '${{ values.n }}')];
    const input = { url: 'a', targetPath: 'x/y', values: { n: 7 } };
    await run('fetch:template:file', input, { entries });
    assert.deepEqual(await files(), { 'x/y': '7' });
    await run('fetch:template:file', { ...input, values: { n: 8 } }, { entries });
    assert.deepEqual(await files(), { 'x/y': '7' });
    await run('fetch:template:file', { ...input, values: { n: 8 }, replace: true }, { entries });
    assert.deepEqual(await files(), { 'x/y': '8' });
    await assert.rejects(
      run('fetch:template:file', { url: 'a', targetPath: 'z' }, { entries: [file('a', '${{ nosuch() }}')] }),
      /InputError: a:1:/,
    );
  });

  it('workspace:template and workspace:template:file render what earlier steps brought', async () => {
    await workspace.writeFile('tmp/skel/${{ values.n }}.md', '# ${{ values.n }}', { executable: true });
    await run('workspace:template', { sourcePath: 'tmp/skel', targetPath: '.', values: { n: 'a' } });
    assert.equal((await files())['a.md'], '# a');
    assert.equal(workspace.stat('a.md')?.executable, true);
    const one = { sourcePath: 'tmp/skel/${{ values.n }}.md', targetPath: 'b.md', values: { n: 'b' } };
    await run('workspace:template:file', one);
    assert.equal((await files())['b.md'], '# b');
    for (const targetPath of ['tmp/skel', 'tmp/skel/inner', './tmp/../tmp/skel']) {
      await assert.rejects(run('workspace:template', { sourcePath: 'tmp/skel', targetPath }), {
        code: 'scaffolder/invalid-input',
      });
    }
  });

  it('reads the folder of a template of this machine, and nothing else of it', async () => {
    const folder = join(top, 'template');
    mkdirSync(join(folder, 'skeleton'), { recursive: true });
    writeFileSync(join(folder, 'template.yaml'), 'kind: Template');
    writeFileSync(join(folder, 'skeleton', 'a'), '${{ values.n }}', { mode: 0o755 });
    writeFileSync(join(top, 'secret'), 'secret');
    const bases = [pathToFileURL(join(folder, 'template.yaml')).href, `${pathToFileURL(folder).href}/`];
    for (const [index, baseUrl] of bases.entries()) {
      const targetPath = `t${index}`;
      await run('fetch:template', { url: './skeleton', targetPath, values: { n: 5 } }, { baseUrl });
      await run('fetch:plain:file', { url: 'skeleton/a', targetPath: `${targetPath}/b` }, { baseUrl });
      assert.equal(workspace.stat(`${targetPath}/a`)?.executable, true);
    }
    assert.deepEqual(await files(), {
      't0/a': '5',
      't0/b': '${{ values.n }}',
      't1/a': '5',
      't1/b': '${{ values.n }}',
    });
    symlinkSync('../secret', join(folder, 'to-secret'));
    symlinkSync('..', join(folder, 'skeleton', 'up'));
    symlinkSync('../..', join(folder, 'skeleton', 'out'));
    const [baseUrl = ''] = bases;
    const refused: readonly (readonly [string, string])[] = [
      ['..', 'scaffolder/outside-workspace'],
      ['../secret', 'scaffolder/outside-workspace'],
      ['to-secret', 'scaffolder/outside-workspace'],
      ['skeleton/up/to-secret', 'scaffolder/outside-workspace'],
      ['skeleton/out/secret', 'scaffolder/outside-workspace'],
      [join(top, 'secret'), 'scaffolder/outside-workspace'],
      [pathToFileURL(join(top, 'secret')).href, 'scaffolder/file-url'],
      ['none', 'scaffolder/no-such-file'],
    ];
    for (const [url, code] of refused) {
      await assert.rejects(run('fetch:plain:file', { url, targetPath: 'x' }, { baseUrl }), { code }, url);
    }
    // In the workspace the link would lead out.
    await assert.rejects(run('fetch:plain', { url: 'skeleton' }, { baseUrl }), {
      code: 'scaffolder/outside-workspace',
    });
    assert.deepEqual(asked, []);
  });

  it('says that a relative URL needs to know where the template is from', async () => {
    const input = { url: './skeleton' };
    await assert.rejects(run('fetch:plain', input, { baseUrl: null }), { code: 'scaffolder/no-base-url' });
    await run('fetch:plain', { url: BASE }, { baseUrl: null });
    assert.deepEqual(asked, [[BASE, undefined]]);
  });

  it('stops when it is told to', async () => {
    mkdirSync(join(top, 'template', 'skeleton'), { recursive: true });
    writeFileSync(join(top, 'template', 'skeleton', 'a'), 'a');
    const baseUrl = `${pathToFileURL(join(top, 'template')).href}/`;
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(run('fetch:template', { url: 'skeleton' }, { baseUrl, signal }), /enough/);
    assert.deepEqual(await files(), {});
  });

  it('have descriptions and examples', () => {
    for (const action of createFetchActions({ urls: urlsOf([]), templating: createTemplating() })) {
      assert.ok(action.description, action.id);
      assert.equal(action.supportsDryRun, true, action.id);
      assert.ok(
        action.examples?.every(({ example }) => example.includes(`action: ${action.id}\n`)),
        action.id,
      );
    }
  });
});

describe('urlTreesOf', () => {
  it('gives the bytes of files and passes the rest on', async () => {
    const urls = urlTreesOf({
      read: (url) =>
        Promise.resolve({
          kind: 'content',
          bytes: Buffer.from(url),
          etag: null,
          lastModified: null,
          contentType: null,
          url,
        }),
      readTree: () => Promise.resolve({ kind: 'tree', etag: null, entries: 0 }),
      resolveUrl: (url, base) => `${base}|${url}`,
    });
    const { signal } = new AbortController();
    assert.equal(String(await urls.readFile('https://a.test/b', { signal })), 'https://a.test/b');
    assert.equal(urls.resolveUrl('a', 'b'), 'b|a');
  });
});
