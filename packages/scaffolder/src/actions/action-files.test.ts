import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { testFolder } from '../git/git.fixture.ts';
import { loadActionFiles } from './action-files.ts';

const TYPED = `
import { defineAction, definePlugin, type Action } from '@callboard/plugin';
interface Unused { readonly a: string }
export const deploy: Action = defineAction({
  id: 'acme:deploy',
  schema: { input: { type: 'object', required: ['to'], properties: { to: { type: 'string' } } } },
  handler: async ({ input, output }) => output('where', input.to),
});
export const plugin = definePlugin({ id: 'acme', provision: () => ({ actions: [deploy] }) });
export const notes = { id: 'not an action', text: 'kept apart' };
`;

describe('loadActionFiles', () => {
  it('takes actions, lists of them and plugins out of TypeScript, JavaScript and CommonJS', async () => {
    await using folder = await testFolder({
      'package.json': '{ "type": "module" }',
      'typed.ts': TYPED,
      'list.mjs': "export default [{ id: 'acme:a', handler() {} }, { id: 'acme:b', async handler() {} }];",
      'common.cjs':
        "module.exports = { c: { id: 'acme:c', schema: { input: { type: 'object' } }, handler() {} } };",
    });
    const files = ['typed.ts', 'list.mjs', 'common.cjs'].map((name) => join(folder.path, name));
    const { sources, plugins, diagnostics } = await loadActionFiles([...files, ...files]);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      sources.map(({ name, actions }) => [name, actions.map(({ id }) => id)]),
      [
        [files[0], ['acme:deploy']],
        [files[1], ['acme:a', 'acme:b']],
        [files[2], ['acme:c']],
      ],
    );
    assert.deepEqual(
      plugins.map(({ file, plugin }) => [file, plugin.id]),
      [[files[0], 'acme']],
    );
  });

  it('reports each file that is wrong, with what to do, and loads the others', async () => {
    const cases: Readonly<Record<string, readonly [string, RegExp]>> = {
      'syntax.mjs': ['export const = 1;', /cannot be loaded: Unexpected token/],
      'throws.mjs': ["throw new Error('no database\\nand more');", /cannot be loaded: no database$/],
      'import.mjs': ["import 'not-there';", /cannot be loaded: Cannot find package 'not-there'/],
      'enum.ts': ['export enum A { B }', /cannot be loaded: .*enum/],
      'text.txt': ['hello', /cannot be loaded: Unknown file extension/],
      'empty.mjs': ['export const a = 1;', /exports no action and no plugin/],
      'factory.mjs': ['export function createDeploy() {}', /exports no action and no plugin/],
      'id.mjs': ["export const a = { id: 'has space', handler() {} };", /export a is no action: its id/],
      'handler.mjs': ["export const a = { id: 'a:b', schema: {} };", /a:b has no handler/],
      'getter.mjs': ["export const a = { get id() { throw new Error('trap'); }, handler() {} };", /trap/],
    };
    const contents = Object.entries(cases).map(([name, [content]]) => [name, content]);
    await using folder = await testFolder({
      ...Object.fromEntries(contents),
      'good.mjs': "export const good = { id: 'acme:good', handler() {} };",
    });
    const names = [...Object.keys(cases), 'missing.mjs', 'good.mjs'];
    const { sources, diagnostics } = await loadActionFiles(names.map((name) => join(folder.path, name)));
    assert.deepEqual(
      sources.map(({ actions }) => actions.map(({ id }) => id)),
      [['acme:good']],
    );
    assert.deepEqual(
      diagnostics.map(({ file }) => file),
      [...Object.keys(cases), 'missing.mjs'].map((name) => join(folder.path, name)),
    );
    for (const [index, [, pattern]] of Object.values(cases).entries()) {
      assert.match(diagnostics[index]?.summary ?? '', pattern);
    }
    assert.match(diagnostics.find(({ file }) => file?.endsWith('factory.mjs'))?.detail ?? '', /functions/);
  });

  it('says what to do with schemas of zod that nobody converted', async () => {
    const withSchema = (input: string) =>
      `export const a = { id: 'a:b', handler() {}, schema: { input: ${input} } };`;
    await using folder = await testFolder({
      'function.mjs': withSchema('z => z.object({})'),
      'members.mjs': withSchema('{ name: z => z.string() }'),
      'object.mjs': withSchema("{ _def: { typeName: 'ZodObject' } }"),
      'properties.mjs': withSchema("{ name: { '~standard': {} } }"),
      'deep.mjs': withSchema('{ properties: { name: { default: () => 1 } } }'),
      'circle.mjs':
        'const s = {}; s.not = s; export const a = { id: "a:b", handler() {}, schema: { input: s } };',
    });
    const names = ['function', 'members', 'object', 'properties', 'deep', 'circle'];
    const { sources, diagnostics } = await loadActionFiles(
      names.map((name) => join(folder.path, `${name}.mjs`)),
    );
    assert.deepEqual(sources, []);
    const expected = [
      /schema\.input of a:b is a function of zod: give the action to createTemplateAction/,
      /functions of zod, as for "name": give the action to createTemplateAction/,
      /is a schema of zod: give z\.toJSONSchema/,
      /schemas of zod, as for "name"/,
      /is not JSON/,
      /is not JSON/,
    ];
    for (const [index, pattern] of expected.entries()) {
      assert.equal(diagnostics[index]?.code, 'scaffolder/bad-action');
      assert.match(diagnostics[index]?.summary ?? '', pattern);
    }
  });
});
