import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { digestOf } from './digest.ts';
import type { RegistryClient } from './registry-client.ts';
import { first, OCI, says, status, testClient } from './registry-faults.fixture.ts';
import { startTestRegistry, type Fault, type TestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
before(async () => {
  registry = await startTestRegistry();
});
after(async () => {
  await registry[Symbol.asyncDispose]();
});
afterEach(() => {
  registry.reset();
});

function at(repository = 'golden/debian'): { registry: string; repository: string } {
  return { registry: registry.host, repository };
}

describe('RegistryClient.tags', () => {
  it('reads all pages', async () => {
    for (let index = 0; index < 7; index += 1) registry.addManifest(`many:t${index}`, {});
    registry.pageSize = 3;
    assert.deepEqual(await testClient().tags(at('many')), ['t0', 't1', 't2', 't3', 't4', 't5', 't6']);
    assert.equal(registry.asked.length, 3);
  });

  const lists: readonly (readonly [string, Fault, string])[] = [
    [
      'a page that leads to itself',
      (request, response) =>
        says('{"tags":["a"]}', { link: `<${request.url}>; rel="next"` })(request, response),
      'images/registry-bad-answer',
    ],
    [
      'pages without end',
      (_, response) => says('{"tags":["a"]}', { link: `<?n=${Math.random()}>; rel=next` })(_, response),
      'images/registry-too-large',
    ],
    [
      'a next page in the cloud',
      says('{"tags":["a"]}', { link: '<http://169.254.1.1/>; rel="next"' }),
      'images/registry-forbidden-address',
    ],
    ['tags that are none', says('{"tags":["../x"]}'), 'images/registry-bad-answer'],
    ['tags that are no list', says('{"tags":{}}'), 'images/registry-bad-answer'],
    ['404', status(404), 'images/registry-not-found'],
  ];
  for (const [what, fault, code] of lists) {
    it(`names what is wrong with ${what}`, async () => {
      registry.fault = fault;
      await assert.rejects(testClient({ limits: { listItems: 20 } }).tags(at('many')), { code });
    });
  }

  it('reads null as no tags', async () => {
    registry.fault = says('{"tags":null}');
    assert.deepEqual(await testClient().tags(at('empty')), []);
  });
});

describe('RegistryClient.referrers', () => {
  const referrer = (text: string): Parameters<RegistryClient['noteReferrer']>[2] => ({
    mediaType: `${OCI}.manifest.v1+json`,
    digest: digestOf(text),
    size: text.length,
    artifactType: 'application/vnd.cyclonedx+json',
    annotations: {},
  });

  it('uses the fallback tag where there is no API, and adds each one once', async () => {
    const subject = digestOf('an image');
    const made = testClient();
    assert.deepEqual(await made.referrers(at('ref'), subject), []);
    for (const text of ['one', 'two', 'one']) await made.noteReferrer(at('ref'), subject, referrer(text));
    assert.deepEqual(await made.referrers(at('ref'), subject), [referrer('one'), referrer('two')]);
    assert.ok(registry.manifests.has(`ref:${subject.replace(':', '-')}`));
  });

  it('looks again when another writer overwrote it', async () => {
    const subject = digestOf('contended');
    registry.fault = first(2, /^PUT/, status(201));
    await testClient().noteReferrer(at('ref'), subject, referrer('one'));
    assert.deepEqual(await testClient().referrers(at('ref'), subject), [referrer('one')]);
    registry.fault = first(Infinity, /^PUT/, status(201));
    await assert.rejects(testClient().noteReferrer(at('ref'), subject, referrer('two')), {
      code: 'images/registry-unreachable',
    });
  });

  it('reads the API and leaves the tag alone where there is one', async () => {
    registry.referrersApi = true;
    const subject = digestOf('with an API');
    const digest = registry.addManifest('api:att', { subject: { digest: subject }, artifactType: 'a/b' });
    const found = await testClient().referrers(at('api'), subject);
    assert.deepEqual(
      found.map((one) => [one.digest, one.artifactType]),
      [[digest, 'a/b']],
    );
    await testClient().noteReferrer(at('api'), subject, referrer('one'));
    assert.ok(registry.asked.every((line) => !line.startsWith('PUT')));
  });

  it('takes a web page as an answer of a registry without the API', async () => {
    registry.fault = first(1, /referrers/, says('<html>', { 'content-type': 'text/html' }));
    assert.deepEqual(await testClient().referrers(at('ref'), digestOf('page')), []);
  });

  it('refuses a fallback tag that is no index', async () => {
    const subject = createHash('sha256').update('z').digest('hex');
    registry.addManifest(`ref:sha256-${subject}`, { schemaVersion: 2 });
    await assert.rejects(testClient().referrers(at('ref'), `sha256:${subject}`), {
      code: 'images/registry-bad-answer',
    });
  });
});
