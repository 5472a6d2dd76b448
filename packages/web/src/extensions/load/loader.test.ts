import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FieldExtension, FormExtensions } from '../../pages/create/form/field-extension.ts';
import { createExtensionLoader, type ExtensionLoader, type LoaderDeps } from './loader.ts';
import { collect } from './collect.ts';
import { parseList } from './parse-list.ts';
import { problemOf } from './problem.ts';

/** Fields are named after what they show; broken ones after what is wrong. */
const show = (name: string, text: string): FieldExtension => ({
  name,
  component: Object.assign(() => null, { displayName: text }),
});

interface World {
  readonly loader: ExtensionLoader;
  readonly imported: string[];
  readonly shown: () => Readonly<Record<string, unknown>>;
}

function world(
  files: () => readonly Readonly<Record<string, unknown>>[],
  modules: Readonly<Record<string, () => Promise<object>>>,
  more: Partial<LoaderDeps> = {},
): World {
  const imported: string[] = [];
  let published: FormExtensions = { fields: [], layouts: [], decorators: [] };
  const loader = createExtensionLoader({
    list: async () => parseList({ extensions: files() }),
    loadHost: async () => undefined,
    importModule: async (url) => {
      imported.push(url);
      const load = modules[url.slice('/api/extensions/v1/modules/'.length, -3)];
      assert.ok(load !== undefined);
      return load();
    },
    collect,
    locate: async ({ file, thrown }) => problemOf(file, String(thrown)),
    fields: {
      wrap: (field, file) => show(field.name, file),
      broken: (name, problems) => show(name, `broken: ${problems.map(({ text }) => text).join()}`),
    },
    publish: (parts) => {
      published = parts;
    },
    ...more,
  });
  const shown = (): Readonly<Record<string, unknown>> =>
    Object.fromEntries(published.fields.map(({ name, component }) => [name, component.displayName]));
  return { loader, imported, shown };
}

const listed = (file: string, hash: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  file,
  hash,
  url: `/api/extensions/v1/modules/${hash}.js`,
  needs: [],
  names: [],
  errors: [],
  ...more,
});
const field = (name: string): object => ({ field: { name, component: () => null } });

describe('createExtensionLoader', () => {
  it('loads what works and says what does not, each by itself', async () => {
    const { loader, shown } = world(
      () => [
        listed('a.tsx', 'a'),
        listed('b.tsx', 'b', { names: ['B'] }),
        {
          file: 'c.tsx',
          hash: null,
          url: null,
          names: ['C'],
          errors: [{ file: 'c.tsx', line: 2, column: 5, text: 'bad' }],
        },
        listed('d.tsx', 'd'),
      ],
      {
        a: async () => field('A'),
        b: () => Promise.reject(new Error('thrown at import')),
        d: async () => ({}),
      },
    );
    assert.equal(loader.get().isLoading, true);
    await loader.reload();
    assert.deepEqual(shown(), { A: 'a.tsx', B: 'broken: Error: thrown at import', C: 'broken: bad' });
    const { isLoading, problems } = loader.get();
    assert.equal(isLoading, false);
    assert.deepEqual(
      problems.map(({ file, line }) => [file, line]),
      [
        ['b.tsx', null],
        ['c.tsx', 2],
        ['d.tsx', null],
      ],
    );
  });

  it('imports again what changed and nothing else', async () => {
    let hash = 'one';
    const { loader, imported, shown } = world(() => [listed('a.tsx', 'a'), listed('b.tsx', hash)], {
      a: async () => field('A'),
      one: async () => field('B'),
      two: async () => field('B2'),
    });
    await loader.reload();
    hash = 'two';
    await loader.reload();
    assert.deepEqual(shown(), { A: 'a.tsx', B2: 'b.tsx' });
    assert.deepEqual(
      imported.map((url) => url.split('/').at(-1)),
      ['a.js', 'one.js', 'two.js'],
    );
  });

  it('refuses a name that another file has', async () => {
    const { loader, shown } = world(() => [listed('a.tsx', 'a'), listed('b.tsx', 'b')], {
      a: async () => field('Same'),
      b: async () => field('Same'),
    });
    await loader.reload();
    assert.deepEqual(shown(), { Same: 'a.tsx' });
    assert.deepEqual(
      loader.get().problems.map(({ file }) => file),
      ['b.tsx'],
    );
    assert.match(loader.get().problems[0]?.text ?? '', /“Same” is registered by a\.tsx/);
  });

  it('does not wait for ever', async () => {
    const { loader, shown } = world(
      () => [listed('a.tsx', 'a', { names: ['A'] }), listed('b.tsx', 'b')],
      { a: () => new Promise<object>(() => undefined), b: async () => field('B') },
      { limit: 20 },
    );
    await loader.reload();
    assert.equal(shown()['B'], 'b.tsx');
    assert.match(String(shown()['A']), /not loaded within 0\.02 seconds/);
  });

  it('tries again what could not be loaded', async () => {
    let isDown = true;
    const { loader, shown } = world(() => [listed('a.tsx', 'a', { names: ['A'] })], {
      a: async () => {
        if (isDown) throw new Error('not reached');
        return field('A');
      },
    });
    await loader.reload();
    assert.equal(shown()['A'], 'broken: Error: not reached');
    isDown = false;
    await loader.reload();
    assert.equal(shown()['A'], 'a.tsx');
    assert.deepEqual(loader.get().problems, []);
  });

  it('keeps what it has when the list cannot be read', async () => {
    let isDown = false;
    const { loader, shown } = world(
      () => {
        if (isDown) throw new Error('down');
        return [listed('a.tsx', 'a')];
      },
      { a: async () => field('A') },
    );
    await loader.reload();
    isDown = true;
    await loader.reload();
    assert.deepEqual(shown(), { A: 'a.tsx' });
    assert.equal(loader.get().problems[0]?.text, 'down');
  });

  it('reads once more when something changes while it reads', async () => {
    let reads = 0;
    const { loader } = world(() => {
      reads += 1;
      return [];
    }, {});
    await Promise.all([loader.reload(), loader.reload(), loader.reload()]);
    assert.equal(reads, 2);
  });
});

describe('parseList', () => {
  it('takes code from this portal alone', () => {
    const urls = [
      'https://elsewhere.example/x.js',
      '//elsewhere.example/api/extensions/v1/modules/x.js',
      '/api/extensions/v1/modules/../../x.js',
      'data:text/javascript,1',
    ];
    const parsed = parseList({ extensions: urls.map((url) => ({ ...listed('a.tsx', 'a'), url })) });
    assert.deepEqual(
      parsed.map(({ compiled }) => compiled),
      [null, null, null, null],
    );
  });

  it('leaves out what is no extension, and rejects what is no list', () => {
    assert.deepEqual(parseList({ extensions: [1, { hash: 'x' }] }), []);
    assert.throws(() => parseList('<html>'), { status: 502 });
  });
});
