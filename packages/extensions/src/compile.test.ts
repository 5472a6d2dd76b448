import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, extensionOf, openPlace } from './extensions.fixture.ts';

const REACT = { useState: () => 'state', version: '18', createElement: () => 'classic' };
const JSX = { jsx: (type: unknown) => ['element', type], jsxs: (type: unknown) => ['elements', type] };
const MATERIAL = {
  TextField: 'TextField',
  MenuItem: 'MenuItem',
  makeStyles: 'makeStyles',
  colors: { blue: { 500: '#00f' }, red: {} },
};
const PAGE = { react: REACT, 'react/jsx-runtime': JSX, '@material-ui/core': MATERIAL };

describe('createExtensions, compiling', () => {
  it('gives modules of the page to every spelling of an import', async () => {
    await using place = await openPlace({
      'field.tsx': `
        import React, { useState } from 'react';
        import * as All from 'react';
        import type { FieldProps } from '@rjsf/utils';
        import { type Widget, MenuItem } from '@material-ui/core';
        import { Unused } from '@backstage/core-plugin-api';
        import TextField from '@material-ui/core/TextField';
        import Again, { MenuItem as Item } from '@material-ui/core/esm/TextField/TextField';
        import { makeStyles } from '@material-ui/core/styles';
        import deep from '@material-ui/core/styles/makeStyles';
        import { blue } from '@material-ui/core/colors';
        import one from '@material-ui/core/colors/blue';
        export { version as reexported } from 'react';
        export const late = () => import('react');
        export const element = (props: FieldProps<Widget, Unused>) => <TextField />;
        export const all = [React.version, useState(), All.version, MenuItem, TextField, Again, Item, makeStyles, deep, blue[500], one[500]];`,
    });
    const extensions = place.open();
    const { needs, errors } = await extensionOf(extensions, 'field.tsx');
    assert.deepEqual(errors, []);
    assert.deepEqual(needs, ['@material-ui/core', 'react', 'react/jsx-runtime']);
    const run = await place.run(await codeOf(extensions, 'field.tsx'), PAGE);
    const field = ['TextField', 'TextField', 'MenuItem'];
    const styles = ['makeStyles', 'makeStyles', '#00f', '#00f'];
    assert.deepEqual(run['all'], ['18', 'state', '18', 'MenuItem', ...field, ...styles]);
    assert.equal(run['reexported'], '18');
    const { element, late } = run;
    assert.ok(typeof element === 'function' && typeof late === 'function');
    assert.deepEqual(element({}), ['element', 'TextField']);
    assert.equal((await late()).useState, REACT.useState);
  });

  it('gives the same default whether the page has a namespace or an object, and the folder a package.json or none', async () => {
    const source = `
      import React from 'react';
      import TextField from '@material-ui/core/TextField';
      export const seen = [React.version, TextField];`;
    await using plain = await openPlace({
      'a.tsx': source,
      'b.cjs.js': "exports.seen = require('react').version",
    });
    await using typed = await openPlace({ 'a.tsx': source, 'package.json': '{"type":"module"}' });
    const namespace = { ...REACT, default: REACT };
    for (const place of [plain, typed]) {
      const extensions = place.open();
      const code = await codeOf(extensions, 'a.tsx');
      for (const react of [REACT, namespace]) {
        const { seen } = await place.run(code, { ...PAGE, react });
        assert.deepEqual(seen, ['18', 'TextField']);
      }
    }
    const required = await plain.run(await codeOf(plain.open(), 'b.cjs.js'), PAGE);
    assert.deepEqual(required['default'], { seen: '18' });
  });

  it('uses the prototype of a module of the page, which tells of names that it does not have', async () => {
    await using place = await openPlace({
      'a.tsx': `
        import { Known, Missing } from '@backstage/core-components';
        import Button, { Other } from '@material-ui/core/Button';
        import useAsync from 'react-use/esm/useAsync';
        export const known = [Known, Button, useAsync];
        export const missing = () => Missing;
        export const other = () => Other;`,
    });
    const guard = (name: string): object =>
      new Proxy(Object.create(null), {
        get: (_target, key) => {
          throw new Error(`no ${String(key)} in ${name}`);
        },
      });
    const module = (name: string, members: object): object =>
      Object.defineProperty(Object.assign(Object.create(guard(name)), members), '__esModule', {
        value: true,
      });
    const extensions = place.open();
    const { needs } = await extensionOf(extensions, 'a.tsx');
    assert.deepEqual(needs, ['@backstage/core-components', '@material-ui/core', 'react-use/esm/useAsync']);
    const { known, missing, other } = await place.run(await codeOf(extensions, 'a.tsx'), {
      '@backstage/core-components': module('components', { Known: 'known' }),
      '@material-ui/core': module('material', { Button: 'button' }),
      'react-use/esm/useAsync': module('async', { default: 'async' }),
    });
    assert.deepEqual(known, ['known', 'button', 'async']);
    assert.ok(typeof missing === 'function' && typeof other === 'function');
    assert.throws(() => missing(), /no Missing in components/);
    assert.throws(() => other(), /no Other in material/);
  });

  it('compiles elements for the classic runtime where a file asks for it', async () => {
    await using place = await openPlace({
      'old.jsx': '/** @jsxRuntime classic */\nimport React from "react";\nexport const made = <b />;',
    });
    const run = await place.run(await codeOf(place.open(), 'old.jsx'), PAGE);
    assert.equal(run['made'], 'classic');
  });

  it('bundles own files, data, packages beside it, and styles', async () => {
    await using place = await openPlace({
      'berth/index.tsx': `
        import { list } from '../parts/list.ts';
        import data from './data.json';
        import icon from './icon.svg';
        import small from 'small';
        import styles from './berth.module.css';
        import '@backstage/ui/css/styles.css';
        export const all = [list, data.name, icon.slice(0, 18), small, typeof styles.wide];`,
      'parts/list.ts': "export const list: readonly string[] = ['quay'];",
      'berth/data.json': '{"name":"mole"}',
      'berth/icon.svg': '<svg/>',
      'berth/berth.module.css': '.wide { width: 9em }',
    });
    await mkdir(join(place.root, 'node_modules/small'), { recursive: true });
    await writeFile(join(place.root, 'node_modules/small/index.js'), 'module.exports = "small";');
    const extensions = place.open();
    const { extensions: all } = await extensions.list();
    assert.deepEqual(
      all.map(({ file, errors, needs }) => ({ file, errors, needs })),
      [{ file: 'berth/index.tsx', errors: [], needs: [] }],
    );
    const styles: Record<string, unknown>[] = [];
    const head = {
      querySelectorAll: () => styles,
      appendChild: (style: Record<string, unknown>) => (styles.push(style), style),
    };
    Reflect.set(globalThis, 'document', { head, createElement: () => ({ dataset: {} }) });
    const code = await codeOf(extensions, 'berth/index.tsx');
    const run = await place.run(code, {});
    await place.run(`${code}\n`, {});
    Reflect.deleteProperty(globalThis, 'document');
    assert.deepEqual(run['all'], [['quay'], 'mole', 'data:image/svg+xml', 'small', 'string']);
    assert.equal(styles.length, 1, 'a newer module takes the place of the styles of the older one');
    assert.match(String(styles[0]?.['textContent']), /width: 9em/);
  });

  it('says where and what is wrong, and what to do', async () => {
    await using place = await openPlace({
      'missing.tsx':
        "import a from './nope';\nimport b from 'left-pad/x';\nimport fs from 'fs';\nimport 'node:os';\nimport 'https://x.example/y.js';\nexport { a, b, fs };",
      'syntax.tsx': "const ü = 1;\nexport const field = { name: 'Berth', component: ü ü };\n",
    });
    const extensions = place.open();
    const { errors } = await extensionOf(extensions, 'missing.tsx');
    assert.deepEqual(
      errors.map(({ line, column, text }) => [line, column, text.split('. ')[0]]),
      [
        [1, 15, '"./nope" does not exist'],
        [2, 15, 'The package "left-pad/x" is not installed'],
        [3, 16, '"fs" is a part of Node.js, and an extension runs in the browser'],
        [4, 8, '"node:os" is a part of Node.js, and an extension runs in the browser'],
        [5, 8, '"https://x.example/y.js" is elsewhere, and code is only loaded from the portal'],
      ],
    );
    assert.match(errors[1]?.text ?? '', /npm install left-pad"/);
    assert.deepEqual((await extensionOf(extensions, 'syntax.tsx')).errors, [
      {
        file: 'syntax.tsx',
        line: 2,
        column: 52,
        text: 'Expected "}" but found "ü".',
        lineText: "export const field = { name: 'Berth', component: ü ü };",
      },
    ]);
    const problems = place.lines.filter(({ msg }) => msg === 'an extension cannot be compiled');
    assert.equal(problems.length, 6);
  });

  it('leads an error that is thrown back to the line it was written in', async () => {
    await using place = await openPlace({
      'field.tsx': "import { explode } from './parts/explode.ts';\n\nexplode();\n",
      'parts/explode.ts':
        "// First line.\nexport function explode(): never {\n  throw new Error('bang');\n}\n",
      'bare.tsx': "import { version } from 'react';\nexport const seen = version;\n",
    });
    const extensions = place.open();
    const placesOf = async (file: string): Promise<unknown[]> => {
      const error = await place.run(await codeOf(extensions, file), {}).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof Error);
      const frames = [...(error.stack ?? '').matchAll(/run-\d+\.mjs:(\d+):(\d+)/g)];
      const { hash } = await extensionOf(extensions, file);
      assert.ok(hash !== null);
      const at = frames.map(([, line, column]) => ({ hash, line: Number(line), column: Number(column) }));
      return [error.message, ...(await Promise.all(at.map((position) => extensions.locate(position))))];
    };
    const [, thrown, called] = await placesOf('field.tsx');
    assert.deepEqual(thrown, { file: 'parts/explode.ts', line: 3, column: 9 });
    assert.deepEqual(called, { file: 'field.tsx', line: 3, column: 1 });
    const [message, shim] = await placesOf('bare.tsx');
    assert.equal(message, 'This page does not give "react" to extensions.');
    assert.deepEqual(shim, { file: 'bare.tsx', line: null, column: null });
    assert.equal(await extensions.locate({ hash: '0'.repeat(32), line: 1, column: 1 }), null);
  });
});
