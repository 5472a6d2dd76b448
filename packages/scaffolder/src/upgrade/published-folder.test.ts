import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import { createTemplating } from '../expression/templating.ts';
import { dryRun } from '../run/dry-run.ts';
import { TEMPLATE_API_VERSION } from '../template/template.ts';
import { chooseFolder, placeInRepository, recordPublishing } from './published-folder.ts';
import { textsOf, treeOf } from './upgrade.fixture.ts';

const never: Action['handler'] = async () => {
  throw new Error('it went outside');
};

/** What steps with these actions and inputs publish, with `folder` as a value of the form. */
async function publishedBy(...steps: readonly (readonly [string, JsonObject])[]) {
  const find = (id: string): Action => ({ id, handler: never });
  const { actions, published } = recordPublishing({ find, list: () => [] });
  const templating = createTemplating();
  const result = await dryRun(
    { actions, templating, now: () => 0, log: createLog({ write: () => undefined }) },
    {
      spec: {
        apiVersion: TEMPLATE_API_VERSION,
        parameters: { folder: 'module', list: ['a', 'b'] },
        steps: steps.map(([action, { each, if: condition, ...input }], index) => ({
          id: `s${index}`,
          name: action,
          action,
          input,
          ...(each === undefined ? {} : { each }),
          ...(typeof condition === 'string' ? { if: condition } : {}),
        })),
        output: {},
      },
      secrets: {},
      environment: { parameters: {}, secrets: {} },
      files: [],
    },
  );
  assert.equal(result.error, undefined);
  return published;
}

describe('recordPublishing', () => {
  it('notes the folders and repositories of the steps that publish and whose condition holds', async () => {
    const published = await publishedBy(
      ['fetch:plain', { targetPath: 'no' }],
      [
        'publish:git',
        {
          sourcePath: './${{ parameters.folder }}/',
          remoteUrl: 'https://u:p@git.example.com/repos/Docs/Manual.git',
        },
      ],
      ['publish:github', { repoUrl: 'github.com?owner=o&repo=r', if: '${{ parameters.none }}' }],
      ['publish:github:pull-request', { repoUrl: 'github.com?owner=o&repo=r', targetPath: 'services/x' }],
      ['publish:gitlab:merge-request', { repoUrl: 'gitlab.com?owner=g/sub&repo=r', targetPath: 'docs' }],
      ['publish:gitlab', { repoUrl: 'gitlab.com?owner=g&repo=e', sourcePath: false }],
      ['publish:gitlab', { repoUrl: 'gitlab.com?owner=g&repo=e', sourcePath: true }],
      ['gitlab:repo:push', { sourcePath: '/${{ each.value }}', each: '${{ parameters.list }}' }],
      ['github:webhook', { sourcePath: 'no' }],
    );
    assert.deepEqual(
      published.map(({ sourcePath, targetPath, repository }) => [sourcePath, targetPath, repository]),
      [
        ['module', '', 'docs/manual'],
        ['', 'services/x', 'o/r'],
        ['docs', 'docs', 'sub/r'],
        ['', '', 'g/e'],
        ['a', '', null],
        ['b', '', null],
      ],
    );
  });
});

describe('chooseFolder', () => {
  const at = (sourcePath: string, repository: string | null) => ({ sourcePath, targetPath: '', repository });
  const both = [at('code', 'o/yard'), at('docs', 'o/yard-docs')];
  const choose = (published: Parameters<typeof chooseFolder>[0], ...remotes: string[]) =>
    chooseFolder(published, { remotes, sourcePath: null }).sourcePath;

  it('takes all of it when nothing is published, and the folder that there is, wherever it goes', () => {
    assert.equal(choose([]), '');
    assert.equal(choose([at('code', 'o/a'), at('code', 'o/b')], 'https://git.example.com/x/y'), 'code');
  });

  it('takes the one whose repository it is, by whatever address', () => {
    for (const remote of [
      'https://git.example.com/repos/o/yard-docs.git',
      'git@git.example.com:O/yard-docs.git',
      'ssh://git@git.example.com:22/o/yard-docs',
      '/srv/repositories/o/yard-docs.git/',
      'git.example.com?owner=o&repo=yard-docs',
      'https://dev.azure.com/o/_git/yard-docs',
    ]) {
      assert.equal(choose(both, 'https://git.example.com/other/x.git', remote), 'docs', remote);
    }
  });

  it('asks when none or several fit, and takes what is said', () => {
    const unclear = {
      code: 'scaffolder/upgrade-folder',
      message: /code to o\/yard; docs to .*--source-path/,
    };
    assert.throws(() => choose(both), unclear);
    assert.throws(() => choose(both, 'https://git.example.com/o/other.git'), unclear);
    const two = [at('code', 'o/yard'), at('docs', 'o/yard')];
    assert.throws(() => choose(two, 'https://git.example.com/o/yard.git'), {
      code: 'scaffolder/upgrade-folder',
    });
    const said = (sourcePath: string) => chooseFolder(both, { remotes: [], sourcePath }).sourcePath;
    assert.deepEqual([said('./docs/'), said('.'), said('other')], ['docs', '', 'other']);
  });
});

describe('placeInRepository', () => {
  it('keeps what is in the folder, where the repository has it', () => {
    const tree = treeOf({ 'module/a/b.tf': 'b', 'module.md': 'no', 'c.md': 'no' });
    const folder = { sourcePath: 'module', targetPath: 'infra/x', repository: null };
    assert.deepEqual(textsOf(placeInRepository(tree, { folder, what: 'It' })), { 'infra/x/a/b.tf': 'b' });
  });

  it('says so when nothing is in it', () => {
    const folder = { sourcePath: 'gone', targetPath: '', repository: null };
    assert.throws(() => placeInRepository(treeOf({ a: '' }), { folder, what: 'It' }), {
      code: 'scaffolder/upgrade-folder',
      message: /^It has nothing in the folder gone/,
    });
    assert.equal(placeInRepository(new Map(), { folder, what: 'It' }).size, 0);
  });
});
