import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { walkFolder } from '../../workspace/walk.ts';
import { openWorkspace, type Workspace } from '../../workspace/workspace.ts';
import { actionOf, runAction, type ActionRun } from './action.fixture.ts';
import { createFilesActions } from './files-actions.ts';

describe('createFilesActions', () => {
  let folder = '';
  let workspace: Workspace;
  const run = (id: string, input: JsonObject): Promise<ActionRun> =>
    runAction(actionOf(createFilesActions(), id), { input, workspacePath: folder });
  const files = (): readonly string[] =>
    walkFolder(workspace, '.')
      .filter(({ kind }) => kind !== 'folder')
      .map(({ path }) => path);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-files-'));
    workspace = openWorkspace(folder);
    for (const path of ['a.tmp', '.hidden.tmp', 'docs/b.tmp', 'docs/c.md', 'src/[id].ts', 'src/i.ts', '!x']) {
      await workspace.writeFile(path, path);
    }
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('fs:delete takes files, folders and globs, and a name with signs of globs as it is', async () => {
    await run('fs:delete', { files: ['*.tmp'] });
    assert.deepEqual(files(), ['!x', 'docs/b.tmp', 'docs/c.md', 'src/[id].ts', 'src/i.ts']);
    await run('fs:delete', { files: ['src/[id].ts', '!x', 'docs\\**\\*.tmp'] });
    assert.deepEqual(files(), ['docs/c.md', 'src/i.ts']);
    const { log } = await run('fs:delete', { files: ['docs', 'nothing', `${folder}/src/i.ts`] });
    assert.deepEqual(files(), []);
    assert.equal(workspace.stat('docs'), null);
    assert.ok(log.includes('There is nothing to delete at nothing'));
    await run('fs:delete', { files: ['.'] });
    assert.deepEqual(workspace.list('.'), []);
  });

  it('fs:rename moves, and replaces only when told to', async () => {
    await run('fs:rename', { files: [{ from: 'docs', to: 'handbook/docs' }] });
    assert.equal(String(await workspace.readFile('handbook/docs/c.md')), 'docs/c.md');
    const onto = { from: 'a.tmp', to: 'src/i.ts' };
    await assert.rejects(run('fs:rename', { files: [onto] }), { code: 'scaffolder/path-taken' });
    await run('fs:rename', { files: [{ ...onto, overwrite: true }] });
    assert.equal(String(await workspace.readFile('src/i.ts')), 'a.tmp');
    await assert.rejects(run('fs:rename', { files: [{ from: 'none', to: 'x' }] }), {
      code: 'scaffolder/no-such-file',
      message: /'none'/,
    });
  });

  it('fs:readdir gives files and folders, with their paths', async () => {
    const flat = await run('fs:readdir', { paths: ['docs', 'src'] });
    assert.deepEqual(flat.output['folders'], []);
    assert.deepEqual(JSON.stringify(flat.output['files']).match(/(?<="path":")[^"]+/g), [
      'docs/b.tmp',
      'docs/c.md',
      'src/[id].ts',
      'src/i.ts',
    ]);
    const deep = await run('fs:readdir', { paths: ['.'], recursive: true });
    assert.deepEqual(deep.output['folders'], [
      { name: 'docs', path: 'docs', fullPath: join(workspace.root, 'docs') },
      { name: 'src', path: 'src', fullPath: join(workspace.root, 'src') },
    ]);
    await assert.rejects(run('fs:readdir', { paths: ['none'] }), { code: 'scaffolder/no-such-file' });
  });
});
