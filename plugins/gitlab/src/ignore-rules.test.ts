import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { isIgnored, parseIgnoreFile } from './ignore-rules.ts';
import { readSourceFiles } from './source-files.ts';

const run = promisify(execFile);

const ROOT_RULES = `# comment
*.log
!keep.log
/build
out/
docs/**/draft?.md
a/**
!a/b
**/deep/x
[xy]z
[!a-c]q
\\#hash
\\!bang
trailing\\ 
**
!**/
!*.ts
!*.log
!*.md
!zone/**
`;
const PLAIN_RULES = ROOT_RULES.split('\n').slice(0, 13).join('\n');

const FILES = [
  'x.log',
  'keep.log',
  'sub/x.log',
  'build/a',
  'sub/build/a',
  'out/a',
  'sub/out/a',
  'sub/out.d/a',
  'docs/draft1.md',
  'docs/a/b/draft2.md',
  'docs/draft10.md',
  'a/b',
  'a/c/d',
  'deep/x',
  'one/two/deep/x',
  'xz',
  'az',
  'dq',
  'bq',
  '#hash',
  '!bang',
  'main.ts',
  'zone/file',
  'nested/secret',
  'nested/kept/secret',
];

describe('readSourceFiles', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-ignore-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, rules] of [
    ['usual', PLAIN_RULES],
    ['everything but', ROOT_RULES],
  ] as const) {
    it(`leaves out what git does, by the same files: ${name}`, async () => {
      const workspacePath = join(folder, name);
      for (const file of FILES) {
        await mkdir(dirname(join(workspacePath, file)), { recursive: true });
        await writeFile(join(workspacePath, file), file);
      }
      await writeFile(join(workspacePath, '.gitignore'), rules);
      await writeFile(join(workspacePath, 'nested/.gitignore'), 'secret\n!kept/secret\n');
      const git = (...args: string[]) =>
        run('git', ['-c', 'core.excludesFile=/dev/null', ...args], { cwd: workspacePath });
      await git('init', '--quiet');
      const { stdout } = await git('ls-files', '-z', '--others', '--exclude-standard');
      const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
      const signal = new AbortController().signal;
      const files = await readSourceFiles({ workspacePath, logger, signal }, '.');
      assert.deepEqual(
        files.map(({ path }) => path).toSorted(),
        stdout
          .split('\0')
          .filter((path) => path !== '')
          .toSorted(),
      );
    });
  }
});

describe('isIgnored', () => {
  it('takes time that grows with the length of a path, not with its possibilities', () => {
    const rules = parseIgnoreFile(`${'*a'.repeat(500)}b\n${'**/a/'.repeat(200)}b`, []);
    const path = [...Array.from({ length: 200 }, () => 'a'), 'a'.repeat(5_000)];
    assert.equal(isIgnored(rules, path, 'file'), false);
  });
});
