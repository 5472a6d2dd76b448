import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTemplating } from './templating.ts';
import { isTruthy } from './truthiness.ts';

const FORGES = [
  { type: 'gitlab', host: 'git.harbourline.example:8443' },
  { type: 'gerrit', host: 'review.harbourline.example' },
] as const;

function evaluate(expression: string, input: unknown): unknown {
  const templating = createTemplating({ forges: FORGES });
  const scope = templating.scope({ x: JSON.parse(JSON.stringify(input)) });
  return templating.render(`\${{ x | ${expression} }}`, { scope, at: '' });
}

/** True when the expression was left as text. */
function fails(expression: string, input: unknown): boolean {
  return evaluate(expression, input) === `\${{ x | ${expression} }}`;
}

describe('parseRepoUrl', () => {
  it('takes the addresses of all forges apart', () => {
    assert.deepEqual(evaluate('parseRepoUrl', 'github.com?repo=shop&owner=harbourline'), {
      host: 'github.com',
      owner: 'harbourline',
      repo: 'shop',
    });
    assert.deepEqual(evaluate('parseRepoUrl', 'git.harbourline.example:8443?repo=shop&owner=/a/b/'), {
      host: 'git.harbourline.example:8443',
      owner: 'a/b',
      repo: 'shop',
    });
    assert.deepEqual(evaluate('parseRepoUrl', 'gitlab.com?project=7'), { host: 'gitlab.com', project: '7' });
    assert.deepEqual(evaluate('parseRepoUrl', 'dev.azure.com?organization=o&project=p&repo=r'), {
      host: 'dev.azure.com',
      organization: 'o',
      project: 'p',
      repo: 'r',
    });
    assert.deepEqual(evaluate('parseRepoUrl', 'review.harbourline.example?repo=r'), {
      host: 'review.harbourline.example',
      repo: 'r',
    });
  });

  it('fails without a part that the forge needs, and for a host that nobody configured', () => {
    assert.ok(fails('parseRepoUrl', 'github.com?repo=shop'));
    assert.ok(fails('parseRepoUrl', 'bitbucket.org?repo=r&project=p'));
    assert.ok(fails('parseRepoUrl', 'elsewhere.example?repo=r&owner=o'));
    assert.ok(fails('parseRepoUrl', 'not an address'));
    assert.ok(fails('parseRepoUrl', 7));
  });

  it('takes any host when the forges are not known', () => {
    const templating = createTemplating();
    const scope = templating.scope({ x: 'elsewhere.example?repo=r&owner=o' });
    assert.equal(templating.render('${{ x | projectSlug }}', { scope, at: '' }), 'o/r');
  });
});

describe('projectSlug', () => {
  it('is owner and repository', () => {
    assert.equal(evaluate('projectSlug', 'github.com?repo=shop&owner=harbourline'), 'harbourline/shop');
  });
});

describe('parseEntityRef', () => {
  it('takes references apart, with defaults', () => {
    assert.deepEqual(evaluate('parseEntityRef', 'Group:docs'), {
      kind: 'Group',
      namespace: 'default',
      name: 'docs',
    });
    assert.deepEqual(evaluate("parseEntityRef({ defaultKind: 'user', defaultNamespace: 'sea' })", 'anna'), {
      kind: 'user',
      namespace: 'sea',
      name: 'anna',
    });
    assert.deepEqual(evaluate('parseEntityRef', { kind: 'User', name: 'eva' }), {
      kind: 'User',
      namespace: 'default',
      name: 'eva',
    });
  });

  it('fails for what is no reference', () => {
    for (const input of ['docs', '', 7, null, {}, { name: 'x' }]) assert.ok(fails('parseEntityRef', input));
  });
});

describe('pick', () => {
  it('takes a member by its key or by a path', () => {
    const input = { a: { b: [{ c: 1 }] }, 'x.y': 2 };
    assert.equal(evaluate("pick('a.b[0].c')", input), 1);
    assert.equal(evaluate("pick('x.y')", input), 2);
    assert.deepEqual(evaluate("pick('a')", input), { b: [{ c: 1 }] });
  });

  it('gives undefined for what is not there', () => {
    assert.equal(evaluate("pick('a.b')", { a: 1 }), undefined);
    assert.equal(evaluate("pick('a')", null), undefined);
    assert.equal(evaluate("pick('length.x')", 'text'), undefined);
  });
});

describe('isTruthy', () => {
  it('is the truth of JavaScript, but an empty list is false', () => {
    for (const value of ['false', '${{ x', {}, [0], 1, true]) assert.equal(isTruthy(value), true);
    for (const value of ['', 0, false, null, undefined, []]) assert.equal(isTruthy(value), false);
  });
});
