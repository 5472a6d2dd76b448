import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { openWorkspace } from '../../workspace/workspace.ts';
import { actionOf, runAction, type ActionRun } from '../files/action.fixture.ts';
import { createDebugActions } from './debug-actions.ts';

describe('createDebugActions', () => {
  let folder = '';
  const run = (id: string, input: JsonObject, signal?: AbortSignal): Promise<ActionRun> =>
    runAction(actionOf(createDebugActions(), id), {
      input,
      workspacePath: folder,
      ...(signal !== undefined && { signal }),
    });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-debug-'));
    const workspace = openWorkspace(folder);
    await workspace.writeFile('a/b.txt', 'content of b');
    await workspace.writeFile('binary', Buffer.from([0, 255]));
    await workspace.writeFile('huge', 'x'.repeat(100_000));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('debug:log writes its input, its message and what is in the workspace', async () => {
    assert.deepEqual((await run('debug:log', { message: 'hello' })).log, [
      '{\n  "message": "hello"\n}',
      'hello',
    ]);
    for (const listWorkspace of [true, 'with-filenames']) {
      const { log } = await run('debug:log', { listWorkspace });
      assert.equal(log[1], 'Workspace:\n  - a/b.txt\n  - binary\n  - huge');
    }
    const { log } = await run('debug:log', { listWorkspace: 'with-contents' });
    assert.equal(
      log[1],
      'Workspace:\n - a/b.txt:\n\n  content of b\n - binary: [skipped]\n - huge: [skipped]',
    );
    assert.equal((await run('debug:log', { listWorkspace: false })).log.length, 1);
  });

  it('debug:wait waits, not longer than ten minutes, and not after it was cancelled', async () => {
    await run('debug:wait', { milliseconds: 5 });
    await assert.rejects(run('debug:wait', { minutes: 10, milliseconds: 1 }), {
      code: 'scaffolder/invalid-input',
    });
    const controller = new AbortController();
    const cancelled = run('debug:wait', { minutes: 1 }, controller.signal);
    controller.abort(new Error('cancelled'));
    await assert.rejects(cancelled, /^Error: cancelled$/);
  });
});
