import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Action } from '@callboard/plugin';
import { dryRun, type DryRunRequest } from './dry-run.ts';
import { depsOf, ECHO, FAIL, specOf } from './run.fixture.ts';

/** Copies `skeleton/a.txt` of the template, changes it, deletes it: by `input.do`. */
const FILES: Action = {
  id: 'test:files',
  supportsDryRun: true,
  async handler({ input, workspacePath, templateInfo, secrets }) {
    const base = new URL('skeleton/a.txt', templateInfo?.baseUrl);
    const path = join(workspacePath, 'src', 'a.txt');
    if (input['do'] === 'copy') {
      await mkdir(join(workspacePath, 'src'));
      await writeFile(path, await readFile(fileURLToPath(base)));
      await writeFile(join(workspacePath, 'run.sh'), '#!/bin/sh\n');
      await chmod(join(workspacePath, 'run.sh'), 0o755);
      await writeFile(join(workspacePath, 'logo.png'), Buffer.from([0x89, 0, 1]));
      await symlink('/etc/passwd', join(workspacePath, 'link'));
    }
    if (input['do'] === 'change') await writeFile(path, `two\n${secrets['token'] ?? ''}\n`);
    if (input['do'] === 'delete') await rm(path);
  },
};

const PUBLISH: Action = {
  id: 'test:publish',
  schema: {
    output: {
      type: 'object',
      properties: {
        remoteUrl: { type: 'string' },
        number: { type: 'integer' },
        kind: { enum: ['a', 'b'] },
        hash: { type: ['string', 'null'], examples: ['abc123'] },
        list: { type: 'array', items: { type: 'object', properties: { on: { type: 'boolean' } } } },
        again: { $ref: '#/properties/number' },
      },
    },
  },
  async handler() {
    throw new Error('must not run');
  },
};

const DEPS = depsOf([FILES, PUBLISH, ECHO, FAIL]);

function request(spec: DryRunRequest['spec'], more: Partial<DryRunRequest> = {}): DryRunRequest {
  const files = [{ path: './skeleton/a.txt', content: Buffer.from('one\n') }];
  return { spec, secrets: {}, environment: { parameters: {}, secrets: { key: 'env-kelp' } }, files, ...more };
}

const files = (what: string) => ({ action: 'test:files', input: { do: what } });

async function leftovers(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('callboard-dry-run-'));
}

describe('dryRun', () => {
  it('gives the files with what each step changed, links left out, and leaves nothing behind', async () => {
    const before = await leftovers();
    const spec = specOf([files('copy'), { action: 'test:echo' }, files('change'), files('delete')]);
    const result = await dryRun(DEPS, request(spec));
    assert.equal(result.error, undefined);
    assert.deepEqual(
      result.directoryContents.map(({ path, executable, base64Content }) => [
        path,
        executable,
        base64Content.length > 0,
      ]),
      [
        ['logo.png', false, true],
        ['run.sh', true, true],
      ],
    );
    const shown = result.changes.map(({ stepId, files: changed }) => [
      stepId,
      changed.map(({ path, change, diff }) => [path, change, diff === null]),
    ]);
    assert.deepEqual(shown, [
      [
        's0',
        [
          ['logo.png', 'added', true],
          ['run.sh', 'added', false],
          ['src/a.txt', 'added', false],
        ],
      ],
      ['s2', [['src/a.txt', 'changed', false]]],
      ['s3', [['src/a.txt', 'deleted', false]]],
    ]);
    const diff = result.changes[1]?.files[0]?.diff ?? '';
    assert.match(diff, /^--- a\/src\/a\.txt\n\+\+\+ b\/src\/a\.txt\n@@ -1,1 \+1,2 @@\n-one\n\+two\n\+\n$/m);
    assert.match(
      result.changes[0]?.files[2]?.diff ?? '',
      /^--- \/dev\/null\n\+\+\+ b\/src\/a\.txt\n@@ -0,0 \+1,1 @@\n\+one\n$/m,
    );
    assert.deepEqual(result.steps, spec.steps);
    assert.deepEqual(
      (await leftovers()).filter((name) => !before.includes(name)),
      [],
    );
  });

  it('skips actions that would change something, with outputs made from their schema', async () => {
    const spec = specOf(
      [
        { action: 'test:publish', input: { x: 1 } },
        { action: 'test:publish', each: [1, 2] },
      ],
      {
        output: { one: '${{ steps.s0.output }}', many: '${{ steps.s1.output.hash }}' },
      },
    );
    const { output, log } = await dryRun(DEPS, request(spec));
    assert.deepEqual(output['one'], {
      remoteUrl: '<example>',
      number: 0,
      kind: 'a',
      hash: 'abc123',
      list: [{ on: false }],
      again: 0,
    });
    assert.deepEqual(output['many'], ['abc123']);
    assert.ok(
      log.some(({ body }) => body.message === 'Skipping because test:publish does not support dry-run'),
    );
    assert.deepEqual(
      log.filter(({ body }) => body.status === 'skipped').map(({ body }) => body.stepId),
      ['s0', 's1'],
    );
  });

  it('hides secrets in log, diffs and files, and gives none of the environment', async () => {
    const spec = specOf([
      files('copy'),
      files('change'),
      { action: 'test:echo', input: { t: '${{ secrets.token }}', k: '${{ environment.secrets.key }}' } },
    ]);
    const result = await dryRun(DEPS, request(spec, { secrets: { token: 'ghp_seaweed' } }));
    assert.match(result.changes[1]?.files[0]?.diff ?? '', /\+\*\*\*/);
    const decoded = result.directoryContents.map(({ base64Content }) =>
      Buffer.from(base64Content, 'base64').toString(),
    );
    assert.doesNotMatch(JSON.stringify([result, decoded]), /seaweed|kelp/);
  });

  it('says with which step it failed, and gives what there is until then', async () => {
    const { error, output, changes } = await dryRun(
      DEPS,
      request(specOf([files('copy'), { action: 'no:such' }])),
    );
    assert.equal(error?.stepId, 's1');
    assert.equal(error?.code, 'scaffolder/unknown-action');
    assert.deepEqual(output, {});
    assert.equal(changes.length, 1);
  });

  it('refuses paths that leave the folder, or stand in the way of another', async () => {
    const escapes = [
      '/etc/x',
      '../x',
      'a/../../x',
      'a/..',
      '',
      '.',
      'a\\..\\x',
      'C:x',
      'a\0b',
      './skeleton//a.txt',
      'skeleton/a.txt/x',
    ];
    for (const path of escapes) {
      const content = Buffer.from('x');
      const given = [
        { path: 'skeleton/a.txt', content },
        { path, content },
      ];
      await assert.rejects(
        dryRun(DEPS, request(specOf([]), { files: given })),
        { code: 'scaffolder/dry-run-path' },
        path,
      );
    }
    const names = Array.from({ length: 11 }, (_item, index) => ({
      path: `f${index}`,
      content: new Uint8Array(1024 * 1024),
    }));
    await assert.rejects(dryRun(DEPS, request(specOf([]), { files: names })), {
      code: 'scaffolder/dry-run-too-large',
      status: 413,
    });
  });

  it('never reads from where the spec says that it is', async () => {
    const seen: unknown[] = [];
    const look: Action = {
      id: 'test:look',
      supportsDryRun: true,
      async handler({ templateInfo, isDryRun }) {
        seen.push(templateInfo?.entityRef, isDryRun);
        assert.match(templateInfo?.baseUrl ?? '', /callboard-dry-run-.*\/template\/template\.yaml$/);
      },
    };
    const spec = specOf([{ action: 'test:look' }], {
      templateInfo: { entityRef: 'template:default/t', baseUrl: 'file:///etc/' },
    });
    const { error } = await dryRun(depsOf([look]), request(spec));
    assert.equal(error, undefined);
    assert.deepEqual(seen, ['template:default/t', true]);
  });
});
