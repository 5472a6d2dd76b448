import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { githubBench } from './bench.fixture.ts';
import { openRepository } from './client.ts';
import { TOKEN } from './forge.fixture.ts';

const LABEL = { number: 7, labels: ['a'] };
const RATE = { 'x-ratelimit-remaining': '0' };

describe('openRepository', () => {
  it('takes the token of the step before that of the configuration, and names neither in an error', async () => {
    await using bench = await githubBench();
    await bench.github.addRepo('harbourline/ledger');
    await bench.run('github:issues:label', LABEL);
    await assert.rejects(bench.run('github:issues:label', { ...LABEL, token: 'ghp_other' }), {
      code: 'scaffolder/forge-refused',
      status: 403,
      message:
        /^GitHub at \S+ refused POST \S+\/issues\/7\/labels with 401: Bad credentials\. The token is not valid/,
    });
  });

  it('takes the token out of what GitHub says', async () => {
    await using bench = await githubBench();
    bench.github.fail({ route: /./, status: 422, body: { message: `Bad ${TOKEN}`, errors: ['no'] } });
    await assert.rejects(bench.run('github:issues:label', LABEL), { message: /422: Bad \*\*\* \(no\)\./ });
  });

  it('needs the user’s own token when the configuration says so', async () => {
    await using bench = await githubBench({ config: { 'scaffolder.requireScmUserCredentials': true } });
    await assert.rejects(bench.run('github:issues:label', LABEL), { code: 'scaffolder/no-token' });
    assert.deepEqual(bench.github.calls, []);
  });

  it('says which token is missing', async () => {
    await using bench = await githubBench();
    const repoUrl = 'github.com?owner=harbourline&repo=ledger';
    await assert.rejects(bench.run('github:issues:label', { ...LABEL, repoUrl }), {
      code: 'scaffolder/no-token',
      message: /no token for github\.com\. .*"integrations\.github"/,
    });
  });

  it('refuses addresses that are none, and hosts that nobody configured', async () => {
    await using bench = await githubBench();
    const { host } = bench.github.forge;
    const bad = ['', 'http://[', `${host}?owner=a`, `${host}?repo=b`, 'example.com?owner=a&repo=b'];
    const tricks = [`${host}?owner=..&repo=b`, `${host}?owner=a/b&repo=c`, `${host}?owner=a%2Fb&repo=c`];
    for (const repoUrl of [...bad, ...tricks]) {
      const caller = { input: { repoUrl }, logger: { ...console, child: () => assert.fail() } };
      const opened = openRepository(bench.deps, { ...caller, signal: new AbortController().signal });
      await assert.rejects(opened, { code: 'scaffolder/bad-repo-url', status: 400 }, repoUrl);
    }
  });

  it('waits as long as a limit asks, and sends again what was not taken', async () => {
    await using bench = await githubBench();
    const { github } = bench;
    await github.addRepo('harbourline/ledger');
    const after = { 'retry-after': '7' };
    github.fail({ route: /issues/, status: 403, headers: after, body: { message: 'secondary rate limit' } });
    github.fail({ route: /issues/, status: 429, body: { message: 'Too many' } });
    await bench.run('github:issues:create', { title: 'x' });
    assert.deepEqual([bench.waits[0], github.calls.length], [7_000, 3]);
    assert.match(bench.log.join('\n'), /GitHub answered 403: asking again in 7 s/);
  });

  it('does not wait for a limit that lasts long, and says when it ends', async () => {
    await using bench = await githubBench();
    const reset = Math.floor(Date.now() / 1_000) + 3_600;
    const headers = { ...RATE, 'x-ratelimit-reset': String(reset) };
    bench.github.fail({ route: /./, status: 403, headers, body: { message: 'API rate limit exceeded' } });
    const message = new RegExp(`retry the step after ${new Date(reset * 1_000).toISOString()}`);
    await assert.rejects(bench.run('github:issues:label', LABEL), { message });
    assert.deepEqual(bench.waits, []);
  });

  it('gives up after four attempts', async () => {
    await using bench = await githubBench();
    bench.github.fail({ route: /./, status: 503, body: { message: 'Unavailable' }, times: 9 });
    await assert.rejects(bench.run('github:repo:push'), { status: 503, message: /works again/ });
    assert.equal(bench.github.calls.length, 4);
  });

  it('names what cannot be reached', async () => {
    await using bench = await githubBench();
    await bench.github.git[Symbol.asyncDispose]();
    await assert.rejects(bench.run('github:repo:push'), {
      code: 'scaffolder/forge-unreachable',
      status: 503,
      message: /does not answer GET \/api\/v3\/repos\/harbourline\/ledger: .*ECONNREFUSED/,
    });
  });

  it('stops when the task is cancelled, also while it waits', async () => {
    await using bench = await githubBench();
    const controller = new AbortController();
    const reason = new Error('cancelled by anna');
    bench.github.fail({ route: /./, status: 503, times: 9 });
    const deps = { ...bench.deps, wait: async () => controller.abort(reason) };
    const repoUrl = `${bench.github.forge.host}?owner=harbourline&repo=ledger`;
    const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
    const { client, at } = await openRepository(deps, {
      input: { repoUrl },
      logger,
      signal: controller.signal,
    });
    await assert.rejects(client.rest.repos.get(at), reason);
    assert.equal(bench.github.calls.length, 1);
  });
});
