import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { createGit } from '@callboard/scaffolder/git';
import { openBench, type Bench } from './context.fixture.ts';
import { startGitlab, USER_TOKEN, type FakeGitlab } from './forge.fixture.ts';

let gitlab: FakeGitlab;
let bench: Bench;
before(async () => {
  gitlab = await startGitlab();
  bench = await openBench({ forge: gitlab.forge, git: createGit() });
});
after(async () => {
  await bench[Symbol.asyncDispose]();
  await gitlab[Symbol.asyncDispose]();
});

describe('plugin', () => {
  it('has the actions of Backstage, each with a description, a schema and an example', () => {
    const actions = bench.parts.actions ?? [];
    assert.deepEqual(actions.map(({ id }) => id).toSorted(), [
      'gitlab:group:access',
      'gitlab:group:ensureExists',
      'gitlab:group:migrate',
      'gitlab:issue:edit',
      'gitlab:issues:create',
      'gitlab:pipeline:trigger',
      'gitlab:projectAccessToken:create',
      'gitlab:projectDeployToken:create',
      'gitlab:projectVariable:create',
      'gitlab:repo:push',
      'gitlab:user:info',
      'publish:gitlab',
      'publish:gitlab:merge-request',
    ]);
    for (const { id, description, examples = [], schema } of actions) {
      assert.ok((description ?? '').length > 10, id);
      const properties = schema?.input?.['properties'];
      assert.ok(isObject(properties), id);
      for (const { example } of examples) {
        assert.match(example, new RegExp(`action: ${id}\\n    input:\\n`));
        const names = [...example.matchAll(/^ {6}(\w+):/gm)].map(([, name]) => name ?? '');
        assert.deepEqual(
          names.filter((name) => !(name in properties)),
          [],
          id,
        );
        const { required = [] } = schema?.input ?? {};
        assert.ok(Array.isArray(required) && required.every((name) => names.includes(String(name))), id);
      }
      assert.equal(examples.length, 1, id);
    }
  });
});

describe('autocomplete gitlab', () => {
  const suggest = (resource: string, more: object = {}, token = USER_TOKEN) => {
    const provider = bench.parts.autocomplete?.['gitlab'];
    assert.ok(provider !== undefined);
    return provider({ resource, token, context: { host: gitlab.forge.host, ...more } });
  };

  it('gives the groups of the user over all pages, and the user', async () => {
    const groups = Array.from({ length: 130 }, (_, index) => gitlab.world.addGroup(`team-${index}`));
    const { results } = await suggest('groups');
    assert.equal(results.length, 131);
    assert.deepEqual(results[0], { id: String(groups[0]?.id), title: 'team-0' });
    assert.deepEqual(results.at(-1), { id: '7', title: 'eva' });
    assert.ok(gitlab.asked.every(({ login }) => login === 'bearer'));
  });

  it('gives the projects of a group, and those of the user', async () => {
    await gitlab.world.addProject('team-3/ledger');
    await gitlab.world.addProject('eva/notes', 7);
    const group = gitlab.world.groups.find(({ full_path: path }) => path === 'team-3');
    assert.deepEqual(await suggest('repositories', { id: String(group?.id) }), {
      results: [{ id: 'ledger', title: 'ledger' }],
    });
    assert.deepEqual(await suggest('repositories', { id: '7' }), {
      results: [{ id: 'notes', title: 'notes' }],
    });
  });

  it('names what it does not know, and never uses the token of the configuration', async () => {
    await assert.rejects(suggest('branches'), { code: 'scaffolder/invalid-input' });
    await assert.rejects(suggest('repositories'), { code: 'scaffolder/invalid-input' });
    await assert.rejects(suggest('groups', {}, ''), { code: 'scaffolder/no-token' });
    await assert.rejects(suggest('groups', { host: 'git.example.com' }), { code: 'scaffolder/bad-repo-url' });
  });
});
