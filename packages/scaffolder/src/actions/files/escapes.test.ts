/** The corpus of escapes with every action that takes a path, and with trees and templates that try to get out. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CodedError, type TreeEntry } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import { createTemplating } from '../../expression/templating.ts';
import { createScene, escapesOf, type Scene } from '../../workspace/scene.fixture.ts';
import { createCatalogActions } from '../catalog/catalog-actions.ts';
import { createDebugActions } from '../debug/debug-actions.ts';
import { createFetchActions } from '../fetch/fetch-actions.ts';
import type { UrlTrees } from '../fetch/url-trees.ts';
import { actionOf, runAction, type ActionRun } from './action.fixture.ts';
import { createFilesActions } from './files-actions.ts';

const file = (path: string): TreeEntry => ({
  kind: 'file',
  path,
  content: Buffer.from('taken over'),
  executable: false,
});

/** A forge whose repositories hold just these entries. */
function treesOf(entries: readonly TreeEntry[]): UrlTrees {
  return {
    readTree: async (_url, { visit }) => {
      for (const entry of entries) await visit(entry);
    },
    readFile: () => Promise.resolve(Buffer.from('taken over')),
    resolveUrl: (url, base) => new URL(url, base).href,
  };
}

function actionsWith(entries: readonly TreeEntry[]): readonly Action[] {
  const unused = (): never => assert.fail('the catalog was asked');
  const catalog = { entity: unused, ownershipOf: unused, register: unused, preview: unused };
  const urls = treesOf(entries);
  return [
    ...createFilesActions(),
    ...createDebugActions(),
    ...createFetchActions({ urls, templating: createTemplating() }),
    ...createCatalogActions({ catalog, urls }),
  ];
}

interface Vector {
  readonly action: string;
  readonly input: JsonObject;
  readonly entries?: readonly TreeEntry[];
}

const REMOTE = 'https://git.harbourline.example/o/r';

function vectorsOf(path: string): readonly Vector[] {
  const tree = [file('x.txt')];
  return [
    { action: 'fs:delete', input: { files: [path] } },
    { action: 'fs:delete', input: { files: [`${path}/*`, `${path}/**`] } },
    { action: 'fs:rename', input: { files: [{ from: path, to: 'fresh' }] } },
    { action: 'fs:rename', input: { files: [{ from: 'plain.txt', to: path, overwrite: true }] } },
    { action: 'fs:readdir', input: { paths: [path], recursive: true } },
    { action: 'fetch:plain', input: { url: REMOTE, targetPath: path }, entries: tree },
    { action: 'fetch:plain', input: { url: REMOTE }, entries: [file(path)] },
    { action: 'fetch:plain', input: { url: REMOTE }, entries: [{ kind: 'folder', path }] },
    {
      action: 'fetch:plain',
      input: { url: REMOTE },
      entries: [{ kind: 'link', path: 'l', target: path }, file('l'), file('l/x')],
    },
    { action: 'fetch:plain', input: { url: path } },
    { action: 'fetch:plain:file', input: { url: REMOTE, targetPath: path } },
    { action: 'fetch:plain:file', input: { url: path, targetPath: 'fetched' } },
    { action: 'fetch:template', input: { url: REMOTE, targetPath: path, replace: true }, entries: tree },
    {
      action: 'fetch:template',
      input: { url: REMOTE, values: { path }, replace: true },
      entries: [file('${{ values.path }}'), file('a/${{ values.path }}/b')],
    },
    { action: 'fetch:template', input: { url: path, replace: true } },
    { action: 'fetch:template:file', input: { url: REMOTE, targetPath: path, replace: true } },
    { action: 'fetch:template:file', input: { url: path, targetPath: 'fetched' } },
    { action: 'workspace:template', input: { sourcePath: path, targetPath: 'fetched' } },
    { action: 'workspace:template', input: { sourcePath: 'real', targetPath: path, replace: true } },
    { action: 'workspace:template:file', input: { sourcePath: path, targetPath: 'fetched' } },
    {
      action: 'workspace:template:file',
      input: { sourcePath: 'plain.txt', targetPath: path, replace: true },
    },
    { action: 'catalog:write', input: { entity: { kind: 'API' }, filePath: path } },
    { action: 'debug:log', input: { listWorkspace: 'with-contents' } },
  ];
}

/** Nothing of the machine may be in what a step says, puts out or fails with. */
async function attempt(scene: Scene, { action, input, entries = [] }: Vector): Promise<void> {
  // The template lies in a folder of its own, beside what nothing may touch.
  const baseUrl = pathToFileURL(join(scene.top, 'template', 'template.yaml')).href;
  const test = {
    input,
    workspacePath: scene.root,
    templateInfo: { entityRef: 'template:default/t', baseUrl },
  };
  let run: ActionRun | null = null;
  try {
    run = await runAction(actionOf(actionsWith(entries), action), test);
  } catch (error) {
    assert.ok(error instanceof CodedError, `${action} ${JSON.stringify(input)}: ${String(error)}`);
    assert.match(error.code, /^scaffolder\//);
  }
  assert.doesNotMatch(
    JSON.stringify(run),
    /secret of|inner\.txt|root:x/,
    `${action} ${JSON.stringify(input)}`,
  );
}

describe('the actions of the core', () => {
  it('touch nothing outside of the workspace and read nothing outside of the template', async () => {
    const paths = ((): number => {
      using scene = createScene();
      return escapesOf(scene).length;
    })();
    let attempts = 0;
    for (let index = 0; index < paths; index += 1) {
      using scene = createScene();
      mkdirSync(join(scene.top, 'template'));
      writeFileSync(join(scene.top, 'template', 'template.yaml'), 'kind: Template\n');
      const before = scene.snapshot();
      for (const vector of vectorsOf(escapesOf(scene)[index] ?? '')) {
        await attempt(scene, vector);
        attempts += 1;
      }
      assert.deepEqual(scene.snapshot(), before, escapesOf(scene)[index]);
      // What came into the workspace is nothing of the machine.
      const fetched = await runAction(actionOf(actionsWith([]), 'fs:readdir'), {
        input: { paths: ['.'], recursive: true },
        workspacePath: scene.root,
      });
      assert.doesNotMatch(JSON.stringify(fetched.output), /inner\.txt|shadow/);
    }
    assert.ok(attempts > 700);
  });
});
