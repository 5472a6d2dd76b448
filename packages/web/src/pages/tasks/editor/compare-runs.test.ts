import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DryRunFile } from '../../../api/scaffolder-authoring.ts';
import { toBase64 } from './base64.ts';
import { compareRuns } from './compare-runs.ts';
import { readDiff } from './unified-diff.ts';

function file(path: string, content: string | Uint8Array, isExecutable = false): DryRunFile {
  return { path, base64: toBase64(content), isExecutable };
}

describe('compareRuns', () => {
  it('says what was added, changed and taken away, and leaves out what is the same', () => {
    const changes = compareRuns(
      [file('same', 'x'), file('a.md', 'one\n'), file('old.md', 'bye\n'), file('run', 'x')],
      [file('same', 'x'), file('a.md', 'two\n'), file('new.md', 'hi\n'), file('run', 'x', true)],
    );
    assert.deepEqual(
      [...changes.values()].map(({ path, change }) => [path, change]),
      [
        ['a.md', 'changed'],
        ['new.md', 'added'],
        ['run', 'changed'],
        ['old.md', 'deleted'],
      ],
    );
    assert.deepEqual(
      readDiff(changes.get('a.md')?.diff ?? '').lines.map(({ kind, text }) => [kind, text]),
      [
        ['place', '@@ -1,1 +1,1 @@'],
        ['removed', 'one'],
        ['added', 'two'],
      ],
    );
  });

  it('has no difference of what is no text', () => {
    const changes = compareRuns([file('logo', Uint8Array.of(0, 1))], [file('logo', Uint8Array.of(0, 2))]);
    assert.equal(changes.get('logo')?.diff, null);
  });
});
