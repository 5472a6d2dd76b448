import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { addImage, AMD64, endless, newBlob, says, status, testClient } from './registry-faults.fixture.ts';
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

describe('RegistryClient credentials', () => {
  const secret = 'correct-horse-battery';
  const credentials = { kind: 'password', username: 'robot', password: secret } as const;
  const basic = `Basic ${Buffer.from(`robot:${secret}`).toString('base64')}`;

  it('shows a user and a password once the registry asks for Basic', async () => {
    addImage(registry, 'golden/debian:11');
    registry.fault = (request, response) => {
      if (request.headers.authorization === basic) return false;
      return status(401, { 'www-authenticate': 'Basic realm="r"' })(request, response);
    };
    await testClient({ credentials: () => credentials }).image({ ...at(), reference: '11' }, AMD64);
    assert.deepEqual(registry.shown.slice(0, 3), ['', basic, basic]);
    await assert.rejects(testClient().manifest({ ...at(), reference: '11' }), {
      code: 'images/registry-refused',
    });
  });

  /** A registry that takes `good`, and a token endpoint beside it. */
  const withTokens =
    (token: Fault, realm = `http://${registry.host}/token`): Fault =>
    (request, response) => {
      if (request.url?.startsWith('/token') === true) return token(request, response);
      if (request.headers.authorization === 'Bearer good') return false;
      const scope = 'repository:golden/debian:pull';
      const challenge = `Bearer realm="${realm}",service="test",scope="${scope}", Basic realm="x"`;
      return status(401, { 'www-authenticate': challenge })(request, response);
    };

  it('asks for a token, shows the password only there, and uses the token until it ends', async () => {
    addImage(registry, 'golden/debian:11');
    registry.fault = withTokens(says('{"token":"good","expires_in":300}'));
    let now = 0;
    const made = testClient({ credentials: () => credentials, now: () => now });
    await made.manifest({ ...at(), reference: '11' });
    await made.manifest({ ...at(), reference: '11' });
    assert.deepEqual(registry.shown, ['', basic, 'Bearer good', 'Bearer good']);
    assert.match(registry.asked[1] ?? '', /service=test&scope=repository%3Agolden%2Fdebian%3Apull$/);
    now = 300_000;
    await made.manifest({ ...at(), reference: '11' });
    assert.deepEqual(registry.shown.slice(4), [basic, 'Bearer good']);
  });

  it('asks for one token for many requests at once', async () => {
    addImage(registry, 'golden/debian:11');
    registry.fault = withTokens(says('{"access_token":"good"}'));
    const made = testClient();
    await made.manifest({ ...at(), reference: '11' });
    await Promise.all(
      Array.from({ length: 8 }, () => made.pushBlob(at(), newBlob(Buffer.from('one of many')))),
    );
    const tokens = registry.asked.filter((line) => line.includes('pull%2Cpush'));
    assert.equal(tokens.length, 1);
  });

  const endpoints: readonly (readonly [string, Fault, string])[] = [
    ['garbage', says('<html>'), 'images/registry-bad-answer'],
    ['no token', says('{}'), 'images/registry-bad-answer'],
    ['a token with a line break', says('{"token":"a\\r\\nx: y"}'), 'images/registry-bad-answer'],
    ['a token that is not taken', says('{"token":"bad"}'), 'images/registry-refused'],
    ['401', status(401), 'images/registry-refused'],
    ['503', status(503), 'images/registry-unreachable'],
    ['429', status(429), 'images/registry-throttled'],
    ['no end', endless, 'images/registry-too-large'],
  ];
  for (const [what, token, code] of endpoints) {
    it(`names what is wrong with a token endpoint that answers ${what}`, async () => {
      registry.fault = withTokens(token);
      await assert.rejects(testClient().manifest({ ...at(), reference: '11' }), { code });
    });
  }

  for (const realm of [
    'http://169.254.170.2/v2/credentials',
    'http://[fe80::1]/',
    'gopher://x/',
    'http://metadata.google.internal/',
    'http://a:b@127.0.0.1/',
  ]) {
    it(`does not go to the realm ${realm}`, async () => {
      registry.fault = withTokens(says('{"token":"good"}'), realm);
      await assert.rejects(
        testClient({ credentials: () => credentials }).manifest({ ...at(), reference: '11' }),
        { code: 'images/registry-forbidden-address' },
      );
      assert.deepEqual(registry.shown, ['']);
    });
  }

  it('does not follow a registry of https to an http realm, nor one elsewhere to this machine', async () => {
    for (const realm of ['http://auth.example.com/token', 'https://localhost/token', 'https://127.0.0.1/t']) {
      const pretend: typeof fetch = async () =>
        new Response(null, { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}"` } });
      const made = testClient({ fetch: pretend, credentials: () => credentials });
      const reference = { registry: 'registry.example.com', repository: 'a', reference: 'x' };
      await assert.rejects(made.manifest(reference), { code: 'images/registry-forbidden-address' });
    }
  });

  it('does not wait for a token when it is told to stop', async () => {
    const stop = new AbortController();
    registry.fault = withTokens(() => {
      stop.abort(new Error('enough'));
      return true;
    });
    const made = testClient({ limits: { idleMs: 200, tries: 1 } });
    await assert.rejects(made.manifest({ ...at(), reference: '11' }, { signal: stop.signal }), {
      message: 'enough',
    });
  });

  it('leaves the credentials behind when a blob is at another host', async () => {
    await using store = await startTestRegistry();
    const blob = registry.addBlob(Buffer.from('elsewhere'));
    store.fault = says('elsewhere');
    const tokens = withTokens(says('{"token":"good"}'));
    registry.fault = async (request, response) => {
      if ((await tokens(request, response)) === true) return true;
      return status(307, { location: `http://${store.host}/signed?X-Signature=${secret}` })(
        request,
        response,
      );
    };
    const stream = await testClient({ credentials: () => credentials }).readBlob(at(), blob);
    assert.equal((await buffer(stream)).toString(), 'elsewhere');
    assert.deepEqual(store.shown, ['']);
    assert.ok(registry.shown.includes('Bearer good'));
  });

  it('puts no secret into an error, not even one that the registry repeats', async () => {
    const faults: readonly Fault[] = [
      (request, response) => {
        const echo = { errors: [{ code: 'DENIED', message: request.headers.authorization }] };
        response.writeHead(403).end(JSON.stringify(echo));
        return true;
      },
      (request, response) =>
        status(418, { 'x-echo': request.headers.authorization ?? '' })(request, response),
      (request, response) =>
        status(302, { location: `http://169.254.1.1/?t=${request.headers.authorization}` })(
          request,
          response,
        ),
      (request) => (request.socket.destroy(), true),
    ];
    for (const late of faults) {
      registry.fault = (request, response) =>
        request.headers.authorization === undefined
          ? status(401, { 'www-authenticate': 'Basic realm="r"' })(request, response)
          : late(request, response);
      const error: unknown = await testClient({ credentials: () => credentials })
        .manifest({ ...at(), reference: '11' })
        .catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Error);
      const all = inspect(error, { depth: Infinity, showHidden: true });
      assert.ok(!all.includes(secret) && !all.includes(basic.slice(6)), all);
    }
  });
});
