import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { githubBench, type GithubBench } from '../bench.fixture.ts';

const NAME = 'harbourline/ledger';

async function withRepo(): Promise<GithubBench> {
  const bench = await githubBench();
  await bench.github.addRepo(NAME);
  return bench;
}

const kept = ({ github }: GithubBench, key: string) => github.repo(NAME).state.get(key);

/** Runs it, then again as after a crash that lost the checkpoint. */
async function twice(bench: GithubBench, id: string, input: JsonObject): Promise<JsonObject> {
  await bench.run(id, input);
  bench.checkpoints.clear();
  return bench.run(id, input);
}

describe('github:actions:dispatch', () => {
  const input = { workflowId: 'deploy.yaml', branchOrTagName: 'main' };

  it('starts a workflow once, with its inputs', async () => {
    await using bench = await withRepo();
    const more = { ...input, workflowInputs: { environment: 'staging' } };
    assert.deepEqual(await bench.run('github:actions:dispatch', more), {});
    await bench.run('github:actions:dispatch', more);
    assert.deepEqual(kept(bench, 'dispatched'), [{ ref: 'main', inputs: { environment: 'staging' } }]);
  });

  it('puts out the run when it is asked to', async () => {
    await using bench = await withRepo();
    const output = await bench.run('github:actions:dispatch', { ...input, returnWorkflowRunDetails: true });
    assert.deepEqual(output, {
      workflowRunId: 9,
      workflowRunUrl: 'https://api.test/repos/harbourline/ledger/actions/runs/9',
      workflowRunHtmlUrl: 'https://test/repos/harbourline/ledger/actions/runs/9',
    });
  });

  it('says so when the server does not know the run', async () => {
    await using bench = await withRepo();
    bench.github.fail({ route: /dispatches/, status: 204, after: true });
    await bench.run('github:actions:dispatch', { ...input, returnWorkflowRunDetails: true });
    assert.match(bench.log.join('\n'), /warn: The workflow was started, but/);
  });

  it('is not sent again after a failure of GitHub: it could start twice', async () => {
    await using bench = await withRepo();
    bench.github.fail({ route: /dispatches/, status: 502, after: true });
    await assert.rejects(bench.run('github:actions:dispatch', input), { status: 503 });
    assert.equal(bench.github.calls.length, 1);
  });
});

describe('github:webhook', () => {
  it('makes a webhook with the defaults of Backstage, and one only', async () => {
    await using bench = await withRepo();
    await twice(bench, 'github:webhook', { webhookUrl: 'https://build.test/', webhookSecret: 'hunter22' });
    assert.deepEqual(kept(bench, 'hook'), {
      config: { url: 'https://build.test/', content_type: 'form', secret: 'hunter22', insecure_ssl: '0' },
      events: ['push'],
      active: true,
    });
    assert.ok(!JSON.stringify([bench.log, [...bench.checkpoints]]).includes('hunter22'));
  });

  it('fails without showing the secret when GitHub refuses', async () => {
    await using bench = await withRepo();
    bench.github.fail({ route: /hooks/, status: 403, body: { message: 'Resource not accessible' } });
    const run = bench.run('github:webhook', { webhookUrl: 'https://build.test/', webhookSecret: 'hunter22' });
    const error: unknown = await run.catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Error && /Resource not accessible/.test(error.message));
    const { inspect } = await import('node:util');
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes('hunter22'));
  });

  it('sends nothing in a dry-run', async () => {
    await using bench = await githubBench();
    await bench.run('github:webhook', { webhookUrl: 'https://build.test/' }, { isDryRun: true });
    assert.deepEqual(bench.github.calls, []);
  });
});

describe('github:autolinks:create', () => {
  const input = { keyPrefix: 'PAY-', urlTemplate: 'https://tickets.test/PAY-<num>' };

  it('links keys, once', async () => {
    await using bench = await withRepo();
    await twice(bench, 'github:autolinks:create', input);
    const expected = { key_prefix: 'PAY-', url_template: input.urlTemplate, is_alphanumeric: true };
    assert.deepEqual(kept(bench, 'autolink PAY-'), expected);
  });

  it('leaves a link of the same prefix to elsewhere alone', async () => {
    await using bench = await withRepo();
    await bench.run('github:autolinks:create', input);
    bench.checkpoints.clear();
    const other = { ...input, urlTemplate: 'https://other.test/<num>' };
    await assert.rejects(bench.run('github:autolinks:create', other), { message: /already been taken/ });
  });
});

describe('github:branch-protection:create', () => {
  it('protects the default branch with the rules that are given', async () => {
    await using bench = await withRepo();
    await bench.run('github:repo:push', { protectDefaultBranch: false });
    await bench.run('github:branch-protection:create', {
      enforceAdmins: false,
      blockCreations: true,
      requiredApprovingReviewCount: 2,
    });
    const rules = JSON.stringify(kept(bench, 'protection main'));
    assert.match(rules, /"enforce_admins":false/);
    assert.match(rules, /"block_creations":true/);
    assert.match(rules, /"required_approving_review_count":2/);
  });

  it('fails when the branch is not there', async () => {
    await using bench = await withRepo();
    await assert.rejects(bench.run('github:branch-protection:create', { branch: 'release' }), {
      message: /Branch not found/,
    });
    assert.equal(bench.waits.length, 3);
  });
});

describe('github:deployKey:create', () => {
  const input = { publicKey: 'ssh-ed25519 AAAA anna', privateKey: 'hunter22', deployKeyName: 'Delivery key' };

  it('adds the key once, and keeps its private half as a secret', async () => {
    await using bench = await withRepo();
    const output = await twice(bench, 'github:deployKey:create', input);
    assert.deepEqual(output, { privateKeySecretName: 'DELIVERY_KEY_PRIVATE_KEY' });
    assert.deepEqual(kept(bench, 'deploy key'), { title: 'Delivery key', key: input.publicKey });
    assert.equal(kept(bench, 'secret DELIVERY_KEY_PRIVATE_KEY'), 'hunter22');
    assert.ok(!JSON.stringify([bench.log, [...bench.checkpoints]]).includes('hunter22'));
  });

  it('fails when the key is in use elsewhere', async () => {
    await using bench = await withRepo();
    await bench.run('github:deployKey:create', input);
    bench.checkpoints.clear();
    const other = { ...input, publicKey: 'ssh-ed25519 BBBB' };
    await assert.rejects(bench.run('github:deployKey:create', other), { message: /already in use/ });
  });
});

describe('github:environment:create', () => {
  it('makes an environment with policies, variables, secrets and reviewers', async () => {
    await using bench = await withRepo();
    bench.github.fail({ route: /PUT .*\/environments\/production$/, status: 404 });
    await twice(bench, 'github:environment:create', {
      name: 'production',
      deploymentBranchPolicy: { protected_branches: false, custom_branch_policies: true },
      environmentVariables: { REGION: 'eu' },
      secrets: { DEPLOY: 'hunter22' },
      waitTimer: 5,
      reviewers: ['user:default/anna', 'group:payments'],
    });
    assert.deepEqual(kept(bench, 'environment production'), {
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      wait_timer: 5,
      reviewers: [
        { type: 'User', id: 2 },
        { type: 'Team', id: 7 },
      ],
    });
    assert.equal(kept(bench, 'variable production REGION'), 'eu');
    assert.equal(kept(bench, 'secret production DEPLOY'), 'hunter22');
  });

  it('lets branches and tags deploy', async () => {
    await using bench = await withRepo();
    const input = {
      name: 'staging',
      customBranchPolicyNames: ['main', 'release/*'],
      customTagPolicyNames: ['v*'],
    };
    await bench.run('github:environment:create', input);
    assert.deepEqual(kept(bench, 'policies staging'), [
      { type: 'branch', name: 'main' },
      { type: 'branch', name: 'release/*' },
      { type: 'tag', name: 'v*' },
    ]);
  });

  it('lets all branches deploy again', async () => {
    await using bench = await withRepo();
    await bench.run('github:environment:create', { name: 'staging', deploymentBranchPolicy: null });
    assert.deepEqual(kept(bench, 'environment staging'), { deployment_branch_policy: null });
  });

  it('makes none without a reviewer that was asked for', async () => {
    await using bench = await withRepo();
    for (const reviewer of ['user:nobody', 'group:default/none', 'anna']) {
      const input = { name: 'production', reviewers: [reviewer] };
      await assert.rejects(bench.run('github:environment:create', input), {
        code: 'scaffolder/invalid-input',
      });
    }
    assert.ok(bench.github.calls.every((call) => call.startsWith('GET')));
  });
});

describe('github:issues:create', () => {
  it('opens an issue', async () => {
    await using bench = await withRepo();
    const output = await bench.run('github:issues:create', { title: 'On call', labels: ['a'], milestone: 3 });
    assert.deepEqual(output, { issueUrl: `${bench.github.git.url}/${NAME}/issues/5`, issueNumber: 5 });
    assert.deepEqual(kept(bench, 'issue'), { title: 'On call', labels: ['a'], milestone: 3 });
  });

  it('sends nothing in a dry-run', async () => {
    await using bench = await githubBench();
    const output = await bench.run('github:issues:create', { title: 'On call' }, { isDryRun: true });
    assert.deepEqual(output, { issueUrl: `${bench.github.git.url}/${NAME}/issues/42`, issueNumber: 42 });
    assert.deepEqual(bench.github.calls, []);
  });
});

describe('github:issues:label', () => {
  it('adds labels', async () => {
    await using bench = await withRepo();
    await bench.run('github:issues:label', { number: 7, labels: ['automated'] });
    assert.deepEqual(kept(bench, 'labels 7'), { labels: ['automated'] });
  });
});

describe('github:pages:enable', () => {
  it('enables Pages with the defaults of Backstage, and changes them when they are there', async () => {
    await using bench = await withRepo();
    await bench.run('github:pages:enable');
    const source = { branch: 'main', path: '/' };
    assert.deepEqual(kept(bench, 'pages'), { build_type: 'workflow', source });
    await bench.run('github:pages:enable', { buildType: 'legacy', sourcePath: '/docs' });
    assert.deepEqual(kept(bench, 'pages'), { build_type: 'legacy', source: { ...source, path: '/docs' } });
  });
});
