import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAutocomplete } from './autocomplete.ts';
import { githubBench } from './bench.fixture.ts';
import { TOKEN } from './forge.fixture.ts';

describe('createAutocomplete', () => {
  it('suggests repositories of all pages, owners, and branches', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    const complete = createAutocomplete(bench.deps);
    const ask = (resource: string, context = {}) =>
      complete({ resource, token: TOKEN, context: { host: github.forge.host, ...context } });
    await bench.run('publish:github');
    const ledger = github.repo('harbourline/ledger');
    for (let index = 0; index < 150; index += 1) github.repos.set(`anna/r${index}`, ledger);
    const { results } = await ask('repositoriesWithOwner');
    assert.deepEqual(
      [results.length, results[0], results[150]?.id],
      [151, { id: 'harbourline/ledger' }, 'anna/r149'],
    );
    assert.deepEqual(await ask('owners'), { results: [{ id: 'harbourline' }] });
    const at = { owner: 'harbourline', repository: 'ledger' };
    assert.deepEqual(await ask('branches', at), { results: [{ id: 'main' }] });
  });

  it('names what is missing or unknown', async () => {
    await using bench = await githubBench();
    const complete = createAutocomplete(bench.deps);
    const context = { host: bench.github.forge.host };
    const code = 'scaffolder/invalid-input';
    await assert.rejects(complete({ resource: 'branches', token: TOKEN, context }), {
      code,
      message: /"owner"/,
    });
    await assert.rejects(complete({ resource: 'tags', token: TOKEN, context }), { code, message: /"tags"/ });
    const elsewhere = { resource: 'owners', token: TOKEN, context: { host: 'example.com' } };
    await assert.rejects(complete(elsewhere), { code: 'scaffolder/bad-repo-url' });
  });

  it('says so when the token is not valid', async () => {
    await using bench = await githubBench();
    const context = { host: bench.github.forge.host };
    const asked = createAutocomplete(bench.deps)({ resource: 'owners', token: 'old', context });
    await assert.rejects(asked, {
      code: 'scaffolder/forge-refused',
      status: 403,
      message: /token is not valid/,
    });
  });
});
